"""Stack frames of any language inside a block that no finder knows."""

from collections.abc import Sequence

from assistant.evidence import Frame
from assistant.mining.languages import csharp, go, javascript, jvm, native, php, ruby, rust
from assistant.mining.languages.scan import read_frames

_READERS = (
    jvm.read_frame,
    csharp.read_frame,
    javascript.read_frame,
    ruby.read_frame,
    go.read_frame,
    php.read_frame,
    native.read_frame,
    rust.read_frame,
)


def frames(lines: Sequence[str]) -> tuple[Frame, ...]:
    """The frames that the lines name, outermost first."""
    return read_frames(lines, _frame)


def _frame(line: str) -> Frame | None:
    return next((one for read in _READERS if (one := read(line))), None)
