"""Failures told once: what a log and the report of the same run both tell, and what passed when it was run again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from assistant.batch.grouping.projects import job_of
from assistant.batch.scanning import Read
from assistant.batch.values import Alike
from assistant.sources.source import test_digest

Rank = tuple[bool, bool, int]


def without_repeated(reads: Sequence[Read]) -> list[Alike]:
    """All groups, without what is told twice.

    Where a log and a report are of the same run, each failed test stands as the one tells it that tells more. A line that only
    looks like trouble is left out where the same folder tells of failures that are understood.

    Args:
        reads: what the inputs gave.
    """
    runs = _runs(reads)
    best: dict[tuple[int, str, str], Rank] = {}
    understood = {(runs[one.unit], seen.test_id) for one in reads for group in one.groups if group.told for seen in group.sightings}
    folders = {_folder(one) for one in reads if any(group.told for group in one.groups)}
    for one in reads:
        for group in one.groups:
            for seen in group.sightings:
                if seen.test_id:
                    key, rank = (runs[one.unit], seen.test_id, seen.phase), _rank(one, group)
                    best[key] = max(best.get(key, rank), rank)
    kept = []
    for one in reads:
        for group in one.groups:
            if not group.told and group.language == "text" and not group.sightings[0].test_id and _folder(one) in folders:
                continue
            sightings = tuple(
                seen
                for seen in group.sightings
                if not seen.test_id
                or (
                    (group.told or (runs[one.unit], seen.test_id) not in understood)
                    and best[runs[one.unit], seen.test_id, seen.phase] == _rank(one, group)
                )
            )
            if sightings:
                kept.append(group if len(sightings) == len(group.sightings) else replace(group, sightings=sightings))
    return kept


def flaky_tests(reads: Sequence[Read]) -> dict[str, frozenset[str]]:
    """By job, the tests that failed in one attempt and passed in the same or another one."""
    failed: dict[str, set[str]] = defaultdict(set)
    passed: dict[str, set[int]] = defaultdict(set)
    for one in reads:
        job = job_of(one.name)
        passed[job].update(one.passed)
        failed[job].update(seen.test_id for group in one.groups for seen in group.sightings if seen.test_id)
    return {job: frozenset(test for test in tests if test_digest(test) in passed[job]) for job, tests in failed.items() if passed[job]}


def _runs(reads: Sequence[Read]) -> list[int]:
    """By input the number of its run: a report is of the run of the log in its folder that tells of the same tests."""
    runs = [one.unit for one in reads]
    tests = [frozenset(seen.test_id for group in one.groups for seen in group.sightings if seen.test_id) for one in reads]
    logs: dict[str, list[Read]] = defaultdict(list)
    for one in reads:
        if not one.is_report and tests[one.unit]:
            logs[_folder(one)].append(one)
    for one in reads:
        if one.is_report and tests[one.unit]:
            near = [log for log in logs[_folder(one)] if 2 * len(tests[log.unit] & tests[one.unit]) >= len(tests[one.unit])]
            if near:
                runs[one.unit] = max(near, key=lambda log: (_alike(log.name, one.name), -log.unit)).unit
    return runs


def _alike(one: str, other: str) -> int:
    """How many characters two names begin with together."""
    return next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))


def _rank(read: Read, group: Alike) -> Rank:
    """How much a telling of a failure tells: one that is understood first, then a log, then the first."""
    return group.told, not read.is_report, -read.unit


def _folder(read: Read) -> str:
    return str(PurePosixPath(read.name).parent)
