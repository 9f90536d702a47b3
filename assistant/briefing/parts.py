"""What of an export may go out: subsection by subsection, cleaned of blanks and of what the template says, and masked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

from assistant.checking.structure import REVIEW, draft_line, is_blank, placeholder, read_draft_line, template_lines
from assistant.document import Document, Line, Region, parse, trim
from assistant.evidence import Masked
from assistant.redaction import Redactor
from assistant.resources import resource_folder
from assistant.results.asked import Asked
from assistant.review.items import BULLET, QUESTION_PLACES

KEPT_HOME = frozenset(
    ["research_results", "research_questions.answers", "next_steps_after_research.timeline", "notes_for_future_reference"]
)
"""What is not for outsiders, and what an answer is for."""
NAME = re.compile(r"^- Exported By:")
LABEL = re.compile(r"^(?:\*\*[^*]{1,60}:\*\*|- [A-Z][^:`]{1,60}:)\s*$")
TEMPLATE_FILE = "research_export.md"
WEIGHTS: Mapping[str, float] = {
    "error_messages.primary_error": 1.0,
    "research_questions.primary_questions": 0.98,
    "problem_statement.brief_description": 0.95,
    "current_code.problematic_code": 0.9,
    "context.system_state": 0.85,
    "research_questions.technical_questions": 0.8,
    "constraints_and_requirements.cannot_do": 0.75,
    "what_we_tried": 0.7,
    "constraints_and_requirements.must_have": 0.65,
    "hypotheses": 0.6,
    "research_questions.architecture_questions": 0.55,
    "current_code.related_code": 0.5,
    "error_messages.log_output": 0.45,
    "error_messages.secondary_errors": 0.4,
    "success_criteria": 0.35,
    "export_information": 0.1,
}
"""How much each place, or all of a section, matters to somebody who answers; whatever is not named has OTHER_WEIGHT."""
OTHER_WEIGHT = 0.3


class Part(NamedTuple):
    """One subsection as it goes out.

    Args:
        place: where it stands.
        heading: its heading; empty for what stands right under a section's.
        body: its masked text.
        is_draft: whether nobody has confirmed it.
    """

    place: str
    heading: str
    body: Masked
    is_draft: bool = False

    @property
    def weight(self) -> float:
        """How much it matters to somebody who answers."""
        return WEIGHTS.get(self.place, WEIGHTS.get(self.place.partition(".")[0], OTHER_WEIGHT))


def outgoing_parts(document: Document, asked: Asked, redactor: Redactor, *, include_drafts: bool) -> tuple[list[Part], tuple[str, ...]]:
    """What may go out, in order, and the headings of drafts that stay."""
    found: list[tuple[Region, str, bool]] = []
    unconfirmed = []
    numbers = {question.text: question.number for question in asked.questions}
    for region in document.regions:
        if region.place == "title" or region.place in KEPT_HOME or region.place.partition(".")[0] in KEPT_HOME or region.level == 1:
            continue
        drafted = draft_line(document.text[region.start : region.end].replace("\r\n", "\n")) is not None
        if drafted and not include_drafts:
            unconfirmed.append(region.heading)
        elif body := _outgoing(document.lines(region), numbers if region.place in QUESTION_PLACES else {}):
            found.append((region, body, drafted))
    bodies = redactor.mask_all([body for _, body, _ in found])
    parts = [
        Part(region.place, region.heading if region.level == 3 else "", body, drafted)
        for (region, _, drafted), body in zip(found, bodies, strict=True)
    ]
    return parts, tuple(unconfirmed)


def _outgoing(lines: Sequence[Line], numbers: Mapping[str, int]) -> str:
    """The lines of a subsection that say something; questions with the numbers by which an answer names them."""
    kept = list(_said(lines, numbers))
    text = trim(re.sub(r"\n{3,}", "\n\n", "\n".join(_without_empty_labels(kept))))
    return "" if is_blank(text) else text


def _said(lines: Sequence[Line], numbers: Mapping[str, int]) -> Iterator[str]:
    for line in _without_template_blocks(lines):
        if line.text.strip() in template_lines() or NAME.match(line.text) or (not line.fenced and read_draft_line(line.text)):
            continue
        if line.fenced or not placeholder(line.text):
            bullet = BULLET.match(line.text) if numbers and not line.fenced else None
            number = numbers.get(bullet[2].strip()) if bullet else None
            yield f"- Q{number}: {bullet[2]}" if bullet and number else line.text
        elif rest := _without_blanks(line.text):
            yield rest


def _without_template_blocks(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines without fenced blocks of which the template has every line."""
    for is_fenced, group in groupby(lines, lambda line: line.fenced):
        held = list(group)
        if not is_fenced or not all(line.text.strip() in _template_code() for line in held if line.text.strip()):
            yield from held


@cache
def _template_code() -> frozenset[str]:
    document = parse((resource_folder("templates") / TEMPLATE_FILE).read_text("utf-8"))
    return frozenset(line.text.strip() for region in document.regions for line in document.lines(region) if line.fenced)


def _without_blanks(text: str) -> str:
    """A line without its placeholders; empty where nothing is left to say."""
    rest = re.sub(r"\s{2,}", " ", REVIEW.sub("", text)).rstrip(" -,;(")
    bare = re.sub(r"^\s*(?:[-*+] (?:\[[ xX]\] ?)?|[0-9]+[.)] ?)?(?:\*\*[^*]+:\*\*|[A-Z][^:`]{1,60}:)?", "", rest)
    return rest if re.search(r"\w", bare) else ""


def _without_empty_labels(lines: Sequence[str]) -> Iterator[str]:
    """The lines without labels and fences under which nothing stands."""
    text = re.sub(r"^```\w*\n\s*```\s*$", "", "\n".join(lines), flags=re.M).split("\n")
    for number, line in enumerate(text):
        below = next((other for other in text[number + 1 :] if other.strip()), "")
        if not (LABEL.match(line) and (not below or LABEL.match(below) or (line.startswith("- ") and not below.startswith((" ", "```"))))):
            yield line
