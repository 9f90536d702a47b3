"""What a lock file or list of packages changed, as versions."""

import re
from collections.abc import Iterator, Sequence

from assistant.changes import Edit, EditKind
from assistant.gathering.change.hunks import Hunk

_PINNED = re.compile(
    r"^\s{0,8}[\"']?(?P<name>(?:@[\w.-]{1,60}/)?[A-Za-z][\w./-]{0,100}?)(?:\[[\w,\s-]{1,60}\])?[\"']?\s{0,4}(?:==|===|~=|>=|<=|\^|@|:\s?|=\s?| v?| \()\s{0,4}[\"'^~=v<>]{0,4}(?P<version>[0-9]+(?:\.[\w-]+){1,4}(?:\+[\w.]+)?)"
)
_NAMED = re.compile(
    r"^\s{0,12}(?:name\s?=\s?[\"'](?P<toml>[^\"'\n]{1,100})[\"']|[\"']?(?:node_modules/)?(?P<json>(?:@[\w.-]{1,60}/)?[A-Za-z][\w./-]{0,100})[\"']?(?:@[^:\n]{1,80})?:\s?\{?$)"
)
_VERSION = re.compile(r"^\s{0,12}[\"']?version[\"']?\s?[:=]?\s?[\"'](?:==)?(?P<version>[0-9][\w.+-]{0,40})[\"']")
TOOLS = frozenset(
    {
        "pytest",
        "ruff",
        "mypy",
        "black",
        "flake8",
        "coverage",
        "pip",
        "setuptools",
        "wheel",
        "packaging",
        "pluggy",
        "iniconfig",
        "eslint",
        "prettier",
        "typescript",
        "isort",
        "pre-commit",
        "certifi",
        "tomli",
        "exceptiongroup",
    }
)
"""Packages that a program does not run with: an upgrade of one is seldom the cause."""


def package_edits(found: Sequence[Hunk], before: Sequence[str], after: Sequence[str]) -> tuple[Edit, ...]:
    """The packages whose version changed, those that a program runs with first.

    Args:
        found: the hunks of the file.
        before: all its lines before.
        after: all its lines after.
    """
    old: dict[str, tuple[str, str]] = {}
    new: dict[str, tuple[str, str]] = {}
    for hunk in found:
        old.update(_versions(before, hunk.old_first, len(hunk.removed)))
        new.update(_versions(after, hunk.new_first, len(hunk.added)))
    edits = [_edit(name, old.get(name, ("", "")), new.get(name, ("", ""))) for name in dict.fromkeys([*old, *new])]
    return tuple(sorted((one for one in edits if one.before != one.after), key=_rank))


def pins(text: str) -> dict[str, str]:
    """The versions that a list of packages fixes, by their names in lower case."""
    lines = text.split("\n")
    return {
        name.lower().replace("_", "-"): version
        for name, (version, line) in _versions(lines, 1, len(lines))
        if "==" in line or "version" in line
    }


def _edit(name: str, old: tuple[str, str], new: tuple[str, str]) -> Edit:
    return Edit(kind=EditKind.VERSION, name=name, before=old[0], after=new[0], removed=old[1], added=new[1])


def _rank(edit: Edit) -> tuple[bool, bool, int]:
    return (is_tool(edit.name), not (edit.before and edit.after), step(edit.before, edit.after))


def is_tool(name: str) -> bool:
    """Whether a package is a tool that the program does not run with."""
    return name.lower() in TOOLS or name.lower().startswith(("pytest-", "types-", "@types/"))


def step(before: str, after: str) -> int:
    """Which part of a version moved: 0 the first, or the second below 1.0, where anything may break; then 1, 2."""
    one, other = (re.findall(r"\d+", version)[:3] for version in (before, after))
    at = next((number for number, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), 2)
    return at - 1 if at and one[:1] == ["0"] else at


def _versions(lines: Sequence[str], first: int, count: int) -> Iterator[tuple[str, tuple[str, str]]]:
    for number in range(first, first + count):
        line = lines[number - 1] if number <= len(lines) else ""
        if plain := _VERSION.match(line):
            name = _name_above(lines, number - 1)
            if name:
                yield name, (plain["version"], line.strip())
        elif pinned := _PINNED.match(line):
            yield pinned["name"], (pinned["version"], line.strip())


def _name_above(lines: Sequence[str], at: int) -> str:
    for line in reversed(lines[max(0, at - 3) : at]):
        if found := _NAMED.match(line):
            return found["toml"] or found["json"]
    return ""
