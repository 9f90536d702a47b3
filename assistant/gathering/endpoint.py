"""Which route fails, by the failing test's own call or by the server's log."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.evidence import Kind
from assistant.gathering.code import Shown, is_test, show
from assistant.gathering.collection import Collection, line_of
from assistant.gathering.locating import Place
from assistant.gathering.related import TestPlace, failing_line, helpers_of
from assistant.gathering.repository import SourceFile
from assistant.gathering.syntax import functions, span_of
from assistant.sections import CodeBlock

NEAR = 6
SCAN_LIMIT = 200
WEIGHT_HANDLER = 0.7
_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
_PATH = r"[fr]?[\"'](?:https?://(?:test(?:server)?|localhost|127\.0\.0\.1)(?::[0-9]{1,5})?)?(/[^\"'\s?]{0,200})"
_CALL = re.compile(rf"\.(get|post|put|patch|delete|head|options)\(\s*{_PATH}")
_REQUEST = re.compile(rf"\.(?:request|stream|open)\(\s*[\"']({_METHODS})[\"'],\s*{_PATH}")
_ROUTE = re.compile(r"^\s*@\w{1,60}\.(get|post|put|patch|delete|head|options)\(\s*[\"'](/[^\"'\s]{0,200})", re.MULTILINE)
_TOLD = re.compile(r"`([A-Z]{3,7}) ([^`]{1,300})`")
_TARGET = re.compile(r"\s*([A-Za-z_]\w{0,60}) = (?:await )?[\w.]{1,100}$")
_ACCESS = re.compile(
    rf"\b({_METHODS}) (?:https?://[\w.:-]{{1,100}})?(/[^\s\"?]{{0,200}})[^\s\"]{{0,300}}(?: HTTP/[0-9.]{{1,4}}\"?:?)?(?: ->| =>| -| \|)? ?\"?([45][0-9][0-9])\b"
)


class Call(NamedTuple):
    """One request that test code makes; `target` is the variable that takes its answer, if any."""

    file: SourceFile
    line: int
    method: str
    path: str
    target: str = ""


def endpoint_of(collection: Collection, tests: tuple[TestPlace, ...]) -> str | None:
    """The failing route as `POST /orders`, with the evidence; None where several are as likely.

    Args:
        collection: where to read from and add to.
        tests: the failing tests.
    """
    if tests:
        return _by_test(collection, tests[0])
    return _by_trace(collection) if collection.failure.test_id else _by_log(collection)


def handler_code(endpoint: str | None, collection: Collection, shown: tuple[Shown, ...]) -> tuple[CodeBlock, ...]:
    """The handler of the failing route, where no code but that of tests is shown and the repository has only one.

    Args:
        endpoint: the route as `endpoint_of` tells it.
        collection: where to read from and add to.
        shown: the lines that stand in the document already.
    """
    told = _TOLD.match(endpoint) if endpoint else None
    repository = collection.repository
    if told is None or repository is None or not all(is_test(one.path) for one in shown):
        return ()
    paths = [path for path in repository.files if path.endswith(".py") and not is_test(path)]
    found = []
    for path in paths[:SCAN_LIMIT]:
        file = collection.read(path)
        for match in _ROUTE.finditer(file.source) if file else ():
            if match[1].upper() == told[1] and _fits(told[2].split("/"), match[2].split("/")[1:]) and file:
                line = line_of(file.source, match.start(1))
                found += [(file, one) for one in functions(file) if one.first <= line < one.body]
    if len(found) != 1:
        return ()
    file, function = found[0]
    return (show(Place(file, function.first), span_of(function), f"handles `{told[1]} {told[2]}`", collection, WEIGHT_HANDLER)[0],)


def _fits(asked: list[str], declared: list[str]) -> bool:
    """Whether the end of a path that is asked for is the one that a route declares, parameters apart."""
    end = asked[len(asked) - len(declared) :]
    alike = zip(end, declared, strict=False)
    return bool(declared) and len(end) == len(declared) and all(one == other or "{" in one or "{" in other for one, other in alike)


def _by_test(collection: Collection, test: TestPlace) -> str | None:
    file, function = test
    own = list(_calls(file, function.first, function.last, collection))
    called = [call for other, one in helpers_of(test, collection) for call in _calls(other, one.first, one.last, collection)]
    line = failing_line(file, function, collection.failure)
    failing = [call for call in own if call.line == line] or _assigned(own, file, line)
    routes = {(call.method, call.path) for call in failing or (*own, *called)}
    if len(routes) != 1:
        return None
    call = (failing or own or called)[-1]
    held = next(
        (one for one in collection.ledger if one.origin.path == call.file.path and one.origin.first <= call.line <= one.origin.last), None
    )
    evidence = held or collection.cite_file(call.file, call.line, call.line, kind=Kind.CODE, weight=0.4)
    path, shown = _as_declared(call, collection) if "{" in call.path else ("", "")
    return f"`{call.method} {path}` ({shown}, {evidence.id})" if path else f"`{call.method} {call.path}` ({evidence.id})"


def _as_declared(call: Call, collection: Collection) -> tuple[str, str]:
    """The path of a request with the parameters' names as the route that is shown declares them, and its evidence."""
    asked = call.path.split("/")
    for piece in collection.ledger:
        for found in _ROUTE.finditer(piece.text) if piece.kind is Kind.CODE and piece.origin.path != call.file.path else ():
            declared = found[2].split("/")[1:]
            if found[1].upper() == call.method and _fits(asked, declared):
                return "/".join([*asked[: len(asked) - len(declared)], *declared]), piece.id
    return "", ""


