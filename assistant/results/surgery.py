"""Writing results into a document that people edited: only our places change, and what a person wrote in them stays."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.checking.citing import ids_cited_in
from assistant.checking.headings import headings
from assistant.checking.structure import REVIEW, read_draft_line, structure_problems, template_lines
from assistant.document import Document, Region, edit, parse, trim
from assistant.errors import DocumentError
from assistant.merging import Previous
from assistant.outline import heading_of
from assistant.record import Written, body_digest
from assistant.results.asked import ANSWERS
from assistant.results.writing import PLACES, SECTION
from assistant.sections import Draft

BLANKS = re.compile(r"[ \t]*")
TEMPLATE_FENCES = ("```python", "```")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operated:
    """A document after the results were written.

    Args:
        text: the document.
        kept: places in which a person's text stays, the draft under it.
        written: what the record must hold of our places.
    """

    text: str
    kept: tuple[str, ...]
    written: dict[str, Written]


def refuse_other_form(document: Document) -> None:
    """Results need their headings: without them nobody can say where the text belongs.

    Raises:
        DocumentError: a heading is missing, renamed or doubled, or a block is left open; nothing was written.
    """
    wanted = ["research_questions", SECTION, *(place for place in PLACES if place != ANSWERS)]
    missing = [place for place in wanted if document.find(place) is None]
    for fault in structure_problems(document):
        if fault.rule == "open-fence" and (missing or document.open_fence):
            raise DocumentError(f"line {fault.line}: {fault.message}", hint="close it; nothing was written")
    if missing:
        expected = ", ".join(f"'{headings()[place]}'" for place in missing)
        found = [f"'{'#' * region.level} {region.heading}' (line {region.line})" for region in document.regions if _may_be(region, missing)]
        raise DocumentError(
            f"expected the {'headings' if len(missing) > 1 else 'heading'} {expected}; found {', '.join(found[:8]) or 'none like it'}",
            hint="put them back as the template has them; nothing was written",
        )
    for place in (*wanted, ANSWERS):
        lines = [region.line for region in document.regions if region.place == place]
        if len(lines) > 1:
            raise DocumentError(
                f"the heading '{heading_of(place)}' stands on lines {', '.join(map(str, lines))}",
                hint="rename or remove all but one; nothing was written",
            )


def operate(previous: Previous, bodies: Mapping[str, str], drafts: Mapping[str, Draft], *, force: bool = False) -> Operated:
    """Write drafted bodies into a document.

    What we wrote and nobody changed is replaced. Where a person wrote, their text is kept and the draft stands under it, marked by the
    line that says who drafted it; the next run replaces that draft alone.

    Args:
        previous: the document and its record.
        bodies: place -> body, each beginning with its draft line.
        drafts: who drafted which of them.
        force: replace what a person wrote.

    Raises:
        DocumentError: the document has not the form that results need.
    """
    document = parse(previous.text)
    refuse_other_form(document)
    known = previous.record.subsections if previous.record else {}
    changes: dict[str, str] = {}
    written: dict[str, Written] = {}
    kept = []
    for place, body in bodies.items():
        region = document.find(place)
        there = document.body(place) if region else ""
        if place == ANSWERS and not region and place in known and not force:
            written[place] = known[place]  # a person removed it
            kept.append(place)
            continue
        blanks = BLANKS.match(document.text, region.end) if region else None
        theirs = "" if force else _of_a_person(there, blanks[0] if blanks else "", known.get(place))
        if theirs and _content(body) in theirs:
            written[place] = known.get(place) or _written(body, drafts[place])  # it was confirmed as it stands
            kept.append(place)
            continue
        if theirs:
            kept.append(place)
        written[place] = _written(body, drafts[place])
        if theirs + body != there:
            changes[place] = theirs + body
    return Operated(text=edit(previous.text, changes), kept=tuple(kept), written=written)


def _of_a_person(there: str, blanks: str, known: Written | None) -> str:
    """What of a body is a person's, up to where ours goes: all but the template's text, and but our last draft where nobody changed it.

    The blanks behind the last line, which are no part of a body, are theirs too.
    """
    lines = there.split("\n")
    if known:
        starts = [number for number, line in enumerate(lines) if (draft := read_draft_line(line)) and draft.whole]
        if starts and body_digest("\n".join(lines[starts[-1] :])) == known.digest:
            above = "".join(f"{line}\n" for line in lines[: starts[-1]])
            return "" if _is_untouched(above) else above
    return "" if _is_untouched(there) else f"{there}{blanks}\n\n"


def _is_untouched(body: str) -> bool:
    """Whether nobody has written here: the template's lines and blanks only."""
    lines = (line.strip() for line in body.split("\n"))
    return all(not line or line in template_lines() or line in TEMPLATE_FENCES or _is_only_blank(line) for line in lines)


def _is_only_blank(line: str) -> bool:
    return bool(REVIEW.search(line)) and not REVIEW.sub("", line).strip("-*+ 0123456789.")


def _content(body: str) -> str:
    """A drafted body without the line that says so."""
    return trim(body.partition("\n")[2])


def _written(body: str, draft: Draft) -> Written:
    return Written(digest=body_digest(body), by=draft.by, evidence=draft.evidence, cites=ids_cited_in(body))


def _may_be(region: Region, missing: list[str]) -> bool:
    """Whether a heading may be what became of a missing one: another one of its section, or a section with a like name."""
    if SECTION in missing or "research_questions" in missing:
        return region.level == 2 and any(word in region.place for word in ("research", "result", "question"))
    return region.place.startswith(f"{SECTION}.") and region.place not in PLACES
