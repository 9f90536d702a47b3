"""How much each line of a log matters: its own signs, what repeats, where something ended, and what stands beside it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from math import exp, sqrt
from typing import NamedTuple

from assistant.mining import cues
from assistant.mining.cues import JOB, LISTED, STEP, TEST, Weighed
from assistant.mining.finding import lines_with
from assistant.mining.lines import Log
from assistant.mining.patterns import Lazy
from assistant.mining.pieces import Piece, pieces

NEAR = 250
"""So many lines before an end that tells of failure, most of the distance's discount is reached."""
FAR_SHARE, AFTER_SHARE = 0.45, 0.35
"""What a sign is worth far before the next such end, and after the last one."""
ALIKE = 0.35
"""How quickly signs of one shape lose weight."""
BEFORE, AFTER, INDENTED, BLANK = 0.70, 0.80, 0.92, 0.5
"""What is left of a sign's weight a line further: before it, after it, on an indented line after it, over a blank one."""
BESIDE = 0.6
"""What a line beside a sign starts from."""
LAST_LINES, LAST_WEIGHT = 150, 0.25
LISTED_WEIGHT, HEAD_WEIGHT, STEP_WEIGHT, COMMAND_WEIGHT = 9.0, 8.0, 5.5, 4.5
MAX_LISTED, LISTED_LENGTH = 60, 500
STRONG = 5.0
PLACES = frozenset((STEP, JOB))
"""Reasons of lines that only tell where something failed."""
CONSEQUENCE_SHARE = 0.4
"""What is left of the weight of a line that only tells that something had failed, where causes are sought."""
FRAME, FRAME_WEIGHT = "our code in the trace", 6.0

_VARYING = Lazy(r"0x[0-9a-f]{1,16}|\b[0-9a-f]{7,64}\b|\d{1,30}")
_QUOTED = Lazy(
    r"\"[^\"]{0,200}\"|'[^']{0,200}'|`[^`]{0,200}`|‘[^’]{0,200}’|\([^)]{0,200}\)",
)
_FRAME = Lazy(r"\s*at \S{1,300}\(")
_STEP = Lazy(r"(?:\\x23|#)#\[group\]Run ")
_STEP_END = Lazy(r"(?:\\x23|#)#\[endgroup\]")
_ENDS = ".,:;()[]\"'!?"


class Salience(NamedTuple):
    """What a log's pieces are worth.

    Args:
        weights: of each piece, what itself and what stands beside it tell.
        signs: of each piece, what itself tells, with the reason.
        repeats: how often the log says the same, numbers apart.
    """

    weights: list[float]
    signs: list[Weighed]
    repeats: list[int]


def salience(pieces: Sequence[Piece], ours: frozenset[int] = frozenset()) -> Salience:
    """Weigh the pieces of one log.

    Args:
        pieces: all of them, in order.
        ours: indices of the lines that show frames of our code.
    """
    texts = [piece.text for piece in pieces]
    signs = _signs(texts)
    if ours:
        signs = [
            Weighed(FRAME_WEIGHT, FRAME) if piece.line in ours and sign.weight < FRAME_WEIGHT else sign
            for piece, sign in zip(pieces, signs, strict=True)
        ]
    signs, repeats = _told_once(texts, signs)
    signs = _placed(texts, signs)
    return Salience(_spread(texts, [sign.weight for sign in signs]), signs, repeats)


def line_signs(log: Log) -> list[Weighed]:
    """What each line of a log tells by itself of a cause, in its place in the log."""
    found = pieces(log)
    signs = [Weighed()] * len(log)
    for piece, sign in zip(found, salience(found).signs, strict=True):
        if sign.reason in cues.CONSEQUENCES:
            sign = sign._replace(weight=sign.weight * CONSEQUENCE_SHARE)
        if sign.reason not in PLACES and sign.weight > signs[piece.line].weight:
            signs[piece.line] = sign
    return signs


def _signs(texts: Sequence[str]) -> list[Weighed]:
    """What each line tells by itself, and by the list or the step that it stands in."""
    hits = lines_with(texts, cues.WORDS)
    signs = [cues.weighed(text) if hit and text.strip() else Weighed() for text, hit in zip(texts, hits, strict=True)]
    _weigh_lists(texts, hits, signs)
    _weigh_steps(texts, signs)
    return signs


