"""What one block of a pytest report says: its causes with their frames, in any traceback style."""

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Frame
from assistant.mining import python
from assistant.mining.lines import frame
from assistant.mining.patterns import Lazy

_PLACE = Lazy(r"^(\S.{0,1000}?):(\d{1,9}): ?(?:in (.{1,300})|(\S.*))?$")
_E_LINE = Lazy(r"^E(?: (.*)|)$")
_EXCEPTION = Lazy(r"^((?:[A-Za-z_]\w*\.)*(?:<locals>\.)?[A-Za-z_]\w{0,99})(?::(?: (.*)|)|)$")
_CAPTURED = Lazy(r"^-{3,} ?Captured .{1,100}? -{3,}$")
_DEFINITION = Lazy(r"^(\s*)(?:async )?def (\w+)\(")
_FIXTURE_FILE = Lazy(r"^file (\S.{0,500}), line (\d+)$")
_TEST_FILE = Lazy(r"(?:^|[\\/])(?:test_[^\\/]*|[^\\/]*_tests?)\.py$")


def closes(line: str) -> bool:
    """Whether a line is the place that ends a block of the long style, as in `app/a.py:3: KeyError`."""
    match = _PLACE.match(line)
    return match is not None and match.group(4) is not None and _EXCEPTION.match(match.group(4)) is not None


def causes(lines: Sequence[str]) -> list[Cause]:
    """The exceptions of a block, innermost cause first, the surfaced one last."""
    told = _without_captured(list(lines))
    native = next((index for index, line in enumerate(told) if python.HEADER in line and line[:1] != "E"), None)
    if native is not None and not any(line.startswith("E  ") for line in told):
        parsed = python.parse(told, native)
        if parsed.causes:
            return parsed.causes
    found = [cause for part in _parts(told) if (cause := _cause(part))]
    return found or _without_frames(told)


def file_of_test(found: Sequence[Cause], title: str) -> str:
    """The file of the test that a block is about, as its frames have it."""
    function = re.split(r"[.\[]", title.partition("[")[0])[-1]
    frames = [one for cause in reversed(found) for one in cause.frames if one.ours]
    for one in frames:
        if one.function == function and one.path.endswith(".py"):
            return one.path
    return next((one.path for one in frames if _TEST_FILE.search(one.path)), "")


def _without_captured(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if line[:3] == "---" and _CAPTURED.match(line):
            return lines[:index]
    return lines


def _parts(lines: list[str]) -> Iterator[list[str]]:
    """The block cut at the lines that chain one exception to the next."""
    first = 0
    for index, line in enumerate(lines):
        if line in python.CONNECTORS:
            yield lines[first:index]
            first = index + 1
    yield lines[first:]


def _cause(lines: list[str]) -> Cause | None:
    frames, closing = _frames(lines)
    said = [match.group(1) or "" for line in lines if line[:1] == "E" and (match := _E_LINE.match(line))]
    if not said and not closing:
        return None
    exception, message, more = _said(said, closing)
    return Cause(exception, message, (*frames, *more))


def _said(said: list[str], closing: str) -> tuple[str, str, list[Frame]]:
    """Type, message and frames (of a SyntaxError) from the `E` lines and the closing place."""
    depth = min((len(line) - len(line.lstrip()) for line in said if line.strip()), default=0)
    texts = [line[depth:].rstrip() for line in said]
    named = _named_line(texts)
    more = [
        frame(match.group(2), int(match.group(3)), match.group(4) or "")
        for text in texts
        if 'File "' in text and (match := python.FRAME.match(text))
    ]
    closing_match = _EXCEPTION.match(closing)
    short = closing_match.group(1) if closing_match else ""
    if named is None:
        message = "\n".join(texts).strip() or (closing_match.group(2) or "" if closing_match else closing)
        return short or ("AssertionError" if message.startswith("assert ") else ""), message, more
    match = _EXCEPTION.match(texts[named])
    exception, first = (match.group(1), match.group(2) or "") if match else ("", texts[named])
    return exception, "\n".join([first, *texts[named + 1 :]]).strip(), more


def _named_line(texts: list[str]) -> int | None:
    """Which `E` line names the exception: the first, or the last unindented one after a SyntaxError's place."""
    if not texts:
        return None
    candidates = [0] if not texts[0].startswith(" ") else []
    candidates += [index for index in range(len(texts) - 1, 0, -1) if 'File "' in texts[0]]
    for index in candidates:
        match = _EXCEPTION.match(texts[index])
        if match and (match.group(2) is not None or _looks_named(match.group(1))):
            return index
    return None


def _looks_named(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last[:1].isupper() or "." in name


def _frames(lines: list[str]) -> tuple[list[Frame], str]:
    """The frames of one part, and what its closing place says."""
    frames: list[Frame] = []
    closing, function, code = "", "", ""
    for index, line in enumerate(lines):
        first = line[:1]
        if first == ">":
            code = line[1:].strip()
        elif first == " ":
            match = _DEFINITION.match(line) if "def " in line else None
            function = match.group(2) if match and len(match.group(1)) == 4 else function
        elif first not in ("E", "", "_") and (place := _place(line)):
            path, number, named, rest = place
            if named:
                frames.append(frame(path, number, named, lines[index + 1] if index + 1 < len(lines) else ""))
            else:
                frames.append(frame(path, number, function, code))
                closing = rest or closing
            function, code = "", ""
    return frames, closing


def _place(line: str) -> tuple[str, int, str, str] | None:
    if match := _FIXTURE_FILE.match(line):
        return match.group(1), int(match.group(2)), "", ""
    match = _PLACE.match(line)
    if match is None or not ("." in match.group(1) or "<" in match.group(1)):
        return None
    return match.group(1), int(match.group(2)), match.group(3) or "", match.group(4) or ""


def _without_frames(lines: list[str]) -> list[Cause]:
    """A block that names no exception: its first line that says something is the message."""
    said = next((line.strip() for line in lines if line.strip()), "")
    match = _EXCEPTION.match(said)
    if match and _looks_named(match.group(1)) and match.group(2):
        return [Cause(match.group(1), match.group(2))]
    return [Cause("", said)] if said else []
