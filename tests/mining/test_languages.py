"""What must hold for the finders together: none breaks on any text, and the first cause of a log is what a developer has to mend."""

from collections.abc import Sequence
from typing import cast

import pytest
from hypothesis import given, settings, strategies as st

from assistant.evidence import Masked
from assistant.mining import mine
from assistant.mining.languages import LANGUAGES
from assistant.mining.lines import Log, Taken
from assistant.redaction import Redactor
from assistant.sources.source import Source

PIECES = [
    "java.lang.IllegalStateException: x",
    "\tat shop.App.run(App.java:12)",
    "Caused by: java.io.IOException",
    "\t... 3 more",
    "\tSuppressed: java.io.IOException: close",
    "APPLICATION FAILED TO START",
    "Description:",
    "Action:",
    "[ERROR] shop.TaxTest.rate  Time elapsed: 0.02 s  <<< FAILURE!",
    "[ERROR] Failures:",
    "[ERROR]   TaxTest.rate:41 expected: <1>",
    "Tests run: 1, Failures: 1",
    "shop.TaxTest > rate FAILED",
    "    java.lang.AssertionError at CartTest.java:83",
    "* What went wrong:",
    "    MethodSource [className = 'a.B', methodName = 'c']",
    "    => java.lang.RuntimeException: x",
    "Testcase: next took 1.4 sec",
    "Testsuite: a.B",
    "\tCaused an ERROR",
    "1) adds(a.SumTest)",
    "[info] - adds *** FAILED ***",
    "/w/B.java:12: error: cannot find symbol",
    "[ERROR] Failed to execute goal x on project a: y -> [Help 1]",
    "  ● Cart › adds",
    "FAIL test/a.spec.js",
    " FAIL  test/a.test.ts > cart > adds",
    "⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯",
    "  2 failing",
    "  1) Cart",
    "TypeError: x is null",
    "    at run (/w/app.js:12:11)",
    "  [cause]: TypeError: y",
    "not ok 1 - a",
    "  ---",
    "  stack: |-",
    "  ...",
    "  Message:",
    "src/a.ts(3,5): error TS2345: x",
    "/w/src/a.js",
    "   1:5   error    'x' is never used   no-unused-vars",
    "ERROR in ./src/x.js 12:5-10",
    "Module not found: Error: x",
    "npm ERR! code ENOENT",
    "npm ERR! enoent x",
    " ERR_PNPM_X  y",
    "--- FAIL: TestA (0.00s)",
    "    --- FAIL: TestA/b (0.00s)",
    "=== RUN   TestA",
    "    a_test.go:12: got 1",
    "panic: x",
    "goroutine 7 [running]:",
    "x/a.get(...)",
    "\t/w/a/a.go:9 +0x1d",
    "==================",
    "WARNING: DATA RACE",
    "# x/b",
    "./b.go:12:5: undefined: X",
    "error[E0308]: x",
    " --> src/main.rs:2:5",
    "Caused by:",
    "---- tests::a stdout ----",
    "thread 'tests::a' panicked at src/lib.rs:10:9:",
    "stack backtrace:",
    "   0: f",
    "failures:",
    "a.h:12:5: error: x",
    "a.h: In function 'int f()':",
    "In file included from a.cc:1:",
    "FAILED: a.o",
    "/usr/bin/ld: main.c:1: undefined reference to `foo'",
    "CMake Error at CMakeLists.txt:12 (x):",
    "  y",
    "Call Stack (most recent call first):",
    "==12==ERROR: AddressSanitizer: x on address 0x60",
    "    #0 0x4f in main /w/a.cc:12:3",
    "SUMMARY: AddressSanitizer: x",
    "[ RUN      ] A.B",
    "[  FAILED  ] A.B (0 ms)",
    "/w/a.cc:12: Failure",
    "The following tests FAILED:",
    "  Failed Shop.Cart.Adds [12 ms]",
    "  Error Message:",
    "  Stack Trace:",
    "   at A.B.C(String x) in /w/B.cs:line 3",
    " ---> System.NullReferenceException: inner",
    "System.InvalidOperationException: outer ---> System.NullReferenceException: inner",
    "     Failure/Error: expect(a).to eq(3)",
    "     # ./spec/a_spec.rb:5:in `x'",
    "  1) Failure:",
    "CartTest#test_add [test/cart_test.rb:8]:",
    "app.rb:3:in `foo': x (NameError)",
    "rake aborted!",
    "There was 1 failure:",
    "1) A::b",
    "/w/tests/ATest.php:20",
    "PHP Fatal error:  Uncaught TypeError: x in /w/a.php:3",
    "#0 /w/b.php(9): f()",
    "",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=30))
