"""How much each passage of the notes has to do with an export, and what it does for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.checking.grounding import sentences
from assistant.evidence import skimmed
from assistant.outline import snake_case
from assistant.results.asked import Asked
from assistant.results.cues import (
    ASKS,
    DISMISSES,
    DOCUMENTS,
    EXPLAINS,
    FAILS,
    HEADINGS,
    HINTS,
    PREVENTS,
    PROPOSES,
    SOLVES,
    TESTS_CODE,
    VERIFIES,
    gives_orders,
    only_checks,
    strength,
)
from assistant.results.drafted import PARTS
from assistant.results.passages import ANSWER_LINE, Form, Passage
from assistant.results.shown import readable
from assistant.results.surroundings import MAX_SKIMMED, announcement, is_check, rejections, stand_together, with_askers
from assistant.results.terms import terms_of, weight_of

ANNOUNCES = re.compile(r"(?::|\b(?:with|run|using|like|by|via|as|is|to|this))\W{0,3}$")
"""How a passage ends that leads to the code behind it."""
FULL_MATCH = 12.0
"""So much weight of the export's terms in one passage is as much as can be wished."""
ON_TOPIC_WEIGHT, ON_TOPIC_SHARE, ON_TOPIC_MEAN = 4.5, 0.4, 0.33
"""A note is about the export if one of its passages, alone or with its neighbours, has so much weight of the export's terms, so large a
share of terms that the export has, and so much weight a term. Held against each other, 35 exports and short answers to them, each to
each: all 35 answers to the export itself passed, and 3 in 100 of the others, half of which are about the same libraries."""
THIN_SHARE = 0.3
"""An export that says little is met by a note that has so much of it."""
HEADING_CUE, OWN_PART = 2, 4.0
NEIGHBOUR = 0.35
DOUBTFUL, ASIDE = 0.5, 0.3
MIN_SCORE = 0.12


@dataclass(frozen=True)
class Ranked:
    """A passage and what it is worth.

    Args:
        passage: the passage.
        own: the weight of the export's terms in it.
        near: the weight in what stands around it.
        topic: how much its note is about the export, 0 to 1.
        is_hostile: whether it tries to give orders to a program.
        trust: what its note is worth: less where some of it gives orders to a program.
        rejection: the reply to it that says that it did not help; None where nobody does.
        announced: of code, what stands right before it.
        is_outcome: whether it stands right behind a command that checks, and so says what that shows.
    """

    passage: Passage
    own: float
    near: float
    topic: float
    is_hostile: bool
    trust: float = 1.0
    rejection: Passage | None = None
    announced: str = ""
    is_outcome: bool = False

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of its text."""
        return terms_of(self.said)

    @property
    def relevance(self) -> float:
        """How much it has to do with the export, 0 to 1."""
        return min(1.0, (self.own + NEIGHBOUR * self.near) / FULL_MATCH) * 0.7 + self.topic * 0.3

    @cached_property
    def usable(self) -> bool:
        """Whether it may be shown as part of an answer."""
        if self.is_hostile or self.passage.is_question or self.passage.form in (Form.OUTPUT, Form.TITLE) or self.topic <= 0:
            return False
        return bool(self.said.strip())

    @cached_property
    def part(self) -> str:
        """The part of the results that its heading names, where the note is written in the form that the outgoing copy asks for."""
        if ANSWER_LINE.match(self.said):
            return ""
        keys = [snake_case(heading) for heading in self.passage.headings[-2:]]
        return next((key for key in reversed(keys) if key in PARTS), "")

    @cached_property
    def solution(self) -> float:
        """How much it looks like the way out."""
        if not self.usable:
            return 0.0
        cue = 2 * strength(PROPOSES, self.said) + 2 * strength(SOLVES, self.said) + self._heading("solution") + self._heading("steps")
        cue += self._heading("accepted") if cue else 0
        cue -= 2 * strength(FAILS, self.said) + 3 * strength(DISMISSES, self.said)
        telling = [part for part in self.sentences if PROPOSES.search(part) or SOLVES.search(part)]
        checks = self.is_outcome or (bool(telling) and all(only_checks(part) for part in telling))
        return self._score(cue, "solution_found") * (ASIDE if (checks and not self.part) or self.rejection else 1.0)

    @cached_property
    def hint(self) -> float:
        """How much it describes a way out without telling anybody to take it."""
        return self._score(strength(HINTS, self.said) - 2 * strength(FAILS, self.said), "solution_found")

    @cached_property
    def explanation(self) -> float:
        """How much it looks like the reason."""
        return self.reason()

    def reason(self, *, decides: bool = False) -> float:
        """How much it looks like the reason; more where it decides what a hypothesis is about."""
        if not self.usable:
            return 0.0
        cue = strength(EXPLAINS, self.said) - strength(FAILS, self.said) - 2 * strength(PREVENTS, self.said)
        cue += self._heading("why") + 2 * decides
        return self._score(cue - (self.passage.form is Form.STEP), "why_it_works")

    @cached_property
    def verification(self) -> float:
        """How much it says how to verify."""
        return self._score(2 * strength(VERIFIES, self.said) + 2 * self.is_outcome + self._heading("tests"), "testing_strategy")

    @cached_property
    def prevention(self) -> float:
        """How much it says how to keep the failure from coming back."""
        return self._score(2 * strength(PREVENTS, self.said), "")

    @cached_property
    def documentation(self) -> float:
        """How much it says what to write down."""
        return self._score(2 * strength(DOCUMENTS, self.said), "documentation_updates_needed")

    @cached_property
    def is_step(self) -> bool:
        """Whether it is an entry of a numbered list of things to do, or stands under a plan."""
        if self.part:
            return self.part == "implementation_plan" and not self.passage.is_code
        return self.passage.form is Form.STEP and not ANSWER_LINE.match(self.said)

    @cached_property
    def is_test(self) -> bool:
        """Whether a code block is a test or runs one."""
        if not self.passage.is_code or self.part:
            return self.passage.is_code and self.part == "testing_strategy"
        if is_check(self.passage, self.announced):
            return True
        return self.passage.form is not Form.DIFF and bool(TESTS_CODE.search(self.said) or self._heading("tests"))

    @cached_property
    def asks(self) -> bool:
        """Whether it asks rather than answers."""
        return bool(ASKS.search(self.said.strip())) and not strength(SOLVES, self.said)

    def _heading(self, what: str) -> int:
        return HEADING_CUE if any(HEADINGS[what].search(heading) for heading in self.passage.headings[-2:]) else 0

    def leads_to(self, other: "Ranked") -> bool:
        """Whether some code is what it tells the reader to take."""
        behind = other.passage.order == self.passage.order + 1 and bool(other.announced)
        return behind and bool(ANNOUNCES.search(self.said) or PROPOSES.search(self.said))

    @cached_property
    def said(self) -> str:
        """Its beginning as it is shown: code as it is, prose as one paragraph."""
        text = self.passage.text[:MAX_SKIMMED]
        return text if self.passage.is_code else readable(text)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of what it says."""
        return sentences(self.said)

    def _score(self, cue: float, part: str) -> float:
        """The score for a part of the results; a passage that says which part it belongs to belongs to no other."""
        if self.part or ANSWER_LINE.match(self.said):
            cue = OWN_PART if self.part and part == self.part else 0.0
        if not self.usable or cue <= 0:
            return 0.0
        return self.relevance * self.trust * min(1.0, 0.4 + 0.15 * cue) * (0.3 if self.asks else 1.0)


