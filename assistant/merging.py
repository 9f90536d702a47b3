"""Which places of a document may be written: those that are still ours, and those that nobody filled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.checking.structure import is_blank
from assistant.document import Document, bodies, edit, parse
from assistant.errors import DocumentError
from assistant.record import RunRecord, Written, body_digest
from assistant.sections import Draft

NUMBERED = re.compile(r"^(?:what_we_tried\.attempt|hypotheses\.hypothesis)_([0-9]+)$")


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
        kept: places that differ from what would be written and were left, because a person wrote or confirmed them.
        written: what the record must hold of each place that is ours.
    """

    text: str
    kept: tuple[str, ...]
    written: dict[str, Written]


def merge(previous: Previous, new: Mapping[str, str], drafts: Mapping[str, Draft]) -> Merged:
    """Bring a document up to date and leave alone all that is a person's.

    Args:
        previous: the document as it stands.
        new: body of every place as it would be written today.
        drafts: who drafted which of them.

    Raises:
        DocumentError: the document is no Research Export, or holds a heading twice.
    """
    document = parse(previous.text)
    _refuse(document)
    known = previous.record.subsections if previous.record else {}
    changes: dict[str, str | None] = {}
    kept, written = [], {}
    for place, body in new.items():
        region = document.find(place)
        if region is None and place in known:
            kept.append(place)
            continue
        if region is None or _is_ours(document, place, known):
            if region is None or document.body(place) != body:
                changes[place] = body
            written[place] = _written(place, body, drafts)
        elif document.body(place) != body:
            kept.append(place)
    for place in _outdated(document, new, known):
        changes[place] = None
    return Merged(text=edit(previous.text, changes), kept=tuple(kept), written=written)


def first_version(text: str, drafts: Mapping[str, Draft]) -> Merged:
    """A document that nobody has seen yet: all of it is ours.

    It is what filling a blank document place by place would give; the tests hold both against each other.
    """
    return Merged(text=text, kept=(), written={place: _written(place, body, drafts) for place, body in bodies(text).items()})


def last_cited(text: str) -> int:
    """The highest evidence number that a text cites, so that a new ledger can count on from there."""
    from_text = [int(found[0][1:]) for found in re.finditer(r"\bE[1-9][0-9]{0,5}\b", text)]
    return max(from_text, default=0)


def _is_ours(document: Document, place: str, known: Mapping[str, Written]) -> bool:
    body = document.body(place)
    if place in known and known[place].digest == body_digest(body):
        return True
    return is_blank(body) if place != "title" else body.startswith("Research Export: [")


def _outdated(document: Document, new: Mapping[str, str], known: Mapping[str, Written]) -> list[str]:
    """Numbered subsections of ours that today's draft no longer has; the first one always stands."""
    return [
        region.place
        for region in document.regions
        if (number := NUMBERED.match(region.place))
        and number[1] != "1"
        and region.place not in new
        and _is_ours(document, region.place, known)
    ]


def _written(place: str, body: str, drafts: Mapping[str, Draft]) -> Written:
    draft = drafts.get("export_information" if place == "title" else place)
    by = draft.by if draft else "blank" if is_blank(body) else "evidence"
    return Written(digest=body_digest(body), by=by, evidence=draft.evidence if draft else ())


def _refuse(document: Document) -> None:
    """Writing needs every section once: where one is gone nobody can say where its text belongs."""
    places = [region.place for region in document.regions]
    if not places or places[0] != "title" or "problem_statement" not in places:
        raise DocumentError(
            "it is no Research Export: it does not begin with '# Research Export: …'", hint="give another -o, or --force to replace it"
        )
    doubled = sorted({place for place in places if places.count(place) > 1})
    if doubled:
        region = next(region for region in document.regions if region.place == doubled[0])
        raise DocumentError(f"the heading '{region.heading}' stands twice", hint="rename or remove one of them")
