"""The parts of logs that tell most, best first, as many as fit a budget."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.evidence import Failure, Masked, Origin
from assistant.mining.frames import our_lines
from assistant.mining.lines import Log
from assistant.mining.novelty import Usual, against
from assistant.mining.pieces import Piece, pieces
from assistant.mining.salience import STRONG, Salience, salience
from assistant.redaction.masked import joined, part

LEAST = 0.05
"""Lines of less weight are not shown even where there is room."""
LONGEST = 400
"""Of a piece so many characters are shown."""
CONTEXT = "context"

HEAD_COST = 40
"""In characters: what the head of a passage takes besides the log's name, and how much may be shown to spare one."""


class Passage(NamedTuple):
    """Neighbouring lines of a log.

    Args:
        origin: where they stand.
        text: the lines without their time stamps, of very long ones a part.
        weight: how much the most telling of them tells, about 0 to 10.
        reason: why it was chosen.
        repeats: how often the log says the most telling line, numbers apart.
    """

    origin: Origin
    text: Masked
    weight: float
    reason: str
    repeats: int


class Passages(NamedTuple):
    """What fits.

    Args:
        chosen: best first.
        lines: how many lines the logs have.
        left_out: how many of them are not shown.
        telling: how many of those hold a strong sign of a failure that nothing shown says.
    """

    chosen: tuple[Passage, ...]
    lines: int = 0
    left_out: int = 0
    telling: int = 0


class _Weighed(NamedTuple):
    log: Log
    pieces: list[Piece]
    salience: Salience


def passages(logs: Sequence[tuple[Log, Sequence[Failure]]], *, room: int, usual: Usual | None = None) -> Passages:
    """Choose the lines that matter most.

    Args:
        logs: each with the failures that were found in it.
        room: how many characters the passages may take, their heads counted.
        usual: what green runs say too.
    """
    weighed = [_weighed(log, failures, usual) for log, failures in logs]
    taken = _fill(weighed, room)
    chosen = [one for log, marks in zip(weighed, taken, strict=True) for one in _grouped(log, marks)]
    distinct: dict[tuple[Origin, Masked], Passage] = {}
    for one in sorted(chosen, key=lambda one: -one.weight):
        distinct.setdefault((one.origin, one.text), one)  # equal parts of one long line would be one piece of evidence said twice
    return Passages(tuple(distinct.values()), *_counts(weighed, taken))


def _weighed(log: Log, failures: Sequence[Failure], usual: Usual | None) -> _Weighed:
    found = pieces(log)
    weights = salience(found, our_lines(log, failures))
    return _Weighed(log, found, against(usual, found, weights) if usual else weights)


def _fill(weighed: Sequence[_Weighed], room: int) -> list[bytearray]:
    """Marks for the pieces that are shown: the heaviest first, while they fit."""
    marks = [bytearray(len(log.pieces) + 2) for log in weighed]  # one more at either end, so that each piece has two neighbours
    order = sorted(
        (-weight, number, index)
        for number, log in enumerate(weighed)
        for index, weight in enumerate(log.salience.weights)
        if weight >= LEAST and log.pieces[index].text.strip()
    )
    for _, number, index in order:
        found, taken = weighed[number].pieces, marks[number]
        if taken[index + 1]:
            continue
        cost, bridged = _cost(found[index]), _bridge(found, taken, index)
        neighboured = bridged or taken[index] or taken[index + 2]
        cost += sum(_cost(found[at]) for at in bridged) if neighboured else HEAD_COST + len(weighed[number].log.name)
        if cost <= room:
            room -= cost
            for at in (index, *bridged):
                taken[at + 1] = 1
        elif room < HEAD_COST:
            break
    return marks


def _cost(piece: Piece) -> int:
    return min(piece.end - piece.start, LONGEST) + 1


def _bridge(found: Sequence[Piece], taken: bytearray, index: int) -> list[int]:
    """The short lines between a piece and its nearest neighbours that are shown: cheaper than the head of one more passage."""
    bridged: list[int] = []
    for step in (-1, 1):
        gap: list[int] = []
        at = index + step
        while 0 <= at < len(found) and not taken[at + 1] and sum(map(_cost, (found[one] for one in gap))) + _cost(found[at]) <= HEAD_COST:
            gap.append(at)
            at += step
        if gap and 0 <= at < len(found) and taken[at + 1]:
            bridged += gap
    return bridged


def _grouped(weighed: _Weighed, marks: bytearray) -> Iterator[Passage]:
    """The passages of one log: each a run of pieces that are shown."""
    first = marks.find(1)
    while first >= 0:
        end = marks.find(0, first)
        borders = [first - 1, *(at for at in range(first, end - 1) if _apart(weighed, at)), end - 1]
        yield from (_passage(weighed, range(*pair)) for pair in pairwise(borders))
        first = marks.find(1, end)


def _apart(weighed: _Weighed, index: int) -> bool:
    """Whether the input has lines between a piece and the one before it that were not read."""
    log, found, _ = weighed
    return log.number(found[index].line) - log.number(found[index - 1].line) > 1


def _passage(weighed: _Weighed, indices: range) -> Passage:
    log, found, (weights, signs, repeats) = weighed
    lines = [
        part(log.shown[piece.line], piece.start, min(piece.end, piece.start + LONGEST)) for piece in (found[index] for index in indices)
    ]
    best = max(indices, key=lambda index: (signs[index].weight, weights[index]))
    origin = log.origin(found[indices[0]].line, found[indices[-1]].line + 1)
    again = log.repeats.get(log.number(found[best].line), 0) if log.repeats else 0
    return Passage(origin, joined(lines), max(weights[index] for index in indices), signs[best].reason or CONTEXT, repeats[best] + again)


def _counts(weighed: Sequence[_Weighed], taken: Sequence[bytearray]) -> tuple[int, int, int]:
    """How many lines there are, how many are not shown, and how many of these tell of a failure."""
    total, shown, telling = 0, 0, 0
    for log, marks in zip(weighed, taken, strict=True):
        total += len(log.log)
        shown += len({piece.line for index, piece in enumerate(log.pieces) if marks[index + 1]})
        telling += sum(sign.weight >= STRONG and not marks[index + 1] for index, sign in enumerate(log.salience.signs))
    return total, total - shown, telling
