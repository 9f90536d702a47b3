"""The error that a server or a library logged while a test ran: what stands behind `assert 500 == 200`."""

from dataclasses import replace

from assistant.evidence import Failure
from assistant.mining.lines import Log, Taken
from assistant.mining.python import find_tracebacks
from assistant.mining.signature import signature
from assistant.redaction.masked import lines_of

HEADER = "Traceback (most recent call last)"
CAPTURED = " Captured "
SURFACES = ("AssertionError", "HTTPError", "HTTPStatusError", "ServerError", "")
"""Exceptions by which a test says that something went wrong elsewhere."""


def captured(failure: Failure) -> Failure | None:
    """The last error that was captured from what ran in a test, where the test itself only says that a result was wrong.

    Args:
        failure: with its whole block.
    """
    if failure.cause.exception.rpartition(".")[2] not in SURFACES or CAPTURED not in failure.text or HEADER not in failure.text:
        return None
    lines = lines_of(failure.text)
    first = next((row for row, line in enumerate(lines) if line.startswith("---") and CAPTURED in line), None)
    if first is None:
        return None
    log = Log(failure.origin.path, failure.text)
    taken = Taken(len(log))
    taken.take(0, first)
    found = list(find_tracebacks(log, taken))
    return replace(found[-1], signature=signature(found[-1])) if found else None
