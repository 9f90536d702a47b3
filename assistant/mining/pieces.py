"""The lines of a log as they are weighed and shown: without time stamps, very long ones in pieces."""

from collections.abc import Iterator
from typing import NamedTuple

from assistant.mining.lines import Log
from assistant.mining.patterns import Lazy

LONG, PART = 1000, 600
"""A longer line is cut into parts, at the line ends that were escaped in it and else at this length."""
MAX_PARTS = 20_000

_STAMP = Lazy(
    r"(?:\ufeff|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)? |\[task \d{4}[^\]]{0,40}\] ?"
    r"|\[\d\d:\d\d:\d\d(?:\.\d{1,6})?\] ?|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} \| ){1,4}"
)
"""What a carrier puts before each line, and no reader needs; a program's own time stamps stay."""
_COMMAND = Lazy(r"\s*(?:\\x23|#)#\[|\s*(?:\\x3a|:):[a-z]|\s*(?:\\x73|s)ection_")
_BREAK = Lazy(r"(?:\\r)?\\n|\\x0d")


class Piece(NamedTuple):
    """A line, or a part of a very long one.

    Args:
        line: its index in the log.
        start: where it begins in the line that the log shows, its time stamp left out.
        end: where it ends there.
        text: what is weighed: the same without other decoration.
    """

    line: int
    start: int
    end: int
    text: str


def pieces(log: Log) -> list[Piece]:
    """All lines of a log, in order."""
    found: list[Piece] = []
    for index, (shown, bare) in enumerate(zip(log.shown, log.bare, strict=True)):
        if len(shown) > LONG:
            found += _parts(index, shown)
        else:
            found.append(Piece(index, _start(shown), len(shown), bare))
    return found


def _start(line: str) -> int:
    """Where a line begins behind its time stamp; a CI command keeps the stamp, so that it never stands first."""
    if line[:1] not in "0123456789[\ufeff":
        return 0
    match = _STAMP.match(line)
    return match.end() if match and not _COMMAND.match(line[match.end() : match.end() + 20]) else 0


def _parts(index: int, line: str) -> Iterator[Piece]:
    first, count = _start(line), 0
    while first < len(line) and count < MAX_PARTS:
        limit = min(first + PART, len(line))
        broken = _BREAK.search(line[first:limit])
        end, following = (first + broken.start(), first + broken.end()) if broken else (limit, limit)
        if end > first:
            count += 1
            yield Piece(index, first, end, line[first:end])
        first = following
