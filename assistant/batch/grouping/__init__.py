"""Equal failures to causes: groups that share a trait are one cause, and why is kept.

A group is what has one signature. Traits are what two groups of one project can share when one thing broke both: a service that
cannot be reached, a column that is missing, a line that raised. What only looks alike, as `assert 500 == 200`, shares nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from assistant.batch.grouping.consequences import consequences
from assistant.batch.grouping.joining import joined
from assistant.batch.grouping.projects import projects
from assistant.batch.grouping.traits import SIGNATURE
from assistant.batch.values import Alike, Cluster

Key = tuple[int, str, str]
SAME = "the same exception, message and frames of ours"


def cluster(groups: Sequence[Alike], names: Sequence[str]) -> list[Cluster]:
    """Put groups together by cause, the cause with the most failures first.

    Args:
        groups: equal failures, those of one input after each other.
        names: of the inputs, by their number.
    """
    homes = _homes(groups, names)
    shared: dict[Key, list[int]] = defaultdict(list)
    keys = [dict(_keys(one, home)) for one, home in zip(groups, homes, strict=True)]
    for index, own in enumerate(keys):
        for key in own:
            shared[key].append(index)
    effects = set()
    for number, link in enumerate(consequences(groups)):
        effects.add(link.effect)
        key = (-1 - number, "consequence", "")
        shared[key] = [link.cause, link.effect]
        keys[link.cause][key] = keys[link.effect][key] = link.reason
    found = []
    for members in joined(len(groups), shared.values()):
        ranked = sorted(members, key=lambda one: (one in effects, *_rank(groups[one])))
        found.append(_ordered([groups[one] for one in ranked], [keys[one] for one in ranked]))
    return sorted(found, key=lambda one: (-one.count, one.first.unit, one.first.order))


def _homes(groups: Sequence[Alike], names: Sequence[str]) -> list[int]:
    places: dict[int, set[str]] = defaultdict(set)
    for one in groups:
        places[one.unit] |= one.places
    found = projects(names, places)
    return [found[one.unit] for one in groups]


def _keys(group: Alike, home: int) -> Iterator[tuple[Key, str]]:
    yield (home, SIGNATURE, group.key), SAME
    for trait in group.traits:
        yield (home, trait.kind, trait.key), trait.reason


def _ordered(members: Sequence[Alike], keys: Sequence[dict[Key, str]]) -> Cluster:
    """The first group, then each with what it shares with one before it."""
    left = list(range(1, len(members)))
    placed, reasons, held = [members[0]], [], dict(keys[0])
    while left:
        at = next(one for one in left if keys[one].keys() & held.keys())
        left.remove(at)
        placed.append(members[at])
        reasons.append(next(reason for key, reason in keys[at].items() if key in held))
        held.update(keys[at])
    return Cluster(members=tuple(placed), reasons=tuple(reasons))


def _rank(group: Alike) -> tuple[bool, int, int, int, int]:
    """A cause before its consequences, many failures before few."""
    phases = {one.phase for one in group.sightings}
    return not group.told, int(phases == {"teardown"}), -sum(one.times for one in group.sightings), group.unit, group.order
