"""`assistant evidence`: what logs tell of a failure, best first."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import put, say
from assistant.settings import agent_reads
from assistant.sources.text import with_display_marks


class Format(StrEnum):
    """How evidence is printed."""

    TEXT = "text"
    JSON = "json"


def command(
    logs: Annotated[list[str], typer.Argument(metavar="LOG…", help="Log files and folders; - reads standard input.", show_default=False)],
    budget: Annotated[
        int, typer.Option("--budget", metavar="TOKENS", min=1, help="How many tokens to print at most (estimated, 2.5 bytes a token).")
    ] = 8000,
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            "--baseline", metavar="GREEN_LOG", help="Log of a run that went well; may be given several times.", show_default=False
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
    pii: Annotated[bool | None, typer.Option("--pii/--no-pii", help="Mask e-mail addresses, IPs and user names too.")] = None,
) -> None:
    """Print the most telling parts of logs, best first, within a token budget."""
    # late: `--help` must not pay for the stages
    from assistant.redaction import Redactor
    from assistant.settings import read_settings
    from assistant.showing import as_json, as_text, log_evidence

    settings = read_settings(Path.cwd())
    redactor = Redactor(pii=bool(settings.pii) if pii is None else pii, mask=settings.mask, keep=settings.keep)
    shown = log_evidence(tuple(logs), token_budget=budget, baseline=tuple(baseline or ()), redactor=redactor, stdin=sys.stdin.buffer)
    for note in shown.notes:
        say(f"note: {note}")
    if form is Format.JSON:
        put(as_json(shown))
    else:
        put(as_text(shown) if agent_reads() else with_display_marks(as_text(shown)))
