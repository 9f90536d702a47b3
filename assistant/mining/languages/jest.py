"""Test runs of Jest and Vitest: a block a failed test, and suites that could not run."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure
from assistant.mining.languages import javascript
from assistant.mining.languages.scan import MAX_BLOCK, indent, message_of, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_TITLE = Lazy(r"^(\s{0,8})● (\S.{0,1000}?)\s*$")
_NO_TEST = ("Console", "Deprecation Warning", "Cannot log after tests are done")
_BROKEN = "Test suite failed to run"
_FILE = Lazy(r"^\s{0,3}FAIL\s.{0,200}?([^\s>]{1,400}\.[cm]?[jt]sx?)\b")
_TYPESCRIPT = Lazy(r"^\s*(?:(\S{1,400}?)(?::(\d{1,7}):\d{1,7}|\((\d{1,7}),\d{1,7}\)) ?[-:] )?error (TS\d{1,6}): (.*)$")
_SUMMARY = "Summary of all failing tests"

_VITEST = Lazy(r"^\s{0,3}FAIL\s{1,3}(\|.{1,60}\| )?(\S.{0,300}?)(?: > (.{1,1000})| \[ .{1,400} \])$")
_RULER = Lazy(r"^\s*⎯{3,}")
_UNHANDLED = Lazy(r"^\s*⎯{3,} ?(?:Unhandled (?:Rejection|Error|Errors)|Uncaught Exception) ?⎯{3,}")


def find_jest(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failed tests and broken suites that Jest reports; those it repeats in its summary are told once."""
    lines, file, done = log.bare, "", 0
    seen: set[tuple[str, str]] = set()
    summary = next(iter(log.holding(_SUMMARY)), len(log))
    for index in unexplained(log, taken, "● ", "FAIL"):
        match = _TITLE.match(lines[index]) if index >= done else None
        if match is None:
            file = found.group(1) if (found := _FILE.match(lines[index])) else file
            continue
        done = end = _end(lines, index + 1, len(match.group(1)) + 2)
        title = match.group(2)
        body = lines[index + 1 : end]
        causes = _compiled(body) or javascript.read_body(body)
        if title.endswith(_NO_TEST) or not causes:
            continue
        first = index - 1 if index and index - 1 not in taken and _FILE.match(lines[index - 1]) else index
        taken.take(first, end)
        key = (title if title != _BROKEN else file, causes[-1].message)
        if index < summary or key not in seen:
            seen.add(key)
            broken = title == _BROKEN or title.startswith("Validation Error")
            test_id = (file if title == _BROKEN else "") if broken else title
            yield log.failure((first, end), causes, language="javascript", test_id=test_id, phase="collection" if broken else "call")


def _end(lines: Sequence[str], start: int, depth: int) -> int:
    """The block is indented deeper than its title."""
    end = start
    while end < min(len(lines), start + MAX_BLOCK) and (not lines[end].strip() or indent(lines[end]) >= depth):
        if _TITLE.match(lines[end]) and indent(lines[end]) <= depth:
            break
        end += 1
    return end


def _compiled(body: Sequence[str]) -> tuple[Cause, ...]:
    """What ts-jest says of code that does not compile: the first error."""
    for line in body[:8]:
        if "error" in line and (match := _TYPESCRIPT.match(line.strip())):
            path, colon, bracket, code, message = match.groups()
            frames = (frame(path, int(colon or bracket)),) if path else ()
            return (Cause(code, message, frames),)
    return ()


def find_vitest(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failed tests and suites that Vitest reports between its rulers."""
    if "⎯⎯⎯" not in log.text:
        return
    lines = log.bare
    for index in unexplained(log, taken, "FAIL ", "⎯⎯⎯ Un"):
        match, unhandled = _VITEST.match(lines[index]), _UNHANDLED.match(lines[index])
        if match is None and unhandled is None:
            continue
        end = start = index + 1
        while end < min(len(lines), index + MAX_BLOCK) and not (_RULER.match(lines[end]) or (end > start and _VITEST.match(lines[end]))):
            start = end + 1 if end == start and _VITEST.match(lines[end]) else start
            end += 1
        causes = javascript.read_body(lines[start:end]) or (Cause("", message_of(lines[index:end])),)
        taken.take(index, end)
        test_id = " > ".join(filter(None, match.groups()[1:])) if match else ""
        broken = match is not None and not match.group(3)
        phase = "" if match is None else "collection" if broken else "call"
        yield log.failure((index, end), causes, language="javascript", test_id=test_id, phase=phase)
