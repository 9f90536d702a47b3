"""log_evidence(): what logs alone tell, the most telling parts first, for people and programs."""

import json
from dataclasses import asdict
from typing import BinaryIO, NamedTuple

from assistant.evidence import Evidence, Kind, Ledger
from assistant.mining import Passages, choose
from assistant.mining.passages import Passage
from assistant.mining.reading import read_sources
from assistant.redaction import Redactor, tokens_in
from assistant.tokens import BYTES_PER_TOKEN

SURE = 6.0
"""From this weight on a passage is shown as an error, else as a part of the log."""
END_COST = 120
"""In bytes: the line that counts what was left out."""


class Shown(NamedTuple):
    """What is shown of logs.

    Args:
        ledger: the passages as numbered evidence, best first.
        passages: the same with weights and reasons, and the count of what was left out.
        notes: what was cut or skipped while reading.
    """

    ledger: Ledger
    passages: Passages
    notes: tuple[str, ...] = ()


def log_evidence(
    logs: tuple[str, ...], *, token_budget: int, redactor: Redactor, baseline: tuple[str, ...] = (), stdin: BinaryIO | None = None
) -> Shown:
    """Choose the most telling parts of logs.

    Args:
        logs: paths; `-` for stdin.
        token_budget: how many tokens to show at most, at 2.5 bytes a token.
        baseline: logs of green runs: what they say too loses weight.
        redactor: masks them.
        stdin: read instead of the process's stdin.

    Raises:
        InputError: a log cannot be read.
    """
    inputs = read_sources(logs, stdin=stdin)
    green = read_sources(baseline, stdin=stdin) if baseline else None
    chosen = choose(
        inputs.sources, redactor, room=max(0, int(token_budget * BYTES_PER_TOKEN) - END_COST), green=green.sources if green else ()
    )
    ledger = Ledger()
    for one in chosen.chosen:
        ledger, _ = ledger.add(_evidence(one))
    return Shown(ledger, chosen, (*inputs.notes, *(green.notes if green else ())))


def _evidence(one: Passage) -> Evidence:
    kind = Kind.ERROR if one.weight >= SURE else Kind.LOG
    return Evidence(kind, one.origin, one.text, weight=min(1.0, one.weight / 10), masked=tokens_in(one.text))


def as_text(shown: Shown) -> str:
    """The passages for people: each under a line that names it, and last what is not shown."""
    blocks = [
        f"{piece.id} {piece.kind} {piece.origin} ({one.reason}{f', said {one.repeats} times' if one.repeats > 1 else ''})\n{piece.text}\n"
        for piece, one in zip(shown.ledger, shown.passages.chosen, strict=True)
    ]
    return "\n".join([*blocks, _left_out(shown.passages)]) if blocks or shown.passages.lines else ""


def as_json(shown: Shown) -> str:
    """The passages for programs, with weights, reasons and counts."""
    pieces = [
        {**asdict(piece), "reason": one.reason, "repeats": one.repeats}
        for piece, one in zip(shown.ledger, shown.passages.chosen, strict=True)
    ]
    found = shown.passages
    not_shown = {"lines": found.left_out, "of": found.lines, "telling": found.telling}
    return json.dumps({"evidence": pieces, "not_shown": not_shown}, ensure_ascii=False, indent=1) + "\n"


def _left_out(found: Passages) -> str:
    telling = f"; {found.telling} of them hold a sign of a failure (a larger --budget shows them)" if found.telling else ""
    return f"[… {found.left_out} of {found.lines} lines not shown{telling} …]\n"
