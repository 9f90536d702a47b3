"""Failed tests as JUnit's own launchers, Ant and ScalaTest print them."""

from collections.abc import Callable, Iterator, Sequence

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages import jvm
from assistant.mining.languages.scan import below, last_before, message_of, past_blanks, span_end, unexplained
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_PREFIX = Lazy(r"^\s*\[(?:junit|junitlauncher|testng)\](?: |$)")
_CONSOLE = Lazy(r"^\s*(JUnit (?:Jupiter|Vintage)|Kotest|TestNG|Spock|jqwik.{0,40}):(\S.{0,500})$")
_SOURCE = Lazy(r"className = '([^']{1,300})', methodName = '([^']{1,300})'")
_ARROW = Lazy(r"^(\s*)=> (.*)$")
_CASE = Lazy(r"^Testcase: (.{1,300}?)(?:\(([\w.$]{1,300})\):\s+(FAILED|Caused an ERROR)| took [\d.,]{1,20} sec)$")
_SUITE = Lazy(r"^Testsuite: ([\w.$]{1,300})$")
_NUMBERED = Lazy(r"^\d{1,5}\) (.{1,300}?)\(([\w.$]{1,300})\)$")
_SCALA = Lazy(r"^\[(?:info|error)\] (\s*)- (.{1,500}) \*\*\* FAILED \*\*\*")
_SCALA_SUITE = Lazy(r"^\[info\] ([\w.$]{1,200}):$")
_SCALA_PLACE = Lazy(r"^(.*?)\s*\(([\w$-]{1,200}\.scala):(\d{1,7})\)$")


def find_junit(log: Log, taken: Taken) -> Iterator[Failure]:
    """Failed tests outside of Maven's and Gradle's reports."""
    if "JUnit " in log.text or "Testcase: " in log.text or "\n1) " in log.text:
        lines = _without_ant(log)
        yield from _console(log, lines, taken)
        yield from _ant(log, lines, taken)
        yield from _textui(log, lines, taken)
    yield from _scala(log, taken)


def _without_ant(log: Log) -> list[str]:
    """The lines without the task's name that Ant puts before them."""
    if not any(mark in log.text for mark in ("[junit", "[testng]")):
        return log.bare
    return [line[match.end() :] if "]" in line[:24] and (match := _PREFIX.match(line)) else line for line in log.bare]


def _console(log: Log, lines: Sequence[str], taken: Taken) -> Iterator[Failure]:
    """The list of the console launcher: title, source, `=> exception`."""
    for index in unexplained(log, taken, "MethodSource [", "ClassSource ["):
        title = _CONSOLE.match(lines[index - 1]) if index else None
        if title is None or index + 1 >= len(lines) or not (arrow := _ARROW.match(lines[index + 1])):
            continue
        source = _SOURCE.search(lines[index])
        test_id = ".".join(source.groups()) if source else title.group(2).replace(":", ".").removesuffix("()")
        depth = len(arrow.group(1))
        end = span_end(lines, index + 2, below(depth))
        thrown = jvm.parse([arrow.group(2), *lines[index + 2 : end]], 0, end - index - 1)
        causes = thrown.causes if thrown else (Cause("", message_of([arrow.group(2), *lines[index + 2 : end]])),)
        taken.take(index - 1, end)
        yield log.failure((index - 1, end), jvm.owned(causes, test_id), language="java", test_id=test_id, phase="call")


def _under_item(depth: int) -> Callable[[str], bool]:
    return lambda line: line.startswith("[info] ") and line[depth - 2 : depth] == "  "


def _ant(log: Log, lines: Sequence[str], taken: Taken) -> Iterator[Failure]:
    """`Testcase:` blocks of Ant's plain and brief formatters."""
    suites = [index for index in log.holding("Testsuite: ") if _SUITE.match(lines[index])]
    for index in unexplained(log, taken, "Testcase: "):
        match = _CASE.match(lines[index])
        if match is None or index + 1 >= len(lines):
            continue
        start = index + 1 if match.group(3) else index + 2
        if not match.group(3) and lines[index + 1].strip() not in ("FAILED", "Caused an ERROR"):
            continue
        end, causes = _thrown_below(lines, start)
        suite = match.group(2) or _suite(lines, index, suites)
        taken.take(index, end)
        test_id = f"{suite}.{match.group(1)}" if suite else match.group(1)
        yield log.failure((index, end), jvm.owned(causes, test_id), language="java", test_id=test_id, phase="call")


def _thrown_below(lines: Sequence[str], start: int) -> tuple[int, tuple[Cause, ...]]:
    """The block of a test: its message, then the throwable that repeats it."""
    limit = span_end(lines, start, lambda line: line.strip() != "" and not line.startswith(("Testcase: ", "Testsuite: ")))
    if limit < len(lines) and limit + 1 < len(lines) and not lines[limit].strip() and lines[limit + 1].startswith("\tat "):
        limit = span_end(lines, limit + 1, str.strip)
    for at in range(start, min(limit, start + 10)):
        thrown = jvm.parse(lines, at, limit)
        if thrown and any(cause.frames for cause in thrown.causes):
            return max(thrown.end, at + 1), thrown.causes
    return limit, (Cause("", message_of(lines[start:limit])),)


def _suite(lines: Sequence[str], index: int, suites: Sequence[int]) -> str:
    at = last_before(suites, index, -1)
    match = _SUITE.match(lines[at]) if at >= 0 else None
    return match.group(1) if match else ""


def _textui(log: Log, lines: Sequence[str], taken: Taken) -> Iterator[Failure]:
    """`1) test(Class)` blocks of JUnit's text runner."""
    for index in unexplained(log, taken, ") "):
        match = _NUMBERED.match(lines[index]) if lines[index][:1].isdigit() else None
        thrown = jvm.parse(lines, index + 1, len(lines)) if match and index + 1 < len(lines) else None
        if match is None or thrown is None:
            continue
        taken.take(index, thrown.end)
        test_id = f"{match.group(2)}.{match.group(1)}"
        yield log.failure((index, thrown.end), jvm.owned(thrown.causes, test_id), language="java", test_id=test_id, phase="call")


def _scala(log: Log, taken: Taken) -> Iterator[Failure]:
    """ScalaTest under sbt: `- what it should do *** FAILED ***`."""
    lines = log.bare
    for index in unexplained(log, taken, "*** FAILED ***"):
        match = _SCALA.match(lines[index])
        if match is None:
            continue
        depth = len("[info] ") + len(match.group(1)) + 2
        end = span_end(lines, index + 1, _under_item(depth))
        message = message_of([line[7:] for line in lines[index + 1 : end]])
        place = _SCALA_PLACE.match(message.partition("\n")[0])
        frames = (Frame(place.group(2), int(place.group(3))),) if place else ()
        suite = next((one.group(1) for at in range(index, max(-1, index - 200), -1) if (one := _SCALA_SUITE.match(lines[at]))), "")
        taken.take(index, past_blanks(lines, end) if end == index + 1 else end)
        exception, said = jvm.exception_in(message) or ("", place.group(1) if place else message)
        test_id = " › ".join(filter(None, (suite, match.group(2))))
        yield log.failure((index, end), (Cause(exception, said, frames),), language="scala", test_id=test_id, phase="call")