def _weigh_lists(texts: Sequence[str], hits: Sequence[int], signs: list[Weighed]) -> None:
    """Give weight to the headings over lists of failures, and to what the lists name."""
    head = -1
    for index, text in enumerate(texts):
        if not text.strip():
            head = head if index <= head + 1 else -1
        elif hits[index] and cues.LIST_HEAD.match(text):
            signs[index] = Weighed(HEAD_WEIGHT, LISTED)
            head = index
        elif head >= 0 and index <= head + MAX_LISTED:
            if text[:1] not in " \t-*" and signs[index].weight < STRONG and index > head + 2:
                head = -1
            elif signs[index].weight < LISTED_WEIGHT and len(text) < LISTED_LENGTH and not _FRAME.match(text):
                signs[index] = Weighed(LISTED_WEIGHT, LISTED)


def _weigh_steps(texts: Sequence[str], signs: list[Weighed]) -> None:
    """Give weight to the command of a step that failed; the script that a runner prints before a step is no sign."""
    step, script = -1, False
    for index, text in enumerate(texts):
        if "#[" not in text:
            if script and signs[index].weight:
                signs[index] = signs[index]._replace(weight=signs[index].weight * cues.CODE_SHARE)
            continue
        if _STEP.match(text):
            step, script = index, True
        elif _STEP_END.match(text):
            script = False
        elif step >= 0 and "#[error]" in text:
            for at, weight in ((step, STEP_WEIGHT), (step + 1, COMMAND_WEIGHT)):
                if signs[at].weight < weight:
                    signs[at] = Weighed(weight, STEP)
            step = -1


def _told_once(texts: Sequence[str], signs: Sequence[Weighed]) -> tuple[list[Weighed], list[int]]:
    """The signs with less weight for each time that the log has said the same, or something of the same shape."""
    said: Counter[str] = Counter()
    alike: Counter[str] = Counter()
    keys, told = [""] * len(texts), list(signs)
    for index, sign in enumerate(signs):
        if not sign.weight:
            continue
        key = keys[index] = _VARYING.sub("#", texts[index].strip())
        shape = _shape(key)
        same, other = said[key], alike[shape] - said[key]
        said[key] += 1
        alike[shape] += 1
        share = 1 + ALIKE * (sqrt(other) if sign.reason in (TEST, LISTED) else other)
        told[index] = sign._replace(weight=sign.weight / (1 + same) / share)
    return told, [said[key] if key else 0 for key in keys]


def _shape(key: str) -> str:
    """The plain words of a line: without what is quoted, in brackets, or no word."""
    words = _QUOTED.sub("~", key).split()
    return " ".join([word if word.strip(_ENDS).isalpha() else "~" for word in words])


def _placed(texts: Sequence[str], signs: Sequence[Weighed]) -> list[Weighed]:
    """The signs with more weight the sooner an end that tells of failure follows."""
    ends = [index for index, sign in enumerate(signs) if sign.weight and cues.EXIT.search(texts[index])]
    return [
        sign._replace(weight=sign.weight * _nearness(index, ends, len(signs))) if sign.weight else sign for index, sign in enumerate(signs)
    ]


def _nearness(index: int, ends: Sequence[int], size: int) -> float:
    position = bisect_left(ends, index)
    if ends and position == len(ends):
        return AFTER_SHARE
    distance = (ends[position] if ends else size) - index
    return FAR_SHARE + (1 - FAR_SHARE) * exp(-distance / NEAR)


def _spread(texts: Sequence[str], own: Sequence[float]) -> list[float]:
    """The weights with what signs give to the lines beside them, and a little for the end of the log."""
    size = len(own)
    weights = [max(weight, LAST_WEIGHT * exp((index - size) / LAST_LINES)) for index, weight in enumerate(own)]
    for indices, forward in ((range(size), True), (range(size - 1, -1, -1), False)):
        passing = 0.0
        for index in indices:
            if own[index] >= passing:
                passing = own[index]
                continue
            passing *= _kept(texts[index]) if forward else BEFORE
            weights[index] = max(weights[index], passing * BESIDE)
    return weights


def _kept(text: str) -> float:
    """How much of a sign's weight a line behind it keeps."""
    if not text.strip():
        return BLANK
    return INDENTED if text[0] in " \t|>E" else AFTER
