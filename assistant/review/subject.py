"""What is reviewed: a document with its record, who stands for each of its subsections, and what its lines are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from assistant.checking import Problem
from assistant.checking.grounding import Vocabulary
from assistant.checking.structure import draft_line
from assistant.document import Document, Line, Region
from assistant.evidence import Evidence, Ledger
from assistant.record import RunRecord, Written, body_digest

LINES_HEAD = re.compile(r"^\*\*Lines:\*\* (?P<first>[0-9]+)(?:-(?P<last>[0-9]+))?\s*$")
LABEL = re.compile(r"^\*\*([A-Z][^*:]{2,40}):\*\*\s*(.*)$")
TEST_ID = re.compile(r"(?<![\w./\\-])(?P<file>[\w./\\-]{1,300}\.[A-Za-z]{1,4})(?P<names>(?:::\w{1,200}){1,6})(?:\[[^`\n]{0,300}?\])?")
RESULTS = "research_results"


class Hand(Enum):
    """Who stands for a subsection: a draft waits for a person, what we wrote is unchanged, all else is a person's."""

    DRAFT = 1
    OURS = 2
    PERSON = 3


@dataclass(frozen=True)
class Subject:
    """A document and what is known of how it came to be.

    Args:
        document: the document.
        record: its run record; None where there is none.
    """

    document: Document
    record: RunRecord | None
    _vocabularies: dict[tuple[str, ...], Vocabulary] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions that the rules look at: not the title, and of the results only those that were drafted."""
        return tuple(
            region
            for region in self.document.regions
            if region.place != "title" and (not is_result(region) or draft_line(self.body(region)))
        )

    @cached_property
    def ledger(self) -> Ledger:
        """All evidence and all research notes; empty without a record."""
        return Ledger((*self.record.ledger, *self.record.research), self.record.ledger_offset) if self.record else Ledger()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All that the evidence says."""
        return Vocabulary(self.ledger)

    @cached_property
    def tests(self) -> dict[str, set[str]]:
        """The files of every test that the evidence names whole, as in `tests/test_x.py::test_y`, by the test's name."""
        found: dict[str, set[str]] = {}
        for test in TEST_ID.finditer("\n".join(piece.text for piece in self.ledger)):
            found.setdefault(test["names"].rpartition("::")[2], set()).add(test["file"])
        return found

    def vocabulary_of(self, ids: tuple[str, ...]) -> Vocabulary:
        """What some pieces of evidence say."""
        if ids not in self._vocabularies:
            self._vocabularies[ids] = Vocabulary(Ledger(tuple(piece for one in ids if (piece := self.ledger.get(one)))))
        return self._vocabularies[ids]

    @cached_property
    def drafters(self) -> dict[Region, str]:
        """Who drafted each subsection that still carries the line saying so."""
        return {region: draft[0] for region in self.regions if (draft := draft_line(self.body(region)))}

    @cached_property
    def hands(self) -> dict[Region, Hand]:
        """Who stands for each subsection."""
        return {region: self._hand(region) for region in self.regions}

    @property
    def written_lines(self) -> frozenset[int]:
        """Numbers of the lines that no person stands for."""
        mine = (region for region, hand in self.hands.items() if hand is not Hand.PERSON)
        return frozenset(line.number for region in mine for line in self.document.lines(region))

    def body(self, region: Region) -> str:
        """What stands in a region; two of the same place are told apart."""
        return self.document.text[region.start : region.end].replace("\r\n", "\n").replace("\r", "\n")

    def written(self, region: Region) -> Written | None:
        """What the record says was written there."""
        return self.record.subsections.get(region.place) if self.record else None

    def is_lost(self, evidence_id: str) -> bool:
        """Whether an id was given out by a run whose record is lost."""
        lost = self.ledger.offset if evidence_id.startswith("E") else self.record.research_offset if self.record else 0
        return self.ledger.get(evidence_id) is None and int(evidence_id[1:]) <= lost

    def stands_on_lost(self, region: Region) -> bool:
        """Whether a draft stands on evidence whose record is lost, or results on a document that never had any."""
        if is_result(region) and self.record is not None and not self.record.ledger:
            return True
        draft = draft_line(self.body(region)) if self.ledger.offset else None
        return draft is not None and any(self.is_lost(one) for one in draft[1])

    def piece(self, evidence_id: str) -> Evidence | None:
        """The piece of evidence with that id, or None."""
        return self.ledger.get(evidence_id)

    def _hand(self, region: Region) -> Hand:
        if region in self.drafters:
            return Hand.DRAFT
        written = self.written(region)
        return Hand.OURS if written and written.digest == body_digest(self.body(region)) else Hand.PERSON


def is_result(region: Region) -> bool:
    """Whether a region belongs to the Research Results."""
    return region.place.partition(".")[0] == RESULTS


def as_problems(place: str, found: Iterator[tuple[str, str, int]]) -> Iterator[Problem]:
    """What a rule found of items, as problems of one place."""
    for rule, message, line in found:
        yield Problem(rule, place, message, line=line)


def labelled(lines: list[Line]) -> dict[str, list[Line]]:
    """The lines under each bold label; those before the first one under ''."""
    parts: dict[str, list[Line]] = {"": []}
    label = ""
    for line in lines:
        if not line.fenced and (found := LABEL.match(line.text)):
            label = found[1]
            parts.setdefault(label, [])
            if found[2]:
                parts[label].append(line._replace(text=found[2]))
        else:
            parts[label].append(line)
    return parts
