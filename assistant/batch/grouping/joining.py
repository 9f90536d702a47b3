"""Things joined by what they share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence


def joined(size: int, shared: Iterable[Sequence[int]]) -> list[list[int]]:
    """Put numbers together that share something, directly or over others.

    Args:
        size: how many things there are, numbered from 0.
        shared: for each thing that can be shared, the numbers of those that have it.

    Returns:
        The groups, each in ascending order, in the order of their first number.
    """
    parents = list(range(size))

    def root(one: int) -> int:
        while parents[one] != one:
            parents[one] = one = parents[parents[one]]
        return one

    for members in shared:
        for other in members[1:]:
            one, two = root(members[0]), root(other)
            parents[max(one, two)] = min(one, two)
    found: dict[int, list[int]] = defaultdict(list)
    for number in range(size):
        found[root(number)].append(number)
    return list(found.values())
