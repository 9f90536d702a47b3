"""Markdown with source positions: `parse` finds the places of a document, `edit` is the one way to write into it."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.errors import DocumentError
from assistant.outline import heading_of, snake_case

NEWLINE = re.compile(r"\r\n|\r|\n")
LAST_SECTION = "research_results"


class Region(NamedTuple):
    """One heading and the body under it.

    Args:
        place: `title`, `section` or `section.subsection`, the headings in snake_case.
        heading: the heading's text.
        level: 1 to 3.
        line: line of the heading, counted from 1.
        heading_start: character offset of the heading's line.
        start: offset where the body begins, leading blank lines left out.
        end: offset where it ends, trailing blank lines left out.
        outer_end: offset where the next heading (or the rule before the last section) begins.
    """

    place: str
    heading: str
    level: int
    line: int
    heading_start: int
    start: int
    end: int
    outer_end: int


class Line(NamedTuple):
    """A line of a document: its number counted from 1, its text, and whether a fenced block holds it."""

    number: int
    text: str
    fenced: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document: its text and the regions in order."""

    text: str
    regions: tuple[Region, ...]
    open_fence: int = 0
    """Line of a fence that is never closed; 0 where there is none."""
    fences: tuple[tuple[int, int, str], ...] = ()
    """(line of the opening mark, line of the closing one, language) of each fenced block."""
    _first: dict[str, Region] = field(default_factory=dict, compare=False, repr=False)
    _lines: list[Line] = field(default_factory=list, compare=False, repr=False)
    _starts: list[int] = field(default_factory=list, compare=False, repr=False)

    def __post_init__(self) -> None:
        for region in self.regions:
            self._first.setdefault(region.place, region)
        fenced = {number for start, end, _ in self.fences for number in range(start, end + 1)}
        self._lines.extend(Line(n, line, n in fenced) for n, line in enumerate(NEWLINE.split(self.text), 1))
        self._starts.extend((0, *(found.end() for found in NEWLINE.finditer(self.text))))

    def find(self, place: str) -> Region | None:
        """The first region of that place, or None."""
        return self._first.get(place)

    def body(self, place: str) -> str:
        """What stands at a place, with LF newlines; for `title` the heading's text.

        Raises:
            KeyError: the document has no such place.
        """
        region = self._first[place]
        return region.heading if place == "title" else NEWLINE.sub("\n", self.text[region.start : region.end])

    def lines(self, region: Region) -> list[Line]:
        """The lines of a region's body with their numbers, and whether each stands in a fenced block."""
        if region.start == region.end:
            return []
        return self._lines[self.line_of(region.start) - 1 : self.line_of(region.end)]

    def line_of(self, offset: int) -> int:
        """The line, counted from 1, that holds a character offset."""
        return bisect_right(self._starts, offset)


@cache
def _blocks() -> MarkdownIt:
    """A CommonMark parser of blocks only: positions are needed, not what stands inside a paragraph."""
    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def block_tokens(text: str) -> list[Token]:
    """The block tokens of a Markdown text, with `map` as (first line from 0, line after the last)."""
    return _blocks().parse(text)


@lru_cache(maxsize=4)
def parse(text: str) -> Document:
    """Find the headings of a document and the bodies under them; the last few documents are remembered.

    Only `#` headings of level 1 to 3 outside lists, quotes, fences and HTML count.
    """
    shift = 1 if text.startswith("\ufeff") else 0
    starts = _line_starts(text, shift)
    tokens = block_tokens(text[shift:])
    heads = _headings(tokens)
    rules = {token.map[0] for token in tokens if token.type == "hr" and token.level == 0 and token.map}
    regions = []
    scope = ""
    for index, (line, level, title) in enumerate(heads):
        place, scope = _place(title, level, scope, first=index == 0)
        next_line = heads[index + 1][0] if index + 1 < len(heads) else len(starts) - 1
        if index + 1 < len(heads) and heads[index + 1][1] == 2 and snake_case(heads[index + 1][2]) == LAST_SECTION:
            next_line = _before_rule(text, starts, line, next_line, rules)
        body_start, body_end = _trimmed(text, starts[line + 1], starts[next_line])
        regions.append(Region(place, title, level, line + 1, starts[line], body_start, body_end, starts[next_line]))
    fences = tuple((t.map[0] + 1, t.map[1], t.info.strip()) for t in tokens if t.type == "fence" and t.map)
    return Document(text, tuple(regions), _open_fence(text[shift:], tokens), fences)


