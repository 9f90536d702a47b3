import pytest

from assistant.mining.languages.go import find_go


@pytest.mark.parametrize(
    ("text", "lines", "test_id", "message", "ours"),
    [
        (
            "--- FAIL: TestA (0.00s)\n    a_test.go:12: got 1\n        want 2\nFAIL\nFAIL\tx/a\t0.1s\n",
            "1-3",
            "TestA",
            "got 1\nwant 2",
            ["a_test.go:12"],
        ),
        (
            "=== RUN   TestA\n=== RUN   TestA/sub\n    a_test.go:12: got 1\n--- FAIL: TestA (0.00s)\n    --- FAIL: TestA/sub (0.00s)\n",
            "3-5",
            "TestA/sub",
            "got 1",
            ["a_test.go:12"],
        ),
        (
            "--- FAIL: TestB (0.01s)\n    b_test.go:30: \n        \tError Trace:\tb_test.go:30\n        \tError:      \tNot equal: \n"
            "        \t            \texpected: 1\n        \tTest:       \tTestB\nFAIL\n",
            "1-6",
            "TestB",
            "Not equal:\nexpected: 1",
            ["b_test.go:30"],
        ),
        ("=== FAIL: x/a TestA (0.00s)\n    a_test.go:3: no\n\nDONE 1 tests, 1 failure\n", "1-2", "x/a.TestA", "no", ["a_test.go:3"]),
    ],
)
def test_a_failed_test_is_told_with_its_output(told, text: str, lines: str, test_id: str, message: str, ours: list[str]) -> None:
    (one,) = told(find_go, text)
    assert (one.lines, one.test_id, one.message, one.ours, one.phase) == (lines, test_id, message, ours, "call")


PANIC = """\
--- FAIL: TestP (0.00s)
panic: runtime error: index out of range [5] with length 3 [recovered]
	panic: runtime error: index out of range [5] with length 3

goroutine 7 [running]:
panic({0x1, 0x2})
	/usr/local/go/src/runtime/panic.go:914 +0x21f
x/a.get(...)
	/w/a/a.go:9
x/a.TestP(0xc000)
	/w/a/a_test.go:14 +0x1d
testing.tRunner(0xc0, 0x1)
	/usr/local/go/src/testing/testing.go:1595 +0xff
FAIL	x/a	0.011s
"""


def test_a_panic_in_a_test_is_the_failure_of_the_test(told) -> None:
    (one,) = told(find_go, PANIC)
    assert (one.exception, one.message) == ("panic", "runtime error: index out of range [5] with length 3")
    assert (one.test_id, one.phase, one.ours) == ("TestP", "call", ["/w/a/a_test.go:14", "/w/a/a.go:9"])


def test_a_data_race_is_told_once_under_its_test(told) -> None:
    text = (
        "==================\nWARNING: DATA RACE\nWrite at 0x00c0 by goroutine 8:\n  x/a.inc()\n      /w/race.go:5 +0x44\n\n"
        "Previous write at 0x00c0 by goroutine 7:\n  x/a.dec()\n      /w/race.go:9 +0x44\n==================\n"
        "--- FAIL: TestRace (0.00s)\n    testing.go:1398: race detected during execution of test\n"
    )
    (one,) = told(find_go, text)
    assert (one.exception, one.test_id, one.ours) == ("DATA RACE", "TestRace", ["/w/race.go:5"])


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            "# x/b\n./b.go:12:5: undefined: X\n./b.go:13:2: declared and not used: y\nFAIL\tx/b [build failed]\n",
            ["undefined: X", "declared and not used: y"],
        ),
        ("vet: ./b.go:3:2: undefined: y\n", ["undefined: y"]),
        ("b.go:3:2: Error return value is not checked (errcheck)\n", ["Error return value is not checked (errcheck)"]),
        (
            "verifying x/y@v1.4.1: checksum mismatch\n\tdownloaded: h1:V\n\nSECURITY ERROR\nThis download differs.\n",
            ["verifying x/y@v1.4.1: checksum mismatch\n        downloaded: h1:V\n\nSECURITY ERROR\nThis download differs."],
        ),
        (
            "b.go:3:2: no required module provides package x/y; to add it:\n\tgo get x/y\n",
            ["no required module provides package x/y; to add it:\ngo get x/y"],
        ),
    ],
)
def test_what_does_not_build_stops_everything(told, text: str, messages: list[str]) -> None:
    found = told(find_go, text)
    assert [one.message.replace("\t", "        ") for one in found] == messages
    assert {one.phase for one in found} == {"collection"}


@pytest.mark.parametrize(
    "text",
    [
        "main.go:12: starting server\n",
        "2024/01/02 main.go:12: hello\n",
        "panic: not of a program\n",
        "go: downloading x v1\n",
        "--- PASS: TestA (0.00s)\n    a_test.go:3: fine\n",
        "ok  \tx/c\t0.1s\n",
    ],
)
def test_log_lines_and_passed_tests_are_no_failures(told, text: str) -> None:
    assert told(find_go, text) == []
