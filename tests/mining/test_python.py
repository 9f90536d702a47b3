from pathlib import Path

import pytest

from assistant.evidence import Failure
from assistant.mining import mine
from assistant.redaction import Redactor
from assistant.sources.source import Source

DATA = Path(__file__).parents[1] / "data" / "mining"


def mined(text: str) -> tuple[Failure, ...]:
    return mine([Source("app.log", text)], Redactor()).failures


PLAIN = """\
Traceback (most recent call last):
  File "/srv/app/main.py", line 3, in run
    load(x)
    ~~~~^^^
  File "/opt/venv/lib/python3.12/site-packages/lib/core.py", line 9, in load
    raise KeyError(x)
KeyError: 'a'
"""


def test_a_traceback_gives_frames_exception_and_place() -> None:
    (failure,) = mined("start\n" + PLAIN + "\nend\n")
    assert (failure.exception, failure.message, str(failure.origin)) == ("KeyError", "'a'", "app.log:2-8")
    assert [(one.path, one.line, one.function, one.code, one.ours, one.package) for one in failure.frames] == [
        ("/srv/app/main.py", 3, "run", "load(x)", True, ""),
        ("/opt/venv/lib/python3.12/site-packages/lib/core.py", 9, "load", "raise KeyError(x)", False, "lib"),
    ]


@pytest.mark.parametrize(
    "prefix",
    [
        "web_1  | ",
        "web (stderr)         | ",
        "2021-03-21T05:06:02.316153+00:00 app[worker.1]: ",
        "2024-05-01T10:11:12.1234567Z ",
        "Mar  4 09:37:56 host app[12]: ",
        "[pod/web-1/app] ",
        "build\tRun tests\t2024-05-01T10:11:12.1234567Z ",
        "#12 0.345 ",
    ],
)
def test_decorations_are_seen_through_and_kept_in_the_text(prefix: str) -> None:
    decorated = "".join(prefix + line + "\n" for line in PLAIN.splitlines())
    (failure,) = mined(decorated)
    assert (failure.exception, failure.frames[0].path, len(failure.frames)) == ("KeyError", "/srv/app/main.py", 2)
    assert failure.text == decorated.rstrip("\n")


def test_a_chain_has_its_innermost_cause_first() -> None:
    chained = (
        PLAIN
        + "\nThe above exception was the direct cause of the following exception:\n\n"
        + PLAIN.replace("KeyError: 'a'", "app.Bad: no a")
    )
    (failure,) = mined(chained)
    assert [cause.exception for cause in failure.chain] == ["KeyError", "app.Bad"]
    assert (failure.exception, failure.cause.message) == ("app.Bad", "'a'")


def test_a_group_has_its_leaves_in_the_chain() -> None:
    (failure,) = mined((DATA / "group.log").read_text())
    assert failure.exception == "ExceptionGroup"
    assert [cause.exception for cause in failure.chain] == ["ValueError", "TypeError", "ExceptionGroup"]


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_traceback_without_its_head_is_still_one(cut: int) -> None:
    (failure,) = mined("\n".join(PLAIN.splitlines()[cut:]))
    assert (failure.exception, failure.origin.first) == ("KeyError", 1)


def test_a_syntax_error_points_at_its_file() -> None:
    (failure,) = mined(
        "Traceback (most recent call last):\n"
        '  File "/srv/a.py", line 2, in <module>\n    import jose\n'
        '  File "/srv/jose.py", line 5\n    print x\n          ^\nSyntaxError: invalid syntax\n'
    )
    assert (failure.exception, failure.message, failure.frames[-1].path, failure.frames[-1].line) == (
        "SyntaxError",
        "invalid syntax",
        "/srv/jose.py",
        5,
    )


def test_a_message_goes_on_over_lines_and_ends_before_prose() -> None:
    (failure,) = mined(
        PLAIN.replace(
            "KeyError: 'a'", "sqlalchemy.exc.ProgrammingError: no such column\nLINE 1: select x\n               ^\n\n[SQL: select x]"
        )
        + "\nIt happens daily.\n"
    )
    assert failure.message == "no such column\nLINE 1: select x\n               ^\n\n[SQL: select x]"


def test_the_log_record_that_holds_a_traceback_belongs_to_it() -> None:
    (failure,) = mined("INFO ready\n2024-03-04 09:37:56,520 ERROR app: could not serve\n" + PLAIN)
    assert failure.origin.first == 2


def test_a_trapped_warning_ranks_below_an_error() -> None:
    failures = mined(
        "2024-03-04 09:37:56,520 WARNING lib: (trapped) error\n"
        + PLAIN
        + "\n2024-03-04 09:38:00,000 ERROR app: cannot start: port 80 is taken\n"
    )
    assert [failure.exception for failure in failures] == ["", "KeyError"]


def test_a_windows_path_is_a_path() -> None:
    (failure,) = mined('  File "C:\\app\\main.py", line 6, in <module>\n    go()\nValueError: x\n')
    assert (failure.frames[0].path, failure.frames[0].ours) == ("C:\\app\\main.py", True)


@pytest.mark.parametrize(
    ("line", "exception", "message"),
    [
        ("sqlalchemy.exc.TimeoutError: QueuePool limit reached", "sqlalchemy.exc.TimeoutError", "QueuePool limit reached"),
        (
            "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called",
            "sqlalchemy.exc.MissingGreenlet",
            "greenlet_spawn has not been called",
        ),
        ("ImportError: cannot import name 'x'", "ImportError", "cannot import name 'x'"),
    ],
)
def test_an_exception_line_alone_is_a_failure(line: str, exception: str, message: str) -> None:
    (failure,) = mined(f"{line}\n\nsome notes below\n")
    assert (failure.language, failure.exception, failure.message) == ("python", exception, message)
