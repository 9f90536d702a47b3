import pytest

from assistant.mining import mine
from assistant.redaction import Redactor
from assistant.sources.source import Source


def first(text: str) -> tuple[str, str]:
    failure = mine([Source("x", text)], Redactor()).failures[0]
    return failure.exception, failure.message


@pytest.mark.parametrize(
    ("text", "exception", "message"),
    [
        ("ERROR [migrate] Can't find revision 'ab'\n  FAILED: Can't find revision 'ab'\n", "", "Can't find revision 'ab'"),
        (
            "npm ERR! code ENOENT\nnpm ERR! syscall open\nnpm ERR! enoent Could not read package.json\n",
            "npm ENOENT",
            "enoent Could not read package.json",
        ),
        ('exec user process caused "exec format error"\n', "ENOEXEC", 'exec user process caused "exec format error"'),
        ("POST /api/x -> 500 Internal Server Error\n", "", "POST /api/x -> 500 Internal Server Error"),
        ("Redis::CommandError: READONLY You can't write\n", "Redis::CommandError", "READONLY You can't write"),
        (
            'Exception in thread "main" java.lang.IllegalStateException: no bean\n\tat a.B.c(B.java:3)\n',
            "java.lang.IllegalStateException",
            "no bean",
        ),
        ("src/a.ts(3,5): error TS2304: Cannot find name 'x'.\n", "TS2304", "Cannot find name 'x'."),
    ],
)
def test_the_line_that_matters_is_the_message(text: str, exception: str, message: str) -> None:
    assert first("Step 3\n" + text + "Process completed with exit code 1.\n") == (exception, message)


@pytest.mark.parametrize(
    "text",
    [
        "ErrorHandler loaded\nlistening on 8000\n",
        "Found 0 errors, 0 failed\n",
        "no errors found\nall good\n",
        "ℹ fail 0\nℹ pass 3\n",
        "INFO failed over to replica, continuing\n",
        "gcc -Werror -o error.o error.c\n[INFO] BUILD SUCCESS\n",
        "DeprecationWarning: x is deprecated\n",
        "",
        "\n\n",
        "with:\n  fail-on-cache-miss: false\n  lookup-only: false\nDone in 3s.",
        "Cache not found for input keys: node-modules-4ca97bc4\nDone in 3s.",
    ],
)
def test_a_green_log_has_no_failure(text: str) -> None:
    assert mine([Source("x", text)], Redactor()).failures == ()


def test_stack_frames_of_other_languages_are_kept_and_told() -> None:
    text = (
        "TypeError: x is not a function\n"
        "    at run (/srv/app/src/index.js:3:5)\n"
        "    at go (/srv/app/node_modules/express/lib/router.js:9:1)\n"
        "    at node:internal/main/run_main_module:28:49\n"
    )
    (failure,) = mine([Source("x", text)], Redactor()).failures
    assert failure.text == text.rstrip("\n")
    assert [(one.path, one.line, one.ours) for one in failure.frames][-1] == ("/srv/app/src/index.js", 3, True)
    assert failure.frames[-2].package == "express"


def test_the_exit_line_is_told_only_where_nothing_else_is() -> None:
    (failure,) = mine([Source("x", "step one\nstep two\nError: Process completed with exit code 1.\n")], Redactor()).failures
    assert failure.text == "step one\nstep two\nError: Process completed with exit code 1."


def test_what_is_said_again_with_a_name_is_told_once() -> None:
    text = 'db   | FATAL:  password authentication failed for user "u"\napp  | psycopg2.OperationalError: FATAL:  password authentication failed for user "u"\n'
    (failure,) = mine([Source("x", text)], Redactor()).failures
    assert failure.exception == "psycopg2.OperationalError"


def test_a_repeated_error_is_counted() -> None:
    text = "".join(f"2024-01-01 10:00:0{second} ERROR worker: cannot reach queue 'q'\n" for second in range(5))
    (failure,) = mine([Source("x", text)], Redactor()).failures
    assert failure.count == 5


@pytest.mark.parametrize(
    ("log", "exception"),
    [
        (
            'Exception in thread "main" java.lang.NullPointerException\n\tat com.shop.Main.main(Main.java:5)\n',
            "java.lang.NullPointerException",
        ),
        ("cc -o shop shop.c\nmake: *** [all] Error 2\n", ""),
    ],
    ids=["an exception without a message", "only the consequence is told"],
)
def test_a_failure_that_says_little_is_a_failure(log: str, exception: str) -> None:
    found = mine([Source("a.log", log)], Redactor()).failures
    assert [one.exception for one in found] == [exception]
