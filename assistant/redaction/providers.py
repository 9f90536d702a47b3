"""Token shapes that providers document; `providers.txt` holds them, and adding a provider is adding a row there."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from assistant.redaction.spans import Span

_BORDER = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
"""No letter or digit, or an escape that ends in one, as in `\\nTOKEN` and `%3DTOKEN`."""

_LOOKAROUND = re.compile(r"\(\?<?[!=](?:[^()\[\]\\]|\\.|\[(?:[^\]\\]|\\.)*\])*\)")
_ITEM = re.compile(
    r"(?P<wide>\\[dsw]|\[(?:[^\]\\]|\\.)+\])(?P<many>\{(?P<count>\d+)(?:,\d*)?\}|[+*?])?"
    r"|(?P<group>\((?:[^()\[\]\\]|\\.|\[(?:[^\]\\]|\\.)+\])*\)(?:\{[^{}]*\}|[+*?])?)|(?P<one>\\.|[^\\()])(?P<maybe>\{[^{}]*\}|[+*?])?"
)
_SIGNS = frozenset(":_-")
_TELLING = re.compile(r"[^\W_]{4}|[^\W_]{2}.*[_\-.:~|$+]")
"""Letters that are rare enough in ordinary text to be sought by themselves."""

_TAIL = 8
"""So many characters of a run belong to a sign, twice as many behind a letter or two; more would only make the automaton large."""


class Shape(NamedTuple):
    """One row.

    Args:
        kind: what the token is.
        sign: what every text with such a token matches, as RE2 understands it.
        start: the sign, without its run where the letters before it are telling.
        pattern: where the token stands, as `re` understands it.
    """

    kind: str
    sign: str
    start: str
    pattern: str


@cache
def shapes() -> tuple[Shape, ...]:
    """All rows; a pattern is compiled when a line first needs it."""
    lines = Path(__file__).with_name("providers.txt").read_text("utf-8").splitlines()
    return tuple(_shape(*line.split(" ", 1)) for line in lines if line[0] != "#")


def _shape(kind: str, row: str) -> Shape:
    bare = row.removeprefix("*")
    anywhere = bare != row or row.startswith("(?<")
    return Shape(kind, *_sign_of(_LOOKAROUND.sub("", bare)), bare if anywhere else _BORDER + bare)


def _sign_of(pattern: str) -> tuple[str, str]:
    """The start of a pattern, with its first long run and without; what begins with a long run is found by what follows it."""
    sign, letters = "", ""
    for item in _ITEM.finditer(pattern):
        count = int(item["count"] or 0)
        if not item["many"] or 0 < count <= _TAIL:
            sign += item.group()
            letters += (item["one"] or item["group"] or "").removeprefix("\\")
        elif len(letters) > 1 or letters in _SIGNS:
            run = f"{item['wide']}{{{min(count, _TAIL if len(letters) > 2 else 2 * _TAIL)}}}"
            return sign + run, sign if _TELLING.match(letters) and count else sign + run
        else:
            sign, letters = "", ""  # a single letter says nothing
    return sign, sign


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def find_shape(line: str, shape: Shape) -> Iterator[Span]:
    """Every place of one shape in a line."""
    for match in _compiled(shape.pattern).finditer(line):
        yield Span(*match.span(match.lastindex or 0), shape.kind)
