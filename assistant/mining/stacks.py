"""Stack frames of other languages inside a block: JavaScript, JVM, Go, Ruby, C#."""

from collections.abc import Sequence

from assistant.evidence import Frame
from assistant.mining import jvm
from assistant.mining.lines import frame
from assistant.mining.patterns import Lazy

_JAVASCRIPT = Lazy(r"^\s*at (?:(.{1,200}?) \()?(?:file://)?([^\s()]{1,500}?):(\d{1,9}):\d{1,9}\)?$")
_CSHARP = Lazy(r"^\s*at (\S.{0,200}?)\(.{0,200}\) in (.{1,300}):line (\d{1,9})$")
_RUBY = Lazy(r"^\s*(?:from )?(\S{1,300}\.rb):(\d{1,9}):in [`'](.{1,100})'")
_GO = Lazy(r"^\s+(\S{1,300}\.go):(\d{1,9})(?: \+0x[0-9a-f]+)?$")


def frames(lines: Sequence[str]) -> tuple[Frame, ...]:
    """The frames that the lines name, outermost first."""
    found = [one for line in lines if (one := _frame(line))]
    return tuple(reversed(found))


def _frame(line: str) -> Frame | None:
    if jvm_frame := jvm.read_frame(line):
        return jvm_frame
    if match := _CSHARP.match(line):
        return frame(match.group(2), int(match.group(3)), match.group(1))
    if match := _JAVASCRIPT.match(line):
        return frame(match.group(2), int(match.group(3)), match.group(1) or "")
    if match := _RUBY.match(line):
        return frame(match.group(1), int(match.group(2)), match.group(3))
    if match := _GO.match(line):
        return frame(match.group(1), int(match.group(2)))
    return None
