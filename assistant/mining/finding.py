"""Which lines hold one of many words: by plain search over the whole text, which is much faster than line by line."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate


def lines_with(lines: Sequence[str], words: Iterable[str]) -> bytearray:
    """A mark for each line that holds one of the words.

    Args:
        lines: without line ends; letters of either case.
        words: in lower case; one that begins with a line end stands at a line's start.
    """
    lower = [line.lower() for line in lines]
    text = "\n" + "\n".join(lower)
    marks = bytearray(len(lines))
    starts = list(accumulate((len(line) + 1 for line in lower), initial=1))
    for word in words:
        shift = word.startswith("\n")
        at = text.find(word)
        while at >= 0:
            index = bisect_right(starts, at + shift) - 1
            marks[index] = 1
            at = text.find(word, starts[index + 1] - shift)
    return marks
