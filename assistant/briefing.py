"""The copy of an export that leaves the house: no placeholders, nothing unconfirmed unless asked for, personal data masked, within a budget."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from jinja2 import TemplateError as JinjaError

from assistant.checking.structure import REVIEW, draft_line, is_blank, placeholder, read_draft_line, template_lines
from assistant.document import Document, Line, Region, parse, trim
from assistant.errors import DocumentError, TemplateError, UsageError
from assistant.evidence import CUT_NOTE, Evidence, Kind, Masked, Origin
from assistant.packing import shortened
from assistant.redaction import Redactor
from assistant.redaction.masked import joined, lines_of
from assistant.rendering import TITLE_PREFIX, open_templates
from assistant.results.asked import Asked, read_asked
from assistant.review.items import BULLET, QUESTION_PLACES
from assistant.tokens import TokenCounter, token_counter

TEMPLATE = "brief.md.j2"
KEPT_HOME = frozenset(
    ["research_results", "research_questions.answers", "next_steps_after_research.timeline", "notes_for_future_reference"]
)
"""What is not for outsiders, and what an answer is for."""
NAME = re.compile(r"^- Exported By:")
LABEL = re.compile(r"^(?:\*\*[^*]{1,60}:\*\*|- [A-Z][^:`]{1,60}:)\s*$")
FENCE = re.compile(r"^\s{0,3}(?:`{3,}|~{3,})")
UNTITLED = "A failure that we cannot explain"
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
CUT_FROM = 0.4
"""Parts of this weight and more are shortened before they are left out."""
MARGIN = 12
"""Tokens of the note that stands where lines were cut."""


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


class Group(NamedTuple):
    """A section with the parts of it that go out."""

    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The outgoing copy.

    Args:
        text: Markdown.
        tokens: how many it has.
        counter: how they were counted.
        left_out: headings of what did not fit.
        shortened: headings of what was cut to fit.
        unconfirmed: headings of drafts that nobody confirmed, and that stay at home for that.
    """

    text: str
    tokens: int
    counter: str
    left_out: tuple[str, ...] = ()
    shortened: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefRequest:
    """What goes out.

    Args:
        token_budget: how many tokens it may have; None for all that there is.
        include_drafts: whether drafts that nobody confirmed go too, marked.
        templates: folder of the user's own templates.
    """

    token_budget: int | None = None
    include_drafts: bool = False
    templates: Path | None = None


def write_brief(text: str, request: BriefRequest) -> Brief:
    """Make the outgoing copy of an export.

    Args:
        text: the document.
        request: what goes out.

    Raises:
        DocumentError: the document is no Research Export.
        UsageError: not even the question itself fits the budget.
        TemplateError: the template is broken.
    """
    document = parse(text)
    if document.find("title") is None or document.find("problem_statement") is None:
        raise DocumentError("it is no Research Export: it does not begin with '# Research Export: …'")
    asked, redactor, counter = read_asked(document), Redactor(pii=True), token_counter()
    redactor.study(text)
    parts, unconfirmed = _parts(document, asked, redactor, include_drafts=request.include_drafts)
    title = redactor.mask(_title(document, include_drafts=request.include_drafts))
    frame = _Frame(request.templates, title, document, asked, counter)
    chosen = parts
    left_out: list[str] = []
    cut: list[str] = []
    if request.token_budget is not None:
        chosen, left_out, cut = _within(parts, request.token_budget, frame)
    out = frame.render(chosen, left_out)
    return Brief(
        text=out, tokens=counter.count(out), counter=counter.name, left_out=tuple(left_out), shortened=tuple(cut), unconfirmed=unconfirmed
    )


