"""The outline that the section models give: sections and subsections in order, with their headings and slots."""

import re
from dataclasses import fields
from functools import cache
from typing import Any, NamedTuple, get_args, get_type_hints

from assistant.sections import Heading, ResearchExport, Shape, Slot

ADDED = {"research_questions.answers": "Answers", "additional_context.failures_of_this_cause": "Failures Of This Cause"}
"""Subsections that the template lacks and that stand in a document once there is something to say."""


class Part(NamedTuple):
    """A subsection as the schema knows it: a heading and the slots under it."""

    key: str
    heading: str
    slots: tuple[tuple[str, Slot], ...]


class Section(NamedTuple):
    """A section as the schema knows it.

    Args:
        key: its JSON key.
        heading: its heading.
        slots: slots that stand right under the section's heading.
        parts: its subsections; for a repeated section the one that is repeated.
        repeated: `Attempt` or `Hypothesis` where the subsections are numbered, else empty.
    """

    key: str
    heading: str
    slots: tuple[tuple[str, Slot], ...]
    parts: tuple[Part, ...]
    repeated: str = ""


def snake_case(heading: str) -> str:
    """A heading as a JSON key: `How We'll Know It's Fixed` is `how_well_know_its_fixed`."""
    plain = re.sub(r"\(.*?\)", "", heading).replace("'", "").replace("’", "")
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


@cache
def schema() -> tuple[Section, ...]:
    """The sections in the template's order, derived from the models above."""
    return tuple(_section(key, heading, hint) for key, heading, hint in _annotated(ResearchExport) if isinstance(heading, Heading))


def heading_of(place: str) -> str:
    """The heading line's text for a place, for those a document may gain.

    Args:
        place: as in `hypotheses.hypothesis_3` or `research_questions.search_queries`.

    Raises:
        KeyError: the schema has no such place.
    """
    if place in ADDED:
        return ADDED[place]
    section_key, _, key = place.partition(".")
    section = next((s for s in schema() if s.key == section_key), None)
    if section is None:
        raise KeyError(place)
    if not key:
        return section.heading
    if section.repeated and (number := re.fullmatch(rf"{section.repeated.lower()}_([1-9][0-9]*)", key)):
        return f"{section.repeated} {number[1]}"
    for part in section.parts:
        if part.key == key and not section.repeated:
            return part.heading
    raise KeyError(place)


def _section(key: str, heading: Heading, hint: Any) -> Section:
    if heading.repeated:
        model = get_args(hint)[0]
        return Section(key, heading.title, (), (Part(key, model.__name__, _slots(model)),), model.__name__)
    own, parts = [], []
    for name, mark, inner in _annotated(hint):
        if isinstance(mark, Heading):
            parts.append(Part(name, mark.title, _slots(inner)))
        elif mark.shape is Shape.FIELD:
            own.append((name, mark))
        else:
            parts.append(Part(name, mark.label, ((name, mark),)))
    return Section(key, heading.title, tuple(own), tuple(parts))


def _slots(model: type) -> tuple[tuple[str, Slot], ...]:
    return tuple((name, mark) for name, mark, _ in _annotated(model) if isinstance(mark, Slot))


def _annotated(model: type) -> list[tuple[str, Slot | Heading, Any]]:
    hints = get_type_hints(model, include_extras=True)
    found = []
    for item in fields(model):
        hint = hints[item.name]
        marks = [m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Slot | Heading)]
        if marks:
            found.append((item.name, marks[0], get_args(hint)[0]))
    return found
