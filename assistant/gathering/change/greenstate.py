"""The last green state: which commit it is, and how that was found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from assistant.gathering.change.git import Git
from assistant.gathering.change.history import Commit, Touch, tree
from assistant.gathering.change.packages import pins
from assistant.gathering.change.ran import Ran, ran_of
from assistant.gathering.change.symbols import Symbol
from assistant.gathering.change.tested import tests_in
from assistant.gathering.code import is_test
from assistant.gathering.manifests import reader_of

_TOLD = re.compile(
    r"(?i)(?:commit|revision|\bHEAD\b|\bsha\b|checkout|checked out|\bref\b|GIT_COMMIT|CI_COMMIT_SHA)[^\n]{0,80}?\b([0-9a-f]{7,40})\b"
)
NAME_LIMIT = 400


class GreenState(NamedTuple):
    """Where the change begins.

    Args:
        commit: full id of the last commit that is taken for green; empty where none could be found.
        found: how it was found, as the end of a sentence.
        doubtful: ids of later commits that may have been part of the green state.
    """

    commit: str
    found: str
    doubtful: frozenset[str] = frozenset()


class Past(NamedTuple):
    """What is known of the history that leads to the red state.

    Args:
        git: the objects.
        commits: newest first.
        touches: what they did, in the same order.
    """

    git: Git
    commits: tuple[Commit, ...]
    touches: tuple[Touch, ...]


def stated(past: Past, since: str) -> GreenState | None:
    """The commit that the user named; None where there is no such commit."""
    commit = past.git.resolve(since)
    return GreenState(commit, f"`--since {since}` names it") if commit else None


def by_green_log(past: Past, green: str, red: str) -> GreenState | None:
    """The commit that a green log names, else the oldest of the commits that it fits; None where it tells nothing.

    Args:
        past: the history.
        green: text of the green log.
        red: text of the log with the failure.
    """
    for told in reversed(_TOLD.findall(green)):
        for commit in past.commits:
            if commit.id.startswith(told.lower()):
                return GreenState(commit.id, "the green log names it")
    before, after = ran_of(green), ran_of(red)
    misfits = [_misfit(state, before, after) for state in _states(past, before, after)]
    if not misfits or len(set(misfits)) == 1:
        return None
    least = min(misfits)
    newest = misfits.index(least)
    oldest = newest
    while oldest + 1 < len(misfits) and misfits[oldest + 1] == least:
        oldest += 1
    doubtful = frozenset(commit.id for commit in past.commits[newest:oldest])
    how = "the tests that the green log counts are those of this commit" + (f" and of the {oldest - newest} after it" if doubtful else "")
    return GreenState(past.commits[oldest].id, how, doubtful)


def by_tests(past: Past, failing: Sequence[Symbol], sources: Mapping[str, str]) -> GreenState | None:
    """The newest commit at which the failing tests stood as they stand now: they could have passed there.

    Args:
        past: the history.
        failing: the failing tests.
        sources: the text of their files today.
    """
    places = [at for test in failing if (at := _written(past, test, sources.get(test.path, ""))) is not None]
    if not places:
        return None
    at = max(places)
    if at == 0:
        if len(past.commits) < 2:
            return None
        return GreenState(past.commits[1].id, "the commit after it wrote a failing test as it stands")
    return GreenState(past.commits[at].id, "there a failing test was written as it stands now, so it could have passed")


def _written(past: Past, test: Symbol, source: str) -> int | None:
    """Which commit, counted from the newest, gave a test its present lines; None where the history does not tell."""
    body = _body(test, source)
    index = {commit.id: number for number, commit in enumerate(past.commits)}
    own = [touch for touch in past.touches if touch.path == test.path]
    texts = past.git.texts({blob for touch in own for blob in (touch.before, touch.after) if blob})
    for touch in own:
        after = _bodies(test, texts.get(touch.after, ""))
        if body in after and body not in _bodies(test, texts.get(touch.before, "")):
            return index[touch.commit.id]
    return None


def _bodies(test: Symbol, source: str) -> list[str]:
    return [_body(one, source) for one in tests_in(test.path, source) if one.name == test.name]


def _body(test: Symbol, source: str) -> str:
    return "\n".join(source.split("\n")[test.first - 1 : test.last]).strip()


class _State(NamedTuple):
    """A commit's tests and pins, and those of the newest one."""

    tests: dict[str, tuple[str, ...]]
    pinned: dict[str, str]
    tests_now: dict[str, tuple[str, ...]]
    pinned_now: dict[str, str]


def _states(past: Past, before: Ran, after: Ran) -> Iterator[_State]:
    """The state after each commit, newest first, worked out backwards from what the commits did."""
    if not past.commits or not (before.names or before.counts or before.total):
        return
    held = {path: blob for path, blob in tree(past.git, past.commits[0].id).items() if is_test(path) or reader_of(path)}
    own = [touch for touch in past.touches if is_test(touch.path) or reader_of(touch.path)]
    texts = past.git.texts({*held.values(), *(touch.before for touch in own if touch.before)})
    now = _read(held, texts)
    current = now
    for commit in past.commits:
        yield _State(*current, *now)
        undone = [touch for touch in own if touch.commit.id == commit.id]
        for touch in undone:
            held.pop(touch.path, None)
            if touch.before:
                held[touch.old_path or touch.path] = touch.before
        current = _read(held, texts) if undone else current


def _read(held: Mapping[str, str], texts: Mapping[str, str]) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    tests, pinned = {}, {}
    for path, blob in held.items():
        text = texts.get(blob, "")
        if is_test(path):
            tests[path] = tuple(one.name for one in tests_in(path, text))
        else:
            pinned.update(pins(text))
    return tests, pinned


def _misfit(state: _State, before: Ran, after: Ran) -> int:
    """How much of what the green log tells a commit contradicts."""
    names, now = ({name for held in tests.values() for name in held} for tests in (state.tests, state.tests_now))
    wrong = len((before.names & now) - names) + len((after.names - before.names) & names) if before.names else 0
    for path in {**before.counts, **after.counts} if before.counts else ():
        grown = after.counts.get(path, 0) - before.counts.get(path, 0)
        wrong += abs(len(state.tests_now.get(path, ())) - len(state.tests.get(path, ())) - grown)
    if before.total and after.total and not before.names and not before.counts:
        count, count_now = (sum(map(len, tests.values())) for tests in (state.tests, state.tests_now))
        wrong += abs(count_now - count - (after.total - before.total))
    for name, version in before.versions.items():
        honest = state.pinned_now.get(name) == after.versions.get(name)
        wrong += honest and name in state.pinned and state.pinned[name] != version
    return wrong
