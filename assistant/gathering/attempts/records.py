"""Recorded attempts as files: `.assistant/attempts/0001.json`, one an attempt, all of it masked."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

FORMAT_VERSION = 1
FOLDER = ".assistant/attempts"
RECORD_BYTES = 8_000_000
MOST = 200
NEEDED = frozenset({"approach", "command", "started", "duration_s", "exit_code"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One thing somebody tried, as it was recorded.

    Args:
        approach: what was tried, in the words of whoever did.
        command: what was run.
        started: when, ISO 8601 with time zone.
        duration_s: how long it took.
        exit_code: what the command ended with; negative for a signal.
        diff: what was not committed when it began, as a diff; empty where there was nothing or no repository.
        diff_digest: SHA-256 of it.
        commit: short id of HEAD.
        exception: what the log's first failure raised; empty where it holds no failure.
        message: the first line of what it said.
        tests: the tests that failed.
        signature: of that failure.
        log: the output, its middle cut where it is long.
        format_version: of this file.
    """

    approach: str
    command: str
    started: str
    duration_s: float
    exit_code: int
    diff: str = ""
    diff_digest: str = ""
    commit: str = ""
    exception: str = ""
    message: str = ""
    tests: tuple[str, ...] = ()
    signature: str = ""
    log: str = ""
    format_version: int = FORMAT_VERSION


def dump(record: AttemptRecord) -> str:
    """A record as JSON."""
    return json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n"


def load(path: Path) -> AttemptRecord | str:
    """Read a record, or say why it cannot be read."""
    try:
        if path.stat().st_size > RECORD_BYTES or path.is_symlink():
            return "it is too large or a link"
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return f"it cannot be read ({type(error).__name__})"
    if not isinstance(held, dict) or not isinstance(held.get("format_version"), int) or held["format_version"] > FORMAT_VERSION:
        return "it is no attempt of a format that this program knows"
    return _record(held)


def paths_in(root: Path) -> tuple[Path, ...]:
    """The records of a repository, oldest first."""
    folder = root / FOLDER
    if folder.is_symlink() or not folder.is_dir():
        return ()
    return tuple(sorted(folder.glob("[0-9]*.json"))[-MOST:])


def _record(held: dict[str, Any]) -> AttemptRecord | str:
    known = {one.name for one in fields(AttemptRecord)}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in held.items() if name in known}
    tests = values.pop("tests", ())
    wanted = {"exit_code": int, "duration_s": int | float, "format_version": int}
    fit = all(isinstance(value, wanted.get(name, str)) for name, value in values.items())
    if not fit or not values.keys() >= NEEDED or not isinstance(tests, tuple) or not all(isinstance(test, str) for test in tests):
        return "its fields are not those of an attempt"
    return AttemptRecord(**values, tests=tests)
