from dataclasses import replace

import pytest

from assistant.evidence import Cause, Failure, Frame, Masked, Origin
from assistant.mining.ranking import Found, grouped, ranked
from assistant.mining.signature import signature


def failure(
    exception: str = "ValueError", message: str = "x", *, test: str = "", phase: str = "", frames: tuple[Frame, ...] = ()
) -> Failure:
    return Failure(
        "python", exception, message, frames, (Cause(exception, message, frames),), Origin("a.log", 1, 1), Masked(message), test, phase
    )


def order_of(*found: Found) -> list[str]:
    return [one.exception for one in ranked(grouped(found))]


def test_what_stopped_everything_comes_before_what_stopped_many() -> None:
    many = [Found(failure("Many", test=f"t{number}", phase="call"), number) for number in range(5)]
    assert order_of(*many, Found(failure("Stopped", phase="collection"), 9)) == ["Stopped", "Many"]


def test_more_tests_come_before_fewer() -> None:
    few = Found(failure("Few", test="a", phase="call"), 1)
    many = [Found(failure("Many", test=f"t{number}", phase="setup"), 2 + number) for number in range(3)]
    assert order_of(few, *many) == ["Many", "Few"]


def test_errors_after_a_test_that_left_something_behind_are_its_consequences() -> None:
    cause = Found(failure("Cause", test="a", phase="call"), 1)
    leaked = [Found(failure("Leaked", test=name, phase="teardown"), 2) for name in "abc"]
    suffered = [Found(failure("Suffered", test=name, phase="setup"), 3) for name in "bc"]
    assert order_of(*leaked, *suffered, cause)[0] == "Cause"


def test_setup_errors_that_stand_alone_are_no_consequences() -> None:
    call = Found(failure("Call", test="a", phase="call"), 1)
    setups = [Found(failure("Setup", test=name, phase="setup"), 3) for name in "bc"]
    assert order_of(call, *setups) == ["Setup", "Call"]


def test_equal_failures_are_told_once_with_all_their_tests() -> None:
    (one,) = ranked(grouped([Found(failure(test=name, phase="call"), number) for number, name in enumerate("cab")]))
    assert (one.test_id, one.others, one.count) == ("c", ("a", "b"), 3)
    assert one.signature.startswith("2:")


OURS = Frame("/home/ci/work/app/db.py", 12, "load")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (failure(message="row 12 of 40"), failure(message="row 7 of 9")),
        (failure(message="at 0x7f00aa"), failure(message="at 0x55bb")),
        (failure(message="job 8c1f4a3e-1111-2222-3333-444455556666"), failure(message="job 9c1f4a3e-aaaa-2222-3333-444455556666")),
        (failure(message="no file /tmp/pytest-1/x/a.db"), failure(message="no file /tmp/pytest-of-ci/y/a.db")),
        (failure(message="since 2024-01-02T03:04:05Z"), failure(message="since 2025-11-12T13:14:15.123Z")),
        (failure(frames=(OURS,)), failure(frames=(replace(OURS, path="C:\\ci\\app\\db.py", line=99),))),
        (failure(frames=(Frame("tests/test_a.py", 1, "test_a"), OURS)), failure(frames=(Frame("tests/test_b.py", 2, "test_b"), OURS))),
        (failure("app.errors.Bad"), failure("Bad")),
    ],
)
def test_the_same_failure_elsewhere_has_the_same_signature(one: Failure, other: Failure) -> None:
    assert signature(one) == signature(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (failure("KeyError"), failure("ValueError")),
        (failure(message="no column a"), failure(message="no column b")),
        (failure(frames=(OURS,)), failure(frames=(replace(OURS, function="save"),))),
    ],
)
def test_different_failures_have_different_signatures(one: Failure, other: Failure) -> None:
    assert signature(one) != signature(other)


def test_the_trace_of_the_cause_comes_before_the_servers_line_above_it() -> None:
    line = Found(failure("Wrapped", "Servlet.service() threw exception [Wrapped: no invoice] with root cause"), 1)
    assert order_of(line, Found(failure("Cause"), 2)) == ["Cause", "Wrapped"]
