"""PHP: PHPUnit and Pest, fatal errors, uncaught exceptions, Laravel logs, Composer."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages.scan import MAX_BLOCK, indent, message_of, past_blanks, read_frames, span_end, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_FRAME = Lazy(r"^\s*(?:#\d{1,4} +)?((?:[A-Za-z]:)?[^\s:()]{1,400}\.(?:php|phtml|phpt|inc))(?:\((\d{1,7})\)|:(\d{1,7}))(?:: (.{1,600}))?$")
_VENDOR = Lazy(r"(?:^|[\\/])vendor[\\/]([\w.-]{1,80})[\\/]")
_CLASS = r"\\?(?:[A-Za-z_]\w{0,100}\\{1,2}){0,10}[A-Z]\w{0,100}"
_SECTION = Lazy(
    r"^There (?:was|were) \d{1,6} (error|failure|warning|risky test|skipped test|incomplete test|deprecation|notice|PHPUnit \w{1,20})s?:$"
)
_NUMBERED = Lazy(r"^(\d{1,6})\) (\S.{0,1000})$")
_NAMED = Lazy(rf"^({_CLASS}(?:Exception|Error|Failure)|Error|Exception|ParseError|TypeError)(?: \[\w{{1,40}}\])?: ?(.*)$")
_ENDS = Lazy(r"^(?:--|FAILURES!|ERRORS!|OK|WARNINGS!|Tests: \d)")
_FATAL = Lazy(r"^(?:\[.{1,40}\] )?(?:PHP )?(Fatal error|Parse error|Recoverable fatal error|Catchable fatal error): +(.*)$")
_UNCAUGHT = Lazy(rf"^(?:Uncaught )?(?:\(?({_CLASS})\)?:? )?(.*?)(?: in ((?:[A-Za-z]:)?[^\s()]{{1,400}}?)(?::| on line )(\d{{1,7}}))?$")
_LARAVEL = Lazy(
    rf"^\[.{{10,40}}\] [\w-]{{1,40}}\.(?:ERROR|CRITICAL|EMERGENCY|ALERT): (.{{0,2000}}?) \{{.{{0,200}}?\"exception\":\"\[object\] \(({_CLASS})\(code: .{{1,20}}?\): (.{{0,2000}}?) at (\S.{{0,400}}?):(\d{{1,7}})\)$"
)
_PEST = Lazy(r"^\s*(?:•|⨯|FAILED) {1,3}(\S.{0,300}? (?:>|→) \S.{0,500}?)(?: {2,}(\w{1,80}))?$")
_PEST_PLACE = Lazy(r"^\s*at (\S{1,400}\.php):(\d{1,7})$")
_COMPOSER = Lazy(
    r"^\s{0,4}(Your requirements could not be resolved to an installable set of packages\.|Your lock file does not contain a compatible set of packages.*|The requested PHP extension .*)$"
)


def read_frame(line: str) -> Frame | None:
    """One `#0 /path/File.php(12): function()` or `/path/File.php:12`."""
    match = _FRAME.match(line) if ".p" in line or ".inc" in line else None
    if match is None:
        return None
    path, bracket, colon, function = match.groups()
    vendor = _VENDOR.search(path)
    name = (function or "").partition("(")[0]
    return Frame(path, int(bracket or colon), name, ours=vendor is None, package=vendor.group(1) if vendor else "")


def find_php(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failures of PHP's test frameworks, programs and package manager."""
    yield from _phpunit(log, taken)
    yield from _pest(log, taken)
    yield from _fatal(log, taken)
    yield from _laravel(log, taken)
    lines = log.bare
    for index in unexplained(log, taken, "installable set of packages", "compatible set of packages"):
        if match := _COMPOSER.match(lines[index]):
            start = past_blanks(lines, index + 1)
            end = span_end(lines, start, lambda line: line.startswith(("  ", "    - ")) or not line.strip(), index + 60)
            taken.take(index, end)
            message = message_of([match.group(1), *(line for line in lines[index + 1 : end] if line.strip())])
            yield log.failure((index, end), (Cause("", message),), language="php", phase="collection")


