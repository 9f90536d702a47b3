"""What the language finders share: lines that hold a mark, indentation, messages, and spans that end with what they hold."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from assistant.evidence import Frame
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

MAX_MESSAGE_LINES = 40
MAX_BLOCK = 2_000
"""Lines of one block at most."""

ReadFrame = Callable[[str], Frame | None]
"""Reads one line of a stack trace; None where it is none."""

_SAID = Lazy(
    r"^(?:Uncaught |Unhandled |\[)?((?:[A-Za-z_$][\w$]{0,80}(?:\.|::|\\)){0,12}(?:[A-Z][\w$]{0,80})?(?:Error|Exception)|[A-Z][\w$]{0,80}(?:Failure|Fault|Warning|Interrupt|Timeout|Rejection))"
    r"(?: \[\w{1,60}\])?\]?(?:: ?(.*)|$)"
)
_COLOUR = Lazy(r"\^\[\[[0-9;]{0,20}m")


def unexplained(log: Log, taken: Taken, *pieces: str) -> Iterator[int]:
    """The lines that hold one of the pieces and that nothing explains when their turn comes, in order."""
    for index in sorted({index for piece in pieces for index in log.holding(piece)}):
        if index not in taken:
            yield index


def plain(line: str) -> str:
    """A line without colours that a program wrote out as `^[[31m`."""
    return _COLOUR.sub("", line) if "^[[" in line else line


def indent(line: str) -> int:
    """How many blanks a line begins with; a tab counts as one."""
    return len(line) - len(line.lstrip())


def below(depth: int) -> Callable[[str], bool]:
    """Whether a line is blank or indented deeper than that: what belongs to the line above."""
    return lambda line: not line.strip() or indent(line) > depth


def span_end(lines: Sequence[str], first: int, goes_on: Callable[[str], object], limit: int | None = None) -> int:
    """The first line, from the given one, with which a block does not go on."""
    end, limit = first, min(len(lines), first + MAX_BLOCK) if limit is None else min(limit, len(lines))
    while end < limit and goes_on(lines[end]):
        end += 1
    return end


def last_before(starts: Sequence[int], index: int, otherwise: int) -> int:
    """The last of some lines, in order, that stands before a line."""
    at = bisect_left(starts, index) - 1
    return starts[at] if at >= 0 else otherwise


def past_blanks(lines: Sequence[str], index: int) -> int:
    """The next line that says something."""
    return span_end(lines, index, lambda line: not line.strip())


def message_of(lines: Sequence[str]) -> str:
    """Lines as a message: without the indentation that they share, without blank lines around, not too many."""
    told = list(lines)
    while told and not told[0].strip():
        told.pop(0)
    shared = told if told and indent(told[0]) else told[1:]  # a first line that was cut out of another one has no indentation
    depth = min((indent(line) for line in shared if line.strip()), default=0)
    kept = [told[0].strip(), *(line[depth:].rstrip() for line in told[1:])] if told else []
    return "\n".join(kept[:MAX_MESSAGE_LINES]).strip()


def split_type(message: str) -> tuple[str, str]:
    """The exception that a message begins with, empty where it names none, and the rest of it."""
    first, _, rest = message.partition("\n")
    match = _SAID.match(first)
    if match is None:
        return "", message
    return match.group(1), f"{match.group(2) or ''}\n{rest}".strip()


def read_frames(lines: Sequence[str], read: ReadFrame) -> tuple[Frame, ...]:
    """The frames with a place of a trace that names the innermost first, outermost first."""
    return tuple(reversed([one for line in lines if (one := read(line)) and one.line]))
