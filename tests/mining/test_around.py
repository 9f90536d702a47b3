from dataclasses import replace
from pathlib import Path

from assistant.evidence import Failure, Frame, Masked, Origin
from assistant.mining import Mined, error_block, log_around, mine
from assistant.redaction import Redactor
from assistant.sources.source import Source

DATA = Path(__file__).parents[1] / "data" / "mining"


def longest() -> tuple[Failure, Mined]:
    result = mine([Source("run.log", (DATA / "pytest_native.log").read_text())], Redactor())
    return max(result.failures, key=lambda one: one.text.count("\n")), result


def test_a_block_within_the_budget_is_whole() -> None:
    failure, _ = longest()
    evidence = error_block(failure, 10_000)
    assert (evidence.text, evidence.cut, evidence.origin) == (failure.text, 0, failure.origin)


def test_a_long_block_is_cut_once_counted_and_keeps_the_exception() -> None:
    failure, _ = longest()
    evidence = error_block(failure, 30)
    lines = evidence.text.split("\n")
    notes = [line for line in lines if line.startswith("[… ")]
    assert 20 <= len(lines) <= 30
    assert notes == [f"[… {evidence.cut} lines cut …]"]
    assert len(lines) - 1 + evidence.cut == evidence.origin.last - evidence.origin.first + 1
    assert lines[-1] == failure.text.split("\n")[evidence.origin.last - failure.origin.first]
    assert failure.exception in evidence.text


def test_of_a_long_block_the_test_our_frames_and_the_exception_stay() -> None:
    library = [f"site-packages/lib/a.py:{number}: in call" for number in range(60)]
    source = [
        "    def wait(task):",
        '        """Waits.',
        *["        more words"] * 30,
        '        """',
        ">       raise Late(task)",
        "E       lib.Late: never came",
        "",
    ]
    head = [
        "____ test_a ____",
        "",
        "client = <Client>",
        "",
        "    def test_a(client):",
        ">       client.get('/a')",
        "",
        "tests/test_a.py:3: ",
    ]
    ours = ["app/a.py:7: in read", "    return wait(task)"]
    block = "\n".join([*head, *library, *ours, *library[:4], *source, "site-packages/lib/a.py:99: Late"])
    failure = replace(
        longest()[0],
        text=Masked(block),
        origin=Origin("run.log", 1, block.count("\n") + 1),
        frames=(Frame("tests/test_a.py", 3), Frame("app/a.py", 7), Frame("site-packages/lib/a.py", 99, ours=False)),
    )
    lines = error_block(failure, 80).text.split("\n")
    assert lines[: len(head)] == head
    assert lines[-4:] == [">       raise Late(task)", "E       lib.Late: never came", "", "site-packages/lib/a.py:99: Late"]
    assert ours[0] in lines
    assert lines[len(head)].startswith("[… ")


def test_where_not_all_has_room_what_each_exception_of_a_chain_says_stays() -> None:
    library = [line for number in range(40) for line in (f"site-packages/lib/a.py:{number}: in call", "    return call()")]
    ours = ["app/a.py:7: in read", "    return wait(task)"]
    first = [">       raise Busy(task)", "E       lib.Busy: in use by another", "", "site-packages/lib/a.py:98: Busy", ""]
    chained = ["During handling of the above exception, another exception occurred:", ""]
    second = [">       raise Late(task)", "E       lib.Late: never came", "", "site-packages/lib/a.py:99: Late"]
    head = ["____ test_a ____", "", "    def test_a(client):", ">       client.get('/a')", "", "tests/test_a.py:3: "]
    lines = [*head, *ours, *library[:24], *first, *chained, *library[:30], *ours, *library, *second]
    failure = replace(
        longest()[0],
        text=Masked("\n".join(lines)),
        origin=Origin("run.log", 1, len(lines)),
        frames=(Frame("tests/test_a.py", 3), Frame("app/a.py", 7), Frame("site-packages/lib/a.py", 99, ours=False)),
    )
    kept = error_block(failure, 60).text.split("\n")
    assert len(kept) == 60
    assert kept[: len(head)] == head
    assert "E       lib.Busy: in use by another" in kept
    assert kept[-4:] == second


def test_captured_output_goes_before_the_exception_does() -> None:
    block = "\n".join(
        [
            "____ test_a ____",
            *["    code"] * 5,
            "E   ValueError: x",
            "",
            "a.py:3: ValueError",
            "---- Captured stdout call ----",
            *["noise"] * 50,
        ]
    )
    failure = replace(longest()[0], text=Masked(block), origin=replace(longest()[0].origin, first=1, last=60))
    evidence = error_block(failure, 20)
    assert evidence.text.split("\n")[6] == "E   ValueError: x"
    assert evidence.text.split("\n")[-1] == "[… 41 lines cut …]"


def test_around_a_test_stand_the_header_of_the_run_and_its_summary() -> None:
    failure, result = longest()
    pieces = log_around(failure, result)
    assert [piece.text.split("\n")[0].strip("= ") for piece in pieces][:2] == ["test session starts", "short test summary info"]
    assert pieces[-1].text.split("\n")[-1].strip("=").strip().startswith("12 failed") or " failed" in pieces[-1].text
    assert len(pieces) <= 3
    assert sum(piece.text.count("\n") + 1 for piece in pieces) <= 40


def run_with(*summary: str) -> list[str]:
    """The lines of the summary that are shown around the failure of a run with these lines in it."""
    log = [
        "===== test session starts =====",
        "platform linux -- Python 3.11.7",
        "",
        "===== FAILURES =====",
        "_____ test_0 _____",
        "    def test_0():",
        ">       f()",
        "E       KeyError: 'a'",
        "",
        "t.py:3: KeyError",
        "===== short test summary info =====",
        *summary,
        "===== 40 failed in 1.00s =====",
    ]
    result = mine([Source("run.log", "\n".join(log))], Redactor())
    return log_around(result.failures[0], result)[-1].text.split("\n")[1:-1]


def test_of_a_long_summary_its_first_lines_and_its_counts_stay() -> None:
    lines = [f"FAILED t.py::test_{number} - KeyError: 'a'" for number in range(40)]
    assert run_with(*lines) == [*lines[:10], "[… 30 lines cut …]"]


def test_a_summary_of_ten_lines_is_whole() -> None:
    lines = [f"FAILED t.py::test_{number} - KeyError: 'a'" for number in range(10)]
    assert run_with(*lines) == lines


def test_of_a_long_summary_those_lines_stay_that_name_most_different_failures() -> None:
    lines = [f"FAILED t.py::test_{number} - KeyError: 'a{'...' if number % 2 else number}" for number in range(30)]
    others = ["FAILED u.py::test_x - OSError: no...", "ERROR v.py::test_y - KeyError: 'a", "ERROR w.py"]
    assert run_with(*lines, *others) == [*lines[:7], "[… 23 lines cut …]", *others]


def test_around_an_error_stand_the_lines_before_and_after_it() -> None:
    lines = [f"line {number}" for number in range(1, 101)]
    lines[49] = "ERROR cannot open 'data.db'"
    result = mine([Source("app.log", "\n".join(lines))], Redactor())
    pieces = log_around(result.failures[0], result)
    assert [str(piece.origin) for piece in pieces] == [
        "app.log:20-49",
        f"app.log:{result.failures[0].origin.last + 1}-{result.failures[0].origin.last + 10}",
    ]
    for piece in pieces:
        assert piece.text.split("\n") == lines[piece.origin.first - 1 : piece.origin.last]