def test_no_text_breaks_a_finder_and_each_tells_lines_that_it_takes(lines: Sequence[str]) -> None:
    text = "\n".join(line.replace("\r", " ") for line in lines)
    for name, find in LANGUAGES.items():
        log = Log("x", cast(Masked, text))
        taken = Taken(len(log))
        for failure in find(log, taken):
            span = range(failure.origin.first - 1, failure.origin.last)
            assert 0 < len(span) <= len(log), name
            assert any(index in taken for index in span), name
            assert failure.exception or failure.message or failure.test_id, name
            assert all(frame.line > 0 or frame.path for frame in failure.frames), name


@pytest.mark.parametrize(
    ("text", "exception", "message"),
    [
        (
            "[1/2] Building a.o\nFAILED: a.o\ng++ -c a.cc\na.cc:3:5: error: 'x' was not declared\nmake: *** [Makefile:3: app] Error 1\nninja: build stopped: subcommand failed.\n",
            "",
            "'x' was not declared",
        ),
        (
            "FAIL test/a.js\n  ● adds\n\n    TypeError: y\n\n      at f (test/a.js:1:2)\n\nTests: 1 failed, 1 total\nnpm ERR! code ELIFECYCLE\nnpm ERR! errno 1\n",
            "TypeError",
            "y",
        ),
        (
            "[INFO]  T E S T S\nTests run: 1\nadds(a.ATest)  Time elapsed: 0 s  <<< FAILURE!\njava.lang.AssertionError: no\n\tat a.ATest.adds(ATest.java:3)\n\n"
            "[ERROR] Failed to execute goal x:surefire:1:test (default) on project a: There are test failures.\n[ERROR] -> [Help 1]\n",
            "java.lang.AssertionError",
            "no",
        ),
        (
            "   Compiling a v0.1.0\nerror[E0425]: cannot find value `y`\n --> src/main.rs:1:1\n\nerror: could not compile `a`\nmake: *** [all] Error 101\n",
            "E0425",
            "cannot find value `y`",
        ),
        (
            "--- FAIL: TestA (0.00s)\n    a_test.go:3: no\nFAIL\nFAIL\tx/a\t0.1s\nFAIL\nmake: *** [test] Error 1\n",
            "",
            "no",
        ),
    ],
)
def test_the_first_cause_is_what_has_to_be_mended_not_what_followed_from_it(text: str, exception: str, message: str) -> None:
    first = mine([Source("ci.log", text)], Redactor()).failures[0]
    assert (first.exception, first.message) == (exception, message)


def test_what_gradle_says_of_the_build_is_no_second_failure_where_its_tests_are_told() -> None:
    text = (
        "a.ATest > adds FAILED\n    java.lang.AssertionError: no\n        at a.ATest.adds(ATest.java:3)\n\nFAILURE: Build failed with an exception.\n\n"
        "* What went wrong:\nExecution failed for task ':test'.\n> There were failing tests. See the report\n\n* Try:\nRun with --info\n\nBUILD FAILED in 3s\n"
    )
    (only,) = mine([Source("ci.log", text)], Redactor()).failures
    assert only.test_id == "a.ATest.adds"


def test_a_stack_that_a_passing_test_prints_ranks_below_the_test_that_failed() -> None:
    text = (
        "2024-01-02 10:00:00 ERROR shop.App - retried\njava.lang.IllegalStateException: expected by the test\n\tat shop.App.run(App.java:12)\n"
        "Tests run: 1\nadds(a.ATest)  Time elapsed: 0 s  <<< FAILURE!\njava.lang.AssertionError: no\n\tat a.ATest.adds(ATest.java:3)\n\n"
    )
    first, second = mine([Source("ci.log", text)], Redactor()).failures
    assert (first.test_id, first.phase) == ("a.ATest.adds", "call")
    assert (second.exception, second.phase) == ("java.lang.IllegalStateException", "")
