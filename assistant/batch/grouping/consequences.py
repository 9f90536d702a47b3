"""Failures that follow from another one of the same run: what a failed test did not give back."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.batch.values import Alike

_RESIDUE = re.compile(
    r"(?i)already exists|duplicate key|UNIQUE constraint|lock timeout|is locked|already in use|in progress|still open|not closed|deadlock"
    r"|current transaction is aborted|being accessed by other users|already defined|already running|loop is closed"
)


BODY = ("call", "setup")


class Link(NamedTuple):
    """One group of failures follows from another.

    Args:
        cause: index of the group that came first.
        effect: index of the group that followed.
        reason: why it is taken for a consequence, for people.
    """

    cause: int
    effect: int
    reason: str


def consequences(groups: Sequence[Alike]) -> Iterator[Link]:
    """What follows from what within each input.

    A test that fails and whose teardown fails did not give back what it held; teardowns and setups that then fail over
    what is left, do so because of it.

    Args:
        groups: all groups; those of one input follow each other.
    """
    by_unit: dict[int, list[int]] = {}
    for index, one in enumerate(groups):
        by_unit.setdefault(one.unit, []).append(index)
    for members in by_unit.values():
        yield from _of_unit(groups, members)


def _of_unit(groups: Sequence[Alike], members: Sequence[int]) -> Iterator[Link]:
    torn = {one: _tests(groups[one], "teardown") for one in members}
    torn = {one: tests for one, tests in torn.items() if tests}
    calls = sorted((one for one in members if _tests(groups[one], *BODY)), key=lambda one: groups[one].order)
    leaks = [one for one in calls if any(_tests(groups[one], *BODY) & tests for tests in torn.values())]
    if not leaks:
        return
    for effect, tests in torn.items():
        cause = next((one for one in leaks if one != effect and _tests(groups[one], *BODY) & tests), None)
        if cause is not None:
            yield Link(cause, effect, "the test had failed before its teardown did, which could not give back what it held")
    leak = leaks[0]
    for effect in members:
        if (
            effect not in torn
            and _tests(groups[effect], "setup")
            and groups[effect].order > groups[leak].order
            and _RESIDUE.search(groups[effect].title)
        ):
            yield Link(leak, effect, "it came after a test that failed and left something behind, and it is over what was left")


def _tests(group: Alike, *phases: str) -> frozenset[str]:
    return frozenset(one.test_id for one in group.sightings if one.phase in phases and one.test_id)
