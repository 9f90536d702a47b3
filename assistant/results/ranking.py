"""How much each passage of the notes has to do with an export, and what it does for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.evidence import skimmed
from assistant.results.asked import Asked
from assistant.results.cues import ASKS, EXPLAINS, FAILS, HEADINGS, PREVENTS, PROPOSES, SOLVES, TESTS_CODE, VERIFIES, gives_orders, strength
from assistant.results.passages import Form, Passage
from assistant.results.terms import terms_of, weight_of

FULL_MATCH = 9.0
"""So much weight of the export's terms in one passage is as much as can be wished."""
ON_TOPIC = 4.0
"""A note of which no passage reaches this is about something else."""
MIN_ANCHORS = 2
HEADING_CUE = 2
NEIGHBOUR = 0.35
MIN_SCORE = 0.2
MAX_SKIMMED = 4000


@dataclass(frozen=True)
class Ranked:
    """A passage and what it is worth.

    Args:
        passage: the passage.
        own: the weight of the export's terms in it.
        near: the weight in what stands around it.
        topic: how much its note is about the export, 0 to 1.
        is_hostile: whether it tries to give orders to a program.
    """

    passage: Passage
    own: float
    near: float
    topic: float
    is_hostile: bool

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of its text."""
        return terms_of(self._text)

    @property
    def relevance(self) -> float:
        """How much it has to do with the export, 0 to 1."""
        return min(1.0, (self.own + NEIGHBOUR * self.near) / FULL_MATCH) * 0.7 + self.topic * 0.3

    @property
    def usable(self) -> bool:
        """Whether it may be shown as part of an answer."""
        return not self.is_hostile and not self.passage.is_question and self.passage.form is not Form.OUTPUT and self.topic > 0

    @cached_property
    def solution(self) -> float:
        """How much it looks like the way out."""
        cue = strength(PROPOSES, self._text) + 2 * strength(SOLVES, self._text) + self._heading("solution") + self._heading("steps")
        return self._score(cue - 2 * strength(FAILS, self._text))

    @cached_property
    def explanation(self) -> float:
        """How much it looks like the reason."""
        return self._score(strength(EXPLAINS, self._text) + self._heading("why") - (1 if self.passage.form is Form.STEP else 0))

    @cached_property
    def verification(self) -> float:
        """How much it says how to verify."""
        return self._score(2 * strength(VERIFIES, self._text) + self._heading("tests"))

    @cached_property
    def prevention(self) -> float:
        """How much it says how to keep the failure from coming back."""
        return self._score(2 * strength(PREVENTS, self._text))

    @cached_property
    def is_test(self) -> bool:
        """Whether a code block is a test or runs one."""
        return self.passage.is_code and self.passage.form is not Form.DIFF and bool(TESTS_CODE.search(self._text) or self._heading("tests"))

    @cached_property
    def asks(self) -> bool:
        """Whether it asks rather than answers."""
        return bool(ASKS.search(self._text.strip())) and not strength(SOLVES, self._text)

    def _heading(self, what: str) -> int:
        return HEADING_CUE if any(HEADINGS[what].search(heading) for heading in self.passage.headings[-2:]) else 0

    @property
    def _text(self) -> str:
        return self.passage.text[:MAX_SKIMMED]

    def _score(self, cue: float) -> float:
        if not self.usable or cue <= 0:
            return 0.0
        return self.relevance * min(1.0, 0.4 + 0.2 * cue) * (0.3 if self.asks else 1.0)


def rank(passages: Sequence[Passage], asked: Asked) -> tuple[Ranked, ...]:
    """Weigh every passage, in the order given.

    Args:
        passages: of all notes.
        asked: what the export asks.
    """
    found = [terms_of(skimmed(passage.text)[: MAX_SKIMMED * 4]) for passage in passages]
    own = [weight_of(terms, asked.weights) for terms in found]
    hostile = [gives_orders(passage.text) for passage in passages]
    topics = _topics(passages, own, [len(terms & asked.anchors) for terms in found], hostile)
    return tuple(
        Ranked(passage, own[at], _near(passages, own, at), topics.get(passage.note, 0.0), hostile[at]) for at, passage in enumerate(passages)
    )


def _topics(passages: Sequence[Passage], own: Sequence[float], anchors: Sequence[int], hostile: Sequence[bool]) -> dict[int, float]:
    """How much each note is about the export: as much as the best of its passages with what stands beside it."""
    topics: dict[int, float] = {}
    for at, passage in enumerate(passages):
        if hostile[at]:
            continue
        window = [number for number in (at - 1, at, at + 1) if 0 <= number < len(passages) and passages[number].note == passage.note and not hostile[number]]
        best = own[at] + 0.5 * (sum(own[number] for number in window) - own[at])
        if best >= ON_TOPIC and sum(anchors[number] for number in window) >= MIN_ANCHORS:
            topics[passage.note] = max(topics.get(passage.note, 0.0), min(1.0, best / FULL_MATCH))
    return topics


def _near(passages: Sequence[Passage], own: Sequence[float], at: int) -> float:
    """The weight of the passages before and after it that stand under the same heading."""
    here = passages[at]
    return max((own[other] for other in (at - 1, at + 1) if 0 <= other < len(passages) and _beside(passages[other], here)), default=0.0)


def _beside(one: Passage, other: Passage) -> bool:
    return one.note == other.note and one.headings == other.headings
