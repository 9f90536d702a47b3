"""What is drafted of research results, by extraction or by a model: the values between drafting, checking and writing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from assistant.drafting.calls import ModelUse
from assistant.evidence import Evidence
from assistant.sections import Quote

EXTRACTION = "extraction"
"""Who drafts where no model does."""
PARTS = (
    "solution_found",
    "why_it_works",
    "implementation_plan",
    "code_changes_required",
    "testing_strategy",
    "documentation_updates_needed",
)
"""The subsections of the results."""


class Answered(StrEnum):
    """How far the notes answer a question."""

    ANSWERED = "answered"
    PARTLY = "partly"
    OPEN = "open"


class Verdict(StrEnum):
    """What the notes say of a hypothesis."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    UNTOUCHED = "untouched"


class Said(NamedTuple):
    """One paragraph or list entry.

    Args:
        text: plain text, code in single backticks.
        ids: the research notes (or evidence) it stands on.
        is_quote: whether it stands in the note word for word.
    """

    text: str
    ids: tuple[str, ...] = ()
    is_quote: bool = False


class CodePart(NamedTuple):
    """Code to copy.

    Args:
        text: the code.
        language: for its fence.
        ids: what it stands on.
        evidence: the note that holds it word for word; None where a model adapted it.
        findings: what the checks say of it.
    """

    text: str
    language: str
    ids: tuple[str, ...]
    evidence: Evidence | None = None
    findings: tuple[str, ...] = ()


class QuestionAnswer(NamedTuple):
    """What the notes say to one research question."""

    number: int
    question: str
    status: Answered
    said: tuple[Said, ...] = ()


class TheoryVerdict(NamedTuple):
    """What the notes say of one hypothesis, and the quotes that decide."""

    number: int
    status: Verdict
    quotes: tuple[Quote, ...] = ()


class Conflict(NamedTuple):
    """What sources contradict each other about, and what each says."""

    subject: str
    sides: tuple[Said, ...]


class NoteRead(NamedTuple):
    """What became of one note: its name, the ids of its passages, and what it is worth here."""

    name: str
    ids: tuple[str, ...]
    worth: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsDraft:
    """Drafted results.

    Args:
        by: `extraction`, or the model's name.
        found: whether the notes answer at all.
        authors: place -> who drafted it, where that is not `by`.
        told: what was cut, skipped or fallen back to.
        use: what a model had to do with it; None without one.
    """

    by: str = EXTRACTION
    found: bool = False
    solution: tuple[Said, ...] = ()
    why: tuple[Said, ...] = ()
    steps: tuple[Said, ...] = ()
    code: tuple[CodePart, ...] = ()
    tests: tuple[CodePart, ...] = ()
    testing: tuple[Said, ...] = ()
    documentation: tuple[Said, ...] = ()
    links: tuple[Said, ...] = ()
    answers: tuple[QuestionAnswer, ...] = ()
    verdicts: tuple[TheoryVerdict, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    versions: tuple[Said, ...] = ()
    read: tuple[NoteRead, ...] = ()
    authors: Mapping[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    use: ModelUse | None = None
