"""The difference of two texts as hunks, and as the lines that are shown of it."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

MOST_LINES = 6_000
CONTEXT = 2


class Hunk(NamedTuple):
    """Lines that went and lines that came in their place.

    Args:
        old_first: first line that went, counted from 1; where none went, the line before which it happened.
        removed: the lines that went.
        new_first: first line that came.
        added: the lines that came.
    """

    old_first: int
    removed: tuple[str, ...]
    new_first: int
    added: tuple[str, ...]


def hunks(before: Sequence[str], after: Sequence[str]) -> tuple[Hunk, ...]:
    """What differs between two lists of lines; one hunk for everything where they are very long.

    Args:
        before: the lines before.
        after: the lines after.
    """
    if len(before) + len(after) > MOST_LINES * 2:
        return _ends_trimmed(before, after)
    blocks = SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    return tuple(
        Hunk(first + 1, tuple(before[first:last]), start + 1, tuple(after[start:end]))
        for tag, first, last, start, end in blocks
        if tag != "equal"
    )


def shown_lines(hunk: Hunk, before: Sequence[str], after: Sequence[str], context: int = CONTEXT) -> Iterator[str]:
    """The lines of one hunk as a diff shows them, its place first.

    Args:
        hunk: what differs.
        before: all lines before.
        after: all lines after.
        context: how many lines are shown around it.
    """
    start, end = max(0, hunk.new_first - 1 - context), hunk.new_first - 1 + len(hunk.added)
    lead = after[start : hunk.new_first - 1]
    tail = after[end : end + context]
    old = hunk.old_first - len(lead)
    yield f"@@ -{old},{len(lead) + len(hunk.removed) + len(tail)} +{start + 1},{len(lead) + len(hunk.added) + len(tail)} @@"
    yield from (f" {line}" for line in lead)
    yield from (f"-{line}" for line in hunk.removed)
    yield from (f"+{line}" for line in hunk.added)
    yield from (f" {line}" for line in tail)


def _ends_trimmed(before: Sequence[str], after: Sequence[str]) -> tuple[Hunk, ...]:
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    removed, added = tuple(before[start : len(before) - end]), tuple(after[start : len(after) - end])
    return (Hunk(start + 1, removed, start + 1, added),) if removed or added else ()
