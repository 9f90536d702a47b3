"""Go: failed tests, panics, fatal errors, data races; errors of the compiler, of vet, of linters and of modules."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages.scan import MAX_BLOCK, MAX_MESSAGE_LINES, indent, message_of, past_blanks, span_end, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_FAIL = Lazy(r"^(\s*)--- FAIL: (\S.{0,500}?) \([\d.]{1,20}s\)$")
_GOTESTSUM = Lazy(r"^=== FAIL: (\S{1,300}) (\S.{0,500}?) \([\d.]{1,20}s\)$")
_RUN = Lazy(r"^\s*(?:=== (?:RUN|PAUSE|CONT|NAME|FAIL)|--- (?:PASS|SKIP|FAIL|BENCH))\b")
_NAMED = Lazy(r"^\s*=== (?:RUN|CONT|NAME) +(\S.{0,500}?)\s*$")
_SAID = Lazy(r"^\s+([\w./-]{1,300}\.go):(\d{1,7}): ?(.*)$")
_TESTIFY = Lazy(r"^\s+(Error Trace|Error|Test|Messages):\s{0,40}(.*)$")
_ENDS = Lazy(r"^(?:FAIL|ok  |PASS|exit status \d|panic: |\?   )")
_PANIC = Lazy(r"^\s*(panic|fatal error): (.*)$")
_GOROUTINE = Lazy(r"^\s*goroutine \d{1,10} (?:gp=\S{1,40} )?.{0,60}\[.{1,200}\]:$")
_FRAME = Lazy(r"^\s+((?:[A-Za-z]:)?[^\s:]{1,400}\.(?:go|s)):(\d{1,7})(?: \+0x[0-9a-f]{1,12})?$")
_FUNCTION = Lazy(r"^\s*(?:created by )?([\w./*()%~\[\],-]{1,400}?)(?:\(.{0,2000}\)|\(\.\.\.\)| in goroutine \d{1,10})?$")
_AGAIN = Lazy(r"^\s+panic: .*|.*\[recovered\]")
_RACE = Lazy(r"^\s*WARNING: DATA RACE$")
_RULER = Lazy(r"^\s*={18,}$")
_BUILD = Lazy(r"^\s{0,8}(vet: )?((?:\.{0,2}/)?[\w./@+~-]{1,300}\.go):(\d{1,7})(?::(\d{1,7}))?: (\S.*)$")
_PACKAGE = Lazy(r"^# [\w./@+~\[\] -]{1,300}$")
_LINTED = Lazy(r"\((?:[a-z][\w-]{1,30})\)$")
_COMPILER = Lazy(
    r"^(?:undefined: |cannot use |cannot find package|no required module|declared and not used|imported and not used|\S{1,200} (?:declared (?:and|but) not used|imported (?:and|but|as .{1,80}and) not used|redeclared)"
    r"|syntax error|missing return|too many (?:arguments|return)|not enough (?:arguments|return)|invalid (?:operation|argument)|package \S{1,200} is not in|import cycle|assignment mismatch|unknown (?:field|directive)|expected )"
)
_MODULE = Lazy(
    r"^(?:go: )?(\S{1,300}@\S{1,100}: .{1,1000}|(?:verifying|downloading|reading) \S{1,300}: .{1,1000}|(?:cannot find main module|updates to go\.(?:mod|sum) needed|go\.mod file not found|errors parsing go\.mod|inconsistent vendoring|missing go\.sum entry|module .{1,300}|build constraints exclude).{0,500})$"
)
_MODULE_ERROR = (
    "checksum mismatch",
    "unknown revision",
    "invalid version",
    "reading ",
    "not found",
    "requires",
    "no matching",
    "needed",
    "cannot find",
    "missing",
    "inconsistent",
    "exclude",
    "parsing",
    "unrecognized",
    "410 Gone",
    "i/o timeout",
)
_SUMMARY = Lazy(r"^FAIL(?:\t|\s*$)")
NEAR = 60
"""Lines between a test's output and its result, so that both are shown."""
MAX_PART, MOST_PARTS = 400, 8
"""Lines of a test's output, and pieces of it that are looked through."""
_LIBRARY_CALLS = ("panic", "testing.tRunner", "runtime.")


def find_go(log: Log, taken: Taken) -> Iterator[Failure]:
    """What Go's tools and programs report; the closing `FAIL` lines say nothing more."""
    found = False
    for find in (_races, _panics, _tests, _gotestsum, _builds, _modules):
        for failure in find(log, taken):
            found = True
            yield failure
    if found:
        for index in unexplained(log, taken, "FAIL"):
            if _SUMMARY.match(log.bare[index]) and ("\t" in log.bare[index] or index + 1 >= len(log) or log.bare[index].strip() == "FAIL"):
                taken.take(index, index + 1)


