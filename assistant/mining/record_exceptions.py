"""The exception that a JSON record holds, as the lines that its language prints."""

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.mining.python import CONNECTORS, HEADER

TEXTS = ("exception", "exc_info", "stack_trace", "stacktrace", "stack", "error.stack_trace", "@x", "Exception", "traceback", "exc_text",
         "errorVerbose", "stackTrace", "exception.stacktrace", "stack_info")  # fmt: skip
"""Fields that hold it as text."""

SHORT = ("exception", "@x", "Exception", "exc_info")
"""Fields whose text is the exception even where it is a single line."""

OBJECTS = ("err", "error", "exception", "thrown", "exc_info")
"""Fields that hold it as an object."""

STACKS = ("stack", "stack_trace", "stacktrace", "extendedStackTrace", "traceback")
MAX_FRAMES = 200


def told_exception(record: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a record's exception; none where it has none.

    Args:
        record: the fields of the record.
    """
    for key in TEXTS:
        value = record.get(key)
        if isinstance(value, str) and "\n" in value.strip():
            return iter(value.strip("\n").split("\n"))
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            return _structured(value)
    for key in OBJECTS:
        value = record.get(key)
        if isinstance(value, dict):
            return _of_object(value)
    return iter([value for key in SHORT if isinstance(value := record.get(key), str) and value][:1])


def _of_object(value: Mapping[str, Any]) -> Iterator[str]:
    """`{"type": …, "message": …, "stack": …}`, in whichever words."""
    named = next((str(value[key]) for key in ("type", "name", "class", "kind") if isinstance(value.get(key), str)), "")
    message = next((str(value[key]) for key in ("message", "msg", "localizedMessage") if isinstance(value.get(key), str)), "")
    stack = next((value[key] for key in STACKS if value.get(key)), None)
    head = f"{named}: {message}" if named and message else named or message
    if isinstance(stack, str):
        lines = stack.strip("\n").split("\n")
        if head and lines[0].lstrip().startswith("at "):
            yield from head.split("\n")
        yield from lines
        return
    yield from head.split("\n") if head else ()
    for frame in stack[:MAX_FRAMES] if isinstance(stack, list) else ():
        yield _java_frame(frame) if isinstance(frame, dict) else f"    at {frame}"


def _java_frame(frame: Mapping[str, Any]) -> str:
    return f"    at {frame.get('class', '')}.{frame.get('method', '')}({frame.get('file', '')}:{frame.get('line', '')})"


def _structured(causes: list[dict[str, Any]]) -> Iterator[str]:
    """Python tracebacks as structlog writes them: the one that surfaced first, each followed by what it came from."""
    before: dict[str, Any] | None = None
    for cause in reversed(causes):
        if before is not None:
            yield from ("", CONNECTORS[0] if before.get("is_cause") else CONNECTORS[1], "")
        before = cause
        yield HEADER
        yield from _python_frames(cause.get("frames"))
        yield from f"{cause.get('exc_type', 'Exception')}: {cause.get('exc_value', '')}".split("\n")


def _python_frames(frames: object) -> Iterator[str]:
    for frame in frames[:MAX_FRAMES] if isinstance(frames, list) else ():
        if isinstance(frame, dict):
            yield f'  File "{frame.get("filename", "?")}", line {frame.get("lineno", 0)}, in {frame.get("name", "?")}'
            if frame.get("line"):
                yield f"    {frame['line']}"
