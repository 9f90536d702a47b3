"""Verbatim quotes from the ledger: a drafted statement shows what it stands on."""

import re
from collections.abc import Iterable

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.pattern import find
from assistant.drafting.playbook.wording import shorten
from assistant.evidence import CUT_NOTE, Evidence, Kind
from assistant.sections import Quote, Stance

QUOTE_LIMIT = 200
LEAD = re.compile(r"^(?:E|>)\s{2,}")
SEARCHED = (Kind.ERROR, Kind.LOG, Kind.CODE, Kind.CONFIG, Kind.ENVIRONMENT, Kind.HISTORY, Kind.SCHEMA)


def quote_of(facts: Facts, pattern: str, *, kind: str = "", stance: Stance = Stance.FOR) -> Quote | None:
    """The first line of the evidence that a pattern matches.

    Args:
        facts: whose ledger is searched, the failure's own evidence first.
        pattern: a regular expression.
        kind: only evidence of that kind; empty for all.
        stance: what the quote speaks for.
    """
    for piece in _in_order(facts, kind):
        match = find(pattern, piece.text)
        if match and (line := _line_at(piece.text, match.start(), match.end())):
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


def note_quote(note: Evidence) -> Quote:
    """The beginning of a note of ours."""
    return Quote(id=note.id, quote=shorten(" ".join(note.text.split()), QUOTE_LIMIT))


def distinct(quotes: Iterable[Quote | None]) -> tuple[Quote, ...]:
    """The quotes that were found, each once."""
    return tuple({(quote.id, quote.quote): quote for quote in quotes if quote}.values())


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
    whole = " ".join(LEAD.sub("", line).split())
    if len(whole) > QUOTE_LIMIT and offset > QUOTE_LIMIT // 2:
        whole = " ".join(line[offset:].split())
    return shorten(whole, QUOTE_LIMIT)
