"""SQL statements whose secrets stand apart from their columns: `INSERT … (email, password) VALUES (…)` and bound parameters."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.redaction.names import Trust, named
from assistant.redaction.spans import Span
from assistant.redaction.values import Where, is_secret

_REACH = 4000
"""Characters behind a statement in which its parameters are sought."""


@cache
def _insert() -> re.Pattern[str]:
    return re.compile(
        r"\binsert\s+into\s+[\w.\"`\[\]]{1,120}\s*\(([^()\n]{1,2000})\)\s*(?:output [^()\n]{1,100})?values\s*(?=\()", re.IGNORECASE
    )


@cache
def _bound() -> re.Pattern[str]:
    return re.compile(r"(?<![\w.\"`])([\w.\"`]{1,80})\s{0,8}(?:=|<>|!=|like)\s{0,8}(?:%s|\?|\$\d+)", re.IGNORECASE)


@cache
def _parameters() -> re.Pattern[str]:
    return re.compile(r"\[?(?:parameters|params|args|binds?)\b\"?\s{0,3}[:=]\s{0,3}\[?(?=[(\[])", re.IGNORECASE)


@cache
def _literal() -> re.Pattern[str]:
    return re.compile(r"'((?:[^'\\\n]|\\.|'')*+)'|\"((?:[^\"\\\n]|\\.)*+)\"|([^\s,()'\"]+(?:\([^()\n]{0,200}\))?)|([()])")


def find_in_statement(text: str, start: int, end: int) -> Iterator[Span]:
    """The values of secret columns in the statement that begins in the line `text[start:end]`."""
    insert = _insert().search(text, start, end)
    if insert:
        columns = [column.strip(' "`[]') for column in insert[1].split(",")]
        yield from _find_rows(text, columns, insert.end(), end)
    else:
        columns = [match[1].strip('"`') for match in _bound().finditer(text, start, end)]
    yield from _find_numbered(text, columns, end)
    if any(named(column) for column in columns):
        below = _parameters().search(text, start if not insert else insert.end(), min(len(text), end + _REACH))
        if below and text.count("\n", end, below.start()) <= 3:
            line_end = text.find("\n", below.end())
            yield from _find_rows(text, columns, below.end(), line_end if line_end >= 0 else len(text))


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(r"\$(\d{1,3}) = '((?:[^'\n]|'')*+)'")


def _find_numbered(text: str, columns: list[str], end: int) -> Iterator[Span]:
    """The values that PostgreSQL logs below a statement: `DETAIL:  parameters: $1 = 'x', $2 = '…'`."""
    last = text.find("\n", end + 1)
    for value in _numbered().finditer(text, end, last if last >= 0 else len(text)) if columns else ():
        number = int(value[1]) - 1
        what = named(columns[number]) if 0 <= number < len(columns) else None
        if what and is_secret(value[2], max(what.trust, Trust.LIKELY), Where.QUOTED):
            yield Span(*value.span(2), what.kind)


def _find_rows(text: str, columns: list[str], start: int, end: int) -> Iterator[Span]:
    """The secret columns' values in `('x', 'y'), ('z', …)`; a bracket begins a row anew."""
    number = 0
    for value in _literal().finditer(text, start, end):
        if value[4]:
            number = 0
            continue
        group = value.lastindex or 3
        what = named(columns[number]) if number < len(columns) else None
        if what and group < 3 and is_secret(value[group], max(what.trust, Trust.LIKELY), Where.QUOTED):
            yield Span(*value.span(group), what.kind)
        number += 1
