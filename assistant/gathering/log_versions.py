"""Versions that a log states: test headers, installers, pip lists, tools that print theirs."""

import re
from collections.abc import Iterator

from assistant.evidence import Excerpt, Failure, Masked
from assistant.gathering.claims import Claim, Trust, normalise
from assistant.gathering.collection import line_of
from assistant.gathering.installers import MARKS, NAME, PIN, VERSION, packages_of_line
from assistant.mining.lines import undecorated

LINE_CHARS = 20_000
TABLE_CHARS = 40_000
AFTERWARDS = 1_000_000
_PYTHON = re.compile(
    rf"(?:^|[>\]$:] {{0,4}})Python (?:version:? ?)?v?({VERSION})(?![\w.])|(?:-- |Using |with |version: )C?Python ({VERSION})(?![\w.])"
    rf"|CPython[ /(]{{1,2}}v?({VERSION})"
)
_PYTHON_PATH = re.compile(
    r"[/\\]([23]\.[0-9]{1,2}\.[0-9]{1,2})(?:[/\\](?:x64|x86|arm64))?[/\\][Ll]ib[/\\]|[/\\]python([23]\.[0-9]{1,2})[/\\]|[/\\]Python([23])([0-9]{1,2})[/\\]"
)
_TABLE_ROW = re.compile(rf"^ {{0,4}}({NAME}) {{1,60}}({VERSION})(?: {{1,60}}\S{{1,200}}){{0,2}}$")
_TOOL = re.compile(
    r"(?:^|[>$\]|:] {0,8}|\b(?:Running|Using|Starting|starting|version|Server) )(?:using )?"
    r"(go version go|node(?:\.js)?(?: version)?[ :/]{1,3}v|npm(?: version)?[ :@/]{1,3}v?|Node\.js v|PostgreSQL |MySQL |MariaDB |Redis (?:server )?v?=?|MongoDB |"
    r"Docker version |Docker Compose version v?|docker-compose version |Terraform v|rustc |cargo |uvicorn |gunicorn |celery v?|Apache Maven |Gradle |"
    rf"openjdk version \"|java version \"|ruby |Poetry \(version |uv |pip )({VERSION}|[0-9]+(?:\.[0-9]+)+)(?![\w.])"
)
_TOOL_NAMES = {
    "go version": "go", "node": "node", "npm": "npm", "postgresql": "postgresql", "mysql": "mysql", "mariadb": "mariadb-server", "redis": "redis-server",
    "mongodb": "mongodb", "docker compose": "docker-compose", "docker-compose": "docker-compose", "docker": "docker-engine", "terraform": "terraform",
    "rustc": "rust", "cargo": "cargo", "uvicorn": "uvicorn", "gunicorn": "gunicorn", "celery": "celery", "apache maven": "maven",
    "gradle": "gradle", "openjdk": "java", "java": "java", "ruby": "ruby", "poetry": "poetry", "uv": "uv", "pip": "pip",
}  # fmt: skip
_MARKS = (
    *MARKS, "Python ", "CPython", "version ", "Version ",
    "node", "Node.js", "npm", "PostgreSQL ", "MySQL ", "MariaDB ", "Redis ", "MongoDB ", "Terraform ", "rustc ", "cargo ", "uvicorn ", "gunicorn ",
    "celery ", "Maven ", "Gradle ", "uv ", "pip ",
)  # fmt: skip
HITS_A_MARK = 500
_TABLE = re.compile(r"^(?: {0,4}Package +Version\b|# Name {1,60}Version\b).*$", re.MULTILINE)


def claims_of_log(name: str, log: Excerpt, around: int) -> Iterator[Claim]:
    """The versions a log states.

    Args:
        name: the log.
        log: what is read of it.
        around: the line the failure begins at; where a log states several, the last one before it counts.
    """
    text = log.text
    for row, line in _marked_lines(text):
        for package, version in _of_line(line):
            yield _claim(name, log.number(row), around, package, version)
    for header in _TABLE.finditer(text):
        top = line_of(text, header.start()) - 1
        for offset, line in enumerate(text[header.end() + 1 : header.end() + TABLE_CHARS].split("\n"), 1):
            entry = _TABLE_ROW.match(line)
            if entry:
                yield _claim(name, log.number(top + offset), around, entry[1], entry[2])
            elif not line.lstrip().startswith("---"):
                break


def python_by_path(failure: Failure) -> Claim | None:
    """Python's version by the paths of a stack trace: `/3.11.7/lib/` tells it all, `/lib/python3.11/` only its minor version."""
    hint: Claim | None = None
    for offset, line in enumerate(failure.text.split("\n")):
        found = _PYTHON_PATH.search(line[:LINE_CHARS])
        if not found:
            continue
        number, log = failure.number(offset), failure.origin.path
        if found[1]:
            return Claim("python", found[1], Trust.LOG_PATH, number, number, log=log)
        hint = hint or Claim("python", found[2] or f"{found[3]}.{found[4]}", Trust.LOG_HINT, number, number, log=log, exact=False)
    return hint


def _claim(log: str, number: int, around: int, package: str, version: str) -> Claim:
    distance = around - number if number <= around else AFTERWARDS + number
    return Claim(normalise(package), version, Trust.LOG, number, number, log=log, distance=distance)


def is_package_list(text: Masked) -> bool:
    """Whether a log is nothing but a list of installed packages (`pip freeze`)."""
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    return len(lines) > 3 and all(PIN.match(line) or " @ " in line for line in lines)


def _marked_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines, counted from 0, that hold a word which lines with versions have, found at the speed of `str.find`."""
    starts: set[int] = set()
    for mark in _MARKS:
        at = text.find(mark)
        for _ in range(HITS_A_MARK):
            if at < 0:
                break
            starts.add(text.rfind("\n", 0, at) + 1)
            at = text.find(mark, at + len(mark))
    row, reached = 0, 0
    for start in sorted(starts):
        row += text.count("\n", reached, start)
        reached = start
        end = text.find("\n", start)
        if 0 <= (len(text) if end < 0 else end) - start <= LINE_CHARS:
            yield row, undecorated(text[start : len(text) if end < 0 else end])


def _of_line(line: str) -> Iterator[tuple[str, str]]:
    if found := _PYTHON.search(line):
        yield "python", next(group for group in found.groups() if group)
    yield from packages_of_line(line)
    if found := _TOOL.search(line):
        tool = found[1].lower()
        name = next((name for start, name in _TOOL_NAMES.items() if tool.startswith(start)), "")
        if name:
            yield name, found[2]
