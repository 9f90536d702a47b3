"""Failed tests of C and C++: GoogleTest, Catch2, doctest, Boost.Test, CTest."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure
from assistant.mining.languages.scan import MAX_BLOCK, last_before, message_of, span_end, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_PREFIX = r"(?:\d{1,6}: )?"
_GTEST_RUN = Lazy(rf"^\s*{_PREFIX}\[ RUN      \] (\S.{{0,400}}?)\s*$")
_GTEST_END = Lazy(rf"^\s*{_PREFIX}\[  FAILED  \] (\S{{1,400}})(?:, where (?:Type|Get)Param.{{0,600}})? \(\d{{1,10}} ms\)$")
_GTEST_LISTED = Lazy(rf"^\s*{_PREFIX}\[  FAILED  \] (?:(\w[\w./]{{0,300}})(?:, where .{{0,600}})?|\d{{1,6}} tests?, listed below:)$")
_GTEST_PLACE = Lazy(rf"^\s*{_PREFIX}(?:unknown file|(\S.{{0,400}}?)(?::(\d{{1,7}})|\((\d{{1,7}})\))): (?:Failure|error: ?)(.*)$")
_CATCH_PLACE = Lazy(r"^(\S.{0,400}?)(?::(\d{1,7})|\((\d{1,7})\)): FAILED:(.*)$")
_CATCH_RULER = Lazy(r"^-{50,}$")
_DOCTEST = Lazy(r"^(\S.{0,400}?)(?:\((\d{1,7})\)|:(\d{1,7})): (?:FATAL )?ERROR: (.*)$")
_DOCTEST_CASE = Lazy(r"^TEST CASE: {1,4}(\S.{0,300})$")
_BOOST = Lazy(r"^(\S.{0,400}?)\((\d{1,7})\): (?:fatal )?error: in \"(.{1,300}?)\": (.*)$")
_CTEST = Lazy(
    r"^\s*(?:\d{1,6}/\d{1,6} )?Test +#\d{1,6}: (\S.{0,300}?) \.{2,}(?:\*{3})?(Failed|Exception: \S.{0,40}?|Timeout|Not Run|Subprocess aborted|Child aborted)\b.*$"
)
_CTEST_LIST = Lazy(r"^The following tests FAILED:$")
_CTEST_ITEM = Lazy(r"^\s+\d{1,6} - (\S.{0,300}?) \((\w.{0,60}?)\)(?: +\S.{0,200})?$")


def find_gtest(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failed tests of C and C++ frameworks; what CTest lists is told where no detail stands elsewhere."""
    count = 0
    for find in (_google, _catch, _doctest, _boost):
        for failure in find(log, taken):
            count += 1
            yield failure
    yield from _ctest(log, taken, told=count > 0)


def _google(log: Log, taken: Taken) -> Iterator[Failure]:
    lines, found, runs = log.bare, False, _runs(log)
    for index in unexplained(log, taken, "[  FAILED  ] "):
        match = _GTEST_END.match(lines[index])
        if match is None:
            if found and _GTEST_LISTED.match(lines[index]):
                taken.take(index, index + 1)
            continue
        found = True
        run = last_before(runs.get(match.group(1), ()), index, index)
        run = run if index - run < MAX_BLOCK else index
        places = [at for at in range(run, index) if at not in taken and ": " in lines[at] and _GTEST_PLACE.match(lines[at])]
        first = run if index - run < 80 or not places else places[0]
        taken.take(first, index + 1)
        cause = _google_cause(lines, places, index) if places else Cause("", lines[index].strip())
        yield log.failure((first, index + 1), (cause,), language="c++", test_id=match.group(1), phase="call")


def _runs(log: Log) -> dict[str, list[int]]:
    """Where each test of GoogleTest starts."""
    runs: dict[str, list[int]] = {}
    for index in log.holding("[ RUN      ] "):
        if match := _GTEST_RUN.match(log.bare[index]):
            runs.setdefault(match.group(1), []).append(index)
    return runs


