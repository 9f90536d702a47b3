"""The tests of a repository: which of them fail, which do not, and what sets them up."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assistant.evidence import Failure
from assistant.gathering.change.symbols import Symbol, enclosing, symbols_of, words_of
from assistant.gathering.code import is_test
from assistant.gathering.collection import Collection
from assistant.gathering.locating import clean_path, find_paths
from assistant.gathering.related import conftests, parts_of_test_id

FAILING_LIMIT, PASSING_LIMIT, FILE_LIMIT = 16, 60, 30
_BLOCK = re.compile(
    r"^(?P<indent>\s{0,40})(?:(?:await|void)\s)?(?:test|it|specify|scenario)(?:\.\w{1,20})?\s?\(?\s?(?P<quote>['\"`])(?P<name>.{1,200}?)(?P=quote)"
)
_TOLD = re.compile(r"(?<![\w./\\-])((?:file://)?(?:[A-Za-z]:)?[\w./\\@+-]{1,300}\.[A-Za-z]{1,5}):([1-9][0-9]{0,6})\b")
SETUP = frozenset(
    {
        "setUp",
        "setUpClass",
        "setup",
        "setup_method",
        "setup_class",
        "setup_module",
        "setup_function",
        "asyncSetUp",
        "setUpTestData",
        "before",
        "beforeEach",
    }
)


class Tests(NamedTuple):
    """The tests that matter for a failure.

    Args:
        failing: those that fail.
        passing: other tests of files that ran.
    """

    failing: tuple[Symbol, ...]
    passing: tuple[Symbol, ...]


def tests_of(failures: Sequence[Failure], collection: Collection) -> Tests:
    """Find the failing tests and others beside them in the repository.

    Args:
        failures: the failure and the others of the same log.
        collection: where to read from.
    """
    failing = list(dict.fromkeys(_failing(failures, collection)))[:FAILING_LIMIT]
    files = dict.fromkeys([one.path for one in failing])
    paths = [path for path in (collection.repository.files if collection.repository else ()) if is_test(path)]
    files.update(dict.fromkeys(paths[:FILE_LIMIT]))
    others = (one for path in files for one in tests_in(path, _source(path, collection)) if one not in failing)
    return Tests(tuple(failing), tuple(others)[:PASSING_LIMIT])


def tests_in(path: str, source: str) -> tuple[Symbol, ...]:
    """The tests of a file: functions that are named so, and blocks such as `it("…")`."""
    if not source or not is_test(path):
        return ()
    named = tuple(one for one in symbols_of(path, source) if one.name.startswith(("test", "Test")) and one.last > one.first)
    methods = [one for one in named if not any(other.outer == one.name for other in named)]
    return tuple(methods) or tuple(_blocks(path, source))


def setup_of(test: Symbol, collection: Collection) -> tuple[Symbol, ...]:
    """What runs before a test without being named by it: autouse fixtures, `setUp` and the like."""
    found: list[Symbol] = []
    for path in (test.path, *conftests(test.path)):
        for one in symbols_of(path, _source(path, collection)):
            autouse = "autouse" in one.decorators
            if autouse or (one.path == test.path and one.name in SETUP and one.outer in ("", test.outer)):
                found.append(one)
    return tuple(found)


def _failing(failures: Sequence[Failure], collection: Collection) -> Iterator[Symbol]:
    for failure in failures:
        ids = failure.test_ids
        found = [one for test_id in ids[:FAILING_LIMIT] for one in _by_id(test_id, collection)]
        yield from found or tuple(_by_place(failure, collection)) or _by_frames(failure, collection)


def _by_id(test_id: str, collection: Collection) -> Iterable[Symbol]:
    where, names = parts_of_test_id(test_id)
    paths = find_paths(where, collection) if ("." in where and "/" in where) or where.endswith(".py") else ()
    name = names[-1] if names else where.rpartition(".")[2]
    if not paths and collection.repository:
        paths = tuple(path for path in collection.repository.files if is_test(path))[:FILE_LIMIT]
    found = [one for path in paths for one in tests_in(path, _source(path, collection)) if one.name == name]
    return found if len(paths) == 1 or len(found) == 1 else found[:1]


def _by_place(failure: Failure, collection: Collection) -> Iterator[Symbol]:
    """The tests around the lines that a trace or text names."""
    places = [(frame.path, frame.line) for cause in failure.chain for frame in cause.frames] + [
        (frame.path, frame.line) for frame in failure.frames
    ]
    places += [(clean_path(path), int(line)) for path, line in _TOLD.findall(failure.text[:20_000])]
    for path, line in dict.fromkeys(places):
        for known in find_paths(path, collection) if is_test(path) else ():
            source = _source(known, collection)
            yield from (one for one in tests_in(known, source) if one.first <= line <= one.last)


def _by_frames(failure: Failure, collection: Collection) -> Iterator[Symbol]:
    """The functions of ours that a trace went through, where no test is known."""
    for frame in failure.frames:
        for known in find_paths(frame.path, collection)[:1] if frame.ours else ():
            around = enclosing(symbols_of(known, _source(known, collection)), frame.line)
            yield from (around,) if around else ()


def _blocks(path: str, source: str) -> Iterator[Symbol]:
    lines = source.split("\n")
    starts = [(number, match) for number, line in enumerate(lines, 1) if (match := _BLOCK.match(line))]
    for at, (number, match) in enumerate(starts):
        last = starts[at + 1][0] - 1 if at + 1 < len(starts) else len(lines)
        yield Symbol(path, match["name"], number, last, words_of("\n".join(lines[number - 1 : last])))


def _source(path: str, collection: Collection) -> str:
    if collection.repository is None or not collection.repository.holds(path):
        return ""
    file = collection.read(path)
    return file.source if file else ""
