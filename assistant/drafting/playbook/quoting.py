"""Verbatim quotes from the ledger: a drafted statement shows what it stands on."""

import re
from collections.abc import Iterable
from itertools import islice

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.pattern import compiled
from assistant.drafting.playbook.wording import shorten, without_tail
from assistant.evidence import CUT_NOTE, Evidence, Kind
from assistant.sections import Quote, Stance

QUOTE_LIMIT = 200
MOST_LOOKED_AT = 40
STAMP = r"(?:\d{4}-\d\d-\d\d[T ][\d:.,]{8,18}Z?\s{1,3})?"
LEAD = re.compile(rf"^{STAMP}(?:(?:E|>)\s{{1,200}}(?=\S))?")
TOLD = re.compile(
    rf"{STAMP}(?:E\s{{1,200}}\S|\s{{0,20}}(?:[\w.]{{1,200}}\.)?[A-Z]\w{{1,80}}(?:Error|Exception|Warning|Greenlet|Timeout)\b)"
)
"""A line in which pytest or a traceback says what was raised, as against a line of source that a trace shows."""

SEARCHED = (Kind.ERROR, Kind.LOG, Kind.CODE, Kind.CONFIG, Kind.ENVIRONMENT, Kind.HISTORY, Kind.SCHEMA)


def quote_of(facts: Facts, pattern: str, *, kind: str = "", stance: Stance = Stance.FOR) -> Quote | None:
    """The line of the evidence that a pattern matches: of an error's block the one that tells what was raised, else the first.

    Args:
        facts: whose ledger is searched, the failure's own evidence first.
        pattern: a regular expression.
        kind: only evidence of that kind; empty for all.
        stance: what the quote speaks for.
    """
    for piece in _in_order(facts, kind):
        if line := _best_line(pattern, piece):
            return Quote(id=piece.id, quote=line, stance=stance)
    return None


def message_quote(facts: Facts) -> Quote | None:
    """The line of the failure's evidence that says what went wrong."""
    held = facts.case.ledger.get(facts.failure.evidence)
    if held is None:
        return None
    return _line_with(held, facts.headline) or _first_line(held)


def literal_quote(facts: Facts, literal: str, *, stance: Stance = Stance.FOR) -> Quote | None:
    """The first line of the evidence that holds a literal text."""
    return quote_of(facts, re.escape(literal), stance=stance) if literal.strip() else None


def distinct(quotes: Iterable[Quote | None]) -> tuple[Quote, ...]:
    """The quotes that were found, each once."""
    return tuple({(quote.id, quote.quote): quote for quote in quotes if quote}.values())


def _best_line(pattern: str, piece: Evidence) -> str:
    found = islice(compiled(pattern).finditer(piece.text), MOST_LOOKED_AT if piece.kind is Kind.ERROR else 1)
    first = ""
    for match in found:
        start = piece.text.rfind("\n", 0, match.start()) + 1
        line = _line_at(piece.text, match.start(), match.end())
        if line and TOLD.match(piece.text, start):
            return line
        first = first or line
    return first


def _in_order(facts: Facts, kind: str) -> list[Evidence]:
    own = facts.failure.evidence
    pieces = [piece for piece in facts.case.ledger if piece.kind in SEARCHED and (not kind or piece.kind == kind)]
    return sorted(pieces, key=lambda piece: (piece.id != own, SEARCHED.index(piece.kind)))


def _line_with(piece: Evidence, literal: str) -> Quote | None:
    start = piece.text.rfind(literal) if literal else -1
    if start < 0:
        return None
    line = _line_at(piece.text, start, start + len(literal))
    return Quote(id=piece.id, quote=line) if line else None


def _first_line(piece: Evidence) -> Quote | None:
    for line in piece.text.split("\n"):
        if shown := _shown(line, 0):
            return Quote(id=piece.id, quote=shown)
    return None


def _line_at(text: str, start: int, end: int) -> str:
    """The line round a match; from the match on where the line is too long."""
    while start < end and text[start] == "\n":
        start += 1
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    return _shown(text[first : last if last >= 0 else len(text)], start - first)


def _shown(line: str, offset: int) -> str:
    if CUT_NOTE.fullmatch(line.strip()):
        return ""
    whole = without_tail(" ".join(LEAD.sub("", line).split()))
    if len(whole) > QUOTE_LIMIT and offset > QUOTE_LIMIT // 2:
        begins = max(line.rfind(border, max(0, offset - QUOTE_LIMIT // 2), offset) for border in ("; ", ". ", ": "))
        whole = without_tail(" ".join(line[begins + 2 if begins >= 0 else offset :].split()))
    return shorten(whole, QUOTE_LIMIT)
