"""Programs that crash: sanitizers, assertions, uncaught C++ exceptions, segmentation faults, failed checks of glibc."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages.scan import MAX_BLOCK, read_frames, span_end, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_SANITIZER = Lazy(r"^.{0,100}?(?:==\d{1,10}==\s?)?(?:ERROR|WARNING): (\w{1,40}Sanitizer): (.*)$")
_KIND = Lazy(
    r"^((?:[\w-]+(?: (?:data race|memory leaks|of uninitialized value))?|detected memory leaks|data race|thread leak|lock-order-inversion.{0,30}?))(?= on | \(|:|$| in )"
)
_SUMMARY = Lazy(r"^.{0,100}?SUMMARY: \w{1,40}Sanitizer: ")
_ABORTING = Lazy(r"^.{0,20}?==\d{1,10}==ABORTING|^={10,}$")
_FRAME = Lazy(
    r"^(?:.{0,100}?\| )?\s*#(\d{1,4}) +(?:0x[0-9a-f]{1,16} )?(?:in )?(.{1,500}?) (?:at )?((?:[A-Za-z]:)?[^\s:()]{1,400}):(\d{1,7})(?::\d{1,7})?(?: \(.{0,200}\))?$"
)
_LIBRARY = Lazy(r"/compiler-rt/|/sanitizer_common/|/libsanitizer/|/glibc|/sysdeps/|/gtest/src/|/googletest/|^\.\./sysdeps")
_UBSAN = Lazy(r"^(\S{1,400}?):(\d{1,7}):\d{1,7}: runtime error: (.*)$")
_ASSERTION = Lazy(
    r"^(?:.{0,200}?: )?([^\s:]{1,300}\.(?:c|cc|cpp|cxx|h|hpp|hxx|hh|m|mm|cu|inl|C)):(\d{1,7}): (.{1,400}?): Assertion [`'‘](.{1,1000})['’] failed\.?"
)
_APPLE_ASSERTION = Lazy(r"^Assertion failed: (.{1,500}), (?:function (\S{1,200}), )?file (\S{1,300}), line (\d{1,7})\.?$")
_TERMINATE = Lazy(
    r"^(?:libc\+\+abi(?:\.dylib)?: )?terminat(?:e called after throwing an instance of|ing (?:due to|with) uncaught exception of type) '?([\w:<>, ]{1,200}?)'?(?:: (.*))?$"
)
_WHAT = Lazy(r"^\s*what\(\): +(.*)$")
_CRASH = Lazy(
    r"^(?:(?:.{0,200}?: )?(?:line )?\d{1,6}: +\d{1,10} |.{0,120}?\bkilled by signal |.{0,160}?)\b(Segmentation fault|Bus error|Illegal instruction|Floating point exception|Trace/breakpoint trap|SIG(?:SEGV|BUS|ILL|FPE|ABRT)\b|\*\*\* stack smashing detected \*\*\*|double free or corruption|malloc(?:\(\))?: .{1,80}|free\(\): .{1,80}|munmap_chunk\(\): .{1,80}|corrupted size vs\. prev_size)(.*)$"
)
_COMMAND = Lazy(r"^\s*(?:[$+>#]|echo |if |trap )")


def read_frame(line: str) -> Frame | None:
    """One `#0 0x4f in function /path/file.cc:12:3` of a sanitizer or debugger."""
    match = _FRAME.match(line)
    if match is None:
        return None
    _, function, path, number = match.groups()
    if _LIBRARY.search(path):
        return Frame(path, int(number), function.removeprefix("in ").strip(), ours=False)
    return frame(path, int(number), function.removeprefix("in ").strip())


def find_native(log: Log, taken: Taken) -> Iterator[Failure]:
    """What the runtime says of programs that it stopped."""
    yield from _sanitizers(log, taken)
    lines = log.bare
    for index in unexplained(log, taken, ": runtime error: "):
        if match := _UBSAN.match(lines[index]):
            end = span_end(lines, index + 1, lambda line: bool(line[:1] == " " or read_frame(line) or _SUMMARY.match(line)), index + 80)
            taken.take(index, end)
            frames = read_frames(lines[index + 1 : end], read_frame) or (frame(match.group(1), int(match.group(2))),)
            yield log.failure((index, end), (Cause("runtime error", match.group(3), frames),), language="c++")
    yield from _assertions(log, taken)
    yield from _terminated(log, taken)
    yield from _crashes(log, taken)


def _sanitizers(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    summaries = [index for index in log.holding("SUMMARY: ") if _SUMMARY.match(lines[index])]
    for index in unexplained(log, taken, "Sanitizer: "):
        match = _SANITIZER.match(lines[index])
        if match is None:
            continue
        summary = next(iter(summaries[bisect_left(summaries, index) :]), None)
        summary = summary if summary is not None and summary - index < MAX_BLOCK else None
        end = summary + 1 if summary is not None else span_end(lines, index + 1, str.strip)
        end = next((at + 1 for at in range(end, min(len(lines), end + 60)) if _ABORTING.match(lines[at])), end)
        first = index - 1 if index and index - 1 not in taken and lines[index - 1].startswith("=====") else index
        told = span_end(lines, _first_frame(lines, index, end), _FRAME_LIKE.match, end)
        kind = _KIND.match(match.group(2))
        taken.take(first, end)
        exception = f"{match.group(1)}: {kind.group(1)}" if kind else match.group(1)
        message = match.group(2)
        yield log.failure((first, end), (Cause(exception, message, read_frames(lines[index:told], read_frame)),), language="c++")


_FRAME_LIKE = Lazy(r"^(?:.{0,100}?\| )?\s*#\d")


def _first_frame(lines: Sequence[str], start: int, limit: int) -> int:
    return next((at for at in range(start, limit) if _FRAME_LIKE.match(lines[at])), limit)


def _assertions(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    for index in unexplained(log, taken, ": Assertion ", "Assertion failed: "):
        if match := _ASSERTION.match(lines[index]):
            path, number, function, expression = match.groups()
        elif match := _APPLE_ASSERTION.match(lines[index]):
            expression, function, path, number = match.groups()
        else:
            continue
        taken.take(index, span_end(lines, index + 1, lambda line: line.startswith("Aborted"), index + 2))
        cause = Cause("Assertion", expression, (frame(path, int(number), function or ""),))
        yield log.failure((index, index + 1), (cause,), language="c++")


def _terminated(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    for index in unexplained(log, taken, "terminate called after", "terminating due to", "terminating with"):
        match = _TERMINATE.match(lines[index])
        if match is None:
            continue
        what = _WHAT.match(lines[index + 1]) if index + 1 < len(lines) else None
        end = index + 2 if what else index + 1
        if end < len(lines) and lines[end].startswith(("Aborted", "/bin/sh: line")):
            end += 1
        taken.take(index, end)
        message = what.group(1) if what else match.group(2) or ""
        yield log.failure((index, end), (Cause(match.group(1).strip(), message),), language="c++")


def _crashes(log: Log, taken: Taken) -> Iterator[Failure]:
    """A crash that nothing else explains."""
    lines = log.bare
    marks = (
        "Segmentation fault",
        "Bus error",
        "Illegal instruction",
        "Floating point exception",
        "breakpoint trap",
        "stack smashing",
        "double free or",
        "malloc(): ",
        "free(): ",
        "munmap_chunk",
        "corrupted size vs",
        "signal SIG",
    )
    for index in unexplained(log, taken, *marks):
        match = _CRASH.match(lines[index])
        if match is None or _COMMAND.match(lines[index]) or "Python error" in lines[index]:  # Python tells its own crashes
            continue
        end = span_end(lines, index + 1, lambda line: bool(_FRAME_LIKE.match(line)), index + 80)
        taken.take(index, end)
        frames = read_frames(lines[index + 1 : end], read_frame)
        yield log.failure((index, end), (Cause(match.group(1).strip("* "), lines[index].strip(), frames),), language="c++")
