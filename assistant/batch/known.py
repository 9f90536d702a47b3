"""Causes of this batch and those of earlier ones: which is which, what is new, and what is gone."""

import hashlib
import itertools
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from assistant.batch.grouping.projects import job_of
from assistant.batch.index import Index, IndexCluster, IndexFailure
from assistant.batch.values import Alike, Cluster

SLUG = 48


def compared(
    clusters: Sequence[Cluster], before: Index | None, flaky: Mapping[str, frozenset[str]], date: str
) -> tuple[list[IndexCluster], list[IndexCluster]]:
    """The causes as the index tells them, and those of earlier batches that are gone.

    Args:
        clusters: of this batch, the one with the most failures first.
        before: the index of the batch before.
        flaky: by job, the tests that passed in another attempt.
        date: day of this batch.

    Returns:
        One entry a cluster, in order; and the causes that this batch does not have.
    """
    held = [*before.clusters, *before.gone] if before else []
    by_key: dict[str, int] = {}
    for number, one in enumerate(held):
        for key in (one.signature, *one.signatures):
            by_key.setdefault(key, number)
    taken: set[int] = set()
    used = {one.id for one in held}
    found = []
    for cluster in clusters:
        numbers = [by_key[key] for key in keys_of(cluster) if key in by_key]
        known = next((number for number in numbers if number not in taken), None)
        if known is not None:
            taken.add(known)
        found.append(_entry(cluster, held[known] if known is not None else None, flaky, date, used))
        used.add(found[-1].id)
    gone = [_gone(one, date) for number, one in enumerate(held) if number not in taken]
    return found, gone


def keys_of(cluster: Cluster) -> tuple[str, ...]:
    """By which a later batch knows a cause again: keys, signatures of this version, then those of older ones."""
    members = cluster.members
    return tuple(
        dict.fromkeys([*(one.key for one in members), *(one.signature for one in members), *(key for one in members for key in one.older)])
    )


def _entry(cluster: Cluster, known: IndexCluster | None, flaky: Mapping[str, frozenset[str]], date: str, used: set[str]) -> IndexCluster:
    seen = {one.test_id: one.first_seen for one in known.failures} if known else {}
    failures = tuple(_failures(cluster, flaky, seen, date))
    own = keys_of(cluster)
    identity = known.id if known else _new_id(cluster.first.key, used)
    return IndexCluster(
        id=identity,
        title=cluster.first.title,
        signature=cluster.first.signature,
        signatures=tuple(dict.fromkeys([*own, *(known.signatures if known else ())])),
        count=cluster.count,
        failures=failures,
        export=(known.export if known else "") or _file_name(cluster.first.title, identity),
        file=cluster.first.file,
        line=cluster.first.line,
        flaky=bool(failures) and all(one.flaky for one in failures),
        new=known is None,
        note="" if not known or known.status != "gone" else f"it is back: it was gone since {known.last_seen}",
        first_seen=known.first_seen if known else date,
        last_seen=date,
    )


def _failures(cluster: Cluster, flaky: Mapping[str, frozenset[str]], seen: Mapping[str, str], date: str) -> list[IndexFailure]:
    return [
        IndexFailure(
            test_id=one.test_id,
            source=one.source,
            line=one.line,
            phase=one.phase,
            times=one.times,
            flaky=one.test_id in flaky.get(job_of(one.source), ()),
            signature=member.signature,
            why=reason,
            first_seen=seen.get(one.test_id, date),
            last_seen=date,
        )
        for member, reason in zip(cluster.members, _reasons(cluster), strict=True)
        for one in member.sightings
    ]


def _reasons(cluster: Cluster) -> tuple[str, ...]:
    first: Alike = cluster.first
    return (f"it is the cause's first kind of failure: {first.title}", *cluster.reasons)


def _gone(one: IndexCluster, date: str) -> IndexCluster:
    return one if one.status == "gone" else replace(one, status="gone", note=f"not seen in the batch of {date}", new=False)


def _new_id(key: str, used: Container[str]) -> str:
    """An id by the cause's key; two projects may have causes with one key."""
    start = "c" + hashlib.sha256(key.encode()).hexdigest()[:8]
    return next(one for one in itertools.chain([start], (f"{start}-{number}" for number in itertools.count(2))) if one not in used)


def _file_name(title: str, identity: str) -> str:
    """What went wrong in a few words, and the id: the type without its module, then the message."""
    kind, _, message = title.lower().partition(":")
    slug = re.sub(r"[^a-z0-9]+", "-", f"{kind.rpartition('.')[2]} {message}").strip("-")[:SLUG].strip("-")
    return f"{slug}-{identity}.md" if slug else f"{identity}.md"
