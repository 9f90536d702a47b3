"""Logs of JSON records, as their libraries write them."""

import json

import pytest
from hypothesis import given, strategies as st

from assistant.mining import mine
from assistant.mining.records import readable
from assistant.redaction import Redactor
from assistant.sources.source import Source

TRACEBACK = 'Traceback (most recent call last):\n  File "/srv/app/db.py", line 7, in load\n    rows[3]\nIndexError: list index out of range'
JAVA = "java.lang.IllegalStateException: pool is closed\n\tat com.acme.Pool.get(Pool.java:31)\n\tat com.acme.Main.main(Main.java:9)"
NODE = "TypeError: x is not a function\n    at run (/srv/app/run.js:3:9)"


def shown(*records: object) -> str:
    return readable(Source("x", "\n".join(one if isinstance(one, str) else json.dumps(one) for one in records))).text


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (
            {"event": "load failed", "level": "error", "timestamp": "2026-01-01T10:00:00Z", "logger": "app.db", "exception": TRACEBACK},
            f"ERROR app.db: load failed\n{TRACEBACK}",
        ),
        ({"asctime": "x", "levelname": "WARNING", "name": "app", "message": "slow", "exc_info": None, "pid": 3}, "WARNING app: slow"),
        ({"text": f"2026 | ERROR | boom\n{TRACEBACK}\n", "record": {"level": {"name": "ERROR"}}}, f"2026 | ERROR | boom\n{TRACEBACK}"),
        (
            {"name": "api", "hostname": "h", "pid": 1, "level": 50, "msg": "no", "time": "t", "v": 0,
             "err": {"message": "x is not a function", "name": "TypeError", "stack": NODE}},
            f"ERROR api: no\n{NODE}",
        ),
        (
            {"level": 60, "time": 1, "err": {"type": "Error", "message": "boom", "stack": "    at f (/a.js:1:2)"}, "msg": "dead"},
            "FATAL dead\nError: boom\n    at f (/a.js:1:2)",
        ),
        ({"log": "plain line\n", "stream": "stderr", "time": "t"}, "plain line"),
        ({"log": json.dumps({"event": "no", "level": "error"}) + "\n", "stream": "stdout", "time": "t"}, "ERROR no"),
        (
            {"level": "error", "ts": 1.5, "caller": "db/pool.go:31", "msg": "cannot connect", "error": "EOF", "stacktrace": "main.run\n\t/app/main.go:9"},
            "ERROR db/pool.go:31: cannot connect error=EOF\nmain.run\n\t/app/main.go:9",
        ),
        (
            {"@timestamp": "t", "@version": "1", "message": "no pool", "logger_name": "c.a.Pool", "thread_name": "m", "level": "ERROR", "stack_trace": JAVA},
            f"ERROR c.a.Pool: no pool\n{JAVA}",
        ),
        (
            {"@timestamp": "t", "log": {"level": "error", "logger": "a"}, "message": "no", "error": {"type": "E", "message": "m", "stack_trace": JAVA}},
            f"ERROR a: no\n{JAVA}",
        ),
        ({"@t": "t", "@mt": "no {What}", "@l": "Error", "@x": "System.Exception: no", "What": "way"}, "ERROR no {What} What=way\nSystem.Exception: no"),
        ({"Time": "t", "Action": "output", "Package": "p", "Test": "TestA", "Output": "--- FAIL: TestA (0.00s)\n"}, "--- FAIL: TestA (0.00s)"),
        ({"reason": "compiler-message", "message": {"rendered": "error[E0308]: mismatched\n --> src/a.rs:1:2\n"}}, "error[E0308]: mismatched\n --> src/a.rs:1:2"),
        (
            {"level": "info", "msg": "sent", "path": "/orders", "status": 500, "user agent": "a b", "none": None, "long": "x" * 400},
            'INFO sent path=/orders status=500 user agent="a b" long=…',
        ),
    ],
    ids=[
        "structlog", "python-json-logger", "loguru", "bunyan", "pino", "docker", "structlog within docker", "zap", "logback", "ecs", "serilog",
        "go test", "cargo", "details",
    ],
)  # fmt: skip
def test_a_record_is_shown_as_a_person_would_read_it(record: dict[str, object], text: str) -> None:
    assert shown(record) == text


def test_structured_tracebacks_of_structlog_are_printed_as_python_does_the_cause_first() -> None:
    frames = [{"filename": "/srv/app/db.py", "lineno": 7, "name": "load"}]
    surfaced = {"exc_type": "RuntimeError", "exc_value": "no data", "is_cause": False, "frames": frames}
    cause = {"exc_type": "KeyError", "exc_value": "'a'", "is_cause": True, "frames": frames}
    text = shown({"event": "e", "level": "error", "exception": [surfaced, cause]})
    (failure,) = mine([Source("x", text)], Redactor()).failures
    assert [(one.exception, one.message) for one in failure.chain] == [("KeyError", "'a'"), ("RuntimeError", "no data")]
    assert "direct cause" in text


@pytest.mark.parametrize(
    "line",
    [
        '{"a": 1}',
        '{"name": "x", "version": "1.0"}',
        '{"message": "no level and no time"}',
        "{broken",
        "const x = {}",
        '["level"]',
        '{"level": "error"}',
    ],
)
def test_what_is_no_record_stays_as_it_is(line: str) -> None:
    assert shown(line, "next") == f"{line}\nnext"


def test_records_among_plain_lines_and_behind_a_container_name_keep_their_line() -> None:
    record = json.dumps({"level": "error", "event": "load failed", "exception": TRACEBACK})
    source = readable(Source("x", f"starting\nweb_1  | {record}\ndone"))
    assert source.text.split("\n") == [
        "starting",
        "web_1  | ERROR load failed",
        *(f"web_1  | {line}" for line in TRACEBACK.split("\n")),
        "done",
    ]
    assert list(source.numbers) == [1, 2, 2, 2, 2, 2, 3]
    assert (source.lines, source.notes) == (3, ("1 JSON record is shown as the text that it says",))
    (failure,) = mine([source], Redactor()).failures
    assert (failure.exception, failure.frames[0].line, str(failure.origin)) == ("IndexError", 7, "x:2")


@given(
    st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["level", "msg", "message", "log", "stream", "time", "err", "exception", "stack", "frames", "text", "record"]
                    ),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=12,
        ).map(json.dumps)
        | st.text(max_size=20),
        max_size=6,
    )
)
def test_no_record_breaks_it_and_numbers_ascend(lines: list[str]) -> None:
    text = "\n".join(lines)
    source = readable(Source("x", text))
    numbers = list(source.numbers or range(1, text.count("\n") + 2))
    assert len(source.text.split("\n")) == len(numbers)
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, text.count("\n") + 2))
