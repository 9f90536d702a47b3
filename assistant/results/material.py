"""What results are drafted from, and how the best of it is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.evidence import Ledger
from assistant.results.asked import Asked
from assistant.results.ranking import MIN_SCORE, Ranked
from assistant.results.verdicts import negated
from assistant.results.versions import OtherVersion

NEAR_BEST = 0.5
"""A passage is shown beside the best one if it has at least this share of its score."""
SAME = 0.75
"""Passages that share so many terms say the same."""


@dataclass(frozen=True, slots=True)
class Material:
    """What results are drafted from.

    Args:
        names: of the notes.
        ranked: the passages that have an id, in order.
        others: numbers of notes with the versions that they are for.
        ledger: the research notes as evidence.
        evidence: the export's own evidence.
        asked: what the export asks.
        left_out: how many passages got no id.
    """

    names: tuple[str, ...]
    ranked: tuple[Ranked, ...]
    others: tuple[OtherVersion, ...]
    ledger: Ledger
    evidence: Ledger
    asked: Asked
    left_out: int = 0

    def id_of(self, one: Ranked) -> str:
        """The id of a passage."""
        return one.passage.evidence.id


def best_of(scored: Iterable[tuple[float, Ranked]], count: int) -> list[Ranked]:
    """The best passages, none of which says what another says."""
    ordered = sorted(((score, one) for score, one in scored if score >= MIN_SCORE), key=lambda pair: (-pair[0], pair[1].passage.order))
    best: list[Ranked] = []
    for score, one in ordered:
        if len(best) == count or score < ordered[0][0] * NEAR_BEST:
            break
        if not any(_is_same(one, other) for other in best):
            best.append(one)
    return best


def _is_same(one: Ranked, other: Ranked) -> bool:
    if negated(one.passage.text) != negated(other.passage.text):
        return False
    shared = len(one.terms & other.terms)
    return shared >= SAME * max(1, min(len(one.terms), len(other.terms)))