def _tests(log: Log, taken: Taken) -> Iterator[Failure]:
    lines, named = log.bare, _named_lines(log)
    for index in unexplained(log, taken, "--- FAIL: "):
        match = _FAIL.match(lines[index])
        if match is None:
            continue
        end = _body_end(lines, index + 1, len(match.group(1)))
        said, span = lines[index + 1 : end], (index, end)
        if not any(line.strip() for line in said):
            first, stop = _said_above(lines, index, named.get(match.group(2), ()))
            said, span = lines[first:stop], _span(first, stop, index)
            taken.take(first, stop)
        taken.take(index, end)
        parent = end < len(lines) and (sub := _FAIL.match(lines[end])) is not None and len(sub.group(1)) > len(match.group(1))
        if (parent and not any(line.strip() for line in said)) or any("race detected during execution" in line for line in said[:3]):
            continue
        yield log.failure(span, (_test_cause(said, lines[index]),), language="go", test_id=match.group(2), phase="call")


def _span(first: int, stop: int, index: int) -> tuple[int, int]:
    """From the output to the result, or the output alone where much stands between."""
    if stop <= first:
        return index, index + 1
    return (first, index + 1) if index - first <= NEAR else (first, stop)


def _body_end(lines: Sequence[str], start: int, depth: int) -> int:
    """What a test wrote stands below it, indented; subtests begin their own."""
    end = start
    while end < min(len(lines), start + MAX_BLOCK):
        line = lines[end]
        if _RUN.match(line) or _ENDS.match(line) or (line.strip() and indent(line) <= depth):
            break
        end += 1
    return end


def _named_lines(log: Log) -> dict[str, list[int]]:
    """Where `-v` names the test that the output below belongs to."""
    named: dict[str, list[int]] = {}
    for index in log.holding("=== "):
        if match := _NAMED.match(log.bare[index]):
            named.setdefault(match.group(1), []).append(index)
    return named


def _said_above(lines: Sequence[str], index: int, named: Sequence[int]) -> tuple[int, int]:
    """The output of a test, which `-v` prints above its result; empty where there is none."""
    before = bisect_left(named, index)
    for at in reversed(named[max(0, before - MOST_PARTS) : before]):
        end = span_end(lines, at + 1, lambda line: not (_RUN.match(line) or _ENDS.match(line)), min(index, at + MAX_PART))
        if any(_SAID.match(line) for line in lines[at + 1 : end]):
            return at + 1, end
    return index, index


def _test_cause(said: Sequence[str], title: str) -> Cause:
    """Message and place of a failed test."""
    frames = [frame(match.group(1), int(match.group(2))) for line in said if (match := _SAID.match(line))]
    if any("Error Trace:" in line for line in said):
        return Cause("", _testify(said), tuple(frames[-1:]) or _traced(said))
    texts = [match.group(3) if (match := _SAID.match(line)) else line for line in said if line.strip()]
    return Cause("", message_of(texts) or title.strip(), tuple(frames[-1:]))


def _testify(said: Sequence[str]) -> str:
    """The parts `Error:` and `Messages:` of testify's report."""
    kept: list[str] = []
    part = ""
    for line in said:
        match = _TESTIFY.match(line)
        part, text = (match.group(1), match.group(2)) if match else (part, line.strip())
        if part in ("Error", "Messages") and text:
            kept.append(text.strip())
    return "\n".join(kept[:MAX_MESSAGE_LINES])


def _traced(said: Sequence[str]) -> tuple[Frame, ...]:
    match = next((match for line in said if (match := _TESTIFY.match(line)) and match.group(1) == "Error Trace"), None)
    path, _, number = match.group(2).strip().rpartition(":") if match else ("", "", "")
    return (frame(path, int(number)),) if path and number.isdigit() else ()


