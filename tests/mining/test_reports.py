"""Reports of tests as pytest, Surefire, Gradle, jest, gotestsum, ctest, Node.js and PHPUnit write them."""

import io
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings, strategies as st

from assistant.errors import InputError
from assistant.evidence import Failure
from assistant.mining import log_around, mine
from assistant.mining.reading import read_sources
from assistant.redaction import Redactor
from assistant.sources.magic import is_report
from assistant.sources.source import Source

PYTEST = """<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="2" failures="1" tests="4">
<testcase classname="tests.api.test_orders.TestShip" name="test_ship[eu-2]" time="0.1"><failure message="ValueError: no stock&#10;for 7">self = &lt;TestShip&gt;

    def test_ship(self):
&gt;       ship(7)

tests/api/test_orders.py:9:
_ _ _ _ _ _ _ _ _ _ _ _

    def ship(order):
&gt;       raise ValueError("no stock\\nfor 7")
E       ValueError: no stock
E       for 7

app/ship.py:4: ValueError</failure><system-out>--- Captured stdout
asked the stock
</system-out></testcase>
<testcase classname="tests.test_a" name="test_b" time="0.1"><error message="failed on setup with &quot;KeyError: 'x'&quot;">    @pytest.fixture
    def x():
&gt;       {}['x']
E       KeyError: 'x'

tests/conftest.py:5: KeyError</error></testcase>
<testcase classname="" name="tests.test_broken" time="0.0"><error message="collection failure">tests/test_broken.py:1: in &lt;module&gt;
    import nothing
E   ModuleNotFoundError: No module named 'nothing'</error></testcase>
<testcase classname="tests.test_a" name="test_good" time="0.1" /></testsuite></testsuites>"""

SUREFIRE = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="com.acme.PoolTest" tests="3" errors="1" failures="0">
  <properties><property name="java.version" value="21"/></properties>
  <testcase name="get" classname="com.acme.PoolTest" time="0.01">
    <error message="pool is closed" type="java.lang.IllegalStateException"><![CDATA[java.lang.IllegalStateException: pool is closed
\tat com.acme.Pool.get(Pool.java:31)
\tat com.acme.PoolTest.get(PoolTest.java:12)
]]></error>
    <rerunError message="pool is closed" type="java.lang.IllegalStateException"><stackTrace>java.lang.IllegalStateException: pool is closed</stackTrace></rerunError>
    <system-err><![CDATA[WARN pool closed early]]></system-err>
  </testcase>
  <testcase name="sometimes" classname="com.acme.PoolTest" time="0.01">
    <flakyFailure message="late" type="java.lang.AssertionError"><stackTrace>java.lang.AssertionError: late</stackTrace></flakyFailure>
  </testcase>
</testsuite>"""

GRADLE = """<testsuite name="com.acme.SumTest" tests="1" skipped="0" failures="1" errors="0" timestamp="t" hostname="h" time="0.02">
  <properties/>
  <testcase name="adds()" classname="com.acme.SumTest" time="0.02">
    <failure message="org.opentest4j.AssertionFailedError: expected: &lt;3&gt; but was: &lt;4&gt;" type="org.opentest4j.AssertionFailedError">org.opentest4j.AssertionFailedError: expected: &lt;3&gt; but was: &lt;4&gt;
\tat app//org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
\tat app//com.acme.SumTest.adds(SumTest.java:9)
</failure>
  </testcase>
</testsuite>"""

JEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="jest tests" tests="1" failures="1">
  <testsuite name="cart" errors="0" failures="1">
    <testcase classname="cart adds an item" name="cart adds an item" time="0.01">
      <failure>Error: expect(received).toBe(expected)

Expected: 2
Received: 1
    at Object.toBe (/srv/app/src/cart.test.js:7:25)</failure>
    </testcase>
  </testsuite>
</testsuites>"""

GOTESTSUM = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="1" failures="1">
\t<testsuite tests="1" failures="1" name="example.com/shop/pool">
\t\t<testcase classname="example.com/shop/pool" name="TestGet/closed" time="0.000000">
\t\t\t<failure message="Failed" type="">=== RUN   TestGet/closed&#xA;    pool_test.go:12: got 1, want 2&#xA;--- FAIL: TestGet/closed (0.00s)&#xA;</failure>
\t\t</testcase>
\t</testsuite>
</testsuites>"""

CTEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Linux-c++" tests="1" failures="1">
\t<testcase name="pool" classname="pool" time="0.1" status="fail">
\t\t<failure message="Failed"/>
\t\t<properties/>
\t\t<system-out>pool.cpp:31: Failure
Expected equality of these values: 1 and 2</system-out>
\t</testcase>
</testsuite>"""

PHPUNIT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="Shop" file="/srv/tests/PoolTest.php">
<testcase name="testGet" file="/srv/tests/PoolTest.php" line="9" class="PoolTest" classname="PoolTest">
<failure type="PHPUnit\\Framework\\ExpectationFailedException">PoolTest::testGet
Failed asserting that 1 is 2.

