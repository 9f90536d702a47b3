"""Python tracebacks: whole, headless, chained, grouped; and exception lines that stand alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.lines import RECORD, Log, Taken, frame
from assistant.mining.patterns import Lazy

HEADER = "Traceback (most recent call last):"
CONNECTORS = (
    "The above exception was the direct cause of the following exception:",
    "During handling of the above exception, another exception occurred:",
)
MAX_MESSAGE_LINES = 40
MAXRECORD_LINES = 15
MAX_GAP = 3

FRAME = Lazy(r'^(\s*)File "([^"\n]{1,1000})", line (\d{1,9})(?:, in (.{1,300}))?$')
_EXCEPTION = Lazy(r"^((?:[A-Za-z_]\w*\.)*(?:<locals>\.)?[A-Za-z_]\w{0,99}(?:\.<locals>\.\w{1,99})?)(?::(?: (.*)|)|)$")
_GROUP = Lazy(r"^(\s*)(?:\+ Exception Group |\| )")
_LEVEL = Lazy(r"\b(?:ERROR|CRITICAL|FATAL|WARNING|WARN|EXCEPTION|error|Exception|trapped)\b")
_MORE = Lazy(r"^(?:\s|\[SQL|\[parameters|\(Background on|DETAIL:|HINT:|CONTEXT:|LINE \d)")
_LATE = Lazy(r"^(?:\[SQL|\[parameters|\(Background on|DETAIL:|HINT:)")


@dataclass
class Parsed:
    """Causes read from lines, outermost last, and where the reading ended."""

    causes: list[Cause] = field(default_factory=list)
    end: int = 0


def find_tracebacks(log: Log, taken: Taken) -> Iterator[Failure]:
    """The tracebacks of a log that nothing else has explained."""
    if 'File "' not in log.text and HEADER not in log.text:
        return
    lines, index = log.bare, 0
    while index < len(lines):
        start = _start(lines, index, taken)
        if start is None:
            index += 1
            continue
        parsed = parse(lines, start)
        if not parsed.causes:
            index = max(parsed.end, index + 1)
            continue
        first = _with_record(lines, start, taken)
        taken.take(first, parsed.end)
        index = max(parsed.end, index + 1)
        yield log.failure((first, parsed.end), parsed.causes, language="python")


def _start(lines: list[str], index: int, taken: Taken) -> int | None:
    """Where a traceback starts that shows itself in this line."""
    line = lines[index]
    if index in taken:
        return None
    if HEADER in line and line.strip(" |+").removeprefix("Exception Group ").startswith(HEADER):
        return index
    match = FRAME.match(line) if 'File "' in line else None
    if match is None:
        return None
    start, depth = index, len(match.group(1))
    while start > max(0, index - MAX_GAP) and start - 1 not in taken and _deeper(lines[start - 1], depth):
        start -= 1
    return start


def _deeper(line: str, depth: int) -> bool:
    """Whether a line is code under a frame that was cut off."""
    return line.strip() != "" and len(line) - len(line.lstrip()) > depth


def _with_record(lines: list[str], start: int, taken: Taken) -> int:
    """The first line of the log record that holds the traceback, or the traceback's own."""
    if HEADER not in lines[start]:
        return start
    for index in range(start - 1, max(-1, start - 1 - MAXRECORD_LINES), -1):
        if index in taken:
            break
        if RECORD.match(lines[index]) or (index == start - 1 and _LEVEL.search(lines[index])):
            return index if _LEVEL.search(lines[index]) else start
    return start


def parse(lines: list[str], start: int, end: int | None = None) -> Parsed:
    """Read the traceback that starts at a line, with all that is chained to it.

    Args:
        lines: undecorated lines.
        start: a header, a frame, or the code line of a frame that was cut off.
        end: where reading has to stop; the end of the lines where it is not given.
    """
    limit = len(lines) if end is None else end
    if _GROUP.match(lines[start]):
        return _parse_group(lines, start, limit)
    parsed = Parsed(end=start)
    while start < limit:
        cause, stop = _parse_one(lines, start, limit)
        parsed.end = stop if cause or not parsed.causes else parsed.end
        if cause is None:
            break
        parsed.causes.append(cause)
        following = _next_in_chain(lines, stop, limit)
        if following is None:
            break
        if _GROUP.match(lines[following]):
            group = _parse_group(lines, following, limit)
            return Parsed([*group.causes[:-1], *parsed.causes, *group.causes[-1:]], group.end)
        start = following
    return parsed


