import pytest

from assistant.mining.languages.javascript import find_thrown
from assistant.mining.languages.jest import find_jest, find_vitest
from assistant.mining.languages.mocha import find_jasmine, find_karma, find_mocha, find_node_test, find_playwright
from assistant.mining.languages.npm import find_npm
from assistant.mining.languages.tap import find_tap
from assistant.mining.languages.typescript import find_bundlers, find_eslint, find_typescript

UNCAUGHT = """\
listening
/w/app.js:12
    throw new Error('boom')
    ^

Error: boom
    at run (/w/app.js:12:11)
    at Object.<anonymous> (/w/node_modules/lib/index.js:3:1)
    at node:internal/main/run_main_module:28:49 {
  code: 'E1',
  [cause]: TypeError: x is null
      at load (/w/load.js:7:2)
}

Node.js v20.1.0
"""


def test_an_uncaught_error_is_told_with_its_code_its_cause_and_whose_frames(told) -> None:
    (one,) = told(find_thrown, UNCAUGHT)
    assert (one.lines, one.exception, one.message, one.phase) == ("2-15", "Error", "boom", "")
    assert one.causes == ["TypeError", "Error"]
    assert one.ours == ["/w/app.js:12"]
    assert one.libraries == ["node:internal/main/run_main_module:28", "/w/node_modules/lib/index.js:3"]


def test_what_a_test_wrote_to_the_console_is_no_error_of_its_own(told) -> None:
    assert told(find_thrown, "    console.error\n      popper is wrong\n\n      at error (src/a.js:67:23)\n") == []


JEST = """\
PASS test/a.spec.js
FAIL test/modal.spec.js (1.2 s)
  ● Console

    console.warn
      old

  ● Modal › opens › once

    expect(received).toBe(expected) // Object.is equality

    Expected: 1
    Received: 2

      80 |
    > 82 |   expect(x).toBe(1)
         |             ^

      at Object.toBe (test/modal.spec.js:82:25)
      at run (node_modules/jest/run.js:1:2)

  ● Modal › closes

    TypeError: y is not a function

      at src/modal.js:20:15

FAIL test/b.spec.ts
  ● Test suite failed to run

    src/b.ts:3:5 - error TS2345: Argument of type 'x'.

Summary of all failing tests
FAIL test/modal.spec.js
  ● Modal › closes

    TypeError: y is not a function

      at src/modal.js:20:15

Test Suites: 2 failed, 1 passed, 3 total
"""


def test_jest_tells_each_test_once_and_suites_that_could_not_run(told) -> None:
    first, second, third = told(find_jest, JEST)
    assert (first.lines, first.test_id, first.exception, first.phase) == ("8-20", "Modal › opens › once", "AssertionError", "call")
    assert first.message == "expect(received).toBe(expected) // Object.is equality\n\nExpected: 1\nReceived: 2"
    assert (first.ours, first.libraries) == (["test/modal.spec.js:82"], ["node_modules/jest/run.js:1"])
    assert (second.test_id, second.exception, second.message, second.ours) == (
        "Modal › closes",
        "TypeError",
        "y is not a function",
        ["src/modal.js:20"],
    )
    assert (third.test_id, third.exception, third.phase, third.ours) == ("test/b.spec.ts", "TS2345", "collection", ["src/b.ts:3"])


VITEST = """\
⎯⎯⎯⎯⎯⎯⎯ Failed Suites 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  test/x.test.ts [ test/x.test.ts ]
Error: Failed to resolve import "./y" from "src/x.ts"
⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/2]⎯

⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  test/sum.test.ts > sum > adds
AssertionError: expected 1 to be 2 // Object.is equality

- 2
+ 1

 ❯ test/sum.test.ts:5:13
      3|
      5|   expect(1).toBe(2)
       |             ^
⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[2/2]⎯
"""


def test_vitest_tells_tests_and_suites(told) -> None:
    suite, test = told(find_vitest, VITEST)
    assert (suite.test_id, suite.exception, suite.phase) == ("test/x.test.ts", "Error", "collection")
    assert (test.test_id, test.exception, test.phase, test.ours) == (
        "test/sum.test.ts > sum > adds",
        "AssertionError",
        "call",
        ["test/sum.test.ts:5"],
    )


