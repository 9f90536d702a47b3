"""Which evidence fits a token budget: failures first, then code; what is too large is cut, and the rest is told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from math import log1p
from typing import NamedTuple

from assistant.evidence import Evidence, Kind, Masked
from assistant.mining.decoration import undecorated
from assistant.mining.lines import MATCHED_LENGTH, package_of
from assistant.mining.patterns import Lazy
from assistant.redaction.masked import cut_note, joined, lines_of
from assistant.tokens import ESTIMATE, TokenCounter

ORDER = (Kind.ERROR, Kind.HISTORY, Kind.CODE, Kind.CONFIG, Kind.SCHEMA, Kind.ENVIRONMENT, Kind.LOG, Kind.NOTE)
MIN_TOKENS = 80
"""A piece is not cut shorter than that."""
LEAST_SHARE = 300
"""So much of the budget a piece may always take, as far as it is there."""
PARTS = 4
"""Code is cut at the last of so many borders or more that fits."""
MOST_CHARACTERS = 16
"""A token of code has fewer; what lies behind so many times the budget is not looked at."""
HEAD_SHARE = 0.4
RAISED_VALUE, LIBRARY_VALUE = 5.0, 0.01
"""What a line that says what was raised, or one of a library's frame, is worth beside any other."""

_PLACE = Lazy(r"^\s{0,8}File \"|\.\w{1,5}:\d{1,7}[:)]")
_RAISED = Lazy(r"E\s{1,200}\S")
_CLOSING_PLACE = Lazy(r"^\S.{0,1000}?:\d{1,7}: ?\S{0,200}$")


class LeftOut(NamedTuple):
    """A piece of evidence that is not in a prompt, and why."""

    id: str
    reason: str


class Packed(NamedTuple):
    """What fits.

    Args:
        pieces: the evidence that fits, best first.
        left_out: what does not fit.
        notes: what was cut, skipped or fallen back to.
    """

    pieces: tuple[Evidence, ...]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()


