"""Do the headings of the template stand in a document, word for word, each once, in order, numbered through?"""

import re
from collections.abc import Iterator
from functools import cache

from assistant.checking import Problem
from assistant.document import Document, Region
from assistant.outline import Part, Section, heading_of, schema

REPEATED = re.compile(r"^(?:what_we_tried\.attempt|hypotheses\.hypothesis)_[1-9][0-9]*$")
NUMBERED = re.compile(r"^(attempt|hypothesis)_([0-9]{1,9})(?![a-z0-9])")
OPTIONAL = frozenset(["research_questions.search_queries"])
"""Ours, not the template's."""


def heading_problems(document: Document) -> Iterator[Problem]:
    """Headings that are gone, altered, moved, doubled, or numbered out of order."""
    known = [(region, place) for region in document.regions if (place := normal_place(region.place)) is not None]
    yield from _missing(document, {place for _, place in known})
    yield from _altered(known)
    yield from _doubled(known)
    yield from _moved(known)
    yield from _misnumbered(document)


@cache
def headings() -> dict[str, str]:
    """The heading line of every place in order; of numbered subsections the first one."""
    return {
        place: heading
        for section in schema()
        for place, heading in [
            (section.key, f"## {section.heading}"),
            *(
                (_part_place(section, part), f"### {f'{section.repeated} 1' if section.repeated else part.heading}")
                for part in section.parts
            ),
        ]
    }


@cache
def parts() -> dict[str, Part | Section]:
    """The part of the schema that stands at each place; of numbered subsections the first one."""
    sections: dict[str, Part | Section] = {section.key: section for section in schema()}
    return sections | {_part_place(section, part): part for section in schema() for part in section.parts}


def normal_place(place: str) -> str | None:
    """The place by which the schema knows a region, or None where it knows none."""
    if REPEATED.match(place):
        return re.sub(r"_[0-9]+$", "_1", place)
    return place if place in headings() else None


def _missing(document: Document, present: set[str]) -> Iterator[Problem]:
    for place, heading in headings().items():
        if place not in present and place not in OPTIONAL:
            yield Problem("heading-missing", place, f"the heading '{heading}' is missing", line=_where_missing(document, place))


def _where_missing(document: Document, place: str) -> int:
    """The line where a missing heading should stand: after the nearest place before it that exists."""
    order = list(headings())
    found = (document.find(earlier) for earlier in reversed(order[: order.index(place)]))
    return next((region.line for region in found if region), 1)


def _altered(known: list[tuple[Region, str]]) -> Iterator[Problem]:
    """A place is found by its letters alone, but its heading must be the template's."""
    for region, place in known:
        want = heading_of(region.place)
        if " ".join(region.heading.split()) != want or region.level != headings()[place].count("#"):
            mark = headings()[place].partition(" ")[0]
            yield Problem(
                "heading-missing",
                region.place,
                f"the heading '{mark} {want}' is written '{'#' * region.level} {region.heading}'",
                line=region.line,
            )


def _doubled(known: list[tuple[Region, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for region, _ in known:
        if region.place in seen:
            yield Problem("heading-duplicate", region.place, f"the heading '{region.heading}' stands twice", line=region.line)
        seen.add(region.place)


def _moved(known: list[tuple[Region, str]]) -> Iterator[Problem]:
    order = {place: rank for rank, place in enumerate(headings())}
    highest = -1
    for region, place in known:
        if order[place] < highest and not REPEATED.match(region.place):
            after = list(headings().values())[highest].lstrip("# ")
            yield Problem("heading-order", region.place, f"the heading '{region.heading}' stands after '{after}'", line=region.line)
        highest = max(highest, order[place])


def _misnumbered(document: Document) -> Iterator[Problem]:
    """Attempts and hypotheses are numbered 1, 2, 3, … in their own section."""
    home = {section.repeated.lower(): section for section in schema() if section.repeated}
    last: dict[str, int] = {}
    for region in document.regions:
        section, _, key = region.place.partition(".")
        found = NUMBERED.match(key)
        if region.level != 3 or not found:
            continue
        kind, number = found[1], int(found[2])
        want = last.get(kind, 0) + 1
        if section != home[kind].key:
            message = f"'{region.heading}' stands outside of its section '{home[kind].heading}'"
            yield Problem("numbering", region.place, message, line=region.line)
        elif number not in (want, last.get(kind)):  # one that stands twice is told as a heading that stands twice
            yield Problem("numbering", region.place, f"'{region.heading}' stands where number {want} should", line=region.line)
        if section == home[kind].key:
            last[kind] = number


def _part_place(section: Section, part: Part) -> str:
    return f"{section.key}.{section.repeated.lower()}_1" if section.repeated else f"{section.key}.{part.key}"