def _next_in_chain(lines: list[str], stop: int, limit: int) -> int | None:
    connected = False
    for index in range(stop, min(limit, stop + 2 * MAX_GAP)):
        text = lines[index].strip()
        if text in CONNECTORS:
            connected = True
        elif connected and text.removeprefix("+ Exception Group ").startswith(HEADER):
            return index
        elif text:
            return None
    return None


def _parse_one(lines: list[str], start: int, limit: int) -> tuple[Cause | None, int]:
    """One traceback without its chain: frames, then the exception."""
    frames: list[Frame] = []
    index = start + 1 if HEADER in lines[start] else start
    depth = _depth(lines, start)
    while index < limit:
        line = lines[index]
        match = FRAME.match(line)
        if match:
            code = lines[index + 1].strip() if index + 1 < limit and lines[index + 1].startswith(match.group(1) + "  ") else ""
            frames.append(frame(match.group(2), int(match.group(3)), match.group(4) or "", code))
        elif not line.strip():
            if not frames or index + 1 >= limit or not FRAME.match(lines[index + 1]):
                break
        elif len(line) - len(line.lstrip()) <= depth:
            found = exception_at(lines, index, limit, depth)
            if found:
                return Cause(found[0], found[1], tuple(frames)), found[2]
            break
        index += 1
    if len(frames) < 2 or not frames[-1].code:
        return None, index
    return Cause("", frames[-1].code, tuple(frames)), index


def _depth(lines: list[str], start: int) -> int:
    line = lines[start]
    if HEADER in line:
        return len(line) - len(line.lstrip())
    match = next((match for line in lines[start : start + MAX_GAP + 1] if (match := FRAME.match(line))), None)
    return max(0, len(match.group(1)) - 2) if match else 0


def exception_at(lines: list[str], index: int, limit: int, depth: int = 0) -> tuple[str, str, int] | None:
    """Type, message and end of the exception that a line names."""
    match = _EXCEPTION.match(lines[index].strip())
    if match is None:
        return None
    message, end = [match.group(2) or ""], index + 1
    while end < limit and len(message) < MAX_MESSAGE_LINES and _continues(lines, end, limit, depth):
        message.append(lines[end][depth:].rstrip())
        end += 1
    return match.group(1), "\n".join(message).strip(), end


def _continues(lines: list[str], index: int, limit: int, depth: int) -> bool:
    """Whether a line still belongs to the message above it."""
    line = lines[index][depth:]
    following = lines[index + 1][depth:] if index + 1 < limit else ""
    if not line.strip():
        return _LATE.match(following) is not None
    if HEADER in line or FRAME.match(line) or RECORD.match(line):
        return False
    return _MORE.match(line) is not None or (following.startswith("  ") and following.strip() != "" and not FRAME.match(following))


def _parse_group(lines: list[str], start: int, limit: int) -> Parsed:
    """An exception group: its leaves in order, then the group itself, outermost last."""
    end = start
    while end < limit and lines[end].lstrip().startswith(("|", "+")):
        end += 1
    inner = [_inside(line) for line in lines[start:end]]
    causes, index = [], 0
    while index < len(inner):
        cause, stop = None, index + 1
        if HEADER in inner[index]:
            cause, stop = _parse_one(inner, index, len(inner))
        elif index and not inner[index - 1] and inner[index]:
            bare = exception_at(inner, index, len(inner))
            cause, stop = (Cause(bare[0], bare[1]), bare[2]) if bare else (None, stop)
        causes += [cause] if cause else []
        index = max(stop, index + 1)
    groups = [cause for cause in causes if "Group" in cause.exception]
    leaves = [cause for cause in causes if "Group" not in cause.exception]
    return Parsed([*leaves, *reversed(groups)], end)


def _inside(line: str) -> str:
    """A line of an exception group without the tree drawn before it; empty where only the tree is drawn."""
    text = line.lstrip()
    if text.startswith("+-"):
        return ""
    return text[2:] if text.startswith(("| ", "+ ")) else text[1:]
