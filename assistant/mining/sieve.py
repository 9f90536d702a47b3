"""What of a log is masked and parsed: all of a small one, of a big one the spans around signs of trouble."""

from array import array
from collections.abc import Iterator

from assistant.sources.source import Source

SMALL = 4 * 1024 * 1024
BEFORE, AFTER = 6 * 1024, 12 * 1024
HEAD, TAIL = 64 * 1024, 512 * 1024
MOST = 24 * 1024 * 1024
"""Of a big log at most so many characters are masked, counted from its end and its start alike."""

SIGNS = (
    "Traceback (most", '  File "', "\nE   ", "Error", "ERROR", "error:", "error[", "FATAL", "fatal", "CRITICAL", "panic", "PANIC",
    "Exception", "FAILED", "FAILURE", "FAIL:", "ERR!", "failed", "annot ", "nable to", "denied", "refused", "No such", "not found",
    "ndefined reference", "exit code", "exited with", "exit status", "egmentation", "illed", "= short test summary", " in 0.", "_ ERROR ",
    "= FAILURES =", "= ERRORS =", "= test session starts",
)  # fmt: skip


def sieved(source: Source) -> Source:
    """Choose what of a log is looked at: all of a small one, of a big one what lies near a sign of trouble."""
    text = source.text
    if len(text) <= SMALL:
        return source._replace(notes=())
    pieces: list[str] = []
    numbers = array("L")
    end, line = 0, 1
    for first, last in _limited(list(_spans(text)), len(text)):
        first += 1 if pieces and first == end else 0  # spans that touch share a line end
        line += text.count("\n", end, first)
        piece = text[first:last]
        count = piece.count("\n") + 1
        pieces.append(piece)
        numbers.extend(range(line, line + count))
        line, end = line + count - 1, last
    left = len(text) - sum(map(len, pieces))
    note = f"{left // 1024} of {len(text) // 1024} KB lie far from any sign of an error and were not looked at"
    return Source(source.name, "\n".join(pieces), (note,) if left >= 1024 else (), numbers, source.lines)


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
