"""A document, its record and the rules: what is wrong, what is blank, what waits for a person."""

from dataclasses import dataclass

from assistant.checking import Problem, Severity
from assistant.checking.structure import INVISIBLE, character_problems, progress_problems, structure_problems
from assistant.document import parse
from assistant.record import RunRecord
from assistant.review.blocks import block_problems
from assistant.review.items import NO_FAILURE, item_problems
from assistant.review.research import research_problems
from assistant.review.statements import statement_problems
from assistant.review.subject import Subject


@dataclass(frozen=True, slots=True)
class Review:
    """What the rules say of one document.

    Args:
        problems: in the order of their lines.
    """

    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many problems there are of each severity."""
        return {severity.value: sum(problem.severity is severity for problem in self.problems) for severity in Severity}

    def counted(self, *, allow_drafts: bool) -> tuple[Problem, ...]:
        """The problems that make `check` fail."""
        counts = {Severity.ERROR} if allow_drafts else {Severity.ERROR, Severity.BLANK, Severity.DRAFT}
        return tuple(problem for problem in self.problems if problem.severity in counts)


def review(text: str, record: RunRecord | None) -> Review:
    """Hold a document against all rules.

    Args:
        text: the document.
        record: its run record; without it nothing that needs the ledger is checked, and that is said.
    """
    document = parse(text)
    subject = Subject(document, record)
    problems = [
        *structure_problems(document),
        *character_problems(document, subject.written_lines),
        *progress_problems(document),
        *item_problems(subject),
    ]
    if record is None:
        message = "there is no run record beside the export: evidence ids, quotes, versions, paths and lines cannot be checked"
        problems.append(Problem("record", "", message, Severity.NOTE, 1))
    else:
        problems += [*block_problems(subject), *statement_problems(subject), *research_problems(subject)]
    return Review(tuple(sorted(set(problems), key=lambda problem: (problem.line, problem.rule, problem.message))))


__all__ = ["INVISIBLE", "NO_FAILURE", "Review", "review"]
