"""Which places of a document may be written: those that are still ours, and those that nobody filled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.checking.citing import ids_cited_in
from assistant.checking.structure import draft_line, is_blank
from assistant.document import Document, bodies, edit, parse
from assistant.errors import DocumentError, UsageError
from assistant.evidence import Failure
from assistant.mining.signature import matches
from assistant.record import RunRecord, Written, body_digest
from assistant.resources import resource_folder
from assistant.sections import Draft

NUMBERED = re.compile(r"^(?:what_we_tried\.attempt|hypotheses\.hypothesis)_([0-9]+)$")
ADDED = "research_questions.search_queries"
"""The one subsection that the template lacks."""
TEMPLATE_FILE = "research_export.md"
RESULTS = "research_results."
TITLE_PLACE, INFORMATION = "title", "export_information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """A document that an earlier run or a person wrote, and its record if there is one."""

    text: str
    record: RunRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A document brought up to date.

    Args:
        text: the document.
        kept: places that differ from what would be written and were left, because a person wrote, confirmed or removed them.
        written: what the record must hold of each place: those that are ours, and what was last written to the others.
    """

    text: str
    kept: tuple[str, ...]
    written: dict[str, Written]


def merge(previous: Previous, new: Mapping[str, str], drafts: Mapping[str, Draft], *, blank: Mapping[str, str]) -> Merged:
    """Bring a document up to date and leave alone all that is a person's.

    What the record knows is ours while its digest is unchanged, and for ever a person's once it is not; what the record
    does not know is filled only where every line is a blank of ours or of the template.

    Args:
        previous: the document as it stands.
        new: body of every place as it would be written today.
        drafts: who drafted which of them.
        blank: body of every place of a document that nobody filled.

    Raises:
        DocumentError: the document is no Research Export, holds a heading twice, or leaves a block open.
    """
    document = parse(previous.text)
    _refuse(document)
    known = previous.record.subsections if previous.record else {}
    changes: dict[str, str | None] = {}
    kept = []
    written = dict(known)
    for place, body in new.items():
        if place.startswith(RESULTS) and place in known and known[place].by != "blank":
            continue  # research was drafted there; logs have nothing to say about it
        there = document.find(place) is not None
        ours = _is_ours(document, place, known, blank) if there else _may_be_added(document, place, known)
        if ours:
            written[place] = _written(place, body, drafts)
        if ours and not (there and document.body(place) == body):
            changes[place] = body
        elif not ours and not (there and document.body(place) == body):
            kept.append(place)
    for place in _outdated(document, new, known):
        changes[place] = None
        del written[place]
    return Merged(text=edit(previous.text, changes), kept=tuple(kept), written=written)


def first_version(text: str, drafts: Mapping[str, Draft]) -> Merged:
    """A document that nobody has seen yet: all of it is ours.

    It is what filling a blank document place by place would give; the tests hold both against each other.
    """
    return Merged(text=text, kept=(), written={place: _written(place, body, drafts) for place, body in bodies(text).items()})


def refuse_other_failure(previous: Previous, failure: Failure | None, merged: Merged) -> None:
    """A document in which a person confirmed drafts about one failure must not become one about another.

    Raises:
        UsageError: the signatures differ, and some of what a run wrote is a person's by now.
    """
    record = previous.record
    if record is None or (record.signature == "" if failure is None else matches(failure, record.signature)):
        return
    taken = [place for place in merged.kept if place in record.subsections and record.subsections[place].by != "blank"]
    if taken:
        what = "are about another failure than the document" if failure else "hold no failure, the document has one"
        raise UsageError(
            f"these logs {what}, and a person confirmed or changed {', '.join(taken[:3])} in it",
            hint="give another -o, or --force to replace the document",
        )


def last_cited(text: str, prefix: str = "E") -> int:
    """The highest evidence number that a text cites, so that a new ledger can count on from there.

    Args:
        text: a document.
        prefix: `E` for evidence, `R` for research notes.
    """
    return max((int(found[0][1:]) for found in re.finditer(rf"\b{prefix}[1-9][0-9]{{0,4}}\b", text)), default=0)


def _is_ours(document: Document, place: str, known: Mapping[str, Written], blank: Mapping[str, str]) -> bool:
    body = document.body(place)
    if place in known:
        same = known[place].digest == body_digest(body)
        return same and (place != TITLE_PLACE or _title_is_open(document, known))
    return _is_blank(place, body, blank)


def _title_is_open(document: Document, known: Mapping[str, Written]) -> bool:
    """The title is confirmed with Export Information, under which its draft line stands."""
    information = known.get(INFORMATION)
    if information is None or document.find(INFORMATION) is None or not information.evidence:
        return True
    return draft_line(document.body(INFORMATION)) is not None


def _is_blank(place: str, body: str, blank: Mapping[str, str]) -> bool:
    """Whether nobody has written here: every line is one of a blank document of ours, or of the template."""
    first = re.sub(r"_[0-9]+$", "_1", place) if NUMBERED.match(place) else place
    lines = {
        line.strip() for text in (blank.get(first, ""), _template().get(place, ""), _template().get(first, "")) for line in text.split("\n")
    }
    return all(line.strip() in lines for line in body.split("\n") if line.strip())


@cache
def _template() -> dict[str, str]:
    """The bodies of the template as it is given to people who write by hand."""
    return bodies((resource_folder("templates") / TEMPLATE_FILE).read_text("utf-8"))


def _may_be_added(document: Document, place: str, known: Mapping[str, Written]) -> bool:
    """A place that the document lacks is added only if no run wrote it before: else a person removed it."""
    section = place.partition(".")[0]
    return place not in known and bool(NUMBERED.match(place) or place == ADDED) and document.find(section) is not None


def _outdated(document: Document, new: Mapping[str, str], known: Mapping[str, Written]) -> list[str]:
    """Numbered subsections of ours that today's draft no longer has; the first one always stands."""
    return [
        region.place
        for region in document.regions
        if (number := NUMBERED.match(region.place))
        and number[1] != "1"
        and region.place not in new
        and region.place in known
        and known[region.place].digest == body_digest(document.body(region.place))
    ]


def _written(place: str, body: str, drafts: Mapping[str, Draft]) -> Written:
    draft = drafts.get(INFORMATION if place == TITLE_PLACE else place)
    by = draft.by if draft else "blank" if is_blank(body) else "evidence"
    return Written(digest=body_digest(body), by=by, evidence=draft.evidence if draft else (), cites=ids_cited_in(body))


def _refuse(document: Document) -> None:
    """Writing needs every section once and closed: else nobody can say where its text belongs."""
    places = [region.place for region in document.regions]
    if not places or places[0] != TITLE_PLACE or "problem_statement" not in places:
        raise DocumentError(
            "it is no Research Export: it does not begin with '# Research Export: …'", hint="give another -o, or --force to replace it"
        )
    if document.open_fence:
        raise DocumentError(f"line {document.open_fence}: the block that begins here is never closed", hint="close it; nothing was written")
    doubled = sorted({place for place in places if places.count(place) > 1})
    if doubled:
        region = next(region for region in document.regions if region.place == doubled[0])
        raise DocumentError(f"the heading '{region.heading}' stands twice", hint="rename or remove one of them; nothing was written")
