"""`assistant evidence`: what a drafter would see of a log, best first."""

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import put, say


class Format(StrEnum):
    """How evidence is printed."""

    TEXT = "text"
    JSON = "json"


def command(
    logs: Annotated[list[str], typer.Argument(metavar="LOG…", help="Log files and folders; - reads standard input.", show_default=False)],
    budget: Annotated[
        int, typer.Option("--budget", metavar="TOKENS", min=1, help="How many tokens to print at most (estimated, 2.5 bytes a token).")
    ] = 8000,
    form: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
    pii: Annotated[bool | None, typer.Option("--pii/--no-pii", help="Mask e-mail addresses, IPs and user names too.")] = None,
) -> None:
    """Print the evidence in logs, best first, within a token budget."""
    # late: `--help` must not pay for the stages
    from assistant.redaction import Redactor
    from assistant.settings import read_settings
    from assistant.showing import log_evidence

    settings = read_settings(Path.cwd())
    redactor = Redactor(pii=bool(settings.pii) if pii is None else pii, mask=settings.mask, keep=settings.keep)
    packed = log_evidence(tuple(logs), token_budget=budget, redactor=redactor, stdin=sys.stdin.buffer)
    for note in packed.notes:
        say(f"note: {note}")
    if form is Format.JSON:
        put(
            json.dumps(
                {"evidence": [asdict(piece) for piece in packed.pieces], "left_out": [item._asdict() for item in packed.left_out]},
                ensure_ascii=False,
                indent=1,
            )
            + "\n"
        )
        return
    for piece in packed.pieces:
        put(f"{piece.id} {piece.kind} {piece.origin}\n{piece.text}\n\n")
    if packed.left_out:
        say(f"left out by the budget: {', '.join(f'{item.id} ({item.reason})' for item in packed.left_out)}")