/srv/tests/PoolTest.php:12</failure></testcase></testsuite></testsuites>"""


def read(xml: str | bytes) -> Source:
    data = xml if isinstance(xml, bytes) else xml.encode()
    (source,) = read_sources(["-"], stdin=io.BytesIO(data)).sources
    return source


def failures(xml: str | bytes) -> Sequence[Failure]:
    return sorted(mine([read(xml)], Redactor()).failures, key=lambda one: one.origin.first)


def test_pytest_tests_have_the_ids_and_phases_that_pytest_prints() -> None:
    found = failures(PYTEST)
    assert [(one.test_id, one.phase, one.exception, one.message, str(one.origin)) for one in found] == [
        ("tests/api/test_orders.py::TestShip::test_ship[eu-2]", "call", "ValueError", "no stock\nfor 7", "stdin:2-15"),
        ("tests/test_a.py::test_b", "setup", "KeyError", "'x'", "stdin:18-23"),
        ("tests/test_broken.py", "collection", "ModuleNotFoundError", "No module named 'nothing'", "stdin:24-26"),
    ]
    assert [(frame.path, frame.line) for frame in found[0].frames] == [("tests/api/test_orders.py", 9), ("app/ship.py", 4)]


def test_the_lines_of_a_trace_have_their_numbers_in_the_xml() -> None:
    lines = PYTEST.split("\n")
    source = read(PYTEST)
    assert source.lines == len(lines)
    for number, line in zip(source.numbers, source.text.split("\n"), strict=True):
        told = line.removeprefix("FAILED ").removeprefix("ERROR ").rpartition("::")[2].rpartition("/")[2].removesuffix(".py")
        assert told in unescape(lines[number - 1])


def test_what_a_test_printed_is_around_its_failure_not_in_it() -> None:
    mined = mine([read(PYTEST)], Redactor())
    failure = next(one for one in mined.failures if one.exception == "ValueError")
    assert "asked the stock" not in failure.text
    assert [piece.text for piece in log_around(failure, mined)][-1].split("\n")[-1] == "asked the stock"


@pytest.mark.parametrize(
    ("xml", "test_id", "exception", "message"),
    [
        (SUREFIRE, "com.acme.PoolTest.get", "java.lang.IllegalStateException", "pool is closed"),
        (GRADLE, "com.acme.SumTest.adds()", "org.opentest4j.AssertionFailedError", "expected: <3> but was: <4>"),
        (JEST, "cart adds an item", "Error", "expect(received).toBe(expected)"),
        (GOTESTSUM, "example.com/shop/pool.TestGet/closed", "", "=== RUN   TestGet/closed"),
        (CTEST, "pool", "", "pool.cpp:31: Failure"),
        (PHPUNIT, "PoolTest.testGet", "", "PoolTest::testGet"),
    ],
    ids=["surefire", "gradle", "jest", "gotestsum", "ctest", "phpunit"],
)
def test_a_test_is_named_and_read_as_its_tool_writes_it(xml: str, test_id: str, exception: str, message: str) -> None:
    (failure,) = failures(xml)
    assert (failure.test_id, failure.phase) == (test_id, "call")
    if failure.language == "text":  # where no finder of the language reads more out of it
        assert (failure.exception, failure.message.partition("\n")[0]) == (exception, message)
    assert exception in failure.text
    assert message in failure.text


def test_frames_of_other_languages_are_read() -> None:
    assert [(frame.path, frame.line) for frame in failures(SUREFIRE)[0].frames] == [
        ("com/acme/PoolTest.java", 12),
        ("com/acme/Pool.java", 31),
    ]
    assert failures(JEST)[0].frames[-1].line == 7


def test_a_test_that_passed_when_it_was_run_again_is_no_failure_but_said() -> None:
    source = read(SUREFIRE)
    assert "sometimes" not in source.text
    assert source.notes == ("1 of its tests passed only when they were run again",)


def test_a_test_that_failed_again_is_told_once() -> None:
    assert failures(SUREFIRE)[0].count == 1


def test_a_test_that_a_log_of_the_same_run_tells_too_is_counted_once() -> None:
    log = "=== FAILURES ===\n____ test_b ____\nE   KeyError: 'x'\n\ntests/test_a.py:5: KeyError\n=== short test summary info ===\nFAILED tests/test_a.py::test_b - KeyError: 'x'\n=== 1 failed in 0.1s ===\n"
    report = '<testsuite name="pytest"><testcase classname="tests.test_a" name="test_b"><failure message="KeyError">E   KeyError: \'x\'\n\ntests/test_a.py:5: KeyError</failure></testcase></testsuite>'
    (failure,) = mine([read(report), Source("run.log", log)], Redactor()).failures
    assert (failure.test_id, failure.count, failure.origin.path) == ("tests/test_a.py::test_b", 1, "run.log")


def test_colours_and_controls_that_tests_print_are_no_damage() -> None:
    assert failures(JEST.replace("Expected", "\x1b[31mExpected\x1b[0m\x00"))[0].text.count("Expected") == 1


def test_a_report_in_utf_16_is_read() -> None:
    xml = JEST.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert failures(xml)[0].test_id == "cart adds an item"


def test_a_report_without_failures_is_read_and_empty() -> None:
    source = read('<testsuite name="a"><testcase name="b"/>\n</testsuite>')
    assert (source.text, source.lines, source.notes) == ("", 2, ())


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<!DOCTYPE a SYSTEM "http://evil.invalid/a.dtd">',
        '<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]>',
        "<!DOCTYPE a>",
    ],
)
def test_a_dtd_is_refused_before_anything_of_it_is_read(prolog: str) -> None:
    with pytest.raises(InputError, match="the XML declares a DTD or entities"):
        read(f'<?xml version="1.0"?>{prolog}<testsuite><testcase name="a"><failure>x</failure></testcase></testsuite>')


@pytest.mark.parametrize("cut", [0.4, 0.7, 0.99])
def test_the_tests_before_the_end_of_a_broken_report_are_read(cut: float) -> None:
    source = read(PYTEST[: int(len(PYTEST) * cut)])
    assert source.text.startswith("FAILED tests/api") == (cut > 0.5)
    assert source.notes == ("the XML is broken or ends early; what stands before was read",)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(InputError, match="more than 100 deep"):
        read("<testsuite>" * 50_000)


def test_many_failing_tests_are_kept_briefly_when_the_room_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.mining.reading.SMALL", 20_000)
    trace = "".join(f"line {number} of a trace that is long\n" for number in range(100))
    cases = "".join(
        f'<testcase classname="a.T" name="t{number}"><failure message="m{number}" type="E">{trace}</failure></testcase>\n'
        for number in range(2000)
    )
    source = read(f"<testsuite>{cases}</testsuite>")
    assert 20_000 < len(source.text) < 50_000
    assert "FAILED a.T.t0\nE: m0\nline 0" in source.text
    assert "FAILED a.T.t100\nE: m100\nFAILED a.T.t101" in source.text
    assert "more tests that failed were left out" in source.notes[0]


def test_of_a_very_long_trace_the_ends_stay_and_the_block_counts_the_cut() -> None:
    trace = "".join(f"line {number}\n" for number in range(5000))
    (failure,) = failures(f'<testsuite><testcase name="t"><failure message="m" type="E">{trace}</failure></testcase></testsuite>')
    lines = failure.text.split("\n")
    assert lines[:3] == ["FAILED t", "E: m", "line 0"]
    assert lines[-1] == "line 4999"
    assert failure.gap == (152, 4601)


def test_secrets_in_a_report_are_masked_in_ids_too() -> None:
    xml = '<testsuite><testcase name="test[password=hunter2-xyz-long]"><failure message="no hunter2-xyz-long">at hunter2-xyz-long</failure></testcase></testsuite>'
    (failure,) = failures(xml)
    assert "hunter2" not in failure.test_id + failure.text + failure.message


@pytest.mark.parametrize(
    ("head", "report"),
    [
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<testsuites>", True),
        (b"<testsuite name='a'>", True),
        (b"<?xml version='1.0'?><project><artifactId>", False),
        (b"10:00 <testsuite>", False),
        (b"", False),
    ],
)
def test_a_report_is_known_by_its_first_element(head: bytes, report: bool) -> None:
    assert is_report(head) is report


def test_other_xml_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "pom.xml").write_text("<project/>")
    (tmp_path / "TEST-a.xml").write_text(SUREFIRE)
    inputs = read_sources([str(tmp_path)], base=tmp_path)
    assert [source.name for source in inputs.sources] == ["TEST-a.xml"]
    assert inputs.notes == ("TEST-a.xml: 1 of its tests passed only when they were run again",)


def test_of_what_is_given_as_reports_only_reports_are_read(tmp_path: Path) -> None:
    (tmp_path / "run.log").write_text("fine")
    (tmp_path / "TEST-a.xml").write_text(GRADLE)
    inputs = read_sources([], reports=[str(tmp_path)], base=tmp_path)
    assert [source.name for source in inputs.sources] == ["TEST-a.xml"]
    with pytest.raises(InputError, match=r"run\.log: this is no report of tests"):
        read_sources([], reports=[str(tmp_path / "run.log")], base=tmp_path)
    (tmp_path / "TEST-a.xml").unlink()
    with pytest.raises(InputError, match="no report of tests in it"):
        read_sources([], reports=[str(tmp_path)], base=tmp_path)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT, st.lists(TEXT, max_size=5).map("\n".join)), max_size=5))
def test_whatever_tests_say_comes_out_in_order(cases: list[tuple[str, str, str, str]]) -> None:
    body = "\n".join(
        f"<testcase name={quoteattr(name)} classname={quoteattr(owner)}><failure message={quoteattr(message)}><![CDATA[{trace.replace(']]>', '')}]]></failure></testcase>"
        for name, owner, message, trace in cases
    )
    source = read(f"<testsuite>\n{body}\n</testsuite>")
    assert len(source.cases) == len(cases)
    assert list(source.numbers) == sorted(source.numbers)
    result = mine([source], Redactor())
    assert sum(one.count for one in result.failures) == len(cases)
