"""C# and .NET: failed tests of `dotnet test` and NUnit, exceptions with their stacks and inner exceptions."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages.scan import MAX_BLOCK, indent, message_of, read_frames, span_end, unexplained
from assistant.mining.lines import RECORD, Log, Taken, frame
from assistant.mining.patterns import Lazy

_FRAME = Lazy(r"^\s*at ([^\s(/][^(]{0,400}?[^\s(])\(.{0,600}\)(?: \[0x[0-9a-f]{1,8}\])?(?: in (.{1,400}?):(?:line )?(\d{1,9}))?\s*$")
_NAME = r"(?:[A-Z]\w{0,80}\.){0,10}[A-Z]\w{0,120}(?:Exception|Error)"
_THROWN = Lazy(
    rf"^\s*(?:Unhandled [Ee]xception[.:] |--->\s|\(Inner Exception #\d{{1,3}}\) |.{{0,200}}?[:\]] )?({_NAME})(?: \((?:0x)?\w{{1,20}}\))?(?:: ?(.*)|\s*)$"
)
_INNER = Lazy(rf"^(.*?) ?---> (?:\(Inner Exception #\d{{1,3}}\) )?({_NAME})(?: \((?:0x)?\w{{1,20}}\))?: ?(.*)$")
_INNER_END = "--- End of inner exception stack trace ---"
_ASYNC = Lazy(r"^\s*--- End of stack trace from previous location")
_VSTEST = Lazy(r"^(\s*)(?:X|Failed) (\S.{0,600}?)(?: \[.{0,40}(?:ms|s|m|h)\])?$")
_ERROR_MESSAGE = Lazy(r"^\s*Error Message:\s*$")
_STACK_TRACE = Lazy(r"^\s*Stack Trace:\s*$")
_NEXT = Lazy(r"^\s*(?:Failed|Passed|Skipped|X|√|!) \S.{0,600} \[.{0,40}(?:ms|s|m|h)\]$|^(?:Failed!|Passed!|Total tests:|Test Run )")
_SPACED = Lazy(r"^(?:-{2,} )?([A-Z]\w{0,80}(?:\.\w{1,80}){1,10}) : (.*)$")
_XUNIT = Lazy(r"^\[xUnit\.net \d\d:\d\d:\d\d\.\d{2,3}\]( {2,8})(\S.{0,600}?) \[FAIL\]$")
_XUNIT_LINE = Lazy(r"^\[xUnit\.net \d\d:\d\d:\d\d\.\d{2,3}\](.*)$")
_NUNIT = Lazy(r"^\d{1,5}\) (?:Failed|Error|Invalid|SetUp Error) ?: (\S.{0,600})$")
MAX_BACK = 20


def read_frame(line: str) -> Frame | None:
    """One `at Namespace.Class.Method(args) in /path/File.cs:line 12`; without a place it is a library's."""
    match = _FRAME.match(line)
    if match is None or "(" in match.group(1):
        return None
    function, path, number = match.groups()
    if path is None:
        return Frame("", 0, function, ours=False, package=function.split(".")[0]) if "." in function else None
    return frame(path, int(number), function)


