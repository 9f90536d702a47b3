"""Which changes may be the cause: by what they do, by who reaches them, and by which tests fail and which do not."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from assistant.changes import Edit, EditKind, Place
from assistant.gathering.change.history import Touch
from assistant.gathering.change.reach import COMMON, Code, Reached, route_to
from assistant.gathering.change.roles import Role, role_of
from assistant.gathering.change.symbols import MODULE, Symbol, symbols_of, words_of
from assistant.gathering.change.texts import Sides
from assistant.gathering.change.weighing import DEFINED, NEUTRAL, OF_ROLE, Weighed, weighed

STEP = 0.93
UNREACHED, UNKNOWN, READ_BY_NOBODY = 0.3, 0.75, 0.6
CONTRAST, COVERED = 0.45, 0.4
FURTHER_HUNKS = 0.1
POLLUTING = 0.2
DOUBTFUL = 0.92
NAMED_IN_LOG, MOST_NAMED = 0.06, 3
NEAREST_READERS, FAR = 3, 99


_LASTING = re.compile(
    r"\bos\.environ\[.{1,60}\]\s?=|os\.chdir\(|\bglobal \w|sys\.path\.|random\.seed\(|setlocale\(|\.start\(\)|process\.env\.\w{1,60}\s?=[^=]"
    r"|^\s{0,40}(?!self\.|cls\.)[a-z]\w{0,40}(?:\.[A-Za-z_]\w{0,60}){1,3}(?:\[.{1,60}\])?\s?=[^=]|\b[A-Z][A-Z0-9_]{2,60}(?:\[|\.(?:append|clear|update|pop|add|setdefault|remove)\()|\btime\.tzset\("
)


class Scene(NamedTuple):
    """What ran, as far as names tell.

    Args:
        code: the code as it is now.
        failing: what each failing test can reach.
        passing: what each passing test can reach.
        words: the words of the failures.
        green: the lines of the changed files as the green state had them, by path.
        doubtful: commits that may have been part of the green state.
    """

    code: Code
    failing: tuple[Reached, ...]
    passing: tuple[Reached, ...]
    words: frozenset[str]
    green: Mapping[str, Counter[str]] = {}
    doubtful: frozenset[str] = frozenset()


class Nearest(NamedTuple):
    """The edited definition that is fewest steps away from a failing test, and the way to it from there."""

    depth: int
    symbol: Symbol
    route: tuple[Symbol, ...]


class Found(NamedTuple):
    """A change to one file with all that is known of it.

    Args:
        touch: which commit did what to which file.
        sides: the masked lines.
        hunks: those that are still in force, heaviest first.
        score: how much it is suspected.
        symbols: what was edited, nearest to the tests first.
        reached: how a failing test gets there in the fewest steps.
        failing: how many failing tests get there.
        passing: the share of the passing tests that get there.
        readers: who uses what was edited.
        brings: definitions of the same commit that the edited lines newly use.
    """

    touch: Touch
    sides: Sides
    hunks: tuple[Weighed, ...]
    score: float
    symbols: tuple[Symbol, ...]
    reached: Nearest | None
    failing: int
    passing: float
    readers: tuple[Place, ...]
    brings: tuple[Symbol, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What was edited, from the heaviest hunk on."""
        return tuple(dict.fromkeys(edit for one in self.hunks for edit in one.edits))


def suspects(sides: Mapping[Touch, Sides], scene: Scene) -> tuple[Found, ...]:
    """Changes to files, the most suspected first; what a later commit undid is left out.

    Args:
        sides: the masked lines of each change.
        scene: what ran.
    """
    now = {path: Counter(line.strip() for line in source.split("\n")) for path, source in scene.code.sources.items()}
    found = [one for touch, pair in sides.items() if (one := _found(touch, pair, scene, now.get(touch.path)))]
    linked = [_with_definitions(one, found) for one in found]
    return tuple(sorted(linked, key=lambda one: -one.score))


