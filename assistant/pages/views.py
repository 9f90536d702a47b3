"""What the page templates see: frozen values, every text in them plain unless it is `Markup`."""

from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from assistant.checking import Problem


class Cite(NamedTuple):
    """A link to evidence: its id, and the anchor on the page that it jumps to."""

    id: str
    anchor: str


class Blank(NamedTuple):
    """One placeholder that asks a person.

    Args:
        number: counted from 1 within its place.
        question: what is asked.
        label: what stands before it, as in `Workaround available`; empty where nothing does.
        form: `field` for a part of a line, `item` for an item of a list, `text` for a paragraph of its own.
        start: character offset in the body.
        end: where it ends.
        removable: whether the list that it stands in has other items, so that its line may go.
    """

    number: int
    question: str
    label: str
    form: str
    start: int
    end: int
    removable: bool = False


class Waiting(NamedTuple):
    """A draft that nobody confirmed: who drafted it, and from which evidence."""

    by: str
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One place of the document.

    Args:
        place: as in `hypotheses.hypothesis_1`.
        heading: its heading.
        level: 1 to 3.
        html: its body without the line that says who drafted it.
        source: the same in Markdown, for editing.
        digest: of the body as it stands in the document.
        draft: who drafted it; None where a person or evidence stands for it.
        blanks: the placeholders in it.
        problems: what `check` says of it, without blanks and drafts.
        hollow: whether it holds nothing but blanks.
    """

    place: str
    heading: str
    level: int
    html: Markup
    source: str
    digest: str
    draft: Waiting | None = None
    blanks: tuple[Blank, ...] = ()
    problems: tuple[Problem, ...] = ()
    hollow: bool = False
    unfilled: tuple[Problem, ...] = ()
    """Template text and empty subsections, which have no placeholder to answer."""

    @property
    def is_open(self) -> bool:
        """Whether it waits for a person."""
        return bool(self.draft or self.blanks or self.unfilled or any(problem.severity == "error" for problem in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A section: its own place and the subsections under it."""

    own: PartView
    parts: tuple[PartView, ...]

    @property
    def open(self) -> int:
        """How many of its places wait for a person."""
        return sum(part.is_open for part in self.shown)

    @property
    def shown(self) -> tuple[PartView, ...]:
        """The places that have something to show, in order."""
        own = (self.own,) if self.own.source or self.own.is_open or self.own.problems else ()
        return (*own, *self.parts)


class Row(NamedTuple):
    """A line of evidence; its number in the origin, empty where that is not known."""

    number: str
    text: str


class Spot(NamedTuple):
    """Lines of evidence that a citation jumps to (`anchor`), or lines that none does (no anchor)."""

    anchor: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """One piece of evidence.

    Args:
        id: as in `E1`.
        kind: what it is.
        origin: where it comes from.
        spots: its lines in order.
        masked: how many values were masked in it.
        cut: how many lines were left out.
        cited: the places that cite it, with their headings.
    """

    id: str
    kind: str
    origin: str
    spots: tuple[Spot, ...]
    masked: int = 0
    cut: int = 0
    cited: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A whole export.

    Args:
        title: the problem's name, in plain text.
        heading: the title's place.
        sections: in order.
        evidence: all pieces in the order of their ids.
        problems: those of the document itself.
        state: `blanks`, `drafts`, `problems` or `ready`: what has to be done next.
        blanks: how many blanks wait.
        drafts: how many drafts nobody confirmed.
        errors: how many rules are broken.
        settled: how many places wait for nobody.
        total: how many places there are.
    """

    title: str
    heading: PartView | None
    sections: tuple[SectionView, ...]
    evidence: tuple[EvidenceView, ...]
    problems: tuple[Problem, ...]
    state: str
    blanks: int
    drafts: int
    errors: int
    settled: int
    total: int

    @property
    def next_open(self) -> str:
        """The first place that waits for a person; empty where none does."""
        return next((part.place for part in self.parts if part.is_open), "")

    @property
    def title_is_draft(self) -> bool:
        """Whether the title waits to be confirmed, which is done under Export Information."""
        return any(part.draft for part in self.parts if part.place == "export_information")

    @property
    def parts(self) -> tuple[PartView, ...]:
        """All places in order."""
        return (*([self.heading] if self.heading else []), *(part for section in self.sections for part in section.shown))
