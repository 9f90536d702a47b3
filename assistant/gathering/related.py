"""Code around the failure: the failing tests, the fixtures they name, and what a failing assertion calls."""

import ast
from collections.abc import Iterator

from assistant.evidence import Failure
from assistant.gathering.code import Shown, is_test, show
from assistant.gathering.collection import Collection
from assistant.gathering.locating import Place, clean_path, find_paths
from assistant.gathering.modules import import_names, module_file
from assistant.gathering.repository import SourceFile
from assistant.gathering.syntax import Function, dotted, functions, span_of, tree_of
from assistant.sections import CodeBlock

TEST_LIMIT = 2
FIXTURE_LIMIT = 2
CALLED_LIMIT = 2
HELPER_LIMIT = 2
SCAN_LIMIT = 300
AFTERWARDS = 100_000
SHORT = 40
WEIGHT_TEST, WEIGHT_CALLED, WEIGHT_FIXTURE = 0.8, 0.7, 0.5

TestPlace = tuple[SourceFile, Function]


def related_code(collection: Collection, shown: tuple[Shown, ...]) -> tuple[tuple[CodeBlock, ...], tuple[Shown, ...]]:
    """The failing tests, what a failing assertion calls, and the fixtures the tests name; then all lines that are shown.

    Args:
        collection: where to read from and add to.
        shown: the lines that stand in the document already.
    """
    tests = failing_tests(collection)
    names = ("the failing test", "fails the same way")
    wanted = [(file, function, name, WEIGHT_TEST) for (file, function), name in zip(tests, names, strict=False)]
    if all(is_test(one.path) for one in shown):
        wanted += [(file, function, "called in the failing test", WEIGHT_CALLED) for file, function in _called(tests, collection)]
    wanted += [
        (file, function, "helper of the test", WEIGHT_CALLED) for test in tests[:1] for file, function in helpers_of(test, collection)
    ]
    wanted += [(file, function, "fixture of the test", WEIGHT_FIXTURE) for file, function in _fixtures(tests, collection)]
    blocks: list[CodeBlock] = []
    seen = list(shown)
    for file, function, note, weight in wanted:
        span = span_of(function)
        if any(one.covers(file.path, span.first, span.last) for one in seen):
            continue
        block, lines = show(Place(file, span.first), span, note, collection, weight)
        blocks.append(block)
        seen.append(lines)
    return tuple(blocks), tuple(seen)


def failing_tests(collection: Collection) -> tuple[TestPlace, ...]:
    """The functions of the failing tests that the repository has, at most two."""
    found: list[TestPlace] = []
    for test_id in collection.failure.test_ids[:20]:
        place = _test_place(test_id, collection)
        if place and place not in found:
            found.append(place)
        if len(found) == TEST_LIMIT:
            break
    return tuple(found)


def parts_of_test_id(test_id: str) -> tuple[str, tuple[str, ...]]:
    """The file (or dotted module) and the names inside it that a test id gives.

    Args:
        test_id: as `tests/test_a.py::TestX::test_y[1]`, `tests.test_a.TestX::test_y` or `test_y (tests.test_a.TestX.test_y)`.
    """
    plain = test_id.partition("[")[0].strip()
    name, opened, inside = plain.partition(" (")
    if opened:
        module = inside.rstrip(")").removesuffix(f".{name}")
        return module, (name,)
    parts = plain.split("::")
    return parts[0], tuple(parts[1:])


def _test_place(test_id: str, collection: Collection) -> TestPlace | None:
    where, names = parts_of_test_id(test_id)
    if not names and where.isidentifier():
        return _test_named(where, collection)
    file, rest = _test_file(where, collection)
    wanted = [*rest, *names]
    if file is None or not wanted:
        return None
    exact = [one for one in functions(file) if one.name == ".".join(wanted)]
    alike = exact or [one for one in functions(file) if one.name.rpartition(".")[2] == wanted[-1]]
    return (file, alike[0]) if len(alike) == 1 or exact else None


def _test_named(name: str, collection: Collection) -> TestPlace | None:
    """The one test of that name, where the log gives nothing but the name."""
    paths = [path for path in collection.repository.files if path.endswith(".py") and is_test(path)] if collection.repository else []
    files = [file for path in paths[:SCAN_LIMIT] if (file := collection.read(path)) and f"def {name}(" in file.source]
    found = [(file, one) for file in files for one in functions(file) if one.name.rpartition(".")[2] == name]
    return found[0] if len(found) == 1 else None


