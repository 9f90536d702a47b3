"""Test Anything Protocol: `not ok` lines with what stands below them."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure
from assistant.mining.languages import javascript
from assistant.mining.languages.scan import below, indent, message_of, span_end, split_type, unexplained
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_NOT_OK = Lazy(r"^(\s*)not ok (?:\d{1,9}\b)?(?: - | )?(.*)$")
_EXCUSED = Lazy(r"#\s*(?:TODO|SKIP)\b", 2)
_KEY = Lazy(r"^\s*(error|message|stack|name|failureType|code): ?(.*)$")
_DIRECTIVE = Lazy(r"\s+#\s?(?:time=|duration_ms).{0,60}$")
MAX_YAML = 400
"""Lines of the block below a test."""


def find_tap(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failed tests; one that failed only because a part of it did is left to the part, and a closing list says nothing new."""
    lines, seen = log.bare, set[str]()
    for index in unexplained(log, taken, "not ok "):
        match = _NOT_OK.match(lines[index])
        if match is None or _EXCUSED.search(match.group(2)):
            continue
        end = _end(lines, index + 1, len(match.group(1)))
        said = _said(lines[index + 1 : end])
        taken.take(index, end)
        if "subtest" in said.get("failureType", "") or said.get("error", "").endswith(("subtest failed'", "subtests failed'")):
            continue
        title = _DIRECTIVE.sub("", match.group(2)).strip()
        causes = _causes(said, lines[index + 1 : end]) or (Cause("", title),)
        if end == index + 1 and title in seen:
            continue
        seen.add(title)
        language = "javascript" if any(cause.frames for cause in causes) else "text"
        yield log.failure((index, end), causes, language=language, test_id=title, phase="call")


def _end(lines: Sequence[str], start: int, depth: int) -> int:
    """Behind the YAML block or the diagnostics that follow."""
    if start < len(lines) and lines[start].strip() == "---":
        closing = next((at for at in range(start + 1, min(len(lines), start + MAX_YAML)) if lines[at].strip() == "..."), None)
        if closing is not None:
            return closing + 1
    return span_end(lines, start, lambda line: line.lstrip().startswith("# ") and indent(line) >= depth, start + 40)


def _said(body: Sequence[str]) -> dict[str, str]:
    """The keys of the YAML block, several lines joined."""
    said: dict[str, str] = {}
    for index, line in enumerate(body):
        match = _KEY.match(line)
        if match is None or match.group(1) in said:
            continue
        key, value = match.groups()
        if value.strip() in ("|-", "|", ">-", ">", "|+"):
            stop = span_end(body, index + 1, below(indent(line)))
            value = "\n".join(body[index + 1 : stop])
        said[key] = value.strip("\n")
    return said


def _causes(said: dict[str, str], body: Sequence[str]) -> tuple[Cause, ...]:
    if stack := said.get("stack"):
        lines = stack.split("\n")
        named = next((at for at in range(len(lines) - 1, -1, -1) if split_type(lines[at].strip())[0]), 0)
        found = javascript.read_body(lines[named:])
        if said.get("error") and found and not found[-1].message:
            return (Cause(said.get("name", "").strip("'"), said["error"].strip("'"), found[-1].frames),)
        return found
    message = said.get("error") or said.get("message") or ""
    if message:
        exception, rest = split_type(message.strip("'\""))
        return (Cause(exception or said.get("name", "").strip("'"), message_of(rest.split("\n"))),)
    notes = [line.lstrip(" #") for line in body if line.lstrip().startswith("# ")]
    return (Cause("", message_of(notes)),) if notes else ()
