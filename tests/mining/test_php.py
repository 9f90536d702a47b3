import pytest

from assistant.mining.languages.php import find_php

PHPUNIT = """\
There was 1 error:

1) Shop\\CartTest::testX
TypeError: bad argument

/w/src/Cart.php:12
/w/vendor/phpunit/phpunit/src/Run.php:9

--

There were 1 failures:

1) Shop\\CartTest::testY with data set #0 (1, 2)
Failed asserting that 2 matches expected 3.

/w/tests/CartTest.php:20

--

There was 1 skipped test:

1) Shop\\CartTest::testZ
no network

FAILURES!
Tests: 3, Assertions: 1, Errors: 1, Failures: 1.
"""


def test_phpunit_tells_errors_and_failures_not_skipped_tests(told) -> None:
    error, failure = told(find_php, PHPUNIT)
    assert (error.lines, error.test_id, error.exception, error.message) == ("3-7", "Shop\\CartTest::testX", "TypeError", "bad argument")
    assert (error.ours, error.libraries) == (["/w/src/Cart.php:12"], ["/w/vendor/phpunit/phpunit/src/Run.php:9"])
    assert (failure.test_id, failure.phase) == ("Shop\\CartTest::testY with data set #0 (1, 2)", "call")
    assert failure.message == "Failed asserting that 2 matches expected 3."


@pytest.mark.parametrize(
    ("text", "exception", "message", "ours"),
    [
        (
            "PHP Fatal error:  Uncaught TypeError: f(): bad in /w/a.php:3\nStack trace:\n#0 /w/b.php(9): f('x')\n#1 {main}\n  thrown in /w/a.php on line 3\n",
            "TypeError",
            "f(): bad",
            ["/w/b.php:9", "/w/a.php:3"],
        ),
        (
            "PHP Parse error:  syntax error, unexpected '}' in /w/c.php on line 7\n",
            "Parse error",
            "syntax error, unexpected '}'",
            ["/w/c.php:7"],
        ),
        (
            '[2024-01-02 03:04:05] production.ERROR: no user {"exception":"[object] (App\\\\NotFound(code: 0): no user at /w/app/U.php:5)\n[stacktrace]\n#0 /w/app/V.php(9): show()\n"}\n',
            "App\\NotFound",
            "no user",
            ["/w/app/V.php:9", "/w/app/U.php:5"],
        ),
        (
            "Your requirements could not be resolved to an installable set of packages.\n\n  Problem 1\n    - a/b requires php >=8\n",
            "",
            "Your requirements could not be resolved to an installable set of packages.\nProblem 1\n  - a/b requires php >=8",
            [],
        ),
    ],
)
def test_other_failures_of_php_are_told(told, text: str, exception: str, message: str, ours: list[str]) -> None:
    (one,) = told(find_php, text)
    assert (one.exception, one.message, one.ours) == (exception, message, ours)


@pytest.mark.parametrize(
    "text", ["PHP Warning:  x in /w/a.php on line 3\n", "PHP Deprecated:  y in /w/a.php on line 3\n", "OK (3 tests, 3 assertions)\n"]
)
def test_warnings_are_no_failures(told, text: str) -> None:
    assert told(find_php, text) == []
