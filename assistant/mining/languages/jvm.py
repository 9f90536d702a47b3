"""Java, Kotlin, Scala: throwables with their frames and causes, wherever they are printed; Spring Boot's failed starts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages.scan import MAX_MESSAGE_LINES, past_blanks, read_frames, unexplained
from assistant.mining.lines import RECORD, Log, Taken
from assistant.mining.patterns import Lazy

_FRAME = Lazy(
    r"^\s*(?:at )?(?:[\w.-]{0,60}(?:@[\w.-]{1,40})?/{1,2}){0,2}((?:[\w$\[\]-]{1,100}\.){1,24})([\w$<>][\w$<>. ,'()-]{0,200}?)"
    r"\((?:([\w$-]{1,100}\.(?:java|kt|kts|scala|groovy|clj)):(\d{1,9})|([\w$. -]{1,100}))\)(?: ~?\[.{0,200}\])?$"
)
_AT = Lazy(r"^\s*at \S")
_MORE = Lazy(r"^\s*(?:\.\.\. \d+ (?:more|common frames omitted|frames? truncated)|\[\.\.\.\]|\(\d+ frames? omitted\))")
_NAME = r"(?:[a-z_][\w-]{0,60}\.){1,16}[A-Z][\w$]{0,120}"
_HEADER = Lazy(rf"^\s*({_NAME})(?:: ?(.*)|\s*)$")
_INSIDE = Lazy(rf"^(.{{0,1000}}?)(?<![\w.$])({_NAME}(?:Exception|Error|Throwable|Failure|Fault)\w{{0,40}})(?:: ?(.*)|\s*)$")
_SHORT = Lazy(r"^\s*(?:Exception in thread \"[^\"]{0,200}\" )?([A-Z][\w$]{2,100}(?:Exception|Error|Failure))(?:: ?(.*)|\s*)$")
_CAUSED = Lazy(r"^(\s*)(Caused by|Wrapped by):(?: (.*)|)$")
_SUPPRESSED = Lazy(r"^\s*Suppressed: ")
_LEVEL = Lazy(r"\b(?:ERROR|FATAL|SEVERE|WARN(?:ING)?)\b")
_TRACE_MARKS = (".java:", ".kt:", ".scala:", ".groovy:", ".clj:", "(Unknown Source)", "(Native Method)")
MAX_BACK = 12
SPRING = "APPLICATION FAILED TO START"

LIBRARIES = (
    "java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.", "groovy.", "org.junit.", "junit.",
    "org.springframework.", "org.apache.maven.", "org.apache.tools.", "org.apache.catalina.", "org.apache.tomcat.", "org.apache.coyote.",
    "org.apache.commons.", "org.apache.http.", "org.hibernate.", "org.gradle.", "org.testng.", "org.mockito.", "io.netty.", "reactor.",
    "org.hamcrest.", "org.assertj.", "org.opentest4j.", "org.codehaus.groovy.", "org.scalatest.", "io.kotest.", "com.intellij.rt.",
    "org.eclipse.jetty.", "com.zaxxer.hikari.", "com.fasterxml.jackson.", "com.google.common.", "org.postgresql.", "com.mysql.",
)  # fmt: skip


class Thrown(NamedTuple):
    """A throwable as printed.

    Args:
        causes: innermost first, the surfaced one last.
        end: the first line behind it.
    """

    causes: tuple[Cause, ...]
    end: int


def read_frame(line: str) -> Frame | None:
    """One `at pkg.Class.method(File.java:12)`, with or without its `at`."""
    match = _FRAME.match(line)
    if match is None:
        return None
    owner, method, file, number, _ = match.groups()
    parts = owner.rstrip(".").split(".")
    name = file or f"{parts[-1].partition('$')[0]}.java"
    library = owner.startswith(LIBRARIES)
    package = ".".join(parts[:-1]) if library else ""
    return Frame(
        "/".join([*parts[:-1], name]), int(number or 0), f"{owner}{method}", ours=not library and file is not None, package=package
    )


def owned(causes: Sequence[Cause], name: str) -> tuple[Cause, ...]:
    """The causes with the frames of a test's own organisation as ours, though others use it as a library.

    Args:
        causes: what was thrown.
        name: a test's or a class's full name; without packages nothing changes.
    """
    home = ".".join(name.split(".")[:2]) + "."
    if name.count(".") < 3 or not home.startswith(LIBRARIES):
        return tuple(causes)
    return tuple(replace(cause, frames=tuple(_at_home(one, home) for one in cause.frames)) for cause in causes)


def _at_home(one: Frame, home: str) -> Frame:
    return replace(one, ours=True, package="") if one.function.startswith(home) and one.line else one


def find_thrown(log: Log, taken: Taken) -> Iterator[Failure]:
    """Throwables that no test report holds."""
    yield from _spring(log, taken)
    lines = log.bare
    if not any(mark in log.text for mark in _TRACE_MARKS):
        return
    done = 0
    for index in unexplained(log, taken, *_TRACE_MARKS):
        if index < done or not _AT.match(lines[index]) or read_frame(lines[index]) is None:
            continue
        start = _start(lines, index, taken)
        thrown = parse(lines, start, len(lines)) if start is not None else None
        if start is None or thrown is None or thrown.end <= index:
            done = _frames_end(lines, index, len(lines))  # frames whose exception was cut off
            continue
        first = _with_record(lines, start, taken)
        taken.take(first, thrown.end)
        yield log.failure((first, thrown.end), thrown.causes, language="java")


def parse(lines: Sequence[str], start: int, limit: int) -> Thrown | None:
    """Read a throwable with all its causes.

    Args:
        lines: undecorated lines.
        start: the line that names the exception.
        limit: where reading has to stop.
    """
    surfaced = _cause(lines, start, limit, lines[start])
    if surfaced is None:
        return None
    causes, end = [surfaced[0]], surfaced[1]
    while (at := _next_cause(lines, end, limit)) is not None:
        match = _CAUSED.match(lines[at])
        kind, said = (match.group(2), match.group(3)) if match else ("Caused by", "")
        at, said = (at, said) if said else (at + 1, lines[at + 1] if at + 1 < limit else "")
        found = _cause(lines, at, limit, said) or (Cause("", said.strip()), at + 1)
        causes = [*causes, found[0]] if kind == "Wrapped by" else [found[0], *causes]
        end = found[1]
    return Thrown(tuple(causes), end)


def _next_cause(lines: Sequence[str], end: int, limit: int) -> int | None:
    at = past_blanks(lines, end)
    return at if at < min(limit, end + 3) and _CAUSED.match(lines[at]) else None


def _cause(lines: Sequence[str], start: int, limit: int, said: str) -> tuple[Cause, int] | None:
    named = exception_in(said)
    if named is None:
        return None
    first = _first_frame(lines, start + 1, limit)
    message = [named[1], *lines[start + 1 : first]]
    end = _frames_end(lines, first, limit)
    frames = read_frames(_unsuppressed(lines[first:end]), read_frame)
    return Cause(named[0], "\n".join(line.rstrip() for line in message).strip(), frames), end


def exception_in(said: str) -> tuple[str, str] | None:
    """Exception and message that a line names."""
    if match := _HEADER.match(said) or _SHORT.match(said):
        return match.group(1), (match.group(2) or "").strip()
    match = _INSIDE.match(said)
    return (match.group(2), (match.group(3) or "").strip()) if match else None


def _first_frame(lines: Sequence[str], start: int, limit: int) -> int:
    """Where the frames begin, or the message ends if there are none."""
    for index in range(start, min(limit, start + MAX_MESSAGE_LINES)):
        line = lines[index]
        if _AT.match(line) or _MORE.match(line) or _CAUSED.match(line) or read_frame(line):
            return index
        if RECORD.match(line) or line.startswith("["):
            break
    return start


def _frames_end(lines: Sequence[str], start: int, limit: int) -> int:
    """The line behind the frames; suppressed throwables belong to them."""
    end = start
    while end < limit:
        line = lines[end]
        if not (_AT.match(line) or _MORE.match(line) or read_frame(line)):
            if not _SUPPRESSED.match(line):
                break
            end = _first_frame(lines, end + 1, limit) - 1
        end += 1
    return end


def _unsuppressed(lines: Sequence[str]) -> Sequence[str]:
    return next((lines[:index] for index, line in enumerate(lines) if _SUPPRESSED.match(line)), lines)


def _start(lines: Sequence[str], index: int, taken: Taken) -> int | None:
    """The line that names the exception of a frame: the nearest above."""
    for at in range(index - 1, max(-1, index - 1 - MAX_BACK), -1):
        if at in taken or not (lines[at].strip() or at == index - 1):
            return None
        if exception_in(lines[at]) is not None:
            return at
        if RECORD.match(lines[at]):
            return None
    return None


def _with_record(lines: Sequence[str], start: int, taken: Taken) -> int:
    """The record that leads in, where it stands right above."""
    above = start - 1
    if above < 0 or above in taken or RECORD.match(lines[start]) or not _LEVEL.search(lines[above]) or not RECORD.match(lines[above]):
        return start
    return above


def _spring(log: Log, taken: Taken) -> Iterator[Failure]:
    """What Spring Boot says of a start that failed."""
    for index in unexplained(log, taken, SPRING):
        lines = log.bare
        first = index - 1 if index and lines[index - 1].startswith("***") else index
        said = next((at for at in range(index, min(len(lines), index + 6)) if lines[at].strip() == "Description:"), None)
        if said is None:
            continue
        end = said + 1
        while end < len(lines) and end - said < MAX_MESSAGE_LINES and not RECORD.match(lines[end]) and lines[end].strip() != "Action:":
            end += 1
        message = "\n".join(line.rstrip() for line in lines[said + 1 : end] if line.strip())
        if end < len(lines) and lines[end].strip() == "Action:":
            end = past_blanks(lines, end + 1)
            while end < len(lines) and lines[end].strip() and not RECORD.match(lines[end]):
                end += 1
        taken.take(first, end)
        yield log.failure((first, end), (Cause(SPRING, message),), language="java")