def _found(touch: Touch, sides: Sides, scene: Scene, now: Counter[str] | None) -> Found | None:
    role = role_of(touch.path)
    alive = [
        one for one in weighed(touch.path, role, sides) if _in_force(one, sides, now) and not _restores(one, scene.green.get(touch.path))
    ]
    if not alive or not OF_ROLE[role] or (role is Role.TEST and not _edits_failing_test(alive, touch.path, scene)):
        return _polluting(touch, sides, alive)
    rated = sorted(((_reach(one, touch.path, role, scene) * one.weight, one) for one in alive), key=lambda pair: -pair[0])
    best = rated[0][0] + FURTHER_HUNKS * min(3, sum(1 for score, one in rated[1:] if one.weight > DEFINED)) * rated[0][0]
    symbols = tuple(dict.fromkeys(symbol for _, one in rated for symbol in one.symbols))
    nearest, failing, passing = _who([one for _, one in rated], touch.path, role, scene)
    named = len(_words([one for _, one in rated]) & scene.words)
    score = best * OF_ROLE[role] * (1 + NAMED_IN_LOG * min(MOST_NAMED, named)) * (DOUBTFUL if touch.commit.id in scene.doubtful else 1.0)
    return Found(
        touch, sides, tuple(one for _, one in rated), score, symbols, nearest, failing, passing, _readers(rated[0][1], touch.path, scene)
    )


def _polluting(touch: Touch, sides: Sides, alive: Sequence[Weighed]) -> Found | None:
    """A new or changed test that changes something which outlives it, as the environment or an object of a module."""
    lines = [line for one in alive for line in one.hunk.added if _LASTING.search(line)]
    if role_of(touch.path) is not Role.TEST or not lines:
        return None
    edit = Edit(kind=EditKind.ADDED, added=" ".join(lines[0].split()))
    hunks = [one._replace(edits=(edit,)) if lines[0] in one.hunk.added else one for one in alive]
    return Found(touch, sides, tuple(hunks), POLLUTING, tuple(symbol for one in alive for symbol in one.symbols)[:2], None, 0, 0.0, ())


def _edits_failing_test(hunks: Sequence[Weighed], path: str, scene: Scene) -> bool:
    starts = {next(iter(reached)) for reached in scene.failing}
    names = {symbol.name for one in hunks if one.hunk.removed for symbol in one.symbols}
    return any(start.path == path and start.name in names for start in starts)


def _in_force(one: Weighed, sides: Sides, now: Counter[str] | None) -> bool:
    """Whether the file still is as the hunk left it, at least in part, or was changed on from there: not where it was undone."""
    if now is None:
        return True
    added, removed = ([line.strip() for line in lines if len(line.strip()) > 1] for lines in (one.hunk.added, one.hunk.removed))
    if any(line in now for line in added):
        return True
    left = Counter(line.strip() for line in sides.after)
    return bool(removed) and any(now[line] <= left[line] for line in removed)


def _restores(one: Weighed, green: Counter[str] | None) -> bool:
    """Whether a hunk only brings back what the green state had, indentation and all."""
    if not green:
        return False
    added, removed = ([line for line in lines if len(line.strip()) > 1] for lines in (one.hunk.added, one.hunk.removed))
    return bool(added or removed) and all(line in green for line in added) and not any(line in green for line in removed)


def _reach(one: Weighed, path: str, role: Role, scene: Scene) -> float:
    if role in (Role.PACKAGES, Role.CI, Role.RUNNER):
        return 1.0
    if not scene.failing:
        return UNKNOWN
    nearest, failing, passing = _who((one,), path, role, scene)
    if nearest is None:
        return UNREACHED if role in (Role.CODE, Role.TEST, Role.SUPPORT) else READ_BY_NOBODY
    return STEP**nearest.depth * (1 - CONTRAST * passing) * (1 - COVERED + COVERED * failing / len(scene.failing))


