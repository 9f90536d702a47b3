"""Which failure comes first: causes before consequences, what stopped everything before what stopped one test."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.evidence import Failure
from assistant.mining.patterns import Lazy
from assistant.mining.signature import signature

STOPPED, FAILED, LOGGED, CONSEQUENCE, WARNED = range(5)

_RESIDUE = Lazy(r"already exists|duplicate key|lock timeout|is locked|already in use|in progress|still open|not closed", re.I)
_LEADS_IN = Lazy(r"with root cause\s*$")
"""What a server writes above the trace of the cause."""
_TRAPPED = Lazy(r"\(trapped\)|\bWARN(?:ING)?\b")
_SUFFERED = Lazy(r"timed? ?out|lock|closed|refused", re.I)


class Found(NamedTuple):
    """A failure as mined: before equal ones are told as one.

    Args:
        failure: what was found.
        order: when it happened, as far as the log tells: its place in the run, else in the log.
        strength: how much its most telling line matters in its log, 0 to 10.
    """

    failure: Failure
    order: float
    strength: float = 0.0


def grouped(found: Sequence[Found]) -> list[Found]:
    """Equal failures as one: the first stands, the others are counted and named."""
    groups: dict[tuple[str, str, bool], list[Found]] = {}
    for one in found:
        key = signature(one.failure)
        teardown = one.failure.phase == "teardown"
        groups.setdefault((key, one.failure.language, teardown), []).append(one._replace(failure=replace(one.failure, signature=key)))
    return [_told_once(group) for group in groups.values()]


def _told_once(group: list[Found]) -> Found:
    first = min(group, key=lambda one: one.order)
    tests = dict.fromkeys(one.failure.test_id for one in sorted(group, key=lambda one: one.order) if one.failure.test_id)
    tests.pop(first.failure.test_id, None)
    failure = replace(first.failure, count=sum(one.failure.count for one in group), others=tuple(tests))
    return first._replace(failure=failure, strength=max(one.strength for one in group))


def ranked(groups: Sequence[Found]) -> list[Failure]:
    """Gravest first."""
    leak = _first_leak(groups)
    return [one.failure for one in sorted(groups, key=lambda one: _gravity(one, leak))]


def _gravity(one: Found, leak: float | None) -> tuple[int, int, float, float]:
    failure = one.failure
    tier = FAILED if failure.phase else LOGGED
    if failure.phase == "collection":
        tier = STOPPED
    elif (
        failure.phase == "teardown"
        or _LEADS_IN.search(failure.text[:4000].split("\n", 1)[0])
        or (failure.phase == "setup" and leak is not None and one.order > leak)
    ):
        tier = CONSEQUENCE
    elif not failure.phase and _TRAPPED.search(failure.text.split("\n", 1)[0]):
        tier = WARNED
    return tier, -failure.count if failure.phase else 0, -one.strength, one.order


def _first_leak(groups: Sequence[Found]) -> float | None:
    """When a test first failed and left something behind; None where none did.

    A test that fails in its call and then in its teardown did not give back what it held; setups that fail
    after it fail because of that.
    """
    broken = {test: one.order for one in groups if one.failure.phase == "teardown" for test in one.failure.test_ids}
    calls = [one.order for one in groups if one.failure.phase == "call" and any(test in broken for test in one.failure.test_ids)]
    return min(calls) if calls else None
