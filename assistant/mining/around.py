"""Evidence cut from the logs: a failure's own block, and the lines around it that tell how it came about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Protocol

from assistant.evidence import Evidence, Excerpt, Failure, Kind, Masked, Origin
from assistant.mining.patterns import Lazy
from assistant.mining.summary import telling_ends
from assistant.redaction import tokens_in
from assistant.redaction.masked import cut_note, joined, lines_of

BEFORE, AFTER = 30, 10
HEADER_LINES, SUMMARY_LINES = 12, 10
HEAD_LINES, HEAD_MOST = 10, 40
MAX_BLOCK_LINES = 120
ABOVE, BELOW = 6, 8
SHORT_MESSAGE = 8
"""In characters; a message no longer than this may stand in any line."""
"""How many lines stay above the line that says what was raised, and below one of our frames."""

RAISED, PLACE, TELLING, PLAIN = 40.0, 10.0, 1.0, 0.01
"""What a line is worth that says what was raised, that names a place of ours, that stands around one, and any other."""

_SESSION = Lazy(r"={1,200} test session starts ={1,200}$")
_SUMMARY = Lazy(r"={1,200} short test summary info ={1,200}$")
_PLACE = Lazy(r"\.\w{1,5}:\d{1,7}:|^\s{0,8}File \"")
_RAISED = Lazy(r"^E\s{1,200}\S")
_COUNTS = Lazy(r"\d+ (?:passed|failed|errors?)\b.* in \d")


class Mined(Protocol):
    """What is needed of the mining's result."""

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All failures."""
        ...

    @property
    def logs(self) -> Mapping[str, Excerpt]:
        """The masked logs by name."""
        ...


def error_block(failure: Failure, max_lines: int = MAX_BLOCK_LINES) -> Evidence:
    """The block of a failure, whole, or cut once with the cut counted.

    Captured output behind the exception goes first; then the middle, so that the exception and our last frames stay.

    Args:
        failure: the failure.
        max_lines: how many lines the text may have, the cut note counted.
    """
    lines = lines_of(failure.text)
    if len(lines) <= max_lines:
        return _cut(failure, len(lines), None)
    end = _end_of_exception(lines)
    if end < max_lines:
        gap = failure.gap
        return _cut(failure, max_lines, None) if gap and gap[0] < max_lines else _cut(failure, len(lines), (max_lines - 1, len(lines)))
    return _cut(failure, end, _left_out(lines[:end], failure, max_lines) if end > max_lines else None)


def _cut(failure: Failure, end: int, left_out: tuple[int, int] | None) -> Evidence:
    """The first lines of a block, with one cut: the lines to leave out, and the gap that the block has by itself."""
    lines, gap = lines_of(failure.text), failure.gap
    origin = replace(failure.origin, last=failure.number(end - 1))
    if gap is None or gap[0] >= end:
        gap = None
    if gap:
        left_out = (min(gap[0], left_out[0]), max(gap[0] + 1, left_out[1])) if left_out else (gap[0], gap[0] + 1)
    if left_out is None:
        return _evidence(Kind.ERROR, origin, lines[:end])
    first, last = left_out
    cut = last - first + (gap[1] - 1 if gap else 0)
    return _evidence(Kind.ERROR, origin, [*lines[:first], cut_note(cut), *lines[last:end]], cut)


def _left_out(lines: Sequence[str], failure: Failure, max_lines: int) -> tuple[int, int]:
    """Which lines to leave out of a block, as a range: the longest stretch that tells little, else the middle.

    What tells: the head with the test's own code, the lines around our frames, what the exception says and the lines above it.
    """
    telling = _telling(lines, failure)
    gaps = [(one + 1, other) for one, other in pairwise(telling)]
    longest = max(gaps, key=lambda gap: gap[1] - gap[0], default=(0, 0))
    kept = len(lines) - (longest[1] - longest[0]) + 1
    if kept <= max_lines:
        return longest[0], longest[1] - max(0, max_lines * 2 // 3 - kept)
    return _least_telling(lines, telling, failure, max(2, max_lines - 1))


def _least_telling(lines: Sequence[str], telling: Sequence[int], failure: Failure, room: int) -> tuple[int, int]:
    """Which lines to leave out, as a range, where not all that tells has room: what exceptions say goes before our frames, both before the rest."""
    worth = [PLAIN] * len(lines)
    for index in telling:
        worth[index] = TELLING
    places = _places(failure)
    for index, line in enumerate(lines):
        if _is_raised(line, failure):
            worth[index] = TELLING if index and _is_raised(lines[index - 1], failure) else RAISED
        elif any(place in line for place in places):
            worth[index] = PLACE
    front, back = list(accumulate(worth, initial=0.0)), list(accumulate(reversed(worth), initial=0.0))
    least = min(HEAD_LINES, room // 2)
    head = max(range(least, room - least + 1), key=lambda head: front[head] + back[room - head])
    return head, len(lines) - room + head


def _telling(lines: Sequence[str], failure: Failure) -> list[int]:
    """The indices of the lines of a block that are kept, in order."""
    last = len(lines) - 1
    head = _head(lines)
    kept = set(range(head)) | set(range(max(0, last - ABOVE), last + 1))
    places = _places(failure)
    said = False
    for index, line in enumerate(lines):
        if index >= head and any(place in line for place in places):
            kept.update(range(index, min(index + BELOW, last) + 1))
        if _is_raised(line, failure):
            kept.update(range(index if said else max(0, index - ABOVE), index + 1))
            said = True
        else:
            said = said and not line.strip()
    return sorted(kept)


def _is_raised(line: str, failure: Failure) -> bool:
    """Whether a line says what was raised: as pytest writes it, at the end of a traceback of the chain, or as the message begins."""
    return bool(_RAISED.search(line)) or any(
        (cause.exception and line.startswith(cause.exception)) or _says(line, cause.message.partition("\n")[0]) for cause in failure.chain
    )


def _says(line: str, message: str) -> bool:
    return len(message) > SHORT_MESSAGE and message in line


def _head(lines: Sequence[str]) -> int:
    """How many lines the test's own part takes, up to the first place; a few where pytest made no such part."""
    first = next((index for index, line in enumerate(lines[:HEAD_MOST]) if _PLACE.search(line)), HEAD_LINES - 1)
    return min(first + 1, len(lines))


