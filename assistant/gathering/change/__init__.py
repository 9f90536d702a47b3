"""The change from green to red: which edits since the last green state the failing tests can feel, the likeliest first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.changes import Change, Suspect
from assistant.evidence import Failure, Origin
from assistant.gathering.change.felt import tell_reach
from assistant.gathering.change.git import Git, open_git
from assistant.gathering.change.greenstate import GreenState, Past, by_green_log, by_tests, stated
from assistant.gathering.change.history import Touch, commits, touches, tree
from assistant.gathering.change.index import code_around
from assistant.gathering.change.logs import log_differences
from assistant.gathering.change.notes import called_on_failing_line, tell_notes
from assistant.gathering.change.pending import pending
from assistant.gathering.change.reach import Code, Reached, reached_from
from assistant.gathering.change.roles import Role, role_of
from assistant.gathering.change.suspects import Found, Scene, suspects
from assistant.gathering.change.symbols import Symbol, is_code, words_of
from assistant.gathering.change.telling import list_commits, told
from assistant.gathering.change.tested import Tests, setup_of, tests_of
from assistant.gathering.change.texts import sides_of
from assistant.gathering.change.weighing import SILENT
from assistant.gathering.collection import Collection
from assistant.gathering.given import Given

__all__ = ["change_since_green"]

TOLD_LIMIT = 7
TOUCH_LIMIT = 600
LOGS_WEIGHT = 0.7


def change_since_green(collection: Collection, others: Sequence[Failure], given: Given) -> Change:
    """Find the green state, and rank what changed since by how much the failing tests feel it; the best go into the ledger.

    Args:
        collection: where to read from and add to.
        others: the other failures of the same input.
        given: what the user says of the green state.
    """
    logs = _compared(collection, given)
    git = open_git(collection.repository.root) if collection.repository else None
    if git is None or collection.repository is None:
        return Change(logs=logs)
    tests = tests_of((collection.failure, *others), collection)
    past = _past(git)
    green = _green(past, tests, given, collection)
    fresh, now = pending(git, collection)
    if green is None and not fresh:
        return Change(logs=logs)
    newer = commits(git, after=green.commit) if green else ()
    changed = [touch for touch in (*fresh, *(touches(git, newer) if green else ())) if role_of(touch.path) is not Role.WORDS][:TOUCH_LIMIT]
    sides = sides_of(changed, git, now, collection)
    code = code_around(
        [one.path for one in (*tests.failing, *tests.passing)], [touch.path for touch in changed if is_code(touch.path)], collection
    )
    scene = _scene(tests, code, collection, others, logs)
    if green:
        scene = scene._replace(green=_green_lines(git, green, changed), doubtful=green.doubtful)
    ranked = [one for one in suspects(sides, scene) if one.hunks[0].weight > SILENT]
    suspected = tuple(_told(one, rank, collection, green) for rank, one in enumerate(ranked[:TOLD_LIMIT]))
    if len(ranked) > TOLD_LIMIT:
        collection.note(f"{len(ranked) - TOLD_LIMIT} more changes since the green state are suspected less and were left out")
    listed = list_commits(newer, collection)
    tell_reach(ranked, scene, tests, collection)
    tell_notes(ranked, collection)
    return Change(
        base=green.commit[:10] if green else "",
        found=green.found if green else "only what is not committed yet was looked at",
        commits=len(newer),
        suspects=suspected,
        logs=logs,
        tests=len(tests.failing),
        called=called_on_failing_line(tests.failing, code, collection),
        red_since=newer[-1].date if green and listed else "",
        listed=listed.id if listed else "",
    )


def _compared(collection: Collection, given: Given) -> str:
    """The id of the evidence that tells what differs between the green and the red log; empty where nothing does."""
    name = collection.failure.origin.path
    lines = log_differences(str(given.baseline), str(collection.log_text(name))) if given.baseline else ()
    if not lines:
        return ""
    text = collection.redactor.mask("\n".join(lines))
    return collection.cite_history(Origin(f"{given.baseline_name or 'the green log'} compared with {name}"), text, weight=LOGS_WEIGHT).id


def _past(git: Git) -> Past:
    known = commits(git)
    return Past(git, known, touches(git, known))


def _green(past: Past, tests: Tests, given: Given, collection: Collection) -> GreenState | None:
    if given.since:
        if found := stated(past, given.since):
            return found
        collection.note(f"`--since {given.since}` names no commit of the repository")
    red = str(collection.log_text(collection.failure.origin.path))
    if given.baseline and (found := by_green_log(past, str(given.baseline), red)):
        return found
    sources = {one.path: file.source for one in tests.failing if (file := collection.read(one.path))}
    return by_tests(past, tests.failing, sources)


def _scene(tests: Tests, code: Code, collection: Collection, others: Sequence[Failure], logs: str) -> Scene:
    def reach(test: Symbol) -> Reached:
        return reached_from((test, *setup_of(test, collection)), code)

    texts = [str(one.text)[:5_000] for one in (collection.failure, *others[:10])]
    words = words_of("\n".join([*texts, *(str(piece.text) for piece in collection.ledger if piece.id == logs)]))
    return Scene(code, tuple(map(reach, tests.failing)), tuple(map(reach, tests.passing)), words)


def _green_lines(git: Git, green: GreenState, changed: Sequence[Touch]) -> dict[str, Counter[str]]:
    held = {path: blob for path, blob in tree(git, green.commit).items() if path in {touch.path for touch in changed}}
    texts = git.texts(set(held.values()))
    return {path: Counter(texts[blob].split("\n")) for path, blob in held.items() if blob in texts}


def _told(one: Found, rank: int, collection: Collection, green: GreenState | None) -> Suspect:
    suspect = told(one, rank, collection)
    return replace(suspect, maybe_older=bool(green and one.touch.commit.id in green.doubtful))
