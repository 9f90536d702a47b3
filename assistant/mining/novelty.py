"""What a red run says that green runs do not."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.mining.cues import Weighed
from assistant.mining.patterns import Lazy
from assistant.mining.pieces import Piece
from assistant.mining.salience import Salience

KNOWN_SHARE = 0.15
"""What is left of the weight of a line that a green run has too."""
NEW_WEIGHT = 9.0
"""What a line weighs in which all is new."""
NEW = "not in the green run"

_HEX = Lazy(r"\b(?=[0-9a-fA-F-]{0,40}\d)[0-9a-fA-F][0-9a-fA-F-]{6,40}\b")
_WORD = Lazy(r"[A-Za-z]{3,}")


class Usual(NamedTuple):
    """What green runs say.

    Args:
        lines: their lines as words, numbers and ids left out.
        pairs: neighbouring words in them.
        words: all their words.
    """

    lines: frozenset[tuple[str, ...]]
    pairs: frozenset[tuple[str, str]]
    words: frozenset[str]


def usual(pieces: Sequence[Piece]) -> Usual:
    """Learn what is usual from the pieces of green logs."""
    lines = {_words(piece.text) for piece in pieces}
    return Usual(
        frozenset(lines),
        frozenset(pair for words in lines for pair in pairwise(words)),
        frozenset(word for words in lines for word in words),
    )


def against(known: Usual, pieces: Sequence[Piece], weights: Salience) -> Salience:
    """The weights of a red log: less for what green runs say too, more for what is new.

    Args:
        known: what green runs say.
        pieces: those of the red log.
        weights: theirs without that knowledge.
    """
    said: Counter[tuple[str, ...]] = Counter()
    own, signs = list(weights.weights), list(weights.signs)
    for index, piece in enumerate(pieces):
        words = _words(piece.text)
        new = _newness(words, known)
        if not new:
            own[index] *= KNOWN_SHARE
            continue
        weight = NEW_WEIGHT * new**0.7 / (1 + said[words])
        said[words] += 1
        own[index] = max(own[index] * (0.5 + 0.5 * new), weight)
        if not signs[index].reason:
            signs[index] = Weighed(weight, NEW)
    return weights._replace(weights=own, signs=signs)


def _newness(words: tuple[str, ...], known: Usual) -> float:
    """How much of a line is new, 0 to 1: half by its pairs of words, half by its words."""
    if not words or words in known.lines:
        return 0.0
    pairs = list(pairwise(words))
    unknown = sum(word not in known.words for word in words) / len(words)
    unpaired = sum(pair not in known.pairs for pair in pairs) / len(pairs) if pairs else unknown
    return 0.5 * unpaired + 0.5 * min(1.0, 2 * unknown)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_HEX.sub("", text).lower()))
