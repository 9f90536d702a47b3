"""Texts of rules and lenses with the values of a case in them. Values are data: they are never evaluated."""

import re
from collections.abc import Callable, Mapping

from assistant.evidence import CITATION

PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([a-z_][a-z0-9_]*)(?::([A-Za-z0-9_.\-]+))?\}")
KNOWN = frozenset({"exception", "message", "test", "file", "line", "function", "library", "version"})
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`{\[])")

GAP = re.compile(r"\s{2,}|[\n\t]|(?<=[^\s`])`(?=\w)")
VALUE_LIMIT = 120
MESSAGE_LIMIT = 180

Values = Callable[[str, str], str]
"""The value of a placeholder by its name and argument; empty where there is none."""


def fill(text: str, values: Values) -> str:
    """Put values in; a sentence whose value is missing is left out.

    Args:
        text: the template: `{name}`, `{version:httpx}`, and `{{` `}}` for braces.
        values: where the values come from.

    Returns:
        The text; empty where every sentence lacks a value.
    """
    return " ".join(filled for sentence in SENTENCE.split(text.strip()) if (filled := _sentence(sentence, values)))


def fill_whole(text: str, values: Values) -> str:
    """Put values in, line breaks and all; empty where one value is missing."""
    return _sentence(text.strip(), values)


def fill_each(texts: tuple[str, ...], values: Values) -> tuple[str, ...]:
    """Fill several texts; those that lack a value are left out."""
    return tuple(filled for text in texts if (filled := fill_whole(text, values)))


def placeholders(text: str) -> set[tuple[str, str]]:
    """The placeholders of a template with their arguments."""
    return {(match[1], match[2] or "") for match in PLACEHOLDER.finditer(text) if match[1]}


def from_mapping(held: Mapping[str, str]) -> Values:
    """Values that need no argument, cleaned."""
    cleaned = {name: clean(value) for name, value in held.items()}
    return lambda name, argument: cleaned.get(name, "")


def clean(value: str, limit: int = VALUE_LIMIT) -> str:
    """A value fit to stand in backticks: one verbatim piece, no backticks, not too long; empty if it would read as a citation."""
    parts = [" ".join(part.split()) for part in GAP.split(value.replace("`", ""))]
    whole = max(parts, key=len)
    plain = shorten(whole, limit)
    cut_in_word = len(plain) < len(whole) and " " not in plain
    return "" if cut_in_word or CITATION.search(plain) else plain


def shorten(text: str, limit: int) -> str:
    """The text's first part up to a word's end, so that it still stands verbatim in its source."""
    if len(text) <= limit:
        return text
    cut = text.rfind(" ", 0, limit + 1)
    return text[: cut if cut > 0 else limit].rstrip()


def sentence_list(words: list[str]) -> str:
    """`a`, `b` and `c`, in backticks."""
    marked = [f"`{word}`" for word in words]
    return " and ".join(filter(None, [", ".join(marked[:-1]), marked[-1]])) if marked else ""


def _sentence(text: str, values: Values) -> str:
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        if not match[1]:
            return match[0][0]
        found = values(match[1], match[2] or "")
        missing = missing or not found
        return found

    filled = PLACEHOLDER.sub(value, text)
    return "" if missing else filled