def find_csharp(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failed tests and exceptions of .NET."""
    if "   at " not in log.text and "Error Message:" not in log.text and "[FAIL]" not in log.text:
        return
    seen: set[str] = set()
    for find in (_vstest, _nunit):
        for failure in find(log, taken):
            seen.add(failure.test_id.partition("(")[0])
            yield failure
    yield from _xunit(log, taken, seen)
    yield from _thrown(log, taken)


def _vstest(log: Log, taken: Taken) -> Iterator[Failure]:
    """`Failed test`, `Error Message:`, `Stack Trace:`."""
    lines = log.bare
    for index in unexplained(log, taken, "Error Message:"):
        title = _VSTEST.match(lines[index - 1]) if index and _ERROR_MESSAGE.match(lines[index]) else None
        if title is None:
            continue
        end = span_end(lines, index + 1, lambda line: not _NEXT.match(line), index + MAX_BLOCK)
        stack = next((at for at in range(index + 1, end) if _STACK_TRACE.match(lines[at])), None)
        if stack is None:
            stack = stop = span_end(lines, index + 1, lambda line: bool(line.strip()), end)
        else:
            stop = span_end(lines, stack + 1, lambda line: bool(line.strip()), end)
        causes = _causes(lines[index + 1 : stack], lines[stack + 1 : stop])
        taken.take(index - 1, stop)
        yield log.failure((index - 1, stop), causes, language="csharp", test_id=title.group(2), phase="call")


def _nunit(log: Log, taken: Taken) -> Iterator[Failure]:
    """Numbered blocks of NUnit's console."""
    lines = log.bare
    for index in unexplained(log, taken, ") Failed : ", ") Error : ", ") Failed: ", ") SetUp Error : "):
        if match := _NUNIT.match(lines[index]):
            end = span_end(lines, index + 1, lambda line: bool(line.strip()) and not _NUNIT.match(line), index + 200)
            stack = next((at for at in range(index + 1, end) if read_frame(lines[at])), end)
            taken.take(index, end)
            causes = _causes(lines[index + 1 : stack], lines[stack:end])
            yield log.failure((index, end), causes, language="csharp", test_id=match.group(1).strip(), phase="call")


def _xunit(log: Log, taken: Taken, seen: set[str]) -> Iterator[Failure]:
    """What xUnit's runner prints while it runs; most of it comes again in the report."""
    lines = log.bare
    for index in unexplained(log, taken, "[FAIL]"):
        match = _XUNIT.match(lines[index])
        if match is None:
            continue
        depth = len(match.group(1))
        end = index + 1
        while end < len(lines) and (line := _XUNIT_LINE.match(lines[end])) and (not line.group(1).strip() or indent(line.group(1)) > depth):
            end += 1
        taken.take(index, end)
        name = match.group(2)
        if name.partition("(")[0] in seen:
            continue
        said = [found.group(1) for line in lines[index + 1 : end] if (found := _XUNIT_LINE.match(line))]
        stack = next((at for at, line in enumerate(said) if _STACK_TRACE.match(line)), len(said))
        yield log.failure((index, end), _causes(said[:stack], said[stack + 1 :]), language="csharp", test_id=name, phase="call")


def _causes(said: Sequence[str], stack: Sequence[str]) -> tuple[Cause, ...]:
    """The exceptions of a message, innermost first; what the asserting library says is an assertion."""
    chain = _chained(message_of(said))
    exception, message = chain[-1]
    if not exception and message.startswith(("Assert.", "Expected", "Assertion", "  Expected")):
        exception = "AssertionException" if not message.startswith("Assert.") else "Assert"
    return (*(Cause(name, text) for name, text in chain[:-1]), Cause(exception, message, read_frames(stack, read_frame)))


def _chained(message: str) -> list[tuple[str, str]]:
    """`A: outer ---> B: inner`, or xUnit's `A : outer` with `---- B : inner` below, as its exceptions, innermost first."""
    spaced = [match for line in message.split("\n") if (match := _SPACED.match(line.strip()))]
    if spaced and _SPACED.match(message.partition("\n")[0]):
        return [(match.group(1), match.group(2)) for match in reversed(spaced)]
    first, _, rest = message.partition("\n")
    inner: list[tuple[str, str]] = []
    while match := _INNER.match(first):
        tail = _INNER.match(match.group(3))
        text = tail.group(1) if tail else match.group(3)
        inner.insert(0, (match.group(2), text.strip()))
        first, more = match.group(1), match.group(3)[len(text) :].strip()
        if tail:
            inner.insert(0, (tail.group(2), tail.group(3).strip()))
        if not more:
            break
    match = _THROWN.match(first)
    surfaced = (match.group(1), (match.group(2) or "").strip()) if match and first.lstrip().startswith(match.group(1)) else ("", first)
    return [*inner, (surfaced[0], f"{surfaced[1]}\n{rest}".strip())]


def _thrown(log: Log, taken: Taken) -> Iterator[Failure]:
    """Exceptions outside of test reports."""
    lines, done = log.bare, 0
    for index in unexplained(log, taken, "   at "):
        if index < done or read_frame(lines[index]) is None:
            continue
        done = end = span_end(lines, index, _is_stack)
        start = _start(lines, index, taken)
        if start is None:
            continue
        taken.take(start, end)
        yield log.failure((start, end), _parse(lines[start:index], lines[index:end]), language="csharp")


def _is_stack(line: str) -> bool:
    return read_frame(line) is not None or _INNER_END in line or _ASYNC.match(line) is not None or line.lstrip().startswith("--->")


def _start(lines: Sequence[str], index: int, taken: Taken) -> int | None:
    """The outermost line that names an exception, above the frames."""
    found = None
    for at in range(index - 1, max(-1, index - 1 - MAX_BACK), -1):
        if at in taken or not lines[at].strip() or (found is not None and not lines[found].lstrip().startswith("--->")):
            break
        if _THROWN.match(lines[at]) or " ---> " in lines[at]:
            found = at
        elif RECORD.match(lines[at]):
            break
    return found


def _parse(head: Sequence[str], stack: Sequence[str]) -> tuple[Cause, ...]:
    """The chain of an exception: inner ones first name themselves, their frames end with a mark each."""
    named = [part for line in head for part in line.strip().removeprefix("Unhandled exception. ").split(" ---> ")]
    told: list[tuple[str, str]] = []
    for part in named:
        match = _THROWN.match(part.removeprefix("---> "))
        if match:
            told.append((match.group(1), (match.group(2) or "").strip()))
        elif told:
            told[-1] = (told[-1][0], f"{told[-1][1]}\n{part.strip()}")
    pieces: list[list[str]] = [[]]
    for line in stack:
        if _INNER_END in line:
            pieces.append([])
        else:
            pieces[-1].append(line)
    pieces += [[] for _ in range(len(told) - len(pieces))]
    return tuple(Cause(name, text, read_frames(piece, read_frame)) for (name, text), piece in zip(reversed(told), pieces, strict=False))