def _assigned(calls: list[Call], file: SourceFile, line: int) -> list[Call]:
    """The last request before the failing line whose answer that line looks at."""
    words = set(re.findall(r"[A-Za-z_]\w*", file.lines[line - 1])) if 0 < line <= file.count else set()
    return [call for call in calls if call.line < line and call.target in words][-1:]


def _calls(file: SourceFile, first: int, last: int, collection: Collection) -> Iterator[Call]:
    for number, line in enumerate(collection.masked_lines(file)[first - 1 : last], first):
        for pattern in (_CALL, _REQUEST):
            for found in pattern.finditer(line[:2000]):
                target = _TARGET.match(line[: found.start()])
                yield Call(file, number, found[1].upper(), found[2], target[1] if target else "")


def _by_trace(collection: Collection) -> str | None:
    """The one request in the test's source as the log shows it."""
    failure = collection.failure
    lines = failure.text.split("\n")
    found = [
        (failure.number(row), match) for row, line in enumerate(lines) for one in (_CALL, _REQUEST) for match in one.finditer(line[:2000])
    ]
    if len({(match[1].upper(), match[2]) for _, match in found}) != 1:
        return None
    number, match = found[0]
    return f"`{match[1].upper()} {match[2]}` ({collection.cite_log(failure.origin.path, number, number, kind=Kind.LOG).id})"


def _by_log(collection: Collection) -> str | None:
    failure = collection.failure
    inside = [(failure.number(line_of(failure.text, found.start()) - 1), found) for found in _ACCESS.finditer(failure.text)]
    found = inside or _near(collection)
    routes = dict.fromkeys((match[1], match[2]) for _, match in found)
    if len(routes) != 1:
        return None
    number, match = found[0]
    evidence = collection.cite_log(failure.origin.path, number, number, kind=Kind.LOG, weight=0.4)
    return f"`{match[1]} {match[2]}` ({evidence.id})"


def _near(collection: Collection) -> list[tuple[int, re.Match[str]]]:
    """Requests that failed right before or after the error: servers log the one next to the other."""
    origin = collection.failure.origin
    first = max(1, origin.first - NEAR)
    numbered = collection.numbered_lines(origin.path, first, origin.last + NEAR)
    found = [(number, match) for number, line in numbered if (match := _ACCESS.search(line[:4000]))]
    return [one for one in found if one[1][3].startswith("5")] or found