def pack(pieces: Iterable[Evidence], *, token_budget: int, counter: TokenCounter = ESTIMATE, overhead: int = 0) -> Packed:
    """Take pieces by kind and weight while they fit; none takes more than half of the budget from others that would fit too.

    Args:
        pieces: numbered evidence.
        token_budget: how many tokens the pieces may take, their ids and origins counted.
        counter: counts tokens.
        overhead: how many tokens each piece takes besides, for the marks around it.
    """
    ranked = sorted(pieces, key=lambda piece: (ORDER.index(piece.kind), -piece.weight))
    costs = [cost_of(piece, counter) + overhead for piece in ranked]
    taken: list[Evidence] = []
    left_out: list[LeftOut] = []
    left, waiting = token_budget, sum(costs)
    for piece, cost in zip(ranked, costs, strict=True):
        waiting -= cost
        room = min(left, max(token_budget // 2, LEAST_SHARE, left - waiting))
        shorter = shortened(piece, token_budget=room - overhead, counter=counter) if cost > room else None
        spent = cost_of(shorter, counter) + overhead if shorter else cost
        if spent > left:
            left_out.append(LeftOut(piece.id, f"does not fit: {cost} tokens"))
            continue
        taken.append(shorter or piece)
        left -= spent
    return Packed(pieces=tuple(taken), left_out=tuple(left_out))


def cost_of(piece: Evidence, counter: TokenCounter) -> int:
    """The tokens of a piece with its id and origin."""
    return counter.count(f"{piece.id} {piece.origin}\n{piece.text}")


def shortened(piece: Evidence, *, token_budget: int, counter: TokenCounter = ESTIMATE) -> Evidence | None:
    """A piece cut once so that it fits, the cut counted in a note; None where too little would be left.

    Code and notes keep their beginning, up to a syntax border; anything else loses its middle.
    """
    if token_budget < MIN_TOKENS:
        return None
    if piece.kind in (Kind.CODE, Kind.NOTE):
        return cut_end(piece, token_budget=token_budget, counter=counter)
    return cut_middle(piece, token_budget=token_budget, counter=counter)


def cut_end(piece: Evidence, *, token_budget: int, counter: TokenCounter = ESTIMATE) -> Evidence | None:
    """Code or a note up to the last syntax border that fits; None where not even the first part does."""
    # late: the splitters cost some 20 bare starts, and most drafts cut nothing
    from assistant.cutting import line_borders

    lines, head, _ = _parts(piece)
    text = joined(lines[:head])[: token_budget * MOST_CHARACTERS]
    language = "markdown" if piece.kind is Kind.NOTE else piece.language
    borders = line_borders(text, language=language, size=token_budget // PARTS, count=counter.count)
    best = None
    for border in borders if head == len(lines) else [*borders, head]:
        shorter = _with_cut(piece, lines, border, 0)
        if cost_of(shorter, counter) > token_budget:
            break
        best = shorter
    return best


def cut_middle(piece: Evidence, *, token_budget: int, counter: TokenCounter = ESTIMATE) -> Evidence | None:
    """A piece without its middle lines, frames of libraries before all others; None where no line fits."""
    lines, head, tail = _parts(piece)
    costs = [counter.count(f"{line}\n") for line in lines]
    scale = counter.count(piece.text) / max(1, sum(costs))
    weighed = [(cost * scale, value) for cost, value in zip(costs, _values(lines), strict=True)]
    room = token_budget - counter.count(f"{piece.id} {piece.origin}\n{cut_note(len(lines))}")
    while room > 0:
        kept = _kept(weighed, room, head, tail)
        shorter = _with_cut(piece, lines, *kept) if sum(kept) < len(lines) else piece
        excess = cost_of(shorter, counter) - token_budget
        if excess <= 0:
            return shorter if any(kept) else None
        room -= excess
    return None


def _parts(piece: Evidence) -> tuple[list[Masked], int, int]:
    """The lines of a piece without its cut note, and how many stand before and behind the only place where it may be cut."""
    lines = lines_of(piece.text)
    if not piece.cut:
        return lines, len(lines), len(lines)
    note = lines.index(cut_note(piece.cut))
    return lines[:note] + lines[note + 1 :], note, len(lines) - note - 1


def _with_cut(piece: Evidence, lines: Sequence[Masked], head: int, tail: int) -> Evidence:
    """A piece with so many lines from its front and its back."""
    cut = len(lines) - head - tail + piece.cut
    return replace(piece, text=joined([*lines[:head], cut_note(cut), *lines[len(lines) - tail :]]), cut=cut)


def _kept(lines: Sequence[tuple[float, float]], room: float, head: int, tail: int) -> tuple[int, int]:
    """How many lines from the front and the back are worth most among those that fit.

    Args:
        lines: cost and value of each line.
        room: how much they may cost.
        head: how many from the front at most.
        tail: how many from the back at most.
    """
    front = list(accumulate(lines[:head], _sum, initial=(0.0, 0.0)))
    back = list(accumulate(reversed(lines[len(lines) - tail :]), _sum, initial=(0.0, 0.0)))
    best, most, last = (0, 0), 0.0, len(back) - 1
    for first, (cost, value) in enumerate(front):
        if cost > room:
            break
        while first + last > len(lines) or cost + back[last][0] > room:
            last -= 1
        # of lines of one value, this keeps HEAD_SHARE in front
        score = HEAD_SHARE * log1p(value) + (1 - HEAD_SHARE) * log1p(back[last][1])
        if score > most:
            best, most = (first, last), score
    return best


def _sum(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return one[0] + other[0], one[1] + other[1]


def _values(lines: Sequence[str]) -> Iterator[float]:
    for line, library in zip(lines, _of_libraries(lines), strict=True):
        raised = _RAISED.match(undecorated(line[:MATCHED_LENGTH]))
        yield RAISED_VALUE if raised else LIBRARY_VALUE if library else float(bool(line.strip()))


def _of_libraries(lines: Sequence[str]) -> list[bool]:
    """Which lines belong to a library's frame: the place and the code below it, or above it in pytest's long style."""
    marks = [False] * len(lines)
    first, library = 0, False
    for index, shown in enumerate(lines):
        line = undecorated(shown[:MATCHED_LENGTH])
        if _PLACE.search(line):
            library = package_of(line) is not None
            if _CLOSING_PLACE.search(line):
                marks[first:index] = [library and not _RAISED.match(above) for above in lines[first:index]]
            marks[index] = library
            first = index + 1
            library = library and not _CLOSING_PLACE.search(line)
        else:
            library = library and line.startswith(" ")
            marks[index] = library
    return marks
