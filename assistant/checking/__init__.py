"""The rules, each with a name: pure functions of values. They serve drafts, `check` and repair alike."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a problem means for the export.

    `error` is a fault, `blank` a question nobody answered yet, `draft` a text nobody confirmed yet, `note` something that
    could not be checked. Only errors count with `--allow-drafts`; notes never count.
    """

    ERROR = "error"
    BLANK = "blank"
    DRAFT = "draft"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a rule found.

    Args:
        rule: the rule's name, a key of RULES.
        place: the subsection, as in `hypotheses.hypothesis_1`; empty for the document itself.
        message: what is wrong, and with what.
        severity: what it means.
        line: line in the document, counted from 1; 0 where the rule looked at a value outside a document.
    """

    rule: str
    place: str
    message: str
    severity: Severity = Severity.ERROR
    line: int = 0


RULES = {
    "title": "the document begins with `# Research Export: …` and names the problem",
    "heading-missing": "every heading of the template stands in the document, word for word",
    "heading-order": "the headings stand in the template's order",
    "heading-duplicate": "no heading stands twice",
    "numbering": "attempts and hypotheses are numbered 1, 2, 3, … in their own section",
    "label-missing": "every label of the template stands in its subsection",
    "label-order": "the labels of a subsection stand in the template's order",
    "label-duplicate": "no label stands twice in its subsection",
    "open-fence": "every fenced block is closed",
    "blank": "no `[REVIEW: …]` placeholder is left, and no subsection is empty",
    "template-text": "no text of the template is left",
    "unconfirmed": "every draft was confirmed by a person",
    "draft-line": "the line that says who drafted a subsection stands as it was written, or is deleted",
    "date": "the date is a day, written YYYY-MM-DD",
    "severity": "the severity is Low, Medium, High or Blocking",
    "evidence-id": "every cited evidence id exists",
    "evidence-block": "a block that carries an id holds that evidence word for word, with its origin; none is gone or lost its id",
    "quote": "every quote stands word for word in the evidence that it cites",
    "unsupported-url": "drafts and cited lines hold no address that is not in the evidence; a model's reply holds none at all",
    "unsupported-path": "drafts and cited lines hold no file path that is not in the evidence",
    "unsupported-version": "drafts and cited lines hold no version that is not in the evidence, unless the sentence ends in `(not in evidence)`",
    "unsupported-line": "drafts and cited lines hold no line number that the evidence does not name, of the file that stands beside it",
    "unsupported-name": "drafts and cited lines name no test that is not in the evidence, and no exception that is not in the evidence, unless the sentence ends in `(not in evidence)`",
    "unsupported-identifier": "what a model drafts names no identifier that is not in the evidence, unless the sentence ends in `(not in evidence)`",
    "unsupported-number": "what a model drafts holds no number above 10 that is not in the evidence, unless the sentence ends in `(not in evidence)`",
    "live-link": "drafts hold no link, image or HTML",
    "markup": "what a model drafts is plain text: no heading, no fenced block but one around a test",
    "title-length": "a drafted title is one line of at most 140 characters",
    "reply-length": "no text of a model's reply is longer than its place can take",
    "question-mark": "every research question ends in a question mark",
    "question-duplicate": "no research question is asked twice",
    "question-evidence": "every drafted question names something that stands in the evidence",
    "query": "a search query has 1 to 400 characters, no address and no private path",
    "query-private": "a drafted search query names no path, host, user, test or symbol that only this project has",
    "hypothesis-count": "where a failure was found there are at least two hypotheses",
    "hypothesis-part": "a hypothesis has a theory, evidence, a test and what it shows if true and if false",
    "hypothesis-evidence": "a hypothesis cites evidence for it with a quote",
    "hypothesis-duplicate": "no two hypotheses have the same theory",
    "acceptance-test": "the acceptance test is Python that parses; a drafted one defines `test_solution`",
    "research-citation": "every statement and all code that a model drafts of the results names a research note; a contradiction quotes two",
    "research-link": "every link of the results stands in a research note, letter by letter",
    "research-number": "every answer names a question, every verdict a hypothesis, that the document has",
    "control-character": "no control, invisible or direction character stands in the document",
    "record": "the run record lies beside the export and fits it",
}
"""Every rule by name, as one sentence that a good export satisfies."""