def _test_file(where: str, collection: Collection) -> tuple[SourceFile | None, list[str]]:
    if where.endswith(".py"):
        paths = find_paths(where, collection)
        return (collection.read(paths[0]) if len(paths) == 1 else None), []
    parts = where.split(".")
    for end in range(len(parts), 0, -1):
        paths = find_paths("/".join(parts[:end]) + ".py", collection)
        if len(paths) == 1:
            return collection.read(paths[0]), parts[end:]
    return None, []


def _fixtures(tests: tuple[TestPlace, ...], collection: Collection) -> Iterator[TestPlace]:
    left = FIXTURE_LIMIT
    seen: set[str] = set()
    for file, test in tests:
        for name in test.arguments:
            place = None if name in seen or name == "self" else _fixture(file, name, collection)
            seen.add(name)
            if place and left and place[1].last - place[1].first < SHORT:
                left -= 1
                yield place


def _fixture(file: SourceFile, name: str, collection: Collection) -> TestPlace | None:
    for path in (file.path, *conftests(file.path)):
        if collection.repository is None or not collection.repository.holds(path):
            continue
        place = collection.read(path)
        for function in functions(place) if place else ():
            if function.name == name and any(one.endswith("fixture") for one in function.decorators) and place:
                return place, function
    return None


def conftests(path: str) -> Iterator[str]:
    """The conftest files that hold for a test, nearest first."""
    folder = path.rpartition("/")[0]
    while folder:
        yield f"{folder}/conftest.py"
        folder = folder.rpartition("/")[0]
    yield "conftest.py"


def _called(tests: tuple[TestPlace, ...], collection: Collection) -> tuple[TestPlace, ...]:
    found: list[TestPlace] = []
    for file, test in tests[:1]:
        modules = _imported(file, collection)
        for name in _calls(file, test, collection.failure):
            places = [(module, one) for module in modules for one in functions(module) if one.name.rpartition(".")[2] == name]
            if len(places) == 1 and places[0] not in found:
                found.append(places[0])
    return tuple(found[:CALLED_LIMIT])


def helpers_of(test: TestPlace, collection: Collection) -> tuple[TestPlace, ...]:
    """Functions that the test calls and that stand in its own file or are fixtures it calls.

    Args:
        test: the test.
        collection: where to read from.
    """
    file, function = test
    names = _calls(file, function, collection.failure)
    own = [(file, one) for one in functions(file) if one.name in names and one.name != function.name]
    fixtures = [place for name in names if name in function.arguments and (place := _fixture(file, name, collection))]
    return tuple([*own, *fixtures][:HELPER_LIMIT])


def failing_line(file: SourceFile, test: Function, failure: Failure) -> int:
    """The line of a test that failed; its last line where the log does not say."""
    name = file.path.rpartition("/")[2]
    lines = (
        frame.line for frame in reversed(failure.frames) if test.first <= frame.line <= test.last and clean_path(frame.path).endswith(name)
    )
    return next(lines, test.last)


def _calls(file: SourceFile, test: Function, failure: Failure) -> tuple[str, ...]:
    """Names that the test calls: those on the failing line first, then upwards from it."""
    tree = tree_of(file.source)
    failing = failing_line(file, test, failure)
    calls = [
        (failing - node.lineno if node.lineno <= failing else AFTERWARDS + node.lineno, dotted(node.func).rpartition(".")[2])
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.Call) and test.first <= node.lineno <= test.last
    ]
    return tuple(dict.fromkeys(name for _, name in sorted(calls) if name))


def _imported(file: SourceFile, collection: Collection) -> tuple[SourceFile, ...]:
    """The modules of the repository that a test and its conftest files import."""
    repository = collection.repository
    if repository is None:
        return ()
    found: dict[str, SourceFile] = {}
    for path in (file.path, *conftests(file.path)):
        source = collection.read(path) if repository.holds(path) else None
        for name in import_names(source) if source else ():
            module = module_file(name, repository)
            read = collection.read(module) if module and module not in found else None
            if read:
                found[read.path] = read
    return tuple(found.values())
