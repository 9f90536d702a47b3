import pytest

from assistant.mining.languages.rust import find_rust

BUILD = """\
   Compiling app v0.1.0 (/w)
error[E0308]: mismatched types
 --> src/main.rs:2:5
  |
2 |     "x"
  |     ^^^ expected `i32`, found `&str`

warning: unused variable: `x`
 --> src/lib.rs:3:5

error: this could be simplified
 --> src/lib.rs:9:5
  |
  = note: `-D clippy::needless-return` implied by `-D warnings`

error: aborting due to 2 previous errors; 1 warning emitted

For more information about this error, try `rustc --explain E0308`.
error: could not compile `app` (bin "app") due to 2 previous errors
"""


def test_errors_of_rustc_and_clippy_have_codes_and_places(told) -> None:
    assert [(one.lines, one.exception, one.message, one.ours, one.phase) for one in told(find_rust, BUILD)] == [
        ("2-6", "E0308", "mismatched types", ["src/main.rs:2"], "collection"),
        ("11-14", "clippy::needless_return", "this could be simplified", ["src/lib.rs:9"], "collection"),
    ]


def test_what_cargo_tells_as_the_cause_is_the_cause(told) -> None:
    text = (
        "error: failed to run custom build command for `x-sys v0.1.0`\n\nCaused by:\n  process didn't exit successfully: `/w/build` (exit status: 101)\n"
        "  --- stderr\n  thread 'main' panicked at build.rs:5:10:\n  no openssl\n  note: run with `RUST_BACKTRACE=1`\nwarning: build failed\n"
    )
    (one,) = told(find_rust, text)
    assert (one.lines, one.message, one.causes) == ("1-8", "failed to run custom build command for `x-sys v0.1.0`", ["panic", ""])


TESTS = """\
test tests::a ... FAILED

failures:

---- tests::a stdout ----

thread 'tests::a' panicked at src/lib.rs:10:9:
assertion `left == right` failed
  left: 1
stack backtrace:
   0: rust_begin_unwind
             at /rustc/abc/library/std/src/panicking.rs:645:5
   1: app::tests::a
             at ./src/lib.rs:10:9
---- tests::b stdout ----
thread 'tests::b' panicked at 'boom', src/lib.rs:20:9
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
---- tests::c stdout ----
Error: "bad"


failures:
    tests::a
    tests::b

test result: FAILED. 1 passed; 3 failed; 0 ignored
error: test failed, to rerun pass `--lib`
"""


def test_failed_tests_are_told_by_what_they_wrote(told) -> None:
    assert [(one.test_id, one.exception, one.message, one.ours, one.phase) for one in told(find_rust, TESTS)] == [
        ("tests::a", "panic", "assertion `left == right` failed\nleft: 1", ["./src/lib.rs:10"], "call"),
        ("tests::b", "panic", "boom", ["src/lib.rs:20"], "call"),
        ("tests::c", "", '"bad"', [], "call"),
    ]


@pytest.mark.parametrize(
    ("text", "exception", "message", "test_id"),
    [
        ("thread 'main' panicked at src/main.rs:4:5:\nindex out of bounds\nnote: run with x\n", "panic", "index out of bounds", ""),
        ("test tests::a ... FAILED\n\nfailures:\n    tests::a\n", "", "test tests::a ... FAILED", "tests::a"),
        (
            "error: linking with `cc` failed: exit status: 1\n  |\n  = note: ld: cannot find -lx\n",
            "",
            "linking with `cc` failed: exit status: 1",
            "",
        ),
    ],
)
def test_panics_and_bare_lists_are_told(told, text: str, exception: str, message: str, test_id: str) -> None:
    (one,) = told(find_rust, "   Compiling app\n" + text)
    assert (one.exception, one.message, one.test_id) == (exception, message, test_id)


@pytest.mark.parametrize(
    "text",
    [
        "error: pathspec 'x' did not match\n",
        "cargo: error: something else\n",
        "warning: unused\n --> src/a.rs:1:1\n",
        "test tests::a ... ok\n",
    ],
)
def test_errors_of_other_tools_and_warnings_are_not_rusts(told, text: str) -> None:
    assert told(find_rust, text) == []
