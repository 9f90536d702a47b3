"""build_page(): a document, its record and what the rules say of it, as the values that a page shows."""

from collections.abc import Iterable

from markupsafe import Markup

from assistant.checking import Problem, Severity
from assistant.checking.structure import draft_line, is_blank
from assistant.document import NEWLINE, Document, Region, parse
from assistant.markup import unescaped
from assistant.pages.blanks import find_blanks, without_draft_line
from assistant.pages.markdown import Where, as_html
from assistant.pages.spots import Spots
from assistant.pages.views import Cite, PageView, PartView, SectionView, Waiting
from assistant.record import RunRecord, body_digest
from assistant.rendering import TITLE_PREFIX
from assistant.review import Review, review

ASKED_LATER = "research_results"
WAITING = (Severity.BLANK, Severity.DRAFT)


def build_page(text: str, record: RunRecord | None) -> PageView:
    """Build what a page shows of a document.

    Args:
        text: the document.
        record: its run record; without it there is no evidence to show.
    """
    document, reviewed = parse(text), review(text, record)
    spots = Spots((*record.ledger, *record.research) if record else ())
    by_place = _by_place(reviewed)
    parts = [_part(document, region, spots, by_place.get(region.place, [])) for region in document.regions]
    heading = parts[0] if parts and parts[0].place == "title" else None
    counts = reviewed.counts
    subject = [
        part for part in parts if part.level > 1 and (part.is_open or part.source) and not (_is_later(part) and is_blank(part.source))
    ]
    places = {part.place for part in parts}
    return PageView(
        title=plain_title(document),
        heading=heading,
        sections=tuple(_sections(part for part in parts if part is not heading)),
        evidence=spots.views(),
        problems=tuple(problem for problem in reviewed.problems if problem.severity not in WAITING and problem.place not in places),
        state=state_of(reviewed),
        blanks=counts["blank"],
        drafts=counts["draft"],
        errors=counts["error"],
        settled=sum(not part.is_open for part in subject),
        total=len(subject),
    )


def state_of(reviewed: Review) -> str:
    """What has to be done next: `blanks`, `drafts`, `problems`, or `ready`."""
    counts = reviewed.counts
    return next((name for name, key in (("blanks", "blank"), ("drafts", "draft"), ("problems", "error")) if counts[key]), "ready")


def plain_title(document: Document) -> str:
    """The problem's name without its markup."""
    return without_markup(document.body("title")) if document.find("title") else "an export without a title"


def without_markup(title: str) -> str:
    """A title as plain text: neither our prefix, nor backticks around it, nor backslashes before what would be markup."""
    return unescaped(title.removeprefix(TITLE_PREFIX).strip("` "))


def _by_place(reviewed: Review) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in reviewed.problems:
        found.setdefault(problem.place, []).append(problem)
    return found


def _part(document: Document, region: Region, spots: Spots, problems: list[Problem]) -> PartView:
    body = region.heading if region.place == "title" else NEWLINE.sub("\n", document.text[region.start : region.end])
    source = body if region.place == "title" else without_draft_line(body)
    draft = draft_line(body) if region.place != "title" else None
    here = (region.place, region.heading)
    html = as_html(source, Where(*here, spots, live=draft is None)) if region.place != "title" else Markup.escape(plain_title(document))
    blanks = () if _is_later(region) else find_blanks(source)
    return PartView(
        place=region.place,
        heading=region.heading,
        level=region.level,
        html=html,
        source=source,
        digest=body_digest(body),
        draft=Waiting(draft[0], tuple(Cite(one, spots.anchor(one, place=here)) for one in draft[1])) if draft else None,
        blanks=blanks,
        problems=tuple(problem for problem in problems if problem.severity not in WAITING),
        unfilled=() if blanks else tuple(problem for problem in problems if problem.severity is Severity.BLANK),
        hollow=bool(blanks) and is_blank(source),
    )


def _is_later(part: Region | PartView) -> bool:
    """Whether a place waits for research, which is nobody's task before it comes."""
    return part.place.partition(".")[0] == ASKED_LATER


def _sections(parts: Iterable[PartView]) -> list[SectionView]:
    found: list[tuple[PartView, list[PartView]]] = []
    for part in parts:
        if part.level <= 2 or not found:
            found.append((part, []))
        else:
            found[-1][1].append(part)
    return [SectionView(own=own, parts=tuple(inner)) for own, inner in found]
