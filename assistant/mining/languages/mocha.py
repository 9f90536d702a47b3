"""Failed tests as Mocha, Cypress, Jasmine, Karma, Playwright and Node's own runner print them."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure
from assistant.mining.languages import javascript
from assistant.mining.languages.scan import MAX_BLOCK, below, indent, message_of, span_end, split_type, unexplained
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_FAILING = Lazy(r"^\s*\d{1,6} failing\b")
_NUMBERED = Lazy(r"^(\s*)(\d{1,6})\) ?(.*)$")
_HOOK = Lazy(r"\"(before|after) (?:all|each)\" hook")
_KARMA = Lazy(
    r"^(?:\w*(?:Chrome|Chromium|Firefox|Safari|Edge|PhantomJS|IE|Opera|jsdom)[\w .()/-]{0,120}\)|.{0,40}Headless\w{0,40} [\d.]{1,20} \(.{1,80}\)) (.{1,800}) FAILED$"
)
_JASMINE = Lazy(r"^\s*(\d{1,6})\) (\S.{0,1000})$")
_MESSAGE = Lazy(r"^\s+(?:Message|Stack):\s*$")
_PLAYWRIGHT = Lazy(r"^(\s*)\d{1,5}\) (?:\[.{1,80}?\] › )?([^\s›]{1,300}\.[cm]?[jt]sx?):(\d{1,7}):\d{1,7} › (.{1,800}?)(?: ─{2,})?$")
_NODE_TEST = Lazy(r"^(\s*)✖ (.{1,800}?) \([\d.]{1,20}ms\)$")
_NODE_PLACE = Lazy(r"^\s*test at \S{1,400}:\d{1,7}:\d{1,7}$")
MAX_TITLE = 10


def find_mocha(log: Log, taken: Taken) -> Iterator[Failure]:
    """The numbered blocks under `N failing`, of Mocha and what is built on it."""
    lines, done = log.bare, 0
    for index in unexplained(log, taken, " failing"):
        if not _FAILING.match(lines[index]):
            continue
        starts = _numbered(lines, index + 1) if index >= done else []
        done = (starts[-1] if starts else index) + 1
        for first, following in zip(starts, [*starts[1:], None], strict=False):
            body, title = _title(lines, first, following or len(lines))
            end = following if following is not None else _last_end(lines, body)
            hook = _HOOK.search(title)
            phase = {"before": "setup", "after": "teardown"}[hook.group(1)] if hook else "call"
            causes = javascript.read_body(lines[body:end]) or (Cause("", title),)
            taken.take(first, end)
            yield log.failure((first, end), causes, language="javascript", test_id=title, phase=phase)


def _numbered(lines: Sequence[str], start: int) -> list[int]:
    """Where the blocks 1), 2), … begin, all at the depth of the first."""
    starts: list[int] = []
    depth, quiet = -1, 0
    for index in range(start, len(lines)):
        line = lines[index]
        match = _NUMBERED.match(line) if ")" in line[:40] else None
        quiet = 0 if javascript.is_trace(line) or match else quiet + 1
        if match and int(match.group(2)) == len(starts) + 1 and depth in (-1, len(match.group(1))):
            depth = len(match.group(1))
            starts.append(index)
        elif (quiet > MAX_BLOCK // 4) or (_FAILING.match(line) and not starts):
            break
    return starts


def _title(lines: Sequence[str], first: int, limit: int) -> tuple[int, str]:
    """The first line of the body, and the names of suites and test."""
    parts: list[str] = []
    for index in range(first, min(limit, first + MAX_TITLE)):
        text = lines[index].strip()
        parts.append(text.partition(") ")[2] if index == first else text)
        if text.endswith(":"):
            return index + 1, " › ".join(part for part in parts if part).removesuffix(":")
    return first + 1, parts[0] if parts else ""


def _last_end(lines: Sequence[str], start: int) -> int:
    """Where the last block ends: with its stack, else with its paragraph."""
    limit = min(len(lines), start + 200)
    frames = next((index for index in range(start, limit) if javascript.read_frame(lines[index])), None)
    if frames is not None:
        return span_end(lines, frames, lambda line: line.lstrip().startswith("at "))
    end = span_end(lines, start, lambda line: line.strip() != "" or False, limit)
    while end + 1 < limit and indent(lines[end + 1]) >= 4 and lines[end + 1].strip():
        end = span_end(lines, end + 1, lambda line: line.strip() != "", limit)
    return end


def find_karma(log: Log, taken: Taken) -> Iterator[Failure]:
    """`BROWSER test FAILED` with the indented lines below."""
    lines = log.bare
    for index in unexplained(log, taken, " FAILED"):
        match = _KARMA.match(lines[index].rstrip())
        if match is None:
            continue
        end = span_end(lines, index + 1, lambda line: line.startswith(("\t", "    ")))
        taken.take(index, end)
        causes = javascript.read_body(lines[index + 1 : end]) or (Cause("", lines[index].strip()),)
        yield log.failure((index, end), causes, language="javascript", test_id=match.group(1), phase="call")


def find_jasmine(log: Log, taken: Taken) -> Iterator[Failure]:
    """Numbered blocks with `Message:` and `Stack:`."""
    lines = log.bare
    for index in unexplained(log, taken, "Message:"):
        title = _JASMINE.match(lines[index - 1]) if index and _MESSAGE.match(lines[index]) else None
        if title is None:
            continue
        end = span_end(lines, index, lambda line: line.startswith("  ") or not line.strip())
        following = next((at for at in range(index + 1, end) if _JASMINE.match(lines[at]) and indent(lines[at]) <= 2), end)
        stack = next((at for at in range(index + 1, following) if _MESSAGE.match(lines[at])), following)
        message = message_of(lines[index + 1 : stack])
        found = javascript.read_body(lines[stack + 1 : following])
        stacked = found[-1] if found else Cause("", "")
        exception, rest = (stacked.exception, message.removeprefix(f"{stacked.exception}: ")) if stacked.exception else split_type(message)
        taken.take(index - 1, following)
        cause = Cause(exception or "AssertionError", rest, stacked.frames)
        yield log.failure((index - 1, following), (cause,), language="javascript", test_id=title.group(2), phase="call")


def find_playwright(log: Log, taken: Taken) -> Iterator[Failure]:
    """Numbered blocks whose title is a place and a test; attempts that were repeated stay in the block."""
    lines, seen = log.bare, set[str]()
    for index in unexplained(log, taken, " › "):
        match = _PLAYWRIGHT.match(lines[index])
        if match is None or index + 2 >= len(lines):
            continue
        end = span_end(lines, index + 1, below(len(match.group(1)) + 1))
        retry = next((at for at in range(index + 1, end) if lines[at].lstrip().startswith("Retry #")), end)
        causes = javascript.read_body(lines[index + 1 : retry])
        if not causes:
            continue
        taken.take(index, end)
        test_id = f"{match.group(2)} › {match.group(4)}"
        if test_id not in seen:
            seen.add(test_id)
            yield log.failure((index, end), causes, language="javascript", test_id=test_id, phase="call")


def find_node_test(log: Log, taken: Taken) -> Iterator[Failure]:
    """Node's spec reporter: what stands under `failing tests:`."""
    lines = log.bare
    for index in unexplained(log, taken, "test at "):
        match = _NODE_TEST.match(lines[index + 1]) if index + 1 < len(lines) and _NODE_PLACE.match(lines[index]) else None
        if match is None:
            continue
        end = span_end(lines, index + 2, below(len(match.group(1)) + 1))
        taken.take(index, end)
        causes = javascript.read_body(lines[index + 2 : end]) or (Cause("", match.group(2)),)
        yield log.failure((index, end), causes, language="javascript", test_id=match.group(2), phase="call")
