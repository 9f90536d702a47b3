"""From a frame of a log, perhaps of another machine, to a file and line of the repository."""

import re
from typing import NamedTuple

from assistant.evidence import Frame
from assistant.gathering.collection import Collection
from assistant.gathering.repository import SourceFile

_DRIVE = re.compile(r"^[A-Za-z]:")
NEAREST = 400


class Place(NamedTuple):
    """A line of a file of the repository.

    Args:
        file: the file.
        line: where the failing code stands in it; 0 where only the file is known.
        note: what differs from the log; empty where nothing does.
    """

    file: SourceFile
    line: int
    note: str = ""


def locate(frame: Frame, collection: Collection) -> Place | None:
    """The place in the repository that a frame tells of; None where there is none or several are as likely.

    Args:
        frame: a frame of ours.
        collection: where to read from; it is told when a path is ambiguous or a file has changed.
    """
    candidates = find_paths(frame.path, collection)
    files = [file for path in candidates if (file := collection.read(path))]
    if len(files) > 1:
        shown = [file for file in files if _shows(file, frame.line, frame.code, collection)]
        if len(shown) != 1:
            names = ", ".join(f"`{file.path}`" for file in files[:4])
            collection.note(f"`{frame.path}` of the log may be any of {names}; none is shown")
            return None
        files = shown
    if not files or (_weak(frame.path, files[0].path) and not _shows(files[0], frame.line, frame.code, collection)):
        return None
    return _at_line(files[0], frame, collection)


def find_paths(path: str, collection: Collection) -> tuple[str, ...]:
    """The files that a path of a log may mean: the exact one, else those with the longest common end."""
    repository = collection.repository
    if repository is None:
        return ()
    clean = clean_path(path)
    inside = clean.removeprefix(f"{repository.root.as_posix()}/")
    if not inside.startswith("/") and repository.holds(inside):
        return (inside,)
    parts = [part for part in clean.split("/") if part not in ("", ".", "..")]
    best: list[str] = []
    longest = 0
    for candidate in repository.by_name.get(parts[-1], ()) if parts else ():
        common = _common_end(parts, candidate.split("/"))
        if common >= longest:
            best = [*best, candidate] if common == longest else [candidate]
            longest = common
    return tuple(best)


def clean_path(path: str) -> str:
    """A path of a log with forward slashes, without drive, scheme and leading `./`."""
    text = _DRIVE.sub("", path.replace("\\\\", "/").replace("\\", "/").removeprefix("file://"))
    while text.startswith("./"):
        text = text[2:]
    return text


def _common_end(one: list[str], other: list[str]) -> int:
    common = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        common += 1
    return common


def _weak(logged: str, found: str) -> bool:
    """Whether only the file's name agrees although both paths have folders."""
    one, other = clean_path(logged).split("/"), found.split("/")
    return len(one) > 1 and len(other) > 1 and _common_end(one, other) < 2


def _shows(file: SourceFile, line: int, code: str, collection: Collection) -> bool:
    wanted = _first_line(code)
    lines = collection.masked_lines(file)
    return bool(wanted) and 0 < line <= len(lines) and lines[line - 1].strip() == wanted


def _at_line(file: SourceFile, frame: Frame, collection: Collection) -> Place:
    wanted = _first_line(frame.code)
    lines = collection.masked_lines(file)
    if 0 < frame.line <= file.count and (not wanted or _agrees(lines[frame.line - 1], wanted)):
        return Place(file, frame.line)
    same = [number for number, line in enumerate(lines, 1) if wanted and line.strip() == wanted]
    if same:
        nearest = min(same, key=lambda number: abs(number - frame.line))
        return Place(file, nearest, f"the file has changed since: line {frame.line} of the log is line {nearest} now")
    collection.note(f"`{file.path}` has changed since the log was written: line {frame.line} is not what the log shows")
    return Place(file, 0, f"the file has changed since: what the log shows at line {frame.line} is no longer there")


def _agrees(line: str, wanted: str) -> bool:
    """Whether a line is the one the log shows; logs cut long lines and join statements that go over several."""
    text = line.strip()
    return text == wanted or (len(text) > 3 and (wanted.startswith(text) or text.startswith(wanted.rstrip(".…"))))


def _first_line(code: str) -> str:
    return code.strip().split("\n", 1)[0].strip()
