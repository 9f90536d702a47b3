"""Values that the user's own patterns name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.redaction.spans import Span
from assistant.redaction.values import BLANK

if TYPE_CHECKING:
    import re2


def find_own(text: str, patterns: "tuple[re2._Regexp, ...]") -> Iterator[Span]:
    """Every place of every pattern; a place that goes over line ends is one of several parts.

    Args:
        text: the text to search.
        patterns: compiled; the first group that matched is the value, else the whole.
    """
    readable = text.encode("utf-8", "replace").decode() if patterns else ""  # bytes that were no UTF-8 become `?`
    for pattern in patterns:
        for match in pattern.finditer(readable):
            group = next((number for number in range(1, match.re.groups + 1) if match.group(number)), 0)
            start, whole = match.start(group), match.group(group)
            for part in whole.split("\n"):
                if part.strip() and BLANK not in part:
                    yield Span(start, start + len(part), "custom", whole if "\n" in whole else "")
                start += len(part) + 1
