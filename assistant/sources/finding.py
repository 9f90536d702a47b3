"""Find the files behind the paths a user gave, and give each a name that a reader can find it by."""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from assistant.sources.streams import Skipped
from assistant.sources.text import escape

MAX_FILES = 1000
MAX_NAME_PARTS = 12
LOG_SUFFIXES = frozenset({"", ".log", ".txt", ".out", ".err", ".stdout", ".stderr", ".trace", ".output", ".jsonl", ".ndjson"})
XML_SUFFIX = ".xml"
PACKED_SUFFIXES = frozenset({".gz", ".bz2", ".xz", ".zst"})
ARCHIVE_SUFFIXES = frozenset({".zip", ".tar", ".tgz", ".tbz2", ".txz"})
AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})
"""No path has another name than its own."""
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})

_WHOLE_JOB = re.compile(r"-?\d{1,6}_([^/]{1,255})\.txt")
_STEP = re.compile(r"([^/]{1,255})/(?:\d{1,6}_[^/]{1,255}|system)\.txt")


class Place(NamedTuple):
    """A file to read.

    Args:
        path: where it is; `-` for stdin.
        found: whether a folder was searched for it.
        given: which of the given paths it belongs to, counted from 0.
    """

    path: str
    found: bool = False
    given: int = 0


def suffix_of(name: str) -> str:
    """What a file's name ends with, in lower case, the packing apart: `.log` of `a.log.gz`."""
    path = Path(name)
    return (Path(path.stem).suffix if path.suffix.lower() in PACKED_SUFFIXES else path.suffix).lower()


def looks_like_log(name: str) -> bool:
    """Whether a file with that name in a folder or an archive may be a log, a report of tests, or an archive of such."""
    path = Path(name)
    hidden = any((part.startswith(".") and part not in (".", "..")) or part in SKIPPED_FOLDERS for part in path.parts)
    return not hidden and suffix_of(name) in LOG_SUFFIXES | ARCHIVE_SUFFIXES | {XML_SUFFIX}


def find_files(paths: Sequence[str], *, most: int = MAX_FILES) -> Iterator[Place | Skipped]:
    """The files behind the paths: a folder's sorted by name, at most so many of each, and what of it is passed over."""
    for given, path in enumerate(paths):
        if path == "-" or not _is_folder(path):
            yield Place(path, given=given)
        else:
            yield from _in_folder(path, given, most)


def _in_folder(folder: str, given: int, most: int) -> Iterator[Place | Skipped]:
    logs = sorted(_walk(folder))
    relative = {Path(log).relative_to(folder).as_posix(): log for log in logs}
    steps = {relative[name] for name in repeated_steps(list(relative))}
    kept = [log for log in logs if log not in steps]
    if steps:
        yield Skipped(shown(folder), f"{len(steps)} log{'s' * (len(steps) > 1)} of single steps, which the logs of their jobs repeat")
    if len(kept) > most:
        yield Skipped(shown(folder), f"{len(kept) - most} logs: only the first {most} are read")
    yield from (Place(log, True, given) for log in kept[:most])
    if not logs:
        wanted = ", ".join(sorted(LOG_SUFFIXES | ARCHIVE_SUFFIXES | {XML_SUFFIX} - {""}))
        hint = f"Looked for files ending in {wanted} (also with {', '.join(sorted(PACKED_SUFFIXES))}) or without an ending."
        yield Skipped(shown(folder), "no logs in this folder", hint, found=False)


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except ValueError:  # a NUL in the name
        return False


def _walk(folder: str) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS]
        for name in files:
            if looks_like_log(name) and Path(parent, name).is_file():
                yield str(Path(parent, name))


def repeated_steps(names: list[str]) -> frozenset[str]:
    """The logs of single steps whose job's whole log is there too, as in the archive of a GitHub Actions run.

    Args:
        names: `0_build.txt`, `build/1_Set up job.txt`, …
    """
    jobs = {match[1] for name in names if (match := _WHOLE_JOB.fullmatch(name))}
    return frozenset(name for name in names if (match := _STEP.fullmatch(name)) and match[1] in jobs)


def names_of(paths: Sequence[str], base: Path, shown_as: Mapping[str, str] = AS_THEY_ARE) -> list[str]:
    """A distinct name for each path: as short as distinctness allows.

    Args:
        paths: paths of files, `-` for stdin.
        base: the folder that names are relative to.
        shown_as: the name of a path that was stored under another one.
    """
    names = [shown(shown_as[path]) if path in shown_as else _label(path, base) for path in paths]
    for size in range(2, MAX_NAME_PARTS):
        taken = Counter(names)
        if len(taken) == len(names):
            return names
        names = [
            shown("/".join(Path(path).absolute().parts[1:][-size:])) if taken[name] > 1 and path != "-" and path not in shown_as else name
            for name, path in zip(names, paths, strict=True)
        ]
    return [f"{name} ({number})" if names.index(name) != number - 1 else name for number, name in enumerate(names, 1)]


def _label(path: str, base: Path) -> str:
    if path == "-":
        return "stdin"
    try:
        full = Path(path).resolve()
    except (OSError, ValueError):  # no path at all: opening it will say so
        return shown(path)
    return shown(full.relative_to(base).as_posix() if full.is_relative_to(base) else full.name)


def shown(path: str) -> str:
    """A path without characters that could break a line or a terminal."""
    visible = os.fsencode(path).decode("utf-8", "backslashreplace").replace("\n", "\\n").replace("\t", "\\t")
    return escape(visible)[0]
