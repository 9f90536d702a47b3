"""The placeholders of a body, each with its question, and the body once one of them is answered."""

import re

from assistant.checking.citing import without_code
from assistant.checking.structure import FENCE, REVIEW, read_draft_line
from assistant.document import trim
from assistant.errors import UsageError
from assistant.pages.views import Blank

ITEM = re.compile(r"^\s{0,8}(?P<mark>[-*+]|(?P<number>[0-9]{1,9})(?P<dot>[.)]))\s(?P<task>\[[ xX]\]\s)?")
FIELD = re.compile(r"^\s{0,8}(?:[-*+] )?\*{0,2}(?P<label>[A-Z.][^:`\[\]*]{1,50}):\*{0,2}\s")
BOLD = re.compile(r"^\*\*(?P<label>[^*:]{2,50}):\*\*\s*$")


def find_blanks(body: str) -> tuple[Blank, ...]:
    """The placeholders of a body outside fences, in order.

    Args:
        body: with LF newlines.
    """
    found: list[Blank] = []
    items = sum(bool(ITEM.match(line)) for line in body.split("\n"))
    offset, fence, label = 0, "", ""
    for line in body.split("\n"):
        if mark := FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif not fence:
            for asked in REVIEW.finditer(without_code(line)) if "[REVIEW:" in line else ():
                blank = _blank(line, asked.start(), asked.end(), label)
                found.append(
                    blank._replace(
                        number=len(found) + 1,
                        start=offset + blank.start,
                        end=offset + blank.end,
                        removable=blank.form == "item" and items > 1,
                    )
                )
            label = bold["label"] if (bold := BOLD.match(line)) else label if not line.strip() else ""
        offset += len(line) + 1
    return tuple(found)


def _blank(line: str, start: int, end: int, label: str) -> Blank:
    question = line[start:end].removeprefix("[REVIEW:").rstrip("]").strip() or "What belongs here?"
    field, item = FIELD.match(line), ITEM.match(line)
    if field and field.end() <= start + 1:
        return Blank(0, question, field["label"].removesuffix(":"), "field", start, end)
    if item and item.end() == start and end == len(line.rstrip()):
        return Blank(0, question, "", "item", start, end)
    if line.strip() == line[start:end]:
        return Blank(0, question, label, "text", start, end)
    return Blank(0, question, "", "field", start, end)


def answered(body: str, blank: Blank, answer: str) -> str:
    """A body with one placeholder answered; of a list each line of the answer becomes an item.

    Raises:
        UsageError: the answer is empty.
    """
    answer = trim(answer)
    if not answer:
        raise UsageError("the answer is empty", hint="write one, or leave the blank for later")
    if blank.form == "field":
        return body[: blank.start] + " ".join(answer.split()) + body[blank.end :]
    if blank.form == "item":
        first = body.rfind("\n", 0, blank.start) + 1
        items = "\n".join(_items(body[first : blank.start], answer))
        return body[:first] + items + body[blank.end :]
    return body[: blank.start] + answer + body[blank.end :]


def _items(lead: str, answer: str) -> list[str]:
    mark = ITEM.match(lead)
    lines = [line.strip() for line in answer.split("\n") if line.strip()]
    plain = [ITEM.sub("", line) or line for line in lines]
    if mark and mark["number"]:
        return [f"{int(mark['number']) + at}{mark['dot']} {text}" for at, text in enumerate(plain)]
    return [lead + text for text in plain]


def removed(body: str, blank: Blank) -> str:
    """A body without the line that asks.

    Raises:
        UsageError: nothing else stands in its list.
    """
    if not blank.removable:
        raise UsageError("nothing else stands in this list", hint="write what is so, as in `None`")
    first = body.rfind("\n", 0, blank.start) + 1
    last = body.find("\n", blank.end)
    return trim(body[:first] + (body[last + 1 :] if last >= 0 else ""))


def without_draft_line(body: str) -> str:
    """A body without the line that says who drafted it: deleting that is the approval."""
    kept, fence = [], ""
    for line in body.split("\n"):
        if mark := FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        if fence or not read_draft_line(line):
            kept.append(line)
    return trim("\n".join(kept))
