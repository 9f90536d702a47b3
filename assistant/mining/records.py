"""Logs of JSON records, one a line: each becomes the lines that a person would read, and keeps its line's number.

A line that is no record stays as it is, so mixed logs work; a record within a record (an application's own, within docker's) is read too.
"""

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.mining.decoration import undecorated
from assistant.mining.record_exceptions import told_exception
from assistant.sources.source import Source

LEVELS = ("level", "levelname", "severity", "log.level", "lvl", "loglevel", "@l", "Level", "severity_text", "log_level")
MESSAGES = ("message", "msg", "event", "@m", "@mt", "short_message", "textPayload", "Message", "body", "RenderedMessage", "text")
LOGGERS = ("logger", "logger_name", "loggerName", "log.logger", "name", "SourceContext", "component", "caller")
TIMES = ("timestamp", "time", "ts", "@timestamp", "@t", "asctime", "datetime", "Timestamp", "date", "instant", "timeMillis")
UNTOLD = frozenset(
    (*TIMES, "v", "@version", "version", "level_value", "pid", "hostname", "host", "thread", "threadId", "thread_name", "threadPriority",
     "stream", "endOfBatch", "loggerFqcn", "process", "processName", "threadName", "lineno", "filename", "func_name", "pathname", "module",
     "funcName", "color_message", "ecs.version", "relativeCreated", "created", "msecs", "args", "taskName", "@i", "@r", "source")
)  # fmt: skip
"""What is said of every record and tells a reader nothing."""

NUMBERED = {10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL"}
"""The levels of bunyan and pino."""

MAX_DETAILS, DETAIL_LENGTH = 8, 300
MAX_NESTED = 3


def readable(source: Source) -> Source:
    """A log whose JSON records are lines for people; one without a record comes back as it was.

    Args:
        source: decoded text, not escaped yet: what a record says may hold anything.
    """
    lines = source.text.split("\n")
    if not any(line.rstrip().endswith("}") for line in lines):
        return source
    shown: list[str] = []
    numbers = array("L")
    records = 0
    for row, (line, bare) in enumerate(zip(lines, map(undecorated, lines), strict=True)):
        told = _told(line.rstrip(), bare.strip()) if line.rstrip().endswith("}") else None
        records += told is not None
        read = [line] if told is None else told
        shown += read
        numbers.extend([source.numbers[row] if source.numbers else row + 1] * len(read))
    if not records:
        return source
    note = (
        f"{records} JSON records are shown as the text that they say" if records > 1 else "1 JSON record is shown as the text that it says"
    )
    return source._replace(text="\n".join(shown), numbers=numbers, total=source.lines, notes=(*source.notes, note))


def _told(line: str, bare: str) -> list[str] | None:
    """The lines of a record, after whatever its carrier put before it; None for what is no record."""
    record = _parsed(bare) if bare.startswith("{") else None
    lines = None if record is None else _lines(record)
    prefix = line[: len(line) - len(bare)]
    return None if lines is None else [prefix + one for one in lines]


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _lines(record: Mapping[str, Any], depth: int = 0) -> list[str] | None:
    """What a record says; None where it is data, not a record."""
    carried = _carried(record)
    if carried is not None:
        inner = _parsed(carried) if carried.startswith("{") and depth < MAX_NESTED else None
        return (_lines(inner, depth + 1) if inner else None) or carried.split("\n")
    record = _flat(record)
    level, message = _first(record, LEVELS), _first(record, MESSAGES)
    exception = list(told_exception(record))
    if not (message or exception) or not (level or exception or any(key in record for key in TIMES)):
        return None
    logger = _first(record, LOGGERS)
    head = " ".join(part for part in (_level(level), f"{logger}:" if logger else "", message) if part)
    first, *more = head.split("\n")
    return [" ".join((first, *_details(record))), *more, *exception]


def _carried(record: Mapping[str, Any]) -> str | None:
    """The text that a record only carries: docker's, loguru's, `go test -json` and cargo's."""
    for key, others in (("log", ("stream", "time")), ("text", ("record",)), ("Output", ("Action",))):
        if isinstance(record.get(key), str) and all(other in record for other in others):
            return str(record[key]).removesuffix("\n")
    message = record.get("message")
    if isinstance(message, dict) and isinstance(message.get("rendered"), str):
        return str(message["rendered"]).removesuffix("\n")
    return None


def _flat(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record with the groups of the Elastic schema written as `log.level`."""
    flat = dict(record)
    for group in ("log", "service"):
        if isinstance(flat.get(group), dict):
            flat.update((f"{group}.{key}", value) for key, value in flat.pop(group).items())
    return flat


def _first(record: Mapping[str, Any], keys: Sequence[str]) -> str:
    for key in keys:
        value = record.get(key)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
            return str(value)
    return ""


def _level(level: str) -> str:
    return NUMBERED.get(int(level), level) if level.isascii() and level.isdigit() and len(level) < 4 else level.upper()


def _details(record: Mapping[str, Any]) -> Iterator[str]:
    """What else the record says, as `key=value`."""
    told = {*UNTOLD, *LEVELS, *MESSAGES, *LOGGERS}
    left = [(key, value) for key, value in record.items() if key not in told and value not in (None, "", [], {})]
    for key, value in left[:MAX_DETAILS]:
        if not _is_exception(key, value):
            shown = value if isinstance(value, str) and value.isprintable() and " " not in value else json.dumps(value, ensure_ascii=False)
            yield f"{key}={shown}" if len(shown) <= DETAIL_LENGTH else f"{key}=…"


def _is_exception(key: str, value: object) -> bool:
    """Whether something is told as the exception's own lines."""
    return any(told_exception({key: value}))
