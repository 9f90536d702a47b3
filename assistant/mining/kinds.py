"""Lines with a sign of trouble, by kind: alike but for numbers. The first few of a kind and its last are told, the others counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re2

SIGNS = (
    r"traceback \(most", r'file "', r"^E   ", "error", "fatal", "critical", "panic", "exception", "fail", "cannot ", "can.t ", "couldn.t",
    "could not", "unable to", "denied", "refused", "no such", "not found", "mismatch", "undefined", "exit(?:ed)? (?:code|status|with)",
    "killed", "abort", "segmentation", "timed out", "timeout", "unresolved", "invalid", "caused by", "out of memory", r"\boom", "conflict",
    "crash(?:ed|es|:| reason| dump)", "uncaught", "unhandled", "not recognized", "no space", "severe", "emerg", "err!", "^e: ", "rejected",
    "^={5,}", r"\xe2\x9c[\x96-\x98]", '"level": ?[56]0', "-----begin", r"(?:passw(?:or)?d|secret|token|api_?key|private_?key)[\"']? ?[:=]",
)  # fmt: skip
"""Of these, one is in every line of trouble or that tells a secret, which is masked in all other lines; capitals do not matter."""

FEW = 4
"""So many lines of a kind are new."""

MAX_KINDS = 50_000
"""Of more kinds, every line is new."""

MAX_LASTS, LAST_LENGTH = 5000, 4000
"""Of so many kinds the last line is kept, where it is no longer than this."""

KIND_LENGTH = 200
_VARIES = b"0123456789abcdefABCDEF"
"""What numbers, ids and hashes consist of: two lines that are equal without it are of one kind."""


class Sign(NamedTuple):
    """A line of trouble that is new: where it begins and ends in its block, and whether it is the first of its kind."""

    start: int
    end: int
    first: bool


@dataclass(slots=True)
class _Kind:
    """A kind: the number of its first line, how many lines it has, and number and text of the last one that was not new."""

    first: int
    count: int = 0
    last: int = 0
    text: bytes = b""


class Kinds:
    """The kinds of lines seen so far."""

    def __init__(self) -> None:
        self._kinds: dict[int, _Kind] = {}

    def new_signs(self, data: bytes, start: int, line: int) -> list[Sign]:
        """The lines of trouble in a block of lines that are new; the others are counted.

        Args:
            data: whole lines.
            start: where to begin in them.
            line: the number of the line that begins there.
        """
        found: list[Sign] = []
        repeated: dict[int, tuple[int, int]] = {}
        numbered, counted = line, start
        for match in _pattern().finditer(data, start):
            first, end = match.span()
            key = hash(data[first : min(end, first + KIND_LENGTH)].translate(None, _VARIES))
            kind = self._kinds.get(key)
            if kind is not None and kind.count >= FEW:
                kind.count += 1
                repeated[key] = (first, end)
                continue
            found.append(Sign(first, end, kind is None))
            if kind is None and len(self._kinds) < MAX_KINDS:
                numbered += data.count(b"\n", counted, first)
                counted = first
                kind = self._kinds[key] = _Kind(numbered)
            if kind:
                kind.count += 1
        self._remember(data, repeated, start, line)
        return found

    def _remember(self, data: bytes, repeated: dict[int, tuple[int, int]], start: int, line: int) -> None:
        """Hold the last line of each kind that was only counted."""
        for key, (first, end) in sorted(repeated.items(), key=lambda item: item[1]):
            line += data.count(b"\n", start, first)
            start = first
            kind = self._kinds[key]
            kind.last = line
            kind.text = data[first:end] if end - first <= LAST_LENGTH else b""

    def last_lines(self) -> Iterator[tuple[int, bytes]]:
        """Number and text of the last line of the kinds that were not all new."""
        lasts = sorted((kind.last, kind.text) for kind in self._kinds.values() if kind.text)
        yield from lasts[-MAX_LASTS:]

    def repeats(self) -> dict[int, int]:
        """By the number of a kind's first line, how many of its lines were only counted."""
        return {kind.first: kind.count - FEW for kind in self._kinds.values() if kind.count > FEW}


@cache
def _pattern() -> "re2._Regexp[bytes]":
    # late: only big inputs need it
    import re2

    options = re2.Options()
    options.encoding, options.never_capture = re2.Options.Encoding.LATIN1, True
    return re2.compile(rf"(?im)^.*(?:{'|'.join(SIGNS)}).*$".encode("latin-1"), options=options)