def edit(text: str, changes: Mapping[str, str | None]) -> str:
    """Replace, add or remove bodies; every other byte stays.

    Args:
        text: the document; BOM, CRLF and odd spacing are kept.
        changes: place -> new body, LF newlines; None removes a numbered subsection with its heading.

    Returns:
        The new text; the text itself where `changes` is empty.

    Raises:
        DocumentError: a place neither exists nor may be added, or a body would break the document's structure.
    """
    if not changes:
        return text
    document = parse(text)
    newline = found[0] if (found := NEWLINE.search(text)) else "\n"
    splices = []
    for place, body in changes.items():
        start, end, new = _splice(document, place, body)
        splices.append((start, end, NEWLINE.sub("\n", new).replace("\n", newline)))
    splices.sort(key=lambda splice: splice[0])
    for (_, end, _), (start, _, _) in pairwise(splices):
        if start < end:
            raise DocumentError("two changes of a document overlap")
    parts, at = [], 0
    for start, end, new in splices:
        parts += [text[at:start], new]
        at = end
    changed = "".join(parts) + text[at:]
    _refuse_structure(document, parse(changed), changes)
    return changed


def bodies(text: str) -> dict[str, str]:
    """The body at each place of a document that has one."""
    document = parse(text)
    return {region.place: body for region in document.regions if (body := document.body(region.place))}


def trim(body: str) -> str:
    """A body as `parse` gives it back: LF newlines, no blank lines around it."""
    folded = NEWLINE.sub("\n", body)
    start, end = _trimmed(folded, 0, len(folded))
    return folded[start:end]


def fence(text: str, language: str = "") -> str:
    """A fenced block that the text cannot leave: longer than any run of backticks that begins a line in it."""
    runs = re.findall(r"^[ \t>]*(`{3,})", text, re.M)
    mark = "`" * max([3, *(len(run) + 1 for run in runs)])
    return f"{mark}{language}\n{text}\n{mark}"


def _splice(document: Document, place: str, body: str | None) -> tuple[int, int, str]:
    region = document.find(place)
    if body is None:
        if region is None:
            return len(document.text), len(document.text), ""
        return region.heading_start, region.outer_end, ""
    if place == "title":
        return _title_splice(document, body)
    body = trim(body)
    if not body:
        raise DocumentError(f"nothing to write at {place}")
    if region is None:
        return _insertion(document, place, body)
    if region.start < region.end:
        start, rest = _behind_the_same(document.text[region.start : region.end], body)
        return region.start + start, region.end, rest
    before = "" if document.text[: region.start].endswith(("\n", "\r")) else "\n"
    return region.start, region.start, f"{before}{body}\n" + ("\n" if region.outer_end < len(document.text) else "")


def _behind_the_same(old: str, new: str) -> tuple[int, str]:
    """Where the first line begins that is to change, and what stands there then: whole lines before it keep their bytes."""
    start = at = 0
    while (there := NEWLINE.search(old, start)) and (line := old[start : there.start()] + "\n") and new.startswith(line, at):
        start, at = there.end(), at + len(line)
    if old[start:] == new[at:][: len(old) - start] and new[at + len(old) - start :].startswith("\n"):
        return len(old), new[at + len(old) - start :]
    return start, new[at:]


def _title_splice(document: Document, title: str) -> tuple[int, int, str]:
    region = document.find("title")
    if region is None:
        raise DocumentError("the document has no title line", hint="it must begin with '# Research Export: …'")
    line_end = NEWLINE.search(document.text, region.heading_start)
    stop = line_end.start() if line_end else len(document.text)
    return region.heading_start, stop, "# " + " ".join(title.split())


