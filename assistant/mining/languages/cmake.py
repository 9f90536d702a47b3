"""CMake, make, ninja, Meson, configure: what they complain of themselves, not the tools they ran."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages.scan import indent, message_of, past_blanks, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_CMAKE = Lazy(r"^(\s*)CMake Error(?: \(dev\))?(?: (?:at|in) (\S.{0,400}?)(?::(\d{1,7}))?(?: \((\w{1,80})\))?)?:\s*(.*)$")
_STACK = Lazy(r"^\s*Call Stack \(most recent call first\):$")
_CALL = Lazy(r"^\s+(\S.{0,400}?):(\d{1,7}) \((\w{1,80})\)$")
_MAKE = Lazy(
    r"^\s*(?:(\S{1,300}):(\d{1,7}): |g?make(?:\[\d{1,3}\])?: )\*\*\* ((?:No rule to make target|missing separator|No targets|commands commence|multiple target"
    r"|target pattern|recipe commences|unterminated|empty variable|No such file|.{1,100}Stop\.).*)$"
)
_NINJA = Lazy(r"^\s*ninja: (?:fatal|error): (.*)$")
_MESON = Lazy(r"^\s*(?:(\S{1,300}meson\.build):(\d{1,7}):\d{1,7}: )ERROR: (.*)$")
_CONFIGURE = Lazy(r"^\s*configure: error: (.*)$")
_FAILED = Lazy(r"^\s{0,8}FAILED: (?:\[code=\d{1,5}\] )?(\S.{0,400}?)\s*$")
_PROGRESS = Lazy(r"^\s{0,8}\[\d{1,7}/\d{1,7}\] |^\s{0,8}ninja: ")
MAX_LINES = 60


def find_cmake(log: Log, taken: Taken) -> Iterator[Failure]:
    """What the build tools report of themselves, and steps of Ninja that nothing else explains."""
    yield from _cmake(log, taken)
    lines = log.bare
    for pattern, marks in (
        (_MAKE, ("*** ",)),
        (_NINJA, ("ninja: error: ", "ninja: fatal: ")),
        (_MESON, (": ERROR: ",)),
        (_CONFIGURE, ("configure: error: ",)),
    ):
        for index in unexplained(log, taken, *marks):
            if match := pattern.match(lines[index]):
                path, line, message = match.groups() if len(match.groups()) == 3 else (None, None, match.group(1))
                frames = (frame(path, int(line)),) if path and line else ()
                taken.take(index, index + 1)
                yield log.failure((index, index + 1), (Cause("", message.strip(), frames),), language="make", phase="collection")
    yield from _steps(log, taken)


def _cmake(log: Log, taken: Taken) -> Iterator[Failure]:
    lines, found = log.bare, False
    for index in unexplained(log, taken, "CMake Error"):
        match = _CMAKE.match(lines[index])
        if match is None:
            continue
        found = True
        depth = len(match.group(1))
        end = _end(lines, index + 1, depth)
        stack = next((at for at in range(index + 1, end) if _STACK.match(lines[at])), end)
        path, number, command, said = match.groups()[1:]
        frames = [frame(path, int(number or 0), command or "")] if path else []
        frames += [frame(call.group(1), int(call.group(2)), call.group(3)) for line in lines[stack:end] if (call := _CALL.match(line))]
        message = message_of([said, *lines[index + 1 : stack]] if said else lines[index + 1 : stack])
        taken.take(index, end)
        ordered: tuple[Frame, ...] = tuple(reversed(frames))
        yield log.failure((index, end), (Cause("CMake Error", message, ordered),), language="cmake", phase="collection")
    if found:
        for index in unexplained(log, taken, "Configuring incomplete, errors occurred!", "CMake Generate step failed"):
            taken.take(index, index + 1)


def _end(lines: Sequence[str], start: int, depth: int) -> int:
    """The message is indented; single blank lines are part of it, and so is the call stack."""
    end = start
    while end < min(len(lines), start + MAX_LINES):
        line = lines[end]
        if not line.strip():
            following = past_blanks(lines, end)
            if following >= len(lines) or not (
                _STACK.match(lines[following]) or (indent(lines[following]) > depth and following - end < 2)
            ):
                break
            end = following
        elif indent(line) <= depth and not _STACK.match(line):
            break
        else:
            end += 1
    return end


def _steps(log: Log, taken: Taken) -> Iterator[Failure]:
    """`FAILED:` with the command and its output, until the next step."""
    lines = log.bare
    for index in unexplained(log, taken, "FAILED: "):
        match = _FAILED.match(lines[index])
        if match is None or index + 2 >= len(lines) or _PROGRESS.match(lines[index + 1]):
            continue
        end = index + 2
        while (
            end < min(len(lines), index + MAX_LINES)
            and end not in taken
            and not _PROGRESS.match(lines[end])
            and not _FAILED.match(lines[end])
        ):
            end += 1
        said = [line for line in lines[index + 2 : end] if line.strip()]
        if not ("[code=" in lines[index] or any(_PROGRESS.match(line) for line in lines[max(0, index - 3) : index])):
            continue
        taken.take(index, end)
        if said:
            yield log.failure((index, end), (Cause("", said[-1].strip()),), language="ninja", phase="collection")
