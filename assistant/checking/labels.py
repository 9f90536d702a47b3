"""Do the labels of the template stand in their subsections, each once and in order?"""

from collections.abc import Iterator, Sequence

from assistant.checking import Problem
from assistant.checking.headings import normal_place, parts
from assistant.document import Document, Line, Region
from assistant.outline import Part, Section
from assistant.sections import Shape

FILE, LINES = "File", "Lines"
PLACE_WITHOUT_LINES = "additional_context.working_code_references"


def label_problems(document: Document) -> Iterator[Problem]:
    """Labels that are gone, doubled or moved; labels that a person adds are fine."""
    for region in document.regions:
        part = parts().get(normal_place(region.place) or "")
        if part is None:
            continue
        lines = [line for line in document.lines(region) if not line.fenced]
        if any(slot.shape is Shape.CODE_BLOCKS for _, slot in part.slots):
            yield from _of_code(region, lines)
        elif wanted := marks(part):
            yield from _of_slots(region, lines, wanted)


def marks(part: Part | Section) -> dict[str, str]:
    """How each label of a subsection begins its line, in order: `- Date:`, `**Theory:**`."""
    labelled = [slot for _, slot in part.slots if slot.shape in (Shape.FIELD, Shape.LABELLED) or len(part.slots) > 1]
    return {slot.label: f"- {slot.label}:" if slot.shape is Shape.FIELD else f"**{slot.label}:**" for slot in labelled}


def _of_slots(region: Region, lines: Sequence[Line], wanted: dict[str, str]) -> Iterator[Problem]:
    rank = {label: number for number, label in enumerate(wanted)}
    seen: dict[str, int] = {}
    highest = -1
    for line in lines:
        label = next((label for label, mark in wanted.items() if line.text.startswith(mark)), None)
        if label is None:
            continue
        if label in seen:
            yield _problem("label-duplicate", region, f"the label '{label}:' stands on line {seen[label]} already", line)
            continue
        seen[label] = line.number
        if rank[label] < highest:
            yield _problem("label-order", region, f"the label '{label}:' stands after '{list(wanted)[highest]}:'", line)
        highest = max(highest, rank[label])
    for label in wanted:
        if label not in seen:
            yield _problem("label-missing", region, f"the label '{label}:' is missing under '{region.heading}'")


def _of_code(region: Region, lines: Sequence[Line]) -> Iterator[Problem]:
    """Every piece of code has its file, and right after it its lines where the template asks for them."""
    want_lines = region.place != PLACE_WITHOUT_LINES
    labels = [(label, line) for line in lines for label in (FILE, LINES) if line.text.startswith(f"**{label}:**")]
    if not any(label == FILE for label, _ in labels):
        yield _problem("label-missing", region, f"the label '{FILE}:' is missing under '{region.heading}'")
    if want_lines and not any(label == LINES for label, _ in labels):
        yield _problem("label-missing", region, f"the label '{LINES}:' is missing under '{region.heading}'")
        return
    for number, (label, line) in enumerate(labels if want_lines else []):
        before = labels[number - 1][0] if number else ""
        after = labels[number + 1][0] if number + 1 < len(labels) else ""
        if label == FILE and after != LINES:
            yield _problem("label-missing", region, f"the label '{LINES}:' is missing below this '{FILE}:'", line)
        elif label == LINES and before == LINES:
            yield _problem("label-duplicate", region, f"the label '{LINES}:' stands twice below one '{FILE}:'", line)
        elif label == LINES and before != FILE:
            yield _problem("label-order", region, f"the label '{LINES}:' stands before its '{FILE}:'", line)


def _problem(rule: str, region: Region, message: str, line: Line | None = None) -> Problem:
    return Problem(rule, region.place, message, line=line.number if line else region.line)