def _insertion(document: Document, place: str, body: str) -> tuple[int, int, str]:
    try:
        heading = heading_of(place)
    except KeyError:
        raise DocumentError(f"no place {place!r} in a Research Export") from None
    section = place.partition(".")[0]
    siblings = [region for region in document.regions if region.place.partition(".")[0] == section]
    if not siblings or place == section:
        raise DocumentError(f"the document has no heading '## {heading_of(section)}'", hint="put it back as the template has it")
    number = re.search(r"_(\d+)$", place)
    if number:
        earlier = [r for r in siblings if not (n := re.search(r"_(\d+)$", r.place)) or int(n[1]) < int(number[1])]
        siblings = earlier or siblings
    at = siblings[-1].end
    lead = "\n" if siblings[-1].start == siblings[-1].end else "\n\n"
    if siblings[-1].start == siblings[-1].end:
        return at, at, f"{lead}### {heading}\n{body}\n\n"
    return at, at, f"{lead}### {heading}\n{body}"


def _refuse_structure(before: Document, after: Document, changes: Mapping[str, str | None]) -> None:
    """A body must end where it seems to end and make no heading of the document's levels: every place must come back."""
    places = [region.place for region in after.regions]
    want = {region.place for region in before.regions} - {place for place, body in changes.items() if body is None}
    want |= {place for place, body in changes.items() if body is not None}
    for place, body in changes.items():
        if body is not None and place != "title" and (after.find(place) is None or after.body(place) != trim(body)):
            raise DocumentError(
                f"the text for {place} holds a heading, an open fence or open HTML", hint="indent it or put it into a fence"
            )
    if set(places) != want or len(places) > len(before.regions) + len(changes):
        raise DocumentError("the text holds a heading, an open fence or open HTML", hint="indent it or put it into a fence")


def _headings(tokens: list[Token]) -> list[tuple[int, int, str]]:
    """(line from 0, level, text) of each `#` heading of level 1 to 3 at the top of the document."""
    found = []
    for token, inside in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.markup.startswith("#") and token.map:
            level = int(token.tag[1])
            if level <= 3:
                found.append((token.map[0], level, inside.content))
    return found


def _place(title: str, level: int, scope: str, *, first: bool) -> tuple[str, str]:
    if level == 1:
        return ("title" if first else f"other.{snake_case(title)}"), ("" if first else "other")
    if level == 2:
        key = snake_case(title)
        return key, key
    return f"{scope}.{snake_case(title)}", scope


def _line_starts(text: str, shift: int) -> list[int]:
    """Offset of each line; one more entry stands for the end of the text."""
    starts = [shift, *(found.end() for found in NEWLINE.finditer(text, shift))]
    if starts[-1] != len(text) or len(starts) == 1:
        starts.append(len(text))
    return starts


def _before_rule(text: str, starts: list[int], line: int, next_line: int, rules: set[int]) -> int:
    """The template draws a rule before the last section: it belongs to no body."""
    for number in range(next_line - 1, line, -1):
        if number in rules:
            return number
        if text[starts[number] : starts[number + 1]].strip():
            break
    return next_line


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blank lines around it; empty at `start` where all is blank."""
    body = text[start:end]
    if not body.strip(" \t\r\n"):
        return start, start
    lead = re.match(r"(?:[ \t]*(?:\r\n|\r|\n))*", body)
    head = lead.end() if lead else 0
    return start + head, start + len(body.rstrip(" \t\r\n"))


def _open_fence(text: str, tokens: list[Token]) -> int:
    """Line of a fence that runs to the end of the text without its closing line."""
    for token in reversed(tokens):
        if token.type == "fence" and token.map:
            lines = NEWLINE.split(text)
            last = lines[min(token.map[1], len(lines)) - 1].strip(" \t>")
            closed = token.map[1] - token.map[0] >= 2 and set(last) == {token.markup[0]} and len(last) >= len(token.markup)
            return 0 if closed else token.map[0] + 1
    return 0
