"""Texts of rules and lenses with the values of a case in them. Values are data: they are never evaluated."""

import re
from collections.abc import Callable, Mapping

from assistant.evidence import CITATION

PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([a-z_][a-z0-9_]*)(?::([A-Za-z0-9_.\-]+))?\}")
KNOWN = frozenset({"exception", "message", "test", "file", "line", "function", "library", "version"})
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`{\[])")

GAP = re.compile(r"\s{2,}|[\n\t]|(?<=[^\s`])`(?=\w)")
CLAUSE = re.compile(r"(?<=[^\s,;:])(?P<end>[.?!](?=\s)|(?=[,;:](?:\s|$)|\s(?:\(|- |-- |– |— |\[|because |while |but ))|$)")
"""Where a text may be cut: behind a sentence, before a comma, a colon, a bracket, a dash."""

TAILS = (" (Background on this error", " (background on this error", " (For more information")
ROOT = " with root cause"
"""What libraries and servers add behind a message: where to read on, that a trace follows."""

JOINING = frozenset([
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "cannot", "could", "do", "does", "for", "from", "has", "have", "in",
    "into", "is", "its", "may", "must", "not", "of", "on", "or", "should", "than", "that", "the", "this", "to", "was", "which", "will",
    "with", "would",
])  # fmt: skip
"""Words after which nothing ends."""

PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))
SMALLEST_PART = 0.3
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
    """The text's first part up to the end of a sentence, a clause or at least a word, verbatim as in its source."""
    if len(text) <= limit:
        return text
    return clause(text, limit) or _words(text, limit)


def clause(text: str, limit: int) -> str:
    """The longest beginning that ends with a sentence or clause, with all brackets and quotes closed; empty where there is none."""
    ends = [found.end() for found in CLAUSE.finditer(text, 0, min(len(text), limit + 1)) if limit * SMALLEST_PART < found.end() <= limit]
    return next((text[:end] for end in reversed(ends) if end < len(text) and _closed(text[:end])), "")


def without_tail(message: str) -> str:
    """A message's line without what is added behind it, such as where to read on; what is left is its beginning."""
    for tail in TAILS:
        message = message.partition(tail)[0]
    return message.removesuffix(ROOT).rstrip("])}") if message.endswith(ROOT) else message


def sentence_list(words: list[str]) -> str:
    """`a`, `b` and `c`, in backticks."""
    marked = [f"`{word}`" for word in words]
    return " and ".join(filter(None, [", ".join(marked[:-1]), marked[-1]])) if marked else ""


def _closed(text: str) -> bool:
    """Whether no bracket or quotation is left open and the last word can end a clause."""
    if text.rpartition(" ")[2].lower() in JOINING:
        return False
    quotes = len(re.findall(r"(?<!\w)'|'(?!\w)", text))
    return quotes % 2 == 0 and text.count('"') % 2 == 0 and all(text.count(one) <= text.count(other) for one, other in PAIRS)


def _words(text: str, limit: int) -> str:
    cut = text.rfind(" ", 0, limit + 1)
    if cut <= 0:
        return text[:limit].rstrip()
    kept = text[:cut].rstrip()
    while kept.rpartition(" ")[2].lower().strip("(") in JOINING | {""} and " " in kept:
        kept = kept.rpartition(" ")[0].rstrip()
    return kept


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
