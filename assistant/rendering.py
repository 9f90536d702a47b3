"""An export as Markdown: the templates filled from the values, place by place."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.document import fence, parse
from assistant.errors import TemplateError
from assistant.evidence import Ledger
from assistant.markup import code_span, prose, rich
from assistant.outline import Part, Section, schema
from assistant.resources import cache_path, resource_folder
from assistant.sections import By, Draft, ResearchExport, Shape, Slot

TITLE_PREFIX = "Research Export: "
TITLE_ASK = "[REVIEW: What is the problem, in a few words?]"
MAIN_TEMPLATE = "export.md.j2"


class SlotView(NamedTuple):
    """A slot with its value, as the templates see it."""

    key: str
    label: str
    shape: str
    value: Any
    ask: str
    owner: Any
    labelled: bool = False


class PartView(NamedTuple):
    """A section or subsection as the templates see it."""

    key: str
    heading: str
    slots: tuple[SlotView, ...]
    parts: tuple["PartView", ...] = ()
    draft: Draft | None = None


class ExportView(NamedTuple):
    """The whole export as the templates see it."""

    title: str
    sections: tuple[PartView, ...]


Renderer = Callable[[ResearchExport, Ledger], str]


def renderer(folder: Path | None = None) -> Renderer:
    """Open the templates and hold them against the section schema.

    Args:
        folder: the user's templates; what is missing in it comes from the shipped ones.

    Returns:
        A function from an export and its ledger to the whole document.

    Raises:
        TemplateError: a template is broken, or changes a heading, a label or their order.
    """
    environment = open_templates(folder)

    def render(export: ResearchExport, ledger: Ledger) -> str:
        environment.filters["piece"] = ledger.get
        try:
            text = environment.get_template(MAIN_TEMPLATE).render(view=_view(export))
        except JinjaError as error:
            raise TemplateError(
                f"template {getattr(error, 'name', None) or MAIN_TEMPLATE}: {error}", hint="mend it or leave out --templates"
            ) from None
        return text.rstrip("\n") + "\n"

    if folder:
        _refuse_other_outline(render(ResearchExport(), Ledger()), folder)
    return render


def open_templates(folder: Path | None = None) -> Environment:
    """The shipped templates, those of the user before them, with the filters that they use.

    Args:
        folder: the user's templates.
    """
    environment = (ImmutableSandboxedEnvironment if folder else Environment)(
        loader=FileSystemLoader([*([folder] if folder else []), resource_folder("templates")]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=None if folder else _compiled_templates(),
    )
    environment.filters |= {"prose": _prose, "code": code_span, "fence": fence, "rich": _rich}
    return environment


def _compiled_templates() -> FileSystemBytecodeCache | None:
    """Where the shipped templates are kept compiled: compiling them takes two bare starts of the interpreter.

    None where the user's cache folder cannot be written; then they are compiled anew each time.
    """
    kept = cache_path("templates")
    try:
        kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(kept)) if os.access(kept, os.W_OK) else None


def slot_places(section: Section) -> Iterator[tuple[str, Part | Section]]:
    """The places of a section that hold slots, by the schema; a repeated part counts once, numbered 1."""
    if section.slots:
        yield section.key, section
    for part in section.parts:
        yield (f"{section.key}.{section.repeated.lower()}_1" if section.repeated else f"{section.key}.{part.key}"), part


def _prose(value: str | None) -> str:
    return prose(value) if value else ""


def _rich(value: str | None) -> list[tuple[str, str]]:
    return rich(value) if value else []


def _view(export: ResearchExport) -> ExportView:
    title = TITLE_PREFIX + (code_span(export.title) if export.title else TITLE_ASK)
    return ExportView(title, tuple(_section_view(section, export) for section in schema()))


def _section_view(section: Section, export: ResearchExport) -> PartView:
    value = getattr(export, section.key)
    if section.repeated:
        model = section.parts[0]
        blank = (None,)
        parts = tuple(
            PartView(
                model.key,
                heading := f"{section.repeated} {number}",
                _slot_views(model.slots, item),
                (),
                _draft(export, section.key, heading),
            )
            for number, item in enumerate(value or blank, 1)
        )
        return PartView(section.key, section.heading, (), parts)
    parts = tuple(_part_view(section, part, value, export) for part in section.parts)
    return PartView(section.key, section.heading, _slot_views(section.slots, value), parts, export.drafts.get(section.key))


def _part_view(section: Section, part: Part, value: Any, export: ResearchExport) -> PartView:
    inner = getattr(value, part.key)
    owner = value if len(part.slots) == 1 and part.slots[0][0] == part.key else inner
    return PartView(part.key, part.heading, _slot_views(part.slots, owner), (), export.drafts.get(f"{section.key}.{part.key}"))


def _draft(export: ResearchExport, section: str, heading: str) -> Draft | None:
    return export.drafts.get(f"{section}.{heading.lower().replace(' ', '_')}")


def _slot_views(slots: tuple[tuple[str, Slot], ...], owner: Any) -> tuple[SlotView, ...]:
    labelled = len(slots) > 1
    return tuple(
        SlotView(
            key,
            slot.label,
            slot.shape.value,
            getattr(owner, key) if owner is not None else None,
            _ask(slot),
            owner,
            labelled and slot.shape is Shape.BLOCKS,
        )
        for key, slot in slots
    )


def _ask(slot: Slot) -> str:
    return slot.ask if slot.by is By.RESEARCH else f"[REVIEW: {slot.ask}]"


def _refuse_other_outline(text: str, folder: Path) -> None:
    want = [(1, None)] + [
        pair
        for section in schema()
        for pair in [(2, section.heading), *((3, f"{section.repeated} 1" if section.repeated else part.heading) for part in section.parts)]
    ]
    got = [(region.level, region.heading) for region in parse(text).regions]
    for (level, heading), found in itertools.zip_longest(want, got, fillvalue=(0, "the end")):
        if level != found[0] or (heading and heading != found[1]):
            raise TemplateError(
                f"the templates in {folder} give the heading {found[1]!r} where {heading!r} must stand",
                hint="headings, labels and their order must stay",
            )
    document = parse(text)
    for section in schema():
        for place, part in slot_places(section):
            for _, slot in part.slots:
                if slot.shape in (Shape.FIELD, Shape.LABELLED) and f"{slot.label}:" not in document.body(place):
                    raise TemplateError(
                        f"the templates in {folder} leave out the label {slot.label!r} under {part.heading!r}", hint="labels must stay"
                    )
