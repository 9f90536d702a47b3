"""What differs between a green and a red log: versions, tests, durations, how often a record is repeated."""

import re
from collections import Counter
from collections.abc import Iterator

from assistant.gathering.change.ran import Ran, ran_of

READ_LIMIT = 400_000
MOST_RECORDS, MOST_NAMES = 8, 6
SLOWER = 1.5
LEAST_S = 1.0
_NUMBER = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,40}\b|\d+(?:[.:,]\d+)*")
_TOOK = re.compile(r"\bin (\d+(?:\.\d+)?)\s?s(?:econds)?\b|\bduration_ms (\d+(?:\.\d+)?)|\bTime: {1,8}(\d+(?:\.\d+)?) s\b")
_TEST_LINE = re.compile(r"^\s*(?:tests?/|test_|[✔✖✓✕]|ok \d|not ok|---|===|FAILED|E  )")
_RECORD = re.compile(
    r"\b(?:ERROR|WARN(?:ING)?|CRITICAL|INFO|DEBUG|FATAL|retry|retries|timeout|reconnect|refused|deprecat|cache|slow)\w{0,20}\b", re.I
)
SHOWN = 160


def log_differences(green: str, red: str) -> tuple[str, ...]:
    """One line a difference, as a reader would say it; empty where there is none.

    Args:
        green: the masked text of the log of a run that passed.
        red: that of the failing run.
    """
    before, after = ran_of(green), ran_of(red)
    return (*_versions(before, after), *_tests(before, after), *_durations(green, red), *_records(green, red))


def _versions(before: Ran, after: Ran) -> Iterator[str]:
    for name in dict.fromkeys([*before.versions, *after.versions]):
        old, new = before.versions.get(name, "not there"), after.versions.get(name, "not there")
        if old != new:
            yield f"{name}: {old} -> {new}"


def _tests(before: Ran, after: Ran) -> Iterator[str]:
    for path in dict.fromkeys([*before.counts, *after.counts]):
        old, new = before.counts.get(path, 0), after.counts.get(path, 0)
        if old != new:
            yield f"tests in {path}: {old} -> {new}"
    for told, names in (("only in the failing run", after.names - before.names), ("only in the green run", before.names - after.names)):
        if names and before.names:
            yield f"{told}: {', '.join(sorted(names)[:MOST_NAMES])}"
    if before.total and after.total and before.total != after.total:
        yield f"tests in all: {before.total} -> {after.total}"


def _durations(green: str, red: str) -> Iterator[str]:
    old, new = _took(green), _took(red)
    if old and new and max(old, new) >= LEAST_S and not 1 / SLOWER < new / old < SLOWER:
        yield f"duration: {old:g} s -> {new:g} s"


def _took(text: str) -> float:
    found = list(_TOOK.finditer(text[-READ_LIMIT:]))
    last = found[-1] if found else None
    return 0.0 if last is None else float(last[1] or last[3] or 0) or float(last[2] or 0) / 1000


def _records(green: str, red: str) -> Iterator[str]:
    """Records that one run repeats more often than the other, numbers left aside."""
    old, new = _counted(green), _counted(red)
    rows = [(abs(new[one] - old[one]), one) for one in dict.fromkeys([*new, *old]) if new[one] != old[one] and max(new[one], old[one]) > 1]
    for _, one in sorted(rows, key=lambda row: -row[0])[:MOST_RECORDS]:
        yield f"{old[one]} -> {new[one]} times: {one[:SHOWN]}"


def _counted(text: str) -> Counter[str]:
    lines = (" ".join(line.split()) for line in text[:READ_LIMIT].split("\n") if not _TEST_LINE.match(line) and _RECORD.search(line[:400]))
    return Counter(_NUMBER.sub("N", line) for line in lines)