def rank(passages: Sequence[Passage], asked: Asked) -> tuple[Ranked, ...]:
    """Weigh every passage, in the order given.

    Args:
        passages: of all notes.
        asked: what the export asks.
    """
    passages = with_askers(passages)
    found = [terms_of(skimmed(passage.text)[:MAX_SKIMMED]) for passage in passages]
    own = [weight_of(terms, asked.weights) for terms in found]
    hostile = [gives_orders(passage.text) for passage in passages]
    topics = _topics(passages, found, asked.weights, hostile)
    rejected = rejections(passages)
    doubtful = {passage.note for passage, is_hostile in zip(passages, hostile, strict=True) if is_hostile}
    return tuple(
        Ranked(
            passage,
            own[at],
            _near(passages, own, at),
            topics.get(passage.note, 0.0),
            is_hostile=hostile[at],
            trust=DOUBTFUL if passage.note in doubtful else 1.0,
            rejection=rejected.get(at),
            announced=announcement(passages, at),
            is_outcome=at > 0 and stand_together(passages[at - 1], passage) and is_check(passages[at - 1], announcement(passages, at - 1)),
        )
        for at, passage in enumerate(passages)
    )


def _topics(
    passages: Sequence[Passage], terms: Sequence[frozenset[str]], weights: dict[str, float], hostile: Sequence[bool]
) -> dict[int, float]:
    """How much each note is about the export: as much as the best of its passages, alone or with those beside it."""
    topics: dict[int, float] = {}
    whole = sum(weights.values())
    for at, passage in enumerate(passages):
        beside = [
            number
            for number in (at - 1, at + 1)
            if 0 <= number < len(passages) and passages[number].note == passage.note and not hostile[number]
        ]
        for window in ((), beside):
            both = terms[at].union(*(terms[number] for number in window))
            weight = weight_of(both, weights)
            share = len(both & weights.keys()) / max(1, len(both))
            close = share >= ON_TOPIC_SHARE and weight >= ON_TOPIC_MEAN * len(both)
            enough = close or weight >= THIN_SHARE * whole
            if not hostile[at] and weight >= ON_TOPIC_WEIGHT and enough:
                topics[passage.note] = max(topics.get(passage.note, 0.0), min(1.0, weight / FULL_MATCH))
    return topics


def _near(passages: Sequence[Passage], own: Sequence[float], at: int) -> float:
    """The weight of the passages before and after it that stand under the same heading."""
    here = passages[at]
    return max(
        (own[other] for other in (at - 1, at + 1) if 0 <= other < len(passages) and stand_together(passages[other], here)), default=0.0
    )
