"""The copy of an export that leaves the house: no placeholders, nothing unconfirmed unless asked for, personal data masked, within a budget."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from jinja2 import TemplateError as JinjaError

from assistant.briefing.parts import Part, outgoing_parts
from assistant.checking.structure import draft_line, placeholder
from assistant.document import Document, parse
from assistant.errors import DocumentError, TemplateError, UsageError
from assistant.evidence import CUT_NOTE, Evidence, Kind, Masked, Origin
from assistant.packing import shortened
from assistant.redaction import Redactor
from assistant.redaction.masked import joined, lines_of
from assistant.rendering import TITLE_PREFIX, open_templates
from assistant.results.asked import Asked, read_asked
from assistant.review.items import QUESTION_PLACES
from assistant.tokens import TokenCounter, token_counter

TEMPLATE = "brief.md.j2"
FENCE = re.compile(r"^\s{0,3}(?:`{3,}|~{3,})")
UNTITLED = "A failure that we cannot explain"
CUT_FROM = 0.4
"""Parts of this weight and more are shortened before they are left out."""
MOST_SHARE = 0.4
"""So much of a budget that is too small for everything one part may take."""
MARGIN = 12
"""Tokens of the note that stands where lines were cut."""


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
        mask: the user's patterns of values that are secret.
        keep: the user's patterns of values that are none.
    """

    token_budget: int | None = None
    include_drafts: bool = False
    templates: Path | None = None
    mask: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


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
    asked, redactor, counter = read_asked(document), Redactor(pii=True, mask=request.mask, keep=request.keep), token_counter()
    redactor.study(text)
    parts, unconfirmed = outgoing_parts(document, asked, redactor, include_drafts=request.include_drafts)
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
    crowded = total(dict(enumerate(parts))) > token_budget
    for at in order:
        part = parts[at]
        over = total({at: part}) - token_budget
        if crowded:
            over = max(over, frame.count(part.body) - int(token_budget * MOST_SHARE))
        if over > 0 and part.weight >= CUT_FROM and (shorter := _shortened(part, over, frame.counter)):
            part, over = shorter, total({at: shorter}) - token_budget
            if over <= 0:
                cut.append(_name(part))
        elif over > 0:
            over = total({at: part}) - token_budget
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
    inside = lines[start + 1 : end]
    note = next((found for line in inside if (found := CUT_NOTE.fullmatch(line))), None)
    cut = int(re.sub(r"[^0-9]", "", note[0])) if note else 0
    piece = Evidence(kind, Origin("brief"), joined(inside), cut=cut)
    room = counter.count(piece.text) - over - MARGIN
    shorter = shortened(piece, token_budget=room, counter=counter)
    return part._replace(body=joined([*lines[: start + 1], shorter.text, *lines[end:]])) if shorter else None
