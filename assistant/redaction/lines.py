"""Everything that is sought within one line."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.redaction.assignments import find_assigned
from assistant.redaction.contexts import Context, find_cookies, find_in_context, find_in_urls
from assistant.redaction.names import Trust
from assistant.redaction.personal import find_personal
from assistant.redaction.providers import find_shape
from assistant.redaction.sieve import hints_in
from assistant.redaction.spans import Span
from assistant.redaction.values import BLANK

_COLOUR = r"\x1b\[[0-9;]{0,16}m"


_SHORT = 400
"""Characters of a line up to which what was found in it is remembered: logs say the same again and again."""


def find_in_line(line: str, *, pii: bool) -> tuple[Span, ...]:
    """The secrets of one line; colour codes between a name and its value do not hide it.

    Args:
        line: the line without its end.
        pii: whether personal data is sought, too.
    """
    return _remembered(line, pii) if len(line) <= _SHORT else _found(line, pii)


def _found(line: str, pii: bool) -> tuple[Span, ...]:
    if "\x1b[" in line:
        return _find_between_colours(line, pii=pii)
    return tuple(span for span in _find(line, pii=pii) if BLANK not in line[span.start : span.end])


_remembered = lru_cache(maxsize=4096)(_found)


def _find(line: str, *, pii: bool) -> Iterator[Span]:
    hints = hints_in(line, pii=pii)
    for rule in hints.rules:  # what says most of a value comes first: it names it
        if not isinstance(rule, Context):
            yield from find_shape(line, rule)
        elif rule.trust is not Trust.RANDOM:
            yield from find_in_context(line, rule)
    if "://" in line and "@" in line:
        yield from find_in_urls(line)
    if hints.named:
        low = line.lower()
        if "cookie" in low or " -b" in line:
            yield from find_cookies(line)
        yield from find_assigned(line)
    for rule in hints.rules:
        if isinstance(rule, Context) and rule.trust is Trust.RANDOM:
            yield from find_in_context(line, rule)
    if hints.personal:
        yield from find_personal(line)


def _find_between_colours(line: str, *, pii: bool) -> tuple[Span, ...]:
    kept: list[int] = []
    at = 0
    for code in re.finditer(_COLOUR, line):
        kept.extend(range(at, code.start()))
        at = code.end()
    kept.extend(range(at, len(line)))
    plain = "".join(line[i] for i in kept)
    found = [span for span in _find(plain, pii=pii) if BLANK not in plain[span.start : span.end]]
    return tuple(span._replace(start=kept[span.start], end=kept[span.end - 1] + 1) for span in found if span.end > span.start)
