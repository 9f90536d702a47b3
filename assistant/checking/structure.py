"""Does a document keep the template? Headings, labels, fences, blanks, drafts."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.checking import Problem, Severity
from assistant.document import NEWLINE, Document
from assistant.outline import Part, Section, schema
from assistant.resources import resource_folder
from assistant.sections import Shape

REPEATED = re.compile(r"^(what_we_tried\.attempt|hypotheses\.hypothesis)_[1-9][0-9]*$")
REVIEW = re.compile(r"\[REVIEW:[^\]\n]*\]?")
DRAFTED = re.compile(r"^> \*Drafted by (.+?)(?: from ([ER0-9, ]+))?\. Confirm, then delete this line\.\*\s*$")
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
TEMPLATE_FILE = "research_export.md"
TEMPLATE_CODE = ("# ", "-- ", "[", "SELECT * FROM example", "CREATE TABLE example")


def structure_problems(document: Document) -> list[Problem]:
    """Headings gone, moved or doubled, labels gone, fences left open, characters nobody sees."""
    return [*_title(document), *_headings(document), *_labels(document), *_fence(document), *_characters(document)]


def progress_problems(document: Document) -> list[Problem]:
    """Blanks, template text and drafts that wait for a person."""
    problems = []
    for region in document.regions:
        if region.place.partition(".")[0] == "research_results":
            continue
        lines = document.lines(region) if region.place != "title" else []
        if region.place == "title" and REVIEW.search(region.heading):
            problems.append(Problem("blank", "title", _question(region.heading), Severity.BLANK, region.line))
        for line in lines:
            if not line.fenced and (
                found := REVIEW.search(re.sub(r"``?[^`]+``?", "", line.text) if "`[REVIEW" in line.text else line.text)
            ):
                problems.append(Problem("blank", region.place, _question(found[0]), Severity.BLANK, line.number))
            elif line.text.strip() in template_lines():
                problems.append(
                    Problem(
                        "template-text",
                        region.place,
                        f"text of the template stands here: {line.text.strip()[:80]}",
                        Severity.BLANK,
                        line.number,
                    )
                )
            elif not line.fenced and (found := DRAFTED.match(line.text)):
                problems.append(
                    Problem(
                        "unconfirmed", region.place, f"drafted by {found[1]}; confirm it and delete the line", Severity.DRAFT, line.number
                    )
                )
    return problems


def is_blank(body: str) -> bool:
    """Whether nobody has written here: only labels, placeholders and text of the template."""
    for line in body.split("\n"):
        text = line.strip()
        if not text or text in template_lines() or text.startswith(("```", "~~~")):
            continue
        rest = REVIEW.sub("", text)
        rest = re.sub(r"^(?:[-*+] (?:\[ \] )?|[0-9]+[.)] )?(?:\*\*[^*]+:\*\*|[A-Z][^:`\[\]]{1,40}:)?\s*", "", rest)
        if rest.strip():
            return False
    return True


def draft_line(body: str) -> tuple[str, tuple[str, ...]] | None:
    """Who drafted a body and from which evidence, by its visible line; None where a person stands for it."""
    for line in body.split("\n"):
        if found := DRAFTED.match(line):
            return found[1], tuple(re.findall(r"[ER][0-9]+", found[2] or ""))
    return None


@cache
def template_lines() -> frozenset[str]:
    """Lines of the template that ask to be replaced: those with a bracket, and the comments in its code blocks."""
    found = {"- Phase Number: N"}
    fenced = False
    for line in (resource_folder("templates") / TEMPLATE_FILE).read_text("utf-8").split("\n"):
        text = line.strip()
        if text.startswith("```"):
            fenced = not fenced
        elif text.startswith(TEMPLATE_CODE) if fenced else "[" in text and not text.startswith("# "):
            found.add(text)
    return frozenset(found)


def _question(placeholder: str) -> str:
    return placeholder.removeprefix("[REVIEW:").rstrip("]").strip() or "a blank without a question"


def _title(document: Document) -> Iterator[Problem]:
    first = document.regions[0] if document.regions else None
    if first is None or first.place != "title" or not re.match(r"Research Export: \S", first.heading):
        at = first.line if first and first.place == "title" else 1
        yield Problem("title", "title", "the document must begin with '# Research Export: …' and the problem's name", line=at)


@cache
def _expected() -> dict[str, str]:
    """The heading line of every place in order; of repeated subsections the first one."""
    return {
        place: heading
        for section in schema()
        for place, heading in [
            (section.key, f"## {section.heading}"),
            *((_part_place(section, part), f"### {_part_heading(section, part)}") for part in section.parts),
        ]
    }


@cache
def _parts() -> dict[str, Part | Section]:
    """The part of the schema that stands at each place."""
    sections: dict[str, Part | Section] = {section.key: section for section in schema()}
    return sections | {_part_place(section, part): part for section in schema() for part in section.parts}


def _headings(document: Document) -> Iterator[Problem]:
    known = [(region, place) for region in document.regions if (place := _normal(region.place)) is not None]
    places = [place for _, place in known]
    want = _expected()
    for place, heading in want.items():
        if place not in places and place != "research_questions.search_queries":
            yield Problem("heading-missing", place, f"the heading '{heading}' is missing", line=_where_missing(document, place))
    seen: set[str] = set()
    for region, _ in known:
        if region.place in seen:
            yield Problem("heading-duplicate", region.place, f"the heading '{region.heading}' stands twice", line=region.line)
        seen.add(region.place)
    order = {place: rank for rank, place in enumerate(want)}
    highest = -1
    for region, place in known:
        if (rank := order.get(place, -1)) < highest and rank >= 0 and not REPEATED.match(region.place):
            yield Problem(
                "heading-order",
                region.place,
                f"the heading '{region.heading}' stands after '{list(want.values())[highest].lstrip('# ')}'",
                line=region.line,
            )
        highest = max(highest, rank)


def _where_missing(document: Document, place: str) -> int:
    """The line where a missing heading should stand: after the nearest place before it that exists."""
    order = list(_expected())
    for earlier in reversed(order[: order.index(place)]):
        if region := document.find(earlier):
            return region.line
    return 1


def _normal(place: str) -> str | None:
    if REPEATED.match(place):
        return re.sub(r"_[0-9]+$", "_1", place)
    return place if place in _expected() else None


def _labels(document: Document) -> Iterator[Problem]:
    for region in document.regions:
        part = _parts().get(_normal(region.place) or "")
        wanted = _wanted_labels(region.place, part) if part else []
        plain = (
            [line.text.lstrip().removeprefix("- ").removeprefix("**") for line in document.lines(region) if not line.fenced]
            if wanted
            else []
        )
        for label in wanted:
            if not any(line.startswith(f"{label}:") for line in plain):
                yield Problem("label-missing", region.place, f"the label '{label}:' is missing under '{region.heading}'", line=region.line)


def _wanted_labels(place: str, part: Part | Section) -> list[str]:
    labels = [slot.label for _, slot in part.slots if slot.shape in (Shape.FIELD, Shape.LABELLED) or len(part.slots) > 1]
    if any(slot.shape is Shape.CODE_BLOCKS for _, slot in part.slots):
        labels = ["File"] if place.endswith("working_code_references") else ["File", "Lines"]
    return labels


def _part_place(section: Section, part: Part) -> str:
    return f"{section.key}.{section.repeated.lower()}_1" if section.repeated else f"{section.key}.{part.key}"


def _part_heading(section: Section, part: Part) -> str:
    return f"{section.repeated} 1" if section.repeated else part.heading


def _fence(document: Document) -> Iterator[Problem]:
    """A fence that is never closed, or that closes only after it swallowed a heading which is now missing."""
    present = {region.place for region in document.regions}
    missing = {heading for place, heading in _expected().items() if place not in present}
    lines = NEWLINE.split(document.text)
    for start, end, _ in document.fences:
        swallowed = next((line.strip() for line in lines[start : end - 1] if line.startswith("#") and line.strip() in missing), None)
        if swallowed:
            yield Problem("open-fence", "", f"the block that begins here is not closed before '{swallowed}'", line=start)
            return
    if document.open_fence:
        yield Problem("open-fence", "", "the block that begins here is never closed", line=document.open_fence)


def _characters(document: Document) -> Iterator[Problem]:
    for number, line in enumerate(NEWLINE.split(document.text.removeprefix("\ufeff")), 1):
        if found := INVISIBLE.search(line):
            yield Problem("control-character", "", f"the character U+{ord(found[0]):04X} stands here", line=number)
            return
