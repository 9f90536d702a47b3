"""Rust: errors of rustc, clippy and cargo, failed tests, panics."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages.scan import MAX_BLOCK, indent, message_of, past_blanks, span_end, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_ERROR = Lazy(r"^(\s{0,12})error(?:\[(E\d{4})\])?: (\S.*)$")
_PLACE = Lazy(r"^\s*(?:-->|:::) (\S.{0,500}?):(\d{1,7}):\d{1,7}$")
_PART = Lazy(r"^\s*(?:\d{1,7} ?\||\||\.\.\.|=|-->|:::|(?:note|help): )|^\s+\S")
_LINT = Lazy(r"(?:`-D ([\w:-]{1,80})`|#\[(?:deny|forbid)\(([\w:]{1,80})\)\])")
_CONSEQUENCE = Lazy(
    r"^(?:aborting due to|could not compile|test failed, to rerun|build failed|\d{1,4} targets? failed|process didn't exit|bench failed|doctest failed)"
)
_CARGO = Lazy(
    r"^(?:failed to|no matching package|package `|the lock file|could not find|unable to|linking with|linker `|couldn't read|cannot find|failed (?:to run|parsing)"
    r"|no (?:bin|example|library|such)|invalid|toolchain|target '|rustc \S{1,40} is not supported|cyclic|unresolved|Unable to update)"
)
_CAUSED = Lazy(r"^\s{0,12}Caused by:$")
_PANIC = Lazy(
    r"^\s*thread '(.{1,300}?)'(?: \(\d{1,12}\))? panicked at (?:'(.*)', (\S.{0,400}?):(\d{1,7}):\d{1,7}|(\S.{0,400}?):(\d{1,7}):\d{1,7}:|'(.*))$"
)
_PANIC_ENDS = Lazy(r"^\s*note: (?:run with|Some details|in Rust)|^\s*stack backtrace:|^\s*thread '|^---- |^failures:|^test result: |^\s*$")
_STDOUT = Lazy(r"^\s*(?:---- (.{1,500}?) (?:stdout|stderr) ----|-{2,3} (?:STDOUT|STDERR): +(.{1,500}?) -{2,3}|(?:stdout|stderr) ─{3}.*)$")
_FAILURES = Lazy(r"^\s*failures:$")
_RESULT = Lazy(r"^\s*test result: |^error: test failed")
_TEST = Lazy(r"^test (.{1,500}?)(?: - should panic)? \.\.\. FAILED$")
_NEXTEST = Lazy(r"^\s+(?:FAIL|SIG\w{3,5}|TIMEOUT) \[\s*[\d.]{1,12}s\](?: \(.{1,20}\))? (\S.{0,500})$")
_BACKTRACE = Lazy(r"^\s*(\d{1,5}): +(?:0x[0-9a-f]{1,16} - )?(\S.*)$")
_AT = Lazy(r"^\s+at (\S.{0,500}?):(\d{1,7})(?::\d{1,7})?$")
_RUNTIME = Lazy(r"^/rustc/|/library/(?:std|core|alloc|test)/|^(?:std|core|alloc|test)::")


def find_rust(log: Log, taken: Taken) -> Iterator[Failure]:
    """What rustc, cargo and Rust programs report; errors that only count others are taken with them."""
    found = False
    for find in (_tests, _errors, _panics, _listed):
        for failure in find(log, taken):
            found = True
            yield failure
    if found:
        for index in unexplained(log, taken, "error: ", "failures:", "test result: FAILED", "For more information about"):
            line = log.bare[index]
            if (match := _ERROR.match(line)) and _CONSEQUENCE.match(match.group(3)):
                taken.take(index, index + 1)
            elif (
                _FAILURES.match(line)
                or _RESULT.match(line)
                or "about this error, try `rustc" in line
                or "about an error, try `rustc" in line
            ):
                end = span_end(log.bare, index + 1, lambda line: line.startswith("    ")) if _FAILURES.match(line) else index + 1
                taken.take(index, end)


def _errors(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    if not any(mark in log.text for mark in ("error[E", " --> ", "ompiling ", "argo", "crate", "rustc", "build command for `")):
        return
    for index in unexplained(log, taken, "error[E", "error: "):
        match = _ERROR.match(lines[index])
        if match is None or _CONSEQUENCE.match(match.group(3)):
            continue
        depth, code, message = len(match.group(1)), match.group(2), match.group(3)
        end = _end(lines, index + 1, depth)
        place = next((found for line in lines[index + 1 : min(end, index + 8)] if (found := _PLACE.match(line))), None)
        if not (code or place or _CARGO.match(message)):
            continue
        taken.take(index, end)
        if not code and (lint := next((found for line in lines[index:end] if (found := _LINT.search(line))), None)):
            code = (lint.group(1) or lint.group(2)).replace("-", "_")
        frames = (frame(place.group(1), int(place.group(2))),) if place else ()
        causes = (*_chain(lines[index + 1 : end]), Cause(code or "", message, frames))
        yield log.failure((index, end), causes, language="rust", phase="collection")


def _end(lines: Sequence[str], start: int, depth: int) -> int:
    """A diagnostic ends at a blank line; the causes that cargo tells follow behind one."""
    end = start
    while True:
        end = span_end(lines, end, lambda line: line.strip() != "" and (indent(line) > depth or _PART.match(line[depth:])))
        following = past_blanks(lines, end)
        if following >= len(lines) or following - end > 1 or not _CAUSED.match(lines[following]) or following - start > MAX_BLOCK:
            return end
        end = following + 1


def _chain(lines: Sequence[str]) -> tuple[Cause, ...]:
    """The reasons under `Caused by:`, the innermost first."""
    starts = [index + 1 for index, line in enumerate(lines) if _CAUSED.match(line)]
    parts = [lines[first:end] for first, end in zip(starts, [*(start - 1 for start in starts[1:]), len(lines)], strict=False)]
    causes = []
    for part in parts:
        panic = next((found for index, line in enumerate(part) if "panicked at" in line and (found := _panic(part, index))), None)
        causes.append(
            panic[0] if panic else Cause("", message_of(part[: span_end(part, 0, lambda line: not line.lstrip().startswith("--- "))]))
        )
    return tuple(reversed(causes))


def _panic(lines: Sequence[str], index: int) -> tuple[Cause, int] | None:
    """A panic with its backtrace, and where it ends."""
    match = _PANIC.match(lines[index])
    if match is None:
        return None
    _, old, old_path, old_line, path, line, several = match.groups()
    end = index + 1 if old is not None else span_end(lines, index + 1, lambda line: not _PANIC_ENDS.match(line), index + 60)
    message = (
        old if old is not None else message_of([several or "", *lines[index + 1 : end]]) if several else message_of(lines[index + 1 : end])
    )
    place = frame(old_path or path or "", int(old_line or line or 0)) if (old_path or path) else None
    while end < len(lines) and lines[end].lstrip().startswith(("note: run with", "note: in Rust")):
        end += 1
    frames: tuple[Frame, ...] = ()
    if end < len(lines) and lines[end].strip() == "stack backtrace:":
        stop = span_end(lines, end + 1, lambda line: _BACKTRACE.match(line) or _AT.match(line) or line.lstrip().startswith("note: Some"))
        frames, end = _backtrace(lines[end + 1 : stop]), stop
    if place and all((one.path.removeprefix("./"), one.line) != (place.path.removeprefix("./"), place.line) for one in frames):
        frames = (*frames, place)
    return Cause("panic", message, frames), end


def _backtrace(lines: Sequence[str]) -> tuple[Frame, ...]:
    frames: list[Frame] = []
    function = ""
    for line in lines:
        if match := _BACKTRACE.match(line):
            function = match.group(2)
        elif (match := _AT.match(line)) and not (_RUNTIME.search(match.group(1)) or _RUNTIME.match(function)):
            frames.append(frame(match.group(1), int(match.group(2)), function))
    return tuple(reversed(frames))


def _tests(log: Log, taken: Taken) -> Iterator[Failure]:
    """What failed tests wrote, each under its name."""
    lines = log.bare
    for index in unexplained(log, taken, "---- ", "--- STD"):
        match = _STDOUT.match(lines[index])
        if match is None or not (match.group(1) or match.group(2)):
            continue
        end = span_end(
            lines, index + 1, lambda line: not (_STDOUT.match(line) or _FAILURES.match(line) or _RESULT.match(line) or _NEXTEST.match(line))
        )
        panic = next((found for at in range(index + 1, end) if "panicked at" in lines[at] and (found := _panic(lines, at))), None)
        said = next((line for line in lines[index + 1 : end] if line.lower().startswith(("error: ", "error[", "error:"))), "")
        if match.group(2) and not panic and not said:
            continue
        first = next((line.strip() for line in lines[index + 1 : end] if line.strip()), lines[index].strip())
        cause = panic[0] if panic else Cause("", said.removeprefix("error: ").removeprefix("Error: ") or first)
        taken.take(index, end)
        name = match.group(1) or match.group(2).split()[-1]
        yield log.failure((index, end), (cause,), language="rust", test_id=name, phase="call")


def _panics(log: Log, taken: Taken) -> Iterator[Failure]:
    """Panics outside of test reports."""
    lines = log.bare
    for index in unexplained(log, taken, "' panicked at ", ") panicked at "):
        if found := _panic(lines, index):
            taken.take(index, found[1])
            yield log.failure((index, found[1]), (found[0],), language="rust")


def _listed(log: Log, taken: Taken) -> Iterator[Failure]:
    """Tests that failed without a word: what the list says is all there is."""
    lines = log.bare
    if "stdout ----" in log.text or "STDOUT: " in log.text or "STDERR: " in log.text:
        return
    for index in unexplained(log, taken, " ... FAILED"):
        if match := _TEST.match(lines[index]):
            taken.take(index, index + 1)
            yield log.failure((index, index + 1), (Cause("", lines[index].strip()),), language="rust", test_id=match.group(1), phase="call")


def read_frame(line: str) -> Frame | None:
    """The place of one frame of a backtrace."""
    match = _AT.match(line) if ".rs:" in line else None
    return frame(match.group(1), int(match.group(2))) if match else None