def log_around(failure: Failure, mined: Mined) -> tuple[Evidence, ...]:
    """The log around a failure: what came just before and after it, or the frame of the test run it stands in.

    Args:
        failure: the failure.
        mined: the result it is part of.

    Returns:
        At most two pieces without ids, in the order of the log; a long short summary is cut once, the cut counted.
    """
    log = mined.logs.get(failure.origin.path)
    if log is None or not failure.origin.first:
        return ()
    lines = lines_of(log.text)
    block, *others = (log.rows(one.first, one.last) for one in _origins(failure, mined))
    spans = _run_spans(lines, block) if failure.phase else []
    spans = [_unbroken(log, span, block) for span in spans or _neighbours(len(lines), block, others)]
    pieces = (_piece(failure.origin.path, log, lines, span) for span in spans if any(line.strip() for line in lines[slice(*span)]))
    return tuple(_summed_up(piece) if _SUMMARY.search(piece.text.partition("\n")[0]) else piece for piece in pieces)


def _origins(failure: Failure, mined: Mined) -> list[Origin]:
    """Where the failure stands, then where the others of its log do."""
    return [failure.origin, *(one.origin for one in mined.failures if one.origin.path == failure.origin.path)]


def _neighbours(size: int, block: tuple[int, int], others: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Lines before and after a block, up to the next block; indices from 0, `end` exclusive."""
    first, last = max(0, block[0] - BEFORE), min(size, block[1] + AFTER)
    for start, end in others:
        if end <= block[0]:
            first = max(first, end)
        elif start >= block[1]:
            last = min(last, start)
    return [span for span in ((first, block[0]), (block[1], last)) if span[1] > span[0]]


def _unbroken(log: Excerpt, span: tuple[int, int], block: tuple[int, int]) -> tuple[int, int]:
    """The part of a span without a gap in the input: before a block its end, else its start; nothing where a gap parts it from the block."""
    first, end = span
    if end == block[0]:
        gap = next((row for row in range(end, first, -1) if log.left_out(row)), first)
        return gap, end
    if first == block[1] and first < end and log.left_out(first):
        return first, first
    return first, next((row for row in range(first + 1, end) if log.left_out(row)), end)


def _run_spans(lines: Sequence[str], block: tuple[int, int]) -> list[tuple[int, int]]:
    """The header of pytest's session, and its short summary with its closing counts."""
    at, last = block
    start = next((index for index in range(min(at, len(lines) - 1), -1, -1) if _SESSION.search(lines[index])), None)
    summary = next((index for index in range(at, len(lines)) if _SUMMARY.search(lines[index])), None)
    spans: list[tuple[int, int]] = []
    if start is not None:
        stop = next(
            (index for index in range(start, min(at, start + HEADER_LINES)) if not lines[index].strip()), min(at, start + HEADER_LINES)
        )
        spans.append((start, stop))
    if summary is not None and not at <= summary < last:
        counts = next((index for index in range(summary, len(lines)) if _COUNTS.search(lines[index])), summary + SUMMARY_LINES)
        spans.append((summary, min(len(lines), counts + 1)))
    return [(max(first, last) if first < last <= end else first, end) for first, end in spans]


def _summed_up(piece: Evidence) -> Evidence:
    """A short summary with its heading, its counts, and of its other lines at most so many that most different failures are named."""
    lines = lines_of(piece.text)
    if len(lines) <= SUMMARY_LINES + 2:
        return piece
    head, tail = telling_ends(lines, SUMMARY_LINES + 2)
    cut = len(lines) - head - tail
    return _evidence(piece.kind, piece.origin, [*lines[:head], cut_note(cut), *lines[len(lines) - tail :]], cut)


def _piece(path: str, log: Excerpt, lines: Sequence[Masked], span: tuple[int, int]) -> Evidence:
    first, end = span
    while end > first + 1 and not lines[end - 1].strip():
        end -= 1
    while first < end - 1 and not lines[first].strip():
        first += 1
    return _evidence(Kind.LOG, Origin(path, log.number(first), log.number(end - 1)), lines[first:end])


def _evidence(kind: Kind, origin: Origin, lines: Sequence[Masked], cut: int = 0) -> Evidence:
    text = joined(lines)
    return Evidence(kind, origin, text, masked=tokens_in(text), cut=cut)


def _end_of_exception(lines: Sequence[str]) -> int:
    """Where captured output begins behind the exception of a test's block."""
    return next((index for index, line in enumerate(lines) if index and "-- Captured " in line), len(lines))


def _places(failure: Failure) -> frozenset[str]:
    """How pytest and Python name the lines of our frames."""
    ours = [one for one in failure.frames if one.ours]
    return frozenset([*(f"{one.path}:{one.line}:" for one in ours), *(f'"{one.path}", line {one.line}' for one in ours)])
