"""How much an edit may change what a program does, by its kind and its file, before it is known who reaches it."""

import re
from typing import NamedTuple

from assistant.changes import Edit, EditKind
from assistant.gathering.change.edits import edits_of
from assistant.gathering.change.hunks import Hunk, hunks
from assistant.gathering.change.neutral import is_own_version, same_program, says_nothing
from assistant.gathering.change.packages import is_tool, package_edits, step
from assistant.gathering.change.roles import Role
from assistant.gathering.change.symbols import Symbol, enclosing, symbols_of, words_of
from assistant.gathering.change.texts import Sides

CHANGED, ADDED_INSIDE, DEFINED, NEUTRAL, SILENT = 1.0, 0.5, 0.22, 0.08, 0.02
IMPORTS_MOVED, IMPORTS_GONE, IMPORTS_NEW, ONLY_LOGGED = 0.65, 0.5, 0.15, 0.15
OF_ROLE = {
    Role.CODE: 1.0, Role.PACKAGES: 0.75, Role.MIGRATION: 0.8, Role.CONFIG: 0.5, Role.DATA: 0.7, Role.CI: 0.25, Role.RUNNER: 0.6, Role.SUPPORT: 0.75,
    Role.TEST: 0.35, Role.NAMES: 0.5, Role.OTHER: 0.3, Role.WORDS: 0.0,
}  # fmt: skip
PATCH_ONLY, TOOL_ONLY = 0.7, 0.2
MODIFIED_MIGRATION = 1.3


_LOGGED = re.compile(r"\s*(?:self\.)?_?(?:log|logger|logging|LOG|console|print)(?:\.\w{1,20})?\(.{0,300}\)?;?\s*$")


class Weighed(NamedTuple):
    """A hunk with what it does.

    Args:
        hunk: the lines.
        weight: how much it may change, 0 to 1.3.
        edits: what it does.
        symbols: the definitions it stands in, or that it makes.
    """

    hunk: Hunk
    weight: float
    edits: tuple[Edit, ...]
    symbols: tuple[Symbol, ...]


def weighed(path: str, role: Role, sides: Sides) -> tuple[Weighed, ...]:
    """The hunks of a change to one file, each with its weight.

    Args:
        path: the file.
        role: what the file is for.
        sides: its masked lines before and after.
    """
    found = hunks(sides.before, sides.after)
    before, after = sides.texts
    if role is Role.PACKAGES:
        return _packages(found, sides)
    neutral = path.endswith(".py") and bool(before) and same_program(before, after)
    old, new = symbols_of(path, before), symbols_of(path, after)
    return tuple(_weighed(one, role, (old, new), neutral=neutral, modified=bool(before)) for one in found)


def _weighed(hunk: Hunk, role: Role, known: tuple[tuple[Symbol, ...], tuple[Symbol, ...]], *, neutral: bool, modified: bool) -> Weighed:
    old, new = known
    symbols = _symbols(hunk, old, new)
    edits = edits_of(hunk)
    kind = edits[0].kind
    if says_nothing(hunk) or kind is EditKind.COMMENT or is_own_version(hunk):
        return Weighed(hunk, SILENT, (Edit(kind=EditKind.COMMENT),), symbols)
    if neutral:
        return Weighed(hunk, NEUTRAL, (Edit(kind=EditKind.NEUTRAL, added=edits[0].added, removed=edits[0].removed),), symbols)
    if role is Role.NAMES:
        edits = (_variables(hunk),)
    if role is Role.MIGRATION and modified:
        return Weighed(
            hunk, MODIFIED_MIGRATION, (Edit(kind=EditKind.MIGRATION, removed=edits[0].removed, added=edits[0].added), *edits), symbols
        )
    weight = ADDED_INSIDE if kind is EditKind.ADDED else _imports(hunk) if kind is EditKind.IMPORTS else CHANGED
    if all(_LOGGED.match(line) for line in (*hunk.removed, *hunk.added) if line.strip()):
        weight = ONLY_LOGGED
    if kind is EditKind.ADDED and role in (Role.CODE, Role.SUPPORT, Role.TEST) and _only_defines(hunk, old, new):
        weight, edits = DEFINED, (Edit(kind=EditKind.DEFINED, name=symbols[0].name if symbols else "", added=edits[0].added),)
    return Weighed(hunk, weight, edits, symbols)


def _imports(hunk: Hunk) -> float:
    """The same imports in another order change when modules run; new ones seldom change what was there."""
    if sorted(words_of("\n".join(hunk.removed))) == sorted(words_of("\n".join(hunk.added))):
        return IMPORTS_MOVED
    return IMPORTS_GONE if any(line.strip() for line in hunk.removed) else IMPORTS_NEW


def _variables(hunk: Hunk) -> Edit:
    """Variables that came, went or got another value; the values are numbers already."""
    old, new = (dict(line.partition("=")[::2] for line in lines if "=" in line) for lines in (hunk.removed, hunk.added))
    changed = next((name for name in old if name in new), "")
    if changed:
        return Edit(
            kind=EditKind.VALUE,
            name=changed,
            before=old[changed],
            after=new[changed],
            removed=f"{changed}={old[changed]}",
            added=f"{changed}={new[changed]}",
        )
    return Edit(
        kind=EditKind.NAMES,
        before=" ".join(list(old)[:3]),
        after=" ".join(list(new)[:3]),
        removed=_line(hunk.removed),
        added=_line(hunk.added),
    )


def _line(lines: tuple[str, ...]) -> str:
    return lines[0] if lines else ""


def _packages(found: tuple[Hunk, ...], sides: Sides) -> tuple[Weighed, ...]:
    edits = package_edits(found, sides.before, sides.after)
    if not edits:
        return tuple(Weighed(one, SILENT, (Edit(kind=EditKind.COMMENT),), ()) for one in found)
    first = edits[0]
    weight = CHANGED if first.before and first.after and step(first.before, first.after) < 2 else PATCH_ONLY
    whole = Hunk(
        found[0].old_first,
        tuple(line for one in found for line in one.removed),
        found[0].new_first,
        tuple(line for one in found for line in one.added),
    )
    return (Weighed(whole, weight * (TOOL_ONLY if all(is_tool(one.name) for one in edits) else 1.0), edits, ()),)


def _symbols(hunk: Hunk, old: tuple[Symbol, ...], new: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """The innermost definitions around the lines that came, else around those that went."""
    found = [enclosing(new, hunk.new_first + at) for at, line in enumerate(hunk.added) if line.strip()]
    if not hunk.added:
        found = [enclosing(new, hunk.new_first), *(enclosing(old, hunk.old_first + at) for at in range(len(hunk.removed)))]
    return tuple(dict.fromkeys(one for one in found if one))


def _only_defines(hunk: Hunk, old: tuple[Symbol, ...], new: tuple[Symbol, ...]) -> bool:
    """Whether the lines that came are whole definitions that were not there before."""
    names = {(one.outer, one.name) for one in old}
    fresh = [one for one in new if one.name and (one.outer, one.name) not in names]
    numbers = {number for one in fresh for number in range(one.first, one.last + 1)}
    lines = [
        hunk.new_first + at
        for at, line in enumerate(hunk.added)
        if line.strip() and not line.lstrip().startswith(("import ", "from ", "#", "//", "/*", "*", '"""'))
    ]
    return not old or not any(one.name for one in old) or all(number in numbers for number in lines)
