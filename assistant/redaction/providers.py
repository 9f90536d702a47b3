"""Token shapes that providers document; `providers.txt` holds them, and adding a provider is adding a row there."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
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
_RUN = re.compile(r"(?:\\[wds]|\[(?:[^\]\\]|\\.)*\])(?:\{\d+(?:,\d*)?\})?$")
_ENOUGH = 4
_TAIL = 8
"""So many characters of a run belong to a sign, twice as many behind a letter or two; more would only make the automaton large."""


class Shape(NamedTuple):
    """One row.

    Args:
        kind: what the token is.
        sign: what every text with such a token matches, as RE2 understands it.
        pattern: where the token stands, as `re` understands it.
    """

    kind: str
    sign: str
    pattern: str

    @property
    def start(self) -> str:
        """The sign without its last run where the letters before it say enough."""
        return _RUN.sub("", self.sign) if self.plain else self.sign

    @property
    def plain(self) -> bool:
        """Whether the sign begins with letters enough to be sought by themselves."""
        return len(re.split(r"[\[(\\]", _RUN.sub("", self.sign).replace("\\.", ".").replace("\\$", "$"), maxsplit=1)[0]) >= _ENOUGH


@cache
def shapes() -> tuple[Shape, ...]:
    """All rows; a pattern is compiled when a line first needs it."""
    lines = (files("assistant.redaction") / "providers.txt").read_text("utf-8").splitlines()
    return tuple(_shape(*line.split(" ", 1)) for line in lines if line[0] != "#")


def _shape(kind: str, row: str) -> Shape:
    bare = row.removeprefix("*")
    anywhere = bare != row or row.startswith("(?<")
    return Shape(kind, _sign_of(_LOOKAROUND.sub("", bare)), bare if anywhere else _BORDER + bare)


def _sign_of(pattern: str) -> str:
    """The start of a pattern, up to the first long run; what begins with a long run is found by what follows it."""
    sign, letters = "", ""
    for item in _ITEM.finditer(pattern):
        count = int(item["count"] or 0)
        if not item["many"] or 0 < count <= _TAIL:
            sign += item.group()
            letters += (item["one"] or item["group"] or "").removeprefix("\\")
        elif len(letters) > 1 or letters in _SIGNS:
            return f"{sign}{item['wide']}{{{min(count, _TAIL if len(letters) > 2 else 2 * _TAIL)}}}"
        else:
            sign, letters = "", ""  # a single letter says nothing
    return sign


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def find_shape(line: str, shape: Shape) -> Iterator[Span]:
    """Every place of one shape in a line."""
    for match in _compiled(shape.pattern).finditer(line):
        yield Span(*match.span(match.lastindex or 0), shape.kind)