class _Frame:
    """The template with all that does not change while parts are chosen."""

    def __init__(self, templates: Path | None, title: Masked, document: Document, asked: Asked, counter: TokenCounter) -> None:
        self._environment = open_templates(templates)
        self._title = title
        self._document = document
        self._asked = asked
        self.count = counter.count
        self.counter = counter

    def render(self, parts: Sequence[Part], left_out: Sequence[str]) -> str:
        """The whole copy."""
        values = {
            "title": self._title,
            "sections": self._groups(parts),
            "left_out": left_out,
            "unconfirmed": any(part.is_draft for part in parts),
            "questions": any(part.place in QUESTION_PLACES for part in parts),
            "hypotheses": any(part.place.startswith("hypotheses.") for part in parts),
        }
        try:
            return self._environment.get_template(TEMPLATE).render(**values).rstrip("\n") + "\n"
        except JinjaError as error:
            raise TemplateError(f"template {TEMPLATE}: {error}", hint="mend it or leave out --templates") from None

    def _groups(self, parts: Sequence[Part]) -> list[Group]:
        groups: dict[str, list[Part]] = {}
        for part in parts:
            groups.setdefault(part.place.partition(".")[0], []).append(part)
        headings = {region.place: region.heading for region in self._document.regions if region.level == 2}
        return [Group(headings[section], tuple(group)) for section, group in groups.items()]


def _title(document: Document, *, include_drafts: bool) -> str:
    """The title, if a person stands for it: it is confirmed with Export Information."""
    information = document.find("export_information")
    drafted = information is not None and draft_line(document.body("export_information")) is not None
    title = document.body("title").removeprefix(TITLE_PREFIX)
    usable = title.strip() and not placeholder(title) and not title.startswith("[") and (include_drafts or not drafted)
    return title if usable else UNTITLED


def _parts(document: Document, asked: Asked, redactor: Redactor, *, include_drafts: bool) -> tuple[list[Part], tuple[str, ...]]:
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
    for line in lines:
        if line.text.strip() in template_lines() or NAME.match(line.text) or (not line.fenced and read_draft_line(line.text)):
            continue
        if line.fenced or not placeholder(line.text):
            bullet = BULLET.match(line.text) if numbers and not line.fenced else None
            number = numbers.get(bullet[2].strip()) if bullet else None
            yield f"- Q{number}: {bullet[2]}" if bullet and number else line.text
        elif rest := _without_blanks(line.text):
            yield rest


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


def _within(parts: Sequence[Part], token_budget: int, frame: _Frame) -> tuple[list[Part], list[str], list[str]]:
    """The parts that fit, weighty ones first; the headings of those that do not, and of those that were cut."""
    order = sorted(range(len(parts)), key=lambda at: (-parts[at].weight, at))
    chosen: dict[int, Part] = {}
    cut: list[str] = []

    def total(extra: Mapping[int, Part]) -> int:
        held = {**chosen, **extra}
        return frame.count(frame.render([held[at] for at in sorted(held)], _missing(parts, held)))

    if total({}) > token_budget:
        raise UsageError(f"--budget {token_budget}: the frame alone takes {total({})} tokens", hint="give a larger budget")
    for at in order:
        part = parts[at]
        over = total({at: part}) - token_budget
        if over > 0 and part.weight >= CUT_FROM and (shorter := _shortened(part, over, frame.counter)):
            part, over = shorter, total({at: shorter}) - token_budget
            if over <= 0:
                cut.append(_name(part))
        if over <= 0:
            chosen[at] = part
    if not chosen:
        raise UsageError(f"--budget {token_budget}: not even the error fits", hint="give a larger budget")
    return [chosen[at] for at in sorted(chosen)], _missing(parts, chosen), cut


def _missing(parts: Sequence[Part], held: Mapping[int, Part]) -> list[str]:
    return [_name(part) for at, part in enumerate(parts) if at not in held]


def _name(part: Part) -> str:
    return part.heading or part.place.replace("_", " ").title()


def _shortened(part: Part, over: int, counter: TokenCounter) -> Part | None:
    """A part whose longest fenced block is cut by so many tokens; None where that leaves too little."""
    lines = lines_of(part.body)
    marks = [number for number, line in enumerate(lines) if FENCE.match(line)]
    blocks = [(end - start, start, end) for start, end in zip(marks[::2], marks[1::2], strict=False)]
    if not blocks:
        return None
    _, start, end = max(blocks)
    kind = Kind.CODE if part.place.startswith("current_code") else Kind.ERROR
    piece = Evidence(kind, Origin("brief"), joined(lines[start + 1 : end]))
    if CUT_NOTE.search(piece.text):
        return None  # one cut a block: a second note would say something else than the first
    room = counter.count(piece.text) - over - MARGIN
    shorter = shortened(piece, token_budget=room, counter=counter)
    return part._replace(body=joined([*lines[: start + 1], shorter.text, *lines[end:]])) if shorter else None