MOCHA = """\
  3 passing (2s)
  2 failing

  1) Cart
       total
         adds up:
     AssertionError [ERR_ASSERTION]: 1 deepEqual [ 'a',
  'b' ]
      at Context.<anonymous> (test/cart.js:10:11)
      at process._tickCallback (internal/process/next_tick.js:181:9)

  2) History "before all" hook:
     TypeError: no method 'create'
      at begin (test/history.js:76:25)

npm ERR! code ELIFECYCLE
"""


def test_mocha_joins_the_names_of_suites_and_knows_hooks(told) -> None:
    first, second = told(find_mocha, MOCHA)
    assert (first.lines, first.test_id, first.exception, first.phase) == ("4-10", "Cart › total › adds up", "AssertionError", "call")
    assert (first.ours, first.libraries) == (["test/cart.js:10"], ["internal/process/next_tick.js:181"])
    assert (second.lines, second.test_id, second.phase) == ("12-14", 'History "before all" hook', "setup")


@pytest.mark.parametrize(
    ("find", "text", "test_id", "exception", "ours"),
    [
        (
            find_karma,
            "Chrome Headless 120.0 (Linux x86_64) Cart adds up FAILED\n\tTypeError: x\n\tat add (src/cart.js:3:9)\n",
            "Cart adds up",
            "TypeError",
            ["src/cart.js:3"],
        ),
        (
            find_jasmine,
            "Failures:\n1) Cart adds up\n  Message:\n    Expected 1 to be 2.\n  Stack:\n    Error: Expected 1 to be 2.\n        at add (spec/cart.js:3:9)\n",
            "Cart adds up",
            "Error",
            ["spec/cart.js:3"],
        ),
        (
            find_playwright,
            "  1) [chromium] › tests/a.spec.ts:3:5 › cart › adds up ─────\n\n    Error: Timed out\n\n        at tests/a.spec.ts:9:3\n\n    Retry #1 ───\n\n    Error: Timed out\n\n  1 failed\n",
            "tests/a.spec.ts › cart › adds up",
            "Error",
            ["tests/a.spec.ts:9"],
        ),
        (
            find_node_test,
            "✖ failing tests:\n\ntest at test/a.js:3:1\n✖ adds up (1.2ms)\n  AssertionError [ERR_ASSERTION]: 1 == 2\n      at test/a.js:4:3\n",
            "adds up",
            "AssertionError",
            ["test/a.js:4"],
        ),
        (
            find_tap,
            "ok 1 - a\nnot ok 2 - b\n  ---\n  duration_ms: 1\n  stack: |-\n    Error: x\n        at f (/w/b.js:43:9)\n  ...\nok 3 - c\n",
            "b",
            "Error",
            ["/w/b.js:43"],
        ),
    ],
)
def test_other_runners_tell_tests_too(told, find, text: str, test_id: str, exception: str, ours: list[str]) -> None:
    (one,) = told(find, text)
    assert (one.test_id, one.exception, one.phase, one.ours) == (test_id, exception, "call", ours)


@pytest.mark.parametrize(
    "text",
    [
        "not ok 3 - later # TODO\n",
        "not ok 3 - elsewhere # SKIP no network\n",
        "not ok 1 - parent\n  ---\n  failureType: 'subtestsFailed'\n  error: '1 subtest failed'\n  ...\n",
    ],
)
def test_excused_tests_and_mere_parents_are_no_failures(told, text: str) -> None:
    assert told(find_tap, text) == []


