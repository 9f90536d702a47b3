from pathlib import Path

import pytest

from assistant.evidence import Failure
from assistant.mining import mine
from assistant.redaction import Redactor
from assistant.sources.source import Source

DATA = Path(__file__).parents[1] / "data" / "mining"

EXPECTED = {
    "tests/test_b.py",
    "tests/test_c.py",
    "tests/test_a.py::test_setup",
    "tests/test_a.py::test_teardown",
    "tests/test_a.py::test_nofix",
    "tests/test_a.py::TestThing::test_wrap[b]",
    "tests/test_a.py::TestThing::test_wrap[c - d]",
    "tests/test_a.py::TestThing::test_wrap[e::f]",
    "tests/test_a.py::TestThing::test_eq",
    "tests/test_a.py::test_group",
    "tests/test_a.py::test_raises",
    "tests/test_a.py::test_fail",
    "tests/test_a.py::test_warn",
    "tests/test_u.py::T::test_one",
    "tests/test_u.py::T::test_two",
}


def mined(name: str) -> tuple[Failure, ...]:
    return mine([Source(name, (DATA / name).read_text())], Redactor()).failures


def by_test(failures: tuple[Failure, ...]) -> dict[str, Failure]:
    return {test: failure for failure in failures for test in failure.test_ids}


@pytest.mark.parametrize("style", ["long", "short", "native", "line", "no"])
def test_every_style_gives_every_failing_test_with_its_full_id(style: str) -> None:
    assert set(by_test(mined(f"pytest_{style}.log"))) >= EXPECTED


@pytest.mark.parametrize("style", ["long", "short", "native"])
def test_a_block_tells_chain_frames_phase_and_exception(style: str) -> None:
    tests = by_test(mined(f"pytest_{style}.log"))
    wrapped = tests["tests/test_a.py::TestThing::test_wrap[c - d]"]
    assert [cause.exception for cause in wrapped.chain] == ["KeyError", "RuntimeError"]
    assert wrapped.message == "no such thing: c - d"
    assert [one.function for one in wrapped.frames if one.ours][-2:] == ["test_wrap", "wrap"]
    assert "Captured stdout call" in wrapped.text
    assert (tests["tests/test_a.py::test_setup"].phase, tests["tests/test_a.py::test_setup"].exception) == ("setup", "ConnectionError")
    assert tests["tests/test_a.py::test_teardown"].phase == "teardown"
    assert tests["tests/test_a.py::test_nofix"].message.startswith("fixture 'nope' not found")
    assert (tests["tests/test_b.py"].phase, tests["tests/test_b.py"].exception) == ("collection", "SyntaxError")
    assert tests["tests/test_a.py::test_warn"].exception == "DeprecationWarning"
    assert [cause.exception for cause in tests["tests/test_a.py::test_group"].chain] == ["ValueError", "TypeError", "ExceptionGroup"]


def test_collection_errors_come_first_and_teardown_errors_last() -> None:
    phases = [failure.phase for failure in mined("pytest_long.log")]
    assert phases[:2] == ["collection", "collection"]
    assert phases[-1] == "teardown"


def test_a_block_ends_where_the_next_begins() -> None:
    for failure in mined("pytest_long.log"):
        lines = failure.text.split("\n")
        assert lines[0].startswith("___")
        assert not any(line.startswith(("___", "===")) for line in lines[1:])


def test_a_broken_conftest_is_a_collection_failure() -> None:
    (failure,) = mined("conftest.log")
    assert (failure.exception, failure.message, failure.phase, failure.frames[0].path) == (
        "RuntimeError",
        "conf",
        "collection",
        "bad/conftest.py",
    )


def test_an_internal_error_is_a_collection_failure() -> None:
    (failure,) = mined("internal.log")
    assert (failure.exception, failure.message, failure.phase) == ("ValueError", "hook broke", "collection")
    assert [one.path for one in failure.frames if one.ours] == ["/srv/app/bad2/conftest.py"]


def test_a_pasted_piece_of_a_report_is_read() -> None:
    text = "app/a.py:4: in f\n    g()\n.venv/lib/python3.12/site-packages/x/y.py:2: in g\n    raise\nE   TypeError: bad 'app'\n\nnotes\n"
    (failure,) = mine([Source("x", text)], Redactor()).failures
    assert (failure.exception, failure.message, str(failure.origin)) == ("TypeError", "bad 'app'", "x:1-5")
    assert [(one.path, one.ours, one.package) for one in failure.frames] == [
        ("app/a.py", True, ""),
        (".venv/lib/python3.12/site-packages/x/y.py", False, "x"),
    ]


GREEN = """\
============================= test session starts ==============================
collected 3 items

tests/test_a.py::test_error_handling PASSED                              [ 33%]
-------------------------------- live log call ---------------------------------
ERROR    app:svc.py:9 could not load b
tests/test_a.py::test_failed_login PASSED                                [ 66%]

=============================== warnings summary ===============================
  app/a.py:1: DeprecationWarning: on_event is deprecated
========================= 3 passed, 1 warning in 0.03s =========================
"""


def test_a_green_run_has_no_failure_whatever_it_logs() -> None:
    assert mine([Source("x", GREEN)], Redactor()).failures == ()


def test_the_unittest_report_is_read() -> None:
    failures = by_test(mined("unittest.log"))
    assert set(failures) == {"__main__.T.test_one", "__main__.T.test_two", "__main__.T.test_sub (i=0)", "__main__.T.test_sub (i=2)"}
    assert [cause.exception for cause in failures["__main__.T.test_two"].chain] == ["KeyError", "RuntimeError"]


def test_a_duration_before_the_id_in_the_short_summary_is_no_part_of_it() -> None:
    log = "==== short test summary info ====\nFAILED [0.3790s] tests/test_a.py::test_b - ValueError: no\n==== 1 failed in 0.4s ====\n"
    (failure,) = mine([Source("x", log)], Redactor()).failures
    assert (failure.test_id, failure.exception, failure.message) == ("tests/test_a.py::test_b", "ValueError", "no")
