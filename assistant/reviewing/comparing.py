"""What differs between two texts, word by word, and between two exports, place by place."""

import difflib
import re
from typing import NamedTuple

from assistant.document import parse

WORDS = re.compile(r"\w+|\s+|[^\w\s]")
MOST_WORDS = 4_000
"""Longer texts are compared by line."""
Marked = tuple[tuple[bool, str], ...]
"""A text in pieces: whether the other one lacks it, and the piece."""


class Difference(NamedTuple):
    """A place that is not the same in two exports."""

    heading: str
    before: Marked
    after: Marked


def compare_texts(before: str, after: str) -> tuple[Marked, Marked]:
    """Both texts, each in pieces that say what the other lacks."""
    old, new = _pieces(before, after)
    lost: list[tuple[bool, str]] = []
    won: list[tuple[bool, str]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a < b:
            lost.append((what != "equal", "".join(old[a:b])))
        if c < d:
            won.append((what != "equal", "".join(new[c:d])))
    return tuple(lost), tuple(won)


def compare_exports(before: str, after: str) -> tuple[list[Difference], int]:
    """The places that differ, in order, and how many are the same."""
    left, right = parse(before), parse(after)
    headings = {region.place: region.heading for region in (*left.regions, *right.regions)}
    found, same = [], 0
    for place, heading in headings.items():
        old = left.body(place) if left.find(place) else ""
        new = right.body(place) if right.find(place) else ""
        if old == new:
            same += bool(old)
        else:
            found.append(Difference("Title" if place == "title" else heading, *compare_texts(old, new)))
    return found, same


def _pieces(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    if max(len(old), len(new)) <= MOST_WORDS:
        return old, new
    return before.splitlines(keepends=True), after.splitlines(keepends=True)
