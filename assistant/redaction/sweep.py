"""Where values that are known already stand in a text: exact, and fast for thousands of values."""

import sys
from collections.abc import Iterator, Mapping

from assistant.redaction.spans import Span

_FEW = 16
"""Up to so many values, each is simply searched for."""

_SHORT = 8
"""A value of fewer bytes is searched for, too: it may cover no whole word."""


def find_known(text: str, kinds: Mapping[str, str]) -> Iterator[Span]:
    """Every place of every value.

    Args:
        text: the text to search.
        kinds: what each value is.
    """
    for value in kinds if len(kinds) <= _FEW else _possible(text, kinds):
        at = text.find(value)
        while at >= 0:
            yield Span(at, at + len(value), kinds[value])
            at = text.find(value, at + len(value))


def _possible(text: str, values: Mapping[str, str]) -> Iterator[str]:
    """The values that can stand in the text.

    Wherever a value of 8 bytes or more stands, it covers the whole of some words of four bytes (of eight, where it has 16
    or more) that begin at a multiple of their length. So only the words at these places have to be looked at.
    """
    raw = text.encode("utf-8", "surrogatepass")
    yield from (value for value in values if len(value.encode("utf-8", "surrogatepass")) < _SHORT)
    for width in (4, 8):
        lengths = ((value, len(value.encode("utf-8", "surrogatepass"))) for value in values)
        words = {value: _words(value, width) for value, length in lengths if length >= _SHORT and (length >= 16) == (width == 8)}
        if words:
            wanted = {word for rows in words.values() for row in rows for word in row}
            aligned = memoryview(raw[: len(raw) // width * width])
            there = wanted.intersection(aligned.cast("I") if width == 4 else aligned.cast("Q"))
            yield from (value for value, rows in words.items() if any(there.issuperset(row) for row in rows))


def _words(value: str, width: int) -> list[list[int]]:
    """The whole words in a value, for each way in which it may lie across the text's words."""
    raw = value.encode("utf-8", "surrogatepass")
    return [
        [int.from_bytes(raw[at : at + width], sys.byteorder) for at in range(offset, len(raw) - width + 1, width)]
        for offset in range(width)
    ]  # fmt: skip
