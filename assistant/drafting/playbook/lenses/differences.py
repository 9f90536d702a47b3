"""What two compared values have to do with each other: the kind of difference often tells the kind of mistake."""

import ast
from typing import Any, NamedTuple

LONGEST = 200
FACTORS = (2, 10, 60, 100, 1000, 1024, 3600)
CLOSE = 1e-6


class Difference(NamedTuple):
    """The kind of a difference: how a theory says it, and what to search for."""

    theory: str
    query: str


OFF_BY_ONE = Difference(
    "the two differ by one, as from a border (`<` or `<=`, first or last item in or out), a rounding, or one entry too many or too few",
    "off by one error inclusive exclusive boundary rounding",
)
FACTOR = Difference(
    "one is a round multiple of the other, as from another unit or share, or from counting something twice",
    "value doubled or wrong unit conversion factor in tests",
)
FLOATING = Difference("they agree but for the last digits, as from floating-point arithmetic", "floating point comparison pytest approx")
ORDER = Difference(
    "the items are the same in another order, as from a sort, a query without `ORDER BY`, or a set",
    "order of results not deterministic without order by",
)
ENTRIES = Difference(
    "some items are missing or too many, as from a filter, a duplicate, or rows that another step left",
    "unexpected duplicate or missing rows in result",
)
CASE = Difference("they differ only in upper and lower case", "case sensitive comparison normalise string")
SPACE = Difference("they differ only in white space", "trailing whitespace newline in string comparison")
NOTHING = Difference("nothing was found or returned where a value is expected", "function returns None unexpectedly")
TYPE = Difference("the values are equal and their types are not, as a number and its text", "string instead of number after serialisation")
SIGN = Difference("they differ only in the sign", "wrong sign of amount")


def difference(actual: str, expected: str) -> Difference | None:
    """The kind of difference between two values as a log prints them; None where it has no name.

    Args:
        actual: what the code gave.
        expected: what the test wants.
    """
    values = _read(actual), _read(expected)
    if values[0] is None and actual == "None":
        return NOTHING
    if None in values:
        return None
    one, other = values
    if str(one) == str(other):
        return TYPE
    if _is_number(one) and _is_number(other):
        return _of_numbers(one, other)
    if isinstance(one, str) and isinstance(other, str):
        return _of_texts(one, other)
    if type(one) is type(other) and isinstance(one, list | tuple | set):
        return ORDER if sorted(map(repr, one)) == sorted(map(repr, other)) else ENTRIES if len(one) != len(other) else None
    return None


def _of_numbers(one: float, other: float) -> Difference | None:
    if isinstance(one, float) and abs(one - other) <= CLOSE * max(abs(one), abs(other)):
        return FLOATING
    if one == -other:
        return SIGN
    if (
        other
        and one
        and any(abs(one * factor - other) < CLOSE * abs(other) or abs(other * factor - one) < CLOSE * abs(one) for factor in FACTORS)
    ):
        return FACTOR
    return OFF_BY_ONE if abs(one - other) == 1 else None


def _of_texts(one: str, other: str) -> Difference | None:
    if one.lower() == other.lower():
        return CASE
    return SPACE if one.split() == other.split() else None


def _read(text: str) -> Any:
    """The Python literal that a text is; None where it is none."""
    if len(text) > LONGEST:
        return None
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
