"""Compilers of the JVM (javac, kotlinc, scalac, groovyc), alone or under Maven, Gradle, Ant and sbt."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.evidence import Cause, Failure
from assistant.mining.languages.scan import MAX_MESSAGE_LINES, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_PATH = r"(?:file://)?((?:[A-Za-z]:)?[^\s:()\[\]]{1,400}(?: [^\s:()\[\]]{1,100}){0,3}\.(?:java|kts?|scala|groovy|sc))"
_PREFIX = Lazy(r"^\s*(?:\[(?:javac|kotlinc|scalac|groovyc)\] |\[ERROR\] +|\[error\] +|e: )")
_PLACED = Lazy(
    rf"^{_PATH}(?::\[(\d{{1,7}}),\d{{1,5}}\]|: ?\((\d{{1,7}}), ?\d{{1,5}}\):?|:(\d{{1,7}})(?::\d{{1,5}})?:?|: (\d{{1,7}}):) ?(error: |\[Error\] )?(\S.*)$"
)
_WARNING = Lazy(r"^(?:warning|note|info)\b|^\[(?:warn|deprecation|unchecked|rawtypes|WARN)")
_SCALA3 = Lazy(rf"^-- (?:\[(E\d{{1,4}})\] )?([\w ]{{0,40}}Error): {_PATH}:(\d{{1,7}}):\d{{1,5}} -*$")
_CARET = Lazy(r"^\s*\^\s*$")
_SYMBOL = Lazy(r"^\s+(?:symbol|location|required|found|reason) {0,3}:")
_SCALA_CODE = Lazy(r"^\d{0,6} {1,8}\|")
_COUNT = Lazy(r"^\s*(?:\[\w{1,8}\] )?\d{1,6} errors?(?: found)?$")


class Placed(NamedTuple):
    """What a compiler says of a place.

    Args:
        path: the file.
        line: the line in it.
        code: the diagnostic's code; empty where there is none.
        message: the first line of the message.
        prefix: what the build tool put before the line.
    """

    path: str
    line: int
    code: str
    message: str
    prefix: str


def find_javac(log: Log, taken: Taken) -> Iterator[Failure]:
    """The errors of compilers; an error that Maven repeats below is told once."""
    seen: set[tuple[str, int, str]] = set()
    runs = _test_runs(log)
    for index in unexplained(log, taken, ".java:", ".kt:", ".kts:", ".scala:", ".groovy:"):
        placed = _placed(log.bare[index])
        if placed is None:
            continue
        end, message = _body(log.bare, index, placed)
        taken.take(index, end + 1 if end < len(log) and _COUNT.match(log.bare[end]) else end)
        key = (placed.path, placed.line, placed.message)
        if key not in seen:
            seen.add(key)
            cause = Cause(placed.code, message, (frame(placed.path, placed.line),))
            language = {"kt": "kotlin", "kts": "kotlin", "scala": "scala", "groovy": "groovy"}.get(placed.path.rpartition(".")[2], "java")
            phase = "" if any(first < index < last for first, last in runs) else "collection"
            yield log.failure((index, end), (cause,), language=language, phase=phase)
    if seen:
        for index in log.holding("COMPILATION ERROR :"):
            taken.take(index, index + 1)


def _test_runs(log: Log) -> list[tuple[int, int]]:
    """Where Maven's tests ran: what a compiler says there is the output of a test."""
    starts = [index for index in log.holding(" T E S T S") if log.bare[index].strip().endswith("T E S T S")]
    ends = (
        [index for index in log.holding("Results") if log.bare[index].removeprefix("[INFO] ").startswith(("Results:", "Results :"))]
        if starts
        else []
    )
    return [(first, next((end for end in ends if end > first), len(log))) for first in starts]


def _placed(line: str) -> Placed | None:
    prefix = match.group() if (match := _PREFIX.match(line)) else ""
    rest = line[len(prefix) :]
    if match := _SCALA3.match(rest):
        code, kind, path, number = match.groups()
        return Placed(path, int(number), code or "", kind, prefix)
    match = _PLACED.match(rest.lstrip() if prefix else rest)
    if match is None or _WARNING.match(match.group(7)):
        return None
    told_as_error = match.group(6) or match.group(2) or prefix.strip() in ("[ERROR]", "[error]", "e:")
    if not told_as_error or (match.group(2) and prefix.strip() != "[ERROR]"):
        return None
    number = next(int(group) for group in match.groups()[1:5] if group)
    return Placed(match.group(1), number, "", match.group(7).strip(), prefix)


def _body(lines: Sequence[str], index: int, placed: Placed) -> tuple[int, str]:
    """Where the diagnostic ends, and its message with what it says of symbols."""
    end, message = index + 1, [placed.message]
    limit = min(len(lines), index + MAX_MESSAGE_LINES)
    while end < limit:
        rest = _without(lines[end], placed.prefix)
        code = _CARET.match(rest) or (end + 1 < limit and _CARET.match(_without(lines[end + 1], placed.prefix)))
        if not (code or _SYMBOL.match(rest) or _SCALA_CODE.match(rest)) or _placed(lines[end]):
            break
        if _SYMBOL.match(rest):
            message.append(rest.strip())
        end += 1
    return end, "\n".join(message)


def _without(line: str, prefix: str) -> str:
    """A line without what the build tool put before the first one, where it has it too."""
    return line[len(prefix.rstrip()) :] if prefix and line.startswith(prefix.rstrip()) else line
