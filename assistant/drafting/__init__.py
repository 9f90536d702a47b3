"""Drafters: a case in, drafted sections out. The playbook needs no model; it is the embedded default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from assistant.changes import Change
from assistant.drafting.calls import ModelUse
from assistant.evidence import Failure, Ledger, Version
from assistant.sections import Draft, Hypothesis

NO_CHANGE = Change()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAttempt:
    """One attempt that somebody made, by ids of evidence in the case's ledger.

    Args:
        source: where it is told what was tried; empty where nothing is left to explain.
        before: what the logs showed before it.
        after: what they showed after it.
    """

    source: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a drafter sees of one export.

    Args:
        failure: the failure the export is about.
        others: the other failures of the same input, gravest first.
        ledger: all evidence; what is not in it may not be said.
        versions: what is known of versions, by normalised name.
        change: what changed since the failing tests last could pass.
        attempts: what was tried, in the order in which the document has it.
    """

    failure: Failure
    others: tuple[Failure, ...]
    ledger: Ledger
    versions: Mapping[str, Version]
    change: Change = NO_CHANGE
    attempts: tuple[RecordedAttempt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What a drafter wrote; texts are plain, code in single backticks, evidence cited as `(E1)`.

    Args:
        title: names the failure; no markup.
        severity: Low, Medium, High or Blocking, with a reason.
        brief_description: two or three sentences: what broke, what is asked.
        hypotheses: best first.
        similar_issues: known patterns that fit, each citing the note in the ledger it stands on.
        acceptance_test: Python that parses; None where there is nothing to run.
        why_it_didnt_work: a text for each attempt of the case, empty where nothing can be said; none at all where nobody drafts that.
        drafts: who drafted which place, on which evidence.
        notes: what was skipped or fallen back to.
        ledger: the case's ledger, with what the drafter added (notes of the rules that fired).
        use: what a model had to do with it; None without one.
    """

    title: str
    severity: str
    brief_description: str
    hypotheses: tuple[Hypothesis, ...] = ()
    primary_questions: tuple[str, ...] = ()
    technical_questions: tuple[str, ...] = ()
    architecture_questions: tuple[str, ...] = ()
    search_queries: tuple[str, ...] = ()
    similar_issues: tuple[str, ...] = ()
    success_criteria: tuple[str, ...] = ()
    acceptance_test: str | None = None
    information_needed: tuple[str, ...] = ()
    potential_solutions: tuple[str, ...] = ()
    why_it_didnt_work: tuple[str, ...] = ()
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    ledger: Ledger
    use: ModelUse | None = None


class Drafter(Protocol):
    """Anything that can draft a case."""

    name: str

    def draft(self, case: Case) -> Drafted:
        """Draft all sections of the case that evidence alone cannot fill."""
        ...
