"""log_evidence(): what a drafter would see of logs alone, for people and programs."""

from dataclasses import replace
from typing import BinaryIO

from assistant.evidence import Ledger
from assistant.mining import error_block, log_around, mine
from assistant.packing import Packed, pack
from assistant.redaction import Redactor
from assistant.sources.files import read_sources


def log_evidence(logs: tuple[str, ...], *, token_budget: int, redactor: Redactor, stdin: BinaryIO | None = None) -> Packed:
    """What a drafter would see of logs alone: the block of every cause, gravest first, then the log around the first."""
    inputs = read_sources(logs, stdin=stdin)
    mined = mine(inputs.sources, redactor)
    ledger = Ledger()
    for rank, failure in enumerate(mined.failures):
        ledger, _ = ledger.add(replace(error_block(failure), weight=1 / (1 + rank)))
    if mined.failures:
        ledger, _ = ledger.extend(replace(piece, weight=0.6) for piece in log_around(mined.failures[0], mined))
    packed = pack(ledger, token_budget=token_budget)
    return packed._replace(notes=(*inputs.notes, *mined.notes))
