"""Attempts that somebody wrote down in notes, in their own words."""

import re
from collections.abc import Iterator

from assistant.evidence import Kind
from assistant.gathering.collection import Collection
from assistant.redaction.masked import lines_of
from assistant.sections import Attempt
from assistant.sources.text import escape

WEIGHT = 0.5
APPROACH_LIMIT = 400
_HEADING = re.compile(r"^#{1,6}\s+(?P<told>.{1,200})$")
_TRIED_HEADING = re.compile(r"(?i)\b(?:tried|attempts?|tries|things we did|what (?:i|we) did)\b")
_ITEM = re.compile(r"^(?:[-*+]|\d{1,3}[.)])\s+(?P<told>\S.{0,2000})$")
_LABELLED = re.compile(
    r"(?i)^(?:\*\*)?(?:(?:attempt|try)(?: ?#?\d{1,3})?|approach|tried|i tried|we tried)(?:\*\*)?\s?[:.\-–]\s?(?:\*\*)?\s?(?P<told>\S.{0,2000})$"
)
_SENTENCE = re.compile(r"(?i)^(?P<told>(?:i|we)(?: have| also| then| first)? (?:tried|attempted)\b.{3,2000})$")
_RESULT = re.compile(
    r"(?i)^(?:[-*+]\s+)?(?:\*\*)?(?:result|outcome|then|but)(?:\*\*)?\s?[:–-]\s?(?:\*\*)?\s?(?P<told>\S.{0,2000})$|^\s*(?:->|=>|→)\s?(?P<arrow>\S.{0,2000})$"
)
_INLINE = re.compile(r"\s(?:->|=>|→|—)\s(?P<told>.{3,2000})$")


def noted_attempts(collection: Collection, notes: str, name: str) -> Iterator[Attempt]:
    """What notes call tried: items under such a heading, and lines that begin so.

    Args:
        collection: where the notes are added.
        notes: their text.
        name: the name of their file.
    """
    lines = lines_of(collection.redactor.mask(escape(notes)[0])) if notes else []
    under = False
    found: list[tuple[int, int, str, str]] = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if heading := _HEADING.match(text):
            under = bool(_TRIED_HEADING.search(heading["told"]))
            text = heading["told"] if not under else ""
        result = _RESULT.match(text)
        if result and found:
            first, _, approach, _ = found[-1]
            found[-1] = (first, number, approach, result["told"] or result["arrow"])
        elif told := _LABELLED.match(text) or _SENTENCE.match(text) or (_ITEM.match(line) if under else None):
            found.append((number, number, told["told"], ""))
    for first, last, approach, result_text in found:
        inline = _INLINE.search(approach)
        piece = collection.cite_lines(name or "notes", first, lines[first - 1 : last], kind=Kind.NOTE, weight=WEIGHT)
        outcome = result_text or (inline["told"] if inline else "")
        yield Attempt(
            approach=f"{_flat(approach[: inline.start()] if inline else approach)} ({piece.id})",
            result=f"{_flat(outcome)} ({piece.id})" if outcome else None,
        )


def _flat(text: str) -> str:
    return " ".join(text.split())[:APPROACH_LIMIT].strip()