def _who(hunks: Sequence[Weighed], path: str, role: Role, scene: Scene) -> tuple[Nearest | None, int, float]:
    """How a failing test gets to what was edited, how many of them do, and which share of the others."""
    if role in (Role.PACKAGES, Role.CI, Role.RUNNER):
        return None, 0, 0.0
    keys = {(path, symbol.outer, symbol.name) for one in hunks for symbol in one.symbols} or {(path, "", MODULE)}
    words = frozenset() if role in (Role.CODE, Role.SUPPORT, Role.TEST) else _outside_names(hunks, path)
    hits = [hit for reached in scene.failing if (hit := _nearest(keys, words, reached))]
    if not hits:
        return None, 0, 0.0
    others = sum(_nearest(keys, words, reached) is not None for reached in scene.passing)
    return min(hits, key=lambda hit: hit.depth), len(hits), others / max(1, len(scene.passing))


def _nearest(keys: set[tuple[str, str, str]], words: frozenset[str], reached: Reached) -> Nearest | None:
    """The first definition on the way of a test that is edited, or that names what is edited outside of code."""
    for symbol, step in reached.items():
        if words & symbol.words if words else (symbol.path, symbol.outer, symbol.name) in keys:
            return Nearest(step.depth, symbol, route_to(symbol, reached))
    return None


def _outside_names(hunks: Sequence[Weighed], path: str) -> frozenset[str]:
    """By which words code names a file that no import leads to: its own name and the keys that were edited in it."""
    stem = path.rpartition("/")[2].partition(".")[0]
    keys = (
        word
        for one in hunks
        for edit in one.edits
        for name in (edit.name, *(edit.before, edit.after) * (edit.kind is EditKind.NAMES))
        for word in name.split()
    )
    return frozenset(word for word in (stem, *keys) if len(word) > 3 and word.lower() not in COMMON)


def _words(found: Sequence[Weighed]) -> frozenset[str]:
    lines = (line for one in found if one.weight > NEUTRAL for line in (*one.hunk.removed, *one.hunk.added))
    return frozenset(word for word in words_of("\n".join(lines)) if len(word) > 3 and word.lower() not in COMMON)


def _readers(one: Weighed, path: str, scene: Scene) -> tuple[Place, ...]:
    """The definitions outside of tests that use what a hunk edits, those that a failing test reaches first."""
    names = {edit.name for edit in one.edits[:2] if edit.name and edit.kind in (EditKind.VALUE, EditKind.GIVEN, EditKind.DROPPED)}
    names = {name.rpartition(".")[2] for name in names} | {symbol.name for symbol in one.symbols if symbol.name}
    users = [
        (min((reached[symbol].depth for reached in scene.failing if symbol in reached), default=FAR), symbol)
        for held in scene.code.by_name.values()
        for symbol in held
        if symbol.words & names and symbol.name not in names and not _around(symbol, path, one)
    ]
    near = sorted(
        (pair for pair in users if pair[1].name and role_of(pair[1].path) is Role.CODE),
        key=lambda pair: (pair[0], pair[1].path, pair[1].first),
    )
    return tuple(dict.fromkeys(Place(path=symbol.path, name=symbol.shown) for _, symbol in near))[:NEAREST_READERS]


def _around(symbol: Symbol, path: str, one: Weighed) -> bool:
    """Whether a definition holds the edited ones, or is one of them."""
    return symbol.path == path and any(symbol.first <= inner.first and inner.last <= symbol.last for inner in one.symbols)


def _with_definitions(one: Found, found: Sequence[Found]) -> Found:
    """A change with the definitions that it newly uses, where the same commit brought them."""
    used = words_of("\n".join(line for hunk in one.hunks if hunk.weight > DEFINED for line in hunk.hunk.added))
    used -= words_of("\n".join(one.sides.before))
    brought = tuple(_brought(used, one, found))
    return one._replace(brings=brought)


def _brought(used: frozenset[str], one: Found, found: Sequence[Found]) -> Iterator[Symbol]:
    for other in found:
        if other.touch.commit == one.touch.commit and other.touch.path != one.touch.path and role_of(other.touch.path) is Role.CODE:
            yield from (
                symbol for symbol in symbols_of(other.touch.path, other.sides.texts[1]) if symbol.name in used and symbol.name not in COMMON
            )
