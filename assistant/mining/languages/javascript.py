"""JavaScript and TypeScript: errors with their stacks and causes, wherever they are printed."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages.scan import indent, message_of, plain, read_frames, span_end, split_type, unexplained
from assistant.mining.lines import RECORD, Log, Taken, frame
from assistant.mining.patterns import Lazy

_FRAME = Lazy(
    r"^\s*(?:at |❯ )(?:async )?(?:(.{1,300}?) \(|([\w.$<>]{1,200}) (?=\S{1,500}:\d))?(?:file://|webpack-internal:///|webpack://)?([^\s()]{1,500}?):(\d{1,9}):\d{1,9}\)?,?(?: \{)?$"
)
_AT = Lazy(r"^\s*(?:at (?!\d)\S|❯ \S{1,300}:\d)")
_CODE = Lazy(r"^\s*(?:>\s*)?\d{1,7} ?\||^\s*\|\s*\^|^\s*\d{1,7}\|")
_NODE = Lazy(
    r"^(?:internal/|node:|(?:_\w{1,40}|assert|async_hooks|bootstrap_node|buffer|child_process|cluster|dgram|dns|domain|events|fs|http2?|https|module|net"
    r"|process|repl|stream|string_decoder|timers|tls|tty|url|util|vm|zlib)\.js$)"
)
_CAUSE = Lazy(r"^\s*(?:Caused by:|Cause:|\[cause\]:|\[errors?\]:)\s?(.*)$")
_INSIDE = Lazy(r"(?:^|[\s:(\]>])((?:[A-Za-z_$][\w$]{0,60}\.){0,4}[A-Z]?[\w$]{0,60}(?:Error|Exception)(?: \[\w{1,60}\])?: .{0,2000})$")
_ELSE = Lazy(r"^\s*(?:PASS|FAIL) \S|^\s*● |^\s*console\.\w{1,10}\b")
"""What is no line of an error: Jest's results, and what a test wrote to the console."""
_PLACE = Lazy(r"^\s*(?:file://|node:)?\S{1,500}:\d{1,7}$")
_CARET = Lazy(r"^\s*\^{1,200}\s*$")
_ASSERTED = ("expect(", "expected ", "Expected ", "assert")
NODE_VERSION = Lazy(r"^Node\.js v\d")
MAX_BACK = 30
MAX_PROPERTIES = 80


class Stack(NamedTuple):
    """Where an error with its stack stands; indices from 0, `end` exclusive."""

    first: int
    named: int
    end: int


def read_frame(line: str) -> Frame | None:
    """One `at function (path:line:column)`, of Node, browsers or Vitest."""
    match = _FRAME.match(line)
    if match is None:
        return None
    function, plain, path, number = match.groups()
    if _NODE.match(path):
        return Frame(path, int(number), function or "", ours=False, package="node")
    return frame(path, int(number), function or plain or "")


def is_trace(line: str) -> bool:
    """Whether a line belongs to a stack or shows code beside it."""
    line = plain(line)
    return _AT.match(line) is not None or _CODE.match(line) is not None


def read_body(lines: Sequence[str]) -> tuple[Cause, ...]:
    """The errors of a test's block, innermost cause first: message, code frame, stack, then what caused it."""
    parts: list[list[str]] = [[]]
    for line in lines:
        match = _CAUSE.match(line)
        if match:
            parts.append([match.group(1)])
        else:
            parts[-1].append(line)
    return tuple(reversed([cause for part in parts if (cause := _cause(part))]))


def _cause(lines: Sequence[str]) -> Cause | None:
    first = next((index for index, line in enumerate(lines) if is_trace(line)), len(lines))
    exception, message = split_type(message_of(lines[:first]).rstrip(" {"))
    if not exception and message.startswith(_ASSERTED):
        exception = "AssertionError"
    frames = read_frames(lines[first:], read_frame)
    return Cause(exception, message, frames) if exception or message or frames else None


def find_thrown(log: Log, taken: Taken) -> Iterator[Failure]:
    """Errors with a stack that no test report holds."""
    lines, done = log.bare, 0
    for index in unexplained(log, taken, "    at "):
        if index < done or read_frame(lines[index]) is None:
            continue
        stack = _stack(lines, index, taken)
        if stack is None:
            done = span_end(lines, index, _AT.match)
            continue
        taken.take(stack.first, stack.end)
        yield log.failure((stack.first, stack.end), _causes(lines, stack), language="javascript")


def _stack(lines: Sequence[str], index: int, taken: Taken) -> Stack | None:
    for at in range(index - 1, max(-1, index - 1 - MAX_BACK), -1):
        if at in taken or _AT.match(lines[at]) or _ELSE.match(lines[at]):
            return None
        if (
            lines[at].strip()
            and indent(lines[at]) < indent(lines[index])
            and (split_type(lines[at].strip())[0] or _INSIDE.search(lines[at]))
        ):
            end = _end(lines, span_end(lines, index, _AT.match))
            return Stack(_with_code(lines, at, taken), at, end)
        if RECORD.match(lines[at]):
            return None
    return None


def _with_code(lines: Sequence[str], named: int, taken: Taken) -> int:
    """Where Node shows the code that threw: place, code, caret, above the error."""
    caret = next((at for at in range(named - 1, max(-1, named - 3), -1) if at not in taken and _CARET.match(lines[at])), None)
    if caret is None:
        return named
    return next((at for at in range(caret - 1, max(-1, caret - 6), -1) if at not in taken and _PLACE.match(lines[at])), named)


def _end(lines: Sequence[str], end: int) -> int:
    """Behind the properties that Node prints after the frames, and its version."""
    depth = indent(lines[end - 1]) - 4
    if lines[end - 1].rstrip().endswith("{") or (end < len(lines) and lines[end].strip() == "{"):
        closing = f"{' ' * max(0, depth)}}}"
        stop = next((at for at in range(end, min(len(lines), end + MAX_PROPERTIES)) if lines[at].rstrip() == closing), None)
        end = end if stop is None else stop + 1
    for at in range(end, min(len(lines), end + 2)):
        if NODE_VERSION.match(lines[at]):
            return at + 1
    return end


def _causes(lines: Sequence[str], stack: Stack) -> tuple[Cause, ...]:
    first = lines[stack.named]
    inside = None if split_type(first.strip())[0] else _INSIDE.search(first)
    return read_body([inside.group(1) if inside else first, *lines[stack.named + 1 : stack.end]])