def _gotestsum(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    for index in unexplained(log, taken, "=== FAIL: "):
        if match := _GOTESTSUM.match(lines[index]):
            end = span_end(lines, index + 1, lambda line: line.strip() != "" and not _RUN.match(line) and not line.startswith("DONE "))
            taken.take(index, end)
            cause = _test_cause(lines[index + 1 : end], lines[index])
            yield log.failure((index, end), (cause,), language="go", test_id=f"{match.group(1)}.{match.group(2)}", phase="call")


def _panics(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    for index in unexplained(log, taken, "panic: ", "fatal error: "):
        match = _PANIC.match(lines[index])
        head = _goroutine(lines, index + 1) if match else None
        if match is None or head is None:
            continue
        end = span_end(lines, head + 1, lambda line: _FRAME.match(line) or _FUNCTION.match(line) or line.startswith("\t"))
        frames = _frames(lines[head + 1 : end])
        while (following := past_blanks(lines, end)) < len(lines) and _GOROUTINE.match(lines[following]):
            end = span_end(lines, following + 1, lambda line: line.strip() != "")
        test = next((at for at in range(index - 1, max(-1, index - 4), -1) if _FAIL.match(lines[at]) and at not in taken), None)
        first = index if test is None else test
        taken.take(first, end)
        message = message_of([match.group(2), *(line for line in lines[index + 1 : head] if line.strip() and not _AGAIN.match(line))])
        named = _FAIL.match(lines[first]) if test is not None else None
        phase = "call" if named or "testing.tRunner" in "\n".join(lines[head:end]) else ""
        cause = Cause(match.group(1), message.removesuffix(" [recovered]"), frames)
        yield log.failure((first, end), (cause,), language="go", test_id=named.group(2) if named else _tested(frames), phase=phase)


def _goroutine(lines: Sequence[str], start: int) -> int | None:
    """The goroutine that panicked, a few lines below."""
    return next((at for at in range(start, min(len(lines), start + 12)) if _GOROUTINE.match(lines[at])), None)


def _frames(lines: Sequence[str]) -> tuple[Frame, ...]:
    """Functions with the places below them; the machinery of panics left out."""
    found: list[Frame] = []
    for above, line in pairwise(lines):
        place = _FRAME.match(line)
        function = _FUNCTION.match(above) if place else None
        if place and function and not function.group(1).startswith(_LIBRARY_CALLS):
            found.append(frame(place.group(1), int(place.group(2)), function.group(1)))
    return tuple(reversed(found))


def _tested(frames: Sequence[Frame]) -> str:
    """The test function that the frames went through."""
    return next((name for one in frames if (name := one.function.rpartition(".")[2]).startswith("Test")), "")


def read_frame(line: str) -> Frame | None:
    """The place of one frame."""
    match = _FRAME.match(line)
    return frame(match.group(1), int(match.group(2))) if match else None


def _races(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    rulers = [index for index in log.holding("==================") if _RULER.match(lines[index])]
    for index in unexplained(log, taken, "WARNING: DATA RACE"):
        if not _RACE.match(lines[index]):
            continue
        first = index - 1 if index and _RULER.match(lines[index - 1]) else index
        after = bisect_left(rulers, index)
        ruler = rulers[after] if after < len(rulers) and rulers[after] - index < MAX_PART else index
        taken.take(first, ruler + 1)
        said = [line for line in lines[index + 1 : ruler] if line.strip()]
        stop = next((at for at, line in enumerate(said[1:], 1) if indent(line) == indent(said[0])), len(said))
        failed = next((match for at in range(ruler, min(len(lines), ruler + 60)) if (match := _FAIL.match(lines[at]))), None)
        cause = Cause("DATA RACE", said[0].strip() if said else "", _frames(said[1:stop] if stop > 1 else said))
        test_id = failed.group(2) if failed else ""
        yield log.failure((first, ruler + 1), (cause,), language="go", test_id=test_id, phase="call" if failed else "")


def _builds(log: Log, taken: Taken) -> Iterator[Failure]:
    """Errors of the compiler and of vet under the name of their package, and those of linters."""
    lines, last = log.bare, -2
    broken = "[build failed]" in log.text or "[setup failed]" in log.text
    for index in unexplained(log, taken, ".go:"):
        match = _BUILD.match(lines[index])
        if match is None:
            continue
        vet, path, line, column, message = match.groups()
        headed = index > 0 and (_PACKAGE.match(lines[index - 1]) is not None or last == index - 1)
        if not (
            vet or headed or (column and (_COMPILER.match(message) or _LINTED.search(message) or (broken and indent(lines[index]) == 0)))
        ):
            continue
        end = span_end(lines, index + 1, lambda line: line.startswith("\t") and not _BUILD.match(line), index + 12)
        first = index - 1 if index and _PACKAGE.match(lines[index - 1]) else index
        taken.take(first, end)
        last = end - 1
        linter = _LINTED.search(message)
        cause = Cause(
            linter.group().strip("()") if linter and not headed else "",
            message_of([message, *lines[index + 1 : end]]),
            (frame(path, int(line)),),
        )
        yield log.failure((first, end), (cause,), language="go", phase="collection")


def _modules(log: Log, taken: Taken) -> Iterator[Failure]:
    """What the module system refused."""
    lines = log.bare
    for index in unexplained(log, taken, "go: ", "verifying "):
        match = _MODULE.match(lines[index]) if lines[index].startswith(("go: ", "verifying ")) else None
        if match is None or not any(mark in lines[index] for mark in _MODULE_ERROR) or lines[index].startswith("go: downloading"):
            continue
        end = span_end(lines, index + 1, lambda line: line.startswith(("\t", "    ")), index + 20)
        security = past_blanks(lines, end)
        if security < len(lines) and lines[security].startswith("SECURITY ERROR"):
            end = span_end(lines, security, lambda line: line.strip() != "", security + 12)
        taken.take(index, end)
        yield log.failure(
            (index, end), (Cause("", message_of([match.group(1), *lines[index + 1 : end]])),), language="go", phase="collection"
        )
