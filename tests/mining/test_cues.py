"""What tells of a failure in one line."""

import pytest

from assistant.mining import cues


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("FAILED tests/test_a.py::test_b - KeyError: 'x'", "failed test"),
        ("tests/test_a.py::test_b FAILED", "failed test"),
        ("FAIL: test_get (shop.tests.CartTest)", "failed test"),
        ("[ERROR] shop.CartTest.total  Time elapsed: 0.1 s  <<< ERROR!", "failed test"),
        ("--- FAIL: TestTotal (0.00s)", "failed test"),
        ("not ok 7 - adds an item", "failed test"),
        ("  ● cart › adds an item", "failed test"),
        ("test cart::tests::adds ... FAILED", "failed test"),
        ("CartTest > totals() FAILED", "failed test"),
        ("thread 'main' panicked at src/main.rs:3:5:", "failed test"),
        ("_________________ test_total[eur] _________________", "failed test"),
        ("E   assert 3 == 4", "what pytest says"),
        ("src/cart.c:3:5: error: expected ';' before '}' token", "diagnostic"),
        ("src/cart.ts(3,5): error TS2304: Cannot find name 'x'.", "diagnostic"),
        ("error[E0308]: mismatched types", "diagnostic"),
        ("[ERROR] /src/Cart.java:[3,5] cannot find symbol", "diagnostic"),
        ("cart.o: undefined reference to `total'", "linker or package"),
        ("shop.errors.CartError: no such cart", "exception"),
        ("java.lang.IllegalStateException: closed", "exception"),
        ("Caused by: java.net.ConnectException: refused", "cause"),
        ("Traceback (most recent call last):", "crash"),
        ("==12==ERROR: AddressSanitizer: heap-use-after-free", "crash"),
        ("\\x23#[error]Process completed with exit code 1.", "annotation"),
        ("Tests run: 4, Failures: 1, Errors: 0", "count of failures"),
        ("= 2 failed, 7 passed in 1.36s =", "count of failures"),
        ("10:00 ERROR cart: lost", "error level"),
        ("  1) cart adds an item:", "numbered failure"),
        ("    Expected: 3", "assertion"),
        ("make: *** [all] Error 2", "exit"),
        ("bash: cart: command not found", "trouble"),
        ("the build did fail", "failure word"),
    ],
)
def test_a_sign_is_known_by_its_kind(line: str, reason: str) -> None:
    assert cues.weighed(line).reason == reason


@pytest.mark.parametrize(
    "line",
    [
        "",
        "listening on port 8000",
        "src/errors.py compiled",
        "test_error_page PASSED",
        "collected 9 items",
        "copying missing.py -> build",
    ],
)
def test_an_ordinary_line_tells_next_to_nothing(line: str) -> None:
    assert cues.weighed(line).weight < 1


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("error: cannot open cart.c", "make: *** [cart.o] Error 1"),
        ("2 failed", "0 failed"),
        ("ERROR cart lost", "2026-01-02 10:00:00 ERROR cart lost"),
        ("could not connect", "warning: could not connect"),
        ("raised: unable to open", "raise CartError('unable to open')"),
        ("ValueError: bad", "an error"),
    ],
)
def test_what_says_more_of_the_cause_weighs_more(more: str, less: str) -> None:
    assert cues.weighed(more).weight > cues.weighed(less).weight


def test_the_table_is_sorted_so_that_the_first_match_is_the_heaviest() -> None:
    weights = [cue.weight for cue in cues.CUES]
    assert weights == sorted(weights, reverse=True)