@pytest.mark.parametrize(
    ("text", "lines", "code", "message", "ours"),
    [
        ("src/a.ts(3,5): error TS2345: Argument.\n  Type 'y'.\n", "1-2", "TS2345", "Argument.\nType 'y'.", ["src/a.ts:3"]),
        ("src/b.ts:4:6 - error TS2304: No x.\n\n4   x\n    ~\n\nnext\n", "1-4", "TS2304", "No x.", ["src/b.ts:4"]),
        (
            "^[[96msrc/b.ts^[[0m:^[[93m4^[[0m:^[[93m6^[[0m - ^[[91merror^[[0m^[[90m TS2304: ^[[0mNo x.\n",
            "1-1",
            "TS2304",
            "No x.",
            ["src/b.ts:4"],
        ),
        ("error TS18003: No inputs were found.\n", "1-1", "TS18003", "No inputs were found.", []),
    ],
)
def test_errors_of_the_typescript_compiler_have_codes(told, text: str, lines: str, code: str, message: str, ours: list[str]) -> None:
    (one,) = told(find_typescript, text)
    assert (one.lines, one.exception, one.message, one.ours, one.phase) == (lines, code, message, ours, "collection")


ESLINT = """\
/w/src/a.js
   1:5   error    'x' is never used   no-unused-vars
   2:5   warning  meh                 no-foo
   3:15  error    Parsing error: Unexpected token

✖ 3 problems (2 errors, 1 warning)
/w/b.js:3:5: Missing semi. [Error/semi]
  10:10  error  elsewhere
"""


def test_eslint_tells_errors_not_warnings(told) -> None:
    assert [(one.exception, one.message, one.ours) for one in told(find_eslint, ESLINT)] == [
        ("no-unused-vars", "'x' is never used", ["/w/src/a.js:1"]),
        ("", "Parsing error: Unexpected token", ["/w/src/a.js:3"]),
        ("semi", "Missing semi.", ["/w/b.js:3"]),
    ]


@pytest.mark.parametrize(
    ("text", "message", "ours"),
    [
        (
            "ERROR in ./src/x.js 12:5-10\nModule not found: Error: Can't resolve 'foo' in '/w'\n",
            "Module not found: Error: Can't resolve 'foo' in '/w'",
            ["./src/x.js:12"],
        ),
        ("Failed to compile.\n\n./src/x.tsx:12:5\nType error: no a\n", "Type error: no a", ["./src/x.tsx:12"]),
        ('✘ [ERROR] Could not resolve "x"\n\n    src/a.js:1:7:\n      1 │ import "x"\n', 'Could not resolve "x"', ["src/a.js:1"]),
        ('[vite]: Rollup failed to resolve import "x" from "y".\n', 'Rollup failed to resolve import "x" from "y".', []),
    ],
)
def test_bundlers_tell_what_they_could_not_build(told, text: str, message: str, ours: list[str]) -> None:
    (one,) = told(find_bundlers, text)
    assert (one.message, one.ours, one.phase) == (message, ours, "collection")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (
            "npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve\nnpm ERR!\nnpm ERR! Found: react@17\n",
            "npm ERESOLVE",
            "ERESOLVE unable to resolve\nFound: react@17",
        ),
        ("npm error code ENOENT\nnpm error syscall open\nnpm error enoent no package.json\n", "npm ENOENT", "enoent no package.json"),
        (
            ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"\n',
            "ERR_PNPM_OUTDATED_LOCKFILE",
            'Cannot install with "frozen-lockfile"',
        ),
        ("➤ YN0028: │ The lockfile would have been modified\n", "YN0028", "The lockfile would have been modified"),
        ('error An unexpected error occurred: "https://x: 404".\n', "", 'An unexpected error occurred: "https://x: 404".'),
        (
            "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n",
            "FATAL ERROR",
            "Reached heap limit Allocation failed - JavaScript heap out of memory",
        ),
    ],
)
def test_package_managers_tell_what_they_refused(told, text: str, code: str, message: str) -> None:
    (one,) = told(find_npm, text)
    assert (one.exception, one.message) == (code, message)


@pytest.mark.parametrize(
    "text",
    [
        "npm ERR! code ELIFECYCLE\nnpm ERR! errno 1\nnpm ERR! a@1 test: `jest`\n",
        "npm error Lifecycle script `test` failed with error:\nnpm error code 1\n",
        "error Command failed with exit code 1.\n",
        "[ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL] a@1 test: `jest`\n",
        "➤ YN0000: · Failed with errors in 3s\n",
    ],
)
def test_that_a_script_failed_is_left_to_the_script(told, text: str) -> None:
    assert told(find_npm, text) == []
