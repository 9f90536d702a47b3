"""What of a log is masked and parsed: all of a small one, of a big one the spans around signs of trouble."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from assistant.evidence import Failure

SMALL = 4 * 1024 * 1024
BEFORE, AFTER = 6 * 1024, 12 * 1024
HEAD, TAIL = 64 * 1024, 512 * 1024
MOST = 24 * 1024 * 1024
"""Of a big log at most so many characters are masked, counted from its end and its start alike."""
BLOCK = 64 * 1024
WHOLE = 1024 * 1024
"""A failure of more characters stays without the lines that were left out of it: it is cut anyway."""

SIGNS = (
    "Traceback (most", '  File "', "\nE   ", "Error", "ERROR", "error:", "error[", "FATAL", "fatal", "CRITICAL", "panic", "PANIC",
    "Exception", "FAILED", "FAILURE", "FAIL:", "ERR!", "failed", "annot ", "nable to", "denied", "refused", "No such", "not found",
    "ndefined reference", "exit code", "exited with", "exit status", "egmentation", "illed", "= short test summary", " in 0.", "_ ERROR ",
    "= FAILURES =", "= ERRORS =", "= test session starts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sieved:
    """What of a log is looked at.

    Args:
        text: the log; of a big one, lines far from any sign of trouble are blank, so that lines keep their numbers.
        note: what was left out; empty where nothing was.
        source: the whole log, kept where lines were left out.
        gaps: first and last number of the lines of each stretch that was left out, in order.
    """

    text: str = field(repr=False)
    note: str = ""
    source: str = field(default="", repr=False)
    gaps: tuple[tuple[int, int], ...] = ()


def sieved(text: str) -> Sieved:
    """Choose what of a log is looked at: all of a small one, of a big one what lies near a sign of trouble."""
    if len(text) <= SMALL:
        return Sieved(text)
    pieces: list[str] = []
    gaps: list[tuple[int, int]] = []
    end, line = 0, 1
    for first, last in [*_limited(list(_spans(text)), len(text)), (len(text), len(text))]:
        skipped = text.count("\n", end, first)
        if first > end:
            gaps.append((line, line + max(0, skipped - 1)))
        pieces += ["\n" * skipped, text[first:last]]
        line += skipped + pieces[-1].count("\n")
        end = last
    left = len(text) - sum(map(len, pieces[1::2]))
    note = f"{left // 1024} of {len(text) // 1024} KB lie far from any sign of an error and were not looked at" if left >= 1024 else ""
    return Sieved("".join(pieces), note, text if left else "", tuple(gaps))


def gapless(failures: Sequence[Failure], name: str, log: Sieved) -> Iterator[tuple[int, str]]:
    """The text of each failure of a log in which lines were left out: all its lines, not masked, with its place in the sequence.

    Args:
        failures: failures of this log and others.
        name: the log's name.
        log: the log.
    """
    starts = [first for first, _ in log.gaps]
    lines: _Lines | None = None
    for number, failure in enumerate(failures):
        first, last = failure.origin.first, failure.origin.last
        before = bisect_right(starts, last) - 1  # the last gap that begins before the failure ends
        if failure.origin.path != name or before < 0 or log.gaps[before][1] < first:
            continue
        lines = lines or _Lines(log.source)
        text = lines.between(first, last)
        if len(text) <= WHOLE:
            yield number, text


class _Lines:
    """The lines of a text by number, without splitting it: the line ends are counted once, a block at a time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._counts = list(accumulate(text.count("\n", at, at + BLOCK) for at in range(0, len(text), BLOCK)))

    def between(self, first: int, last: int) -> str:
        """The text from the first line to the last, counted from 1, without its last line end."""
        return (
            self._text[self._start(first) : max(0, self._start(last + 1) - 1)] if last < self._total else self._text[self._start(first) :]
        )

    @property
    def _total(self) -> int:
        return self._counts[-1] + 1

    def _start(self, line: int) -> int:
        """Where a line begins: behind the line end with the number before."""
        if line <= 1:
            return 0
        block = bisect_left(self._counts, line - 1)
        at = block * BLOCK - 1
        for _ in range(line - 1 - (self._counts[block - 1] if block else 0)):
            at = self._text.index("\n", at + 1)
        return at + 1


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Whole lines around each sign, joined where they touch, in order."""
    size = len(text)
    rough = [(0, HEAD), (size - TAIL, size)]
    for sign in SIGNS:
        at = text.find(sign)
        while at >= 0:
            rough.append((at - BEFORE, at + AFTER))
            at = text.find(sign, at + AFTER // 2)
    first = last = 0
    for start, stop in sorted(rough):
        if start > last:
            yield _whole_lines(text, first, last)
            first = start
        last = max(last, stop)
    yield _whole_lines(text, first, last)


def _whole_lines(text: str, first: int, last: int) -> tuple[int, int]:
    start = text.rfind("\n", 0, max(0, first)) + 1
    stop = text.find("\n", min(last, len(text)))
    return start, len(text) if stop < 0 else stop


def _limited(spans: list[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    """The spans without overlap, and of too many those near the start and near the end."""
    reached, kept = 0, 0
    total = sum(last - first for first, last in spans)
    skip = max(0, total - MOST)
    for first, last in spans:
        first = max(first, reached)
        if first >= last:
            continue
        reached = last
        if skip > 0 and kept > MOST // 2 and last < size - TAIL:
            skip -= last - first
            continue
        kept += last - first
        yield first, last