def _google_cause(lines: Sequence[str], places: Sequence[int], limit: int) -> Cause:
    """The first failed expectation of a test."""
    match = _GTEST_PLACE.match(lines[places[0]])
    end = places[1] if len(places) > 1 else limit
    end = span_end(lines, places[0] + 1, lambda line: line.strip() != "" and not line.lstrip().startswith("["), min(end, places[0] + 40))
    path, colon, bracket, said = match.groups() if match else (None, None, None, "")
    number = colon or bracket
    message = message_of([*([said] if said.strip() else []), *lines[places[0] + 1 : end]])
    return Cause("", message, (frame(path, int(number)),) if path and number else ())


def _catch(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    for index in unexplained(log, taken, ": FAILED:"):
        match = _CATCH_PLACE.match(lines[index])
        if match is None:
            continue
        end = span_end(lines, index + 1, lambda line: line.strip() != "" and not _CATCH_PLACE.match(line), index + 60)
        rulers = [at for at in range(max(0, index - 60), index) if _CATCH_RULER.match(lines[at])]
        name = lines[rulers[-2] + 1].strip() if len(rulers) > 1 and rulers[-1] - rulers[-2] > 1 else ""
        first = rulers[-2] if name and index - rulers[-2] < 12 and rulers[-2] not in taken else index
        taken.take(first, end)
        path, colon, bracket, said = match.groups()
        cause = Cause("", message_of([said, *lines[index + 1 : end]]), (frame(path, int(colon or bracket)),))
        yield log.failure((first, end), (cause,), language="c++", test_id=name, phase="call")


def _doctest(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    if "TEST CASE: " not in log.text:
        return
    for index in unexplained(log, taken, ": ERROR: ", "FATAL ERROR: "):
        match = _DOCTEST.match(lines[index])
        if match is None:
            continue
        case = next((found.group(1) for at in range(index - 1, max(-1, index - 12), -1) if (found := _DOCTEST_CASE.match(lines[at]))), "")
        end = span_end(lines, index + 1, lambda line: line.strip() != "" and not line.startswith("="), index + 30)
        taken.take(index, end)
        path, bracket, colon, message = match.groups()
        cause = Cause("", message_of([message, *lines[index + 1 : end]]), (frame(path, int(bracket or colon)),))
        yield log.failure((index, end), (cause,), language="c++", test_id=case.strip(), phase="call")


def _boost(log: Log, taken: Taken) -> Iterator[Failure]:
    for index in unexplained(log, taken, 'error: in "'):
        if match := _BOOST.match(log.bare[index]):
            path, number, name, message = match.groups()
            taken.take(index, index + 1)
            cause = Cause("", message, (frame(path, int(number)),))
            yield log.failure((index, index + 1), (cause,), language="c++", test_id=name, phase="call")


def _ctest(log: Log, taken: Taken, *, told: bool) -> Iterator[Failure]:
    lines, seen = log.bare, set[str]()
    for index in unexplained(log, taken, "***", "The following tests FAILED:"):
        if match := _CTEST.match(lines[index]):
            end = span_end(lines, index + 1, lambda line: line.strip() != "" and not line.lstrip()[:1].isdigit(), index + 60)
            end = next((at for at in range(index + 1, end) if at in taken), end)
            taken.take(index, index + 1)
            seen.add(match.group(1))
            if not told:
                taken.take(index, end)
                said = [line for line in lines[index + 1 : end] if line.strip()]
                cause = Cause("", message_of(said) or match.group(2))
                yield log.failure((index, end), (cause,), language="c++", test_id=match.group(1), phase="call")
        elif _CTEST_LIST.match(lines[index]):
            end = span_end(lines, index + 1, _CTEST_ITEM.match)
            taken.take(index, end)
            for at in range(index + 1, end):
                item = _CTEST_ITEM.match(lines[at])
                if item and not told and item.group(1) not in seen:
                    yield log.failure((at, at + 1), (Cause("", item.group(2)),), language="c++", test_id=item.group(1), phase="call")
