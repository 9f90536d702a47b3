"""Does a document keep the template's form? Title, headings, labels, fences, characters; and what waits for a person."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple

from assistant.checking import Problem, Severity
from assistant.checking.grounding import SPAN
from assistant.checking.headings import heading_problems, headings, normal_place, parts
from assistant.checking.labels import label_problems
from assistant.document import NEWLINE, Document, Line, Region
from assistant.resources import resource_folder

REVIEW = re.compile(r"\[REVIEW:[^\]\n]*\]?")
DRAFTED = re.compile(r"^> ([*_])Drafted by (?P<by>.+?)(?: from (?P<ids>[ER0-9, ]+))?\. Confirm, then delete this line\.\1\s*$")
STILL_DRAFTED = re.compile(
    r"\s{0,3}>[\s>*_\\]{0,20}Drafted\s{1,9}by\b|[\s>*_\\]{0,20}(?:Drafted by .{1,300}?\W)?Confirm,? then delete this line\b", re.I
)
"""However it was altered, such a line is no approval: only deleting it is."""
FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
SOFT_HYPHEN, NON_JOINER, JOINER = "\u00ad", "\u200c", "\u200d"
TEMPLATE_FILE = "research_export.md"
TEMPLATE_CODE = ("# ", "-- ", "[", "SELECT * FROM example", "CREATE TABLE example")


class DraftLine(NamedTuple):
    """What the line above a draft says: who drafted it, from which evidence, and whether the line is as it was written."""

    by: str
    evidence: tuple[str, ...]
    whole: bool


def structure_problems(document: Document) -> Iterator[Problem]:
    """Headings and labels gone, altered, moved or doubled, and fences left open."""
    yield from _title(document)
    yield from heading_problems(document)
    yield from label_problems(document)
    yield from _fence(document)


def character_problems(document: Document, written: Collection[int] = ()) -> Iterator[Problem]:
    """Characters that nobody sees; in a person's text those that a language or an emoji needs are fine.

    Args:
        document: the document.
        written: numbers of the lines that no person wrote.
    """
    if document.text.isascii() and document.text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        return
    for number, line in enumerate(NEWLINE.split(document.text.removeprefix("\ufeff")), 1):
        for found in INVISIBLE.finditer(line):
            if number in written or not _is_needed(line, found.start()):
                yield Problem("control-character", "", f"the character U+{ord(found[0]):04X} stands here", line=number)
                break


def progress_problems(document: Document) -> Iterator[Problem]:
    """Blanks, template text and drafts that wait for a person."""
    for region in document.regions:
        if region.place.partition(".")[0] == "research_results":
            yield from (problem for line in document.lines(region) for problem in _unconfirmed(region, line))
            continue
        if region.place == "title":
            if found := placeholder(region.heading):
                yield Problem("blank", "title", _question(found), Severity.BLANK, region.line)
            continue
        if region.start == region.end and (part := parts().get(normal_place(region.place) or "")) and part.slots:
            yield Problem("blank", region.place, f"nothing stands under '{region.heading}'", Severity.BLANK, region.line)
        for line in document.lines(region):
            yield from _waiting(region, line)


def placeholder(text: str) -> str | None:
    """The first `[REVIEW: …]` of a line; inside a code span it is something that the evidence says."""
    if "[REVIEW:" not in text:
        return None
    blotted = SPAN.sub(lambda span: "x" * len(span[0]) if "[REVIEW" in span[2] else span[0], text.replace("\\`", "xx"))
    found = REVIEW.search(blotted)
    return text[found.start() : found.end()] if found else None


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


def read_draft_line(text: str) -> DraftLine | None:
    """What one line says of a draft below it; None where it is another line."""
    if not STILL_DRAFTED.match(text):
        return None
    whole = DRAFTED.match(text)
    by = whole["by"] if whole else next(iter(re.findall(r"Drafted\s+by\s+([^\s.]+)", text, re.I)), "somebody")
    return DraftLine(by, tuple(re.findall(r"\b[ER][0-9]{1,6}\b", whole["ids"] or "" if whole else text)), bool(whole))


def draft_line(body: str) -> tuple[str, tuple[str, ...]] | None:
    """Who drafted a body and from which evidence, by its visible line; None where a person stands for it."""
    lower = body.lower()
    if "drafted" not in lower and "confirm" not in lower:
        return None
    found = next((draft for line in outside_fences(body) if (draft := read_draft_line(line))), None)
    return (found.by, found.evidence) if found else None


def outside_fences(body: str) -> Iterator[str]:
    """The lines of a body that stand in no fenced block."""
    fence = ""
    for line in body.split("\n"):
        if mark := FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif not fence:
            yield line


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


def _waiting(region: Region, line: Line) -> Iterator[Problem]:
    if not line.fenced and (asked := placeholder(line.text)):
        yield Problem("blank", region.place, _question(asked), Severity.BLANK, line.number)
    elif line.text.strip() in template_lines():
        message = f"text of the template stands here: {line.text.strip()[:80]}"
        yield Problem("template-text", region.place, message, Severity.BLANK, line.number)
    else:
        yield from _unconfirmed(region, line)


def _unconfirmed(region: Region, line: Line) -> Iterator[Problem]:
    if not line.fenced and (draft := read_draft_line(line.text)):
        message = f"drafted by {draft.by}; confirm it and delete the line"
        yield Problem("unconfirmed", region.place, message, Severity.DRAFT, line.number)
        if not draft.whole:
            message = "the line that says who drafted this was altered; delete it to confirm the draft, or put it back"
            yield Problem("draft-line", region.place, message, line=line.number)


def _question(asked: str) -> str:
    return asked.removeprefix("[REVIEW:").rstrip("]").strip() or "a blank without a question"


def _title(document: Document) -> Iterator[Problem]:
    first = document.regions[0] if document.regions else None
    if first is None or first.place != "title" or not re.match(r"Research Export: \S", first.heading):
        at = first.line if first and first.place == "title" else 1
        yield Problem("title", "title", "the document must begin with '# Research Export: …' and the problem's name", line=at)


def _fence(document: Document) -> Iterator[Problem]:
    """A fence that is never closed, or that closes only after it swallowed a heading which is now missing."""
    present = {region.place for region in document.regions}
    missing = {heading for place, heading in headings().items() if place not in present}
    lines = NEWLINE.split(document.text) if missing else []
    for start, end, _ in document.fences if missing else ():
        swallowed = next((line.strip() for line in lines[start : end - 1] if line.startswith("#") and line.strip() in missing), None)
        if swallowed:
            yield Problem("open-fence", "", f"the block that begins here is not closed before '{swallowed}'", line=start)
            return
    if document.open_fence:
        yield Problem("open-fence", "", "the block that begins here is never closed", line=document.open_fence)


def _is_needed(line: str, at: int) -> bool:
    """Whether writing needs an invisible character there: a soft hyphen in a word, joiners in scripts and emoji."""
    before, after = (unicodedata.category(line[i]) if 0 <= i < len(line) else "" for i in (at - 1, at + 1))
    letters = before[:1] in ("L", "M") and after[:1] in ("L", "M")
    if line[at] in (SOFT_HYPHEN, NON_JOINER):
        return letters
    return line[at] == JOINER and (letters or (before in ("So", "Sk", "Mn") and after == "So"))