def _phpunit(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    for index in unexplained(log, taken, "There was ", "There were "):
        section = _SECTION.match(lines[index])
        if section is None:
            continue
        starts, stop = _items(lines, index + 1)
        if section.group(1) not in ("error", "failure"):
            taken.take(index, stop)
            continue
        for first, end in zip(starts, [*starts[1:], stop], strict=False):
            taken.take(first, end)
            title = _NUMBERED.match(lines[first])
            cause = _thrown(lines[first + 1 : end])
            test_id = title.group(2).partition(" with data set")[0] if title else ""
            whole = title.group(2) if title else ""
            yield log.failure((first, end), cause, language="php", test_id=whole if len(whole) < 200 else test_id, phase="call")


def _items(lines: Sequence[str], start: int) -> tuple[list[int], int]:
    """Where the numbered blocks of a section begin, and where the section ends."""
    starts: list[int] = []
    for index in range(start, len(lines)):
        match = _NUMBERED.match(lines[index]) if lines[index][:1].isdigit() else None
        if match and int(match.group(1)) == len(starts) + 1:
            starts.append(index)
        elif _ENDS.match(lines[index]) or _SECTION.match(lines[index]) or (starts and index - starts[-1] > MAX_BLOCK):
            return starts, index
    return starts, len(lines)


def _thrown(body: Sequence[str]) -> tuple[Cause, ...]:
    """The exception of a block and what caused it, innermost first."""
    starts = [0, *(index + 1 for index, line in enumerate(body) if line.strip() == "Caused by")]
    parts = [body[first:end] for first, end in zip(starts, [*starts[1:], len(body)], strict=False)]
    causes: list[Cause] = []
    for part in parts:
        stop = next((index for index, line in enumerate(part) if read_frame(line)), len(part))
        message = message_of([line for line in part[:stop] if line.strip() != "Caused by"])
        match = _NAMED.match(message.partition("\n")[0])
        rest = f"{match.group(2)}\n{message.partition(chr(10))[2]}".strip() if match else message
        exception = match.group(1) if match else "AssertionFailedError" if message.startswith("Failed asserting") else ""
        causes.insert(0, Cause(exception, rest, read_frames(part[stop:], read_frame)))
    return tuple(causes)


def _pest(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    if "Pest" not in log.text and "  FAILED  " not in log.text:
        return
    for index in unexplained(log, taken, "  FAILED  "):
        match = _PEST.match(lines[index])
        if match is None:
            continue
        end = span_end(lines, index + 1, lambda line: not line.lstrip().startswith(("FAILED  ", "──", "Tests:  ")), index + 120)
        place = next((found for line in lines[index:end] if (found := _PEST_PLACE.match(line))), None)
        if place is None:
            continue
        message = message_of([line for line in lines[index + 1 : end] if line.strip()][:1])
        taken.take(index, end)
        cause = Cause(match.group(2) or "", message, (frame(place.group(1), int(place.group(2))),))
        yield log.failure((index, end), (cause,), language="php", test_id=match.group(1), phase="call")


def _fatal(log: Log, taken: Taken) -> Iterator[Failure]:
    lines, seen = log.bare, set[str]()
    for index in unexplained(log, taken, "atal error: ", "Parse error: "):
        match = _FATAL.match(lines[index])
        if match is None or (" on line " not in lines[index] and "Uncaught" not in lines[index]):
            continue
        end = span_end(
            lines,
            index + 1,
            lambda line: bool(read_frame(line)) or line.startswith(("Stack trace:", "  thrown in", "#", "PHP Stack", "PHP   ")),
            index + 200,
        )
        taken.take(index, end)
        if match.group(2) in seen:  # on the error stream and on the page
            continue
        seen.add(match.group(2))
        said = _UNCAUGHT.match(match.group(2))
        exception, message, path, number = said.groups() if said else (None, match.group(2), None, None)
        if not match.group(2).startswith("Uncaught"):
            exception, message = match.group(1), match.group(2).rpartition(" in ")[0] or match.group(2)
        place = (frame(path, int(number)),) if path and number else ()
        frames = (*read_frames(lines[index + 1 : end], read_frame), *place)
        yield log.failure((index, end), (Cause(exception or match.group(1), message, frames),), language="php")


def _laravel(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    for index in unexplained(log, taken, '"exception":"[object] ('):
        if match := _LARAVEL.match(lines[index]):
            end = span_end(lines, index + 1, lambda line: line.startswith(("[stacktrace]", "#", '"}')) or indent(line) > 0, index + 200)
            _, exception, message, path, number = match.groups()
            frames = (*read_frames(lines[index + 1 : end], read_frame), frame(path, int(number)))
            taken.take(index, end)
            yield log.failure((index, end), (Cause(exception.replace("\\\\", "\\"), message, frames),), language="php")
