"""What must hold for every text."""

import random
import string
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from assistant.evidence import CUT_NOTE, Masked
from assistant.mining import error_block, log_around, mine, sieve
from assistant.redaction import Redactor
from assistant.sources.source import Source

PIECES = st.sampled_from(
    [
        "Traceback (most recent call last):",
        '  File "/a/b.py", line 3, in f',
        "    x()",
        "    ^^^",
        "KeyError: 'a'",
        "  + Exception Group Traceback (most recent call last):",
        "  | Traceback (most recent call last):",
        "  +-+---------------- 1 ----------------",
        "The above exception was the direct cause of the following exception:",
        "=== FAILURES ===",
        "=== ERRORS ===",
        "=== test session starts ===",
        "=== short test summary info ===",
        "=== 1 failed in 0.1s ===",
        "____ test_a[x] ____",
        "____ ERROR at setup of test_b ____",
        "_ _ _ _ _ _",
        "E   ValueError: x",
        "a/b.py:3: ValueError",
        "a/b.py:3: in f",
        "FAILED a/b.py::test_a[x] - ValueError",
        "ERROR a/b.py",
        "ImportError while loading conftest '/a/conftest.py'.",
        "INTERNALERROR> Traceback (most recent call last):",
        "=" * 70,
        "-" * 70,
        "FAIL: test_a (m.T)",
        "2024-01-01 10:00:00,000 ERROR app: cannot",
        "web_1  | FATAL: no",
        "npm ERR! code E1",
        "exit code 1",
        "",
    ]
)
LOGS = st.lists(PIECES | st.text(max_size=60), max_size=40).map("\n".join)


def shows(text: str, first: int, last: int, lines: Sequence[str]) -> bool:
    """Whether a text is the lines of the input from the first to the last, those that one counted note stands for apart."""
    shown = text.split("\n")
    wanted = list(lines[first - 1 : last])
    if shown == wanted:
        return True
    notes = [at for at, line in enumerate(shown) if CUT_NOTE.fullmatch(line)]
    return any(
        shown[:at] == wanted[:at]
        and shown[at + 1 :] == wanted[len(wanted) - len(shown) + at + 1 :]
        and shown[at].split()[1] == str(len(wanted) - len(shown) + 1)
        for at in notes
    )


@settings(max_examples=300, deadline=None)
@given(LOGS)
def test_no_log_breaks_it_and_every_block_is_the_lines_of_its_place(text: str) -> None:
    result = mine([Source("x", text)], Redactor())
    lines = result.logs["x"].text.split("\n")
    assert len(lines) == text.count("\n") + 1
    for failure in result.failures:
        assert 1 <= failure.origin.first <= failure.origin.last <= len(lines)
        assert failure.text.split("\n") == lines[failure.origin.first - 1 : failure.origin.last]
        assert failure.signature.startswith("1:")
        assert failure.count >= max(1, len(failure.test_ids))
        block = error_block(failure, 8).text.split("\n")
        assert len(block) <= 8
        for piece in log_around(failure, result):
            whole = lines[piece.origin.first - 1 : piece.origin.last]
            head, note, tail = piece.text.partition(f"[… {piece.cut} lines cut …]") if piece.cut else (piece.text, "", "")
            kept = [*head.removesuffix("\n").split("\n"), *(tail.removeprefix("\n").split("\n") if note else [])]
            assert len(kept) + piece.cut == len(whole)
            assert kept == [*whole[: len(kept) - tail.count("\n")], *whole[len(whole) - tail.count("\n") :]]


class Unmasking:
    learned = 0

    def mask_all(self, texts: Sequence[str]) -> tuple[Masked, ...]:
        return tuple(Masked(text) for text in texts)


def sieved(text: str, room: int, cuts: Sequence[int] = ()) -> Source:
    """A text as its sieve leaves it."""
    data = text.encode("utf-8", "backslashreplace")
    borders = [0, *sorted(cut for cut in cuts if 0 < cut < len(data)), len(data)]
    kept = sieve.sieve([data[first:last] for first, last in pairwise(borders)], room)
    return Source("x", kept.data.decode("utf-8", "backslashreplace"), (), kept.numbers, kept.total, kept.repeats)


@pytest.fixture(scope="module")
def small_sieve() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, size in (("SMALL", 100), ("HEAD", 50), ("TAIL", 50), ("BEFORE", 40), ("AFTER", 60)):
            patch.setattr(sieve, name, size)
        yield


@settings(max_examples=150, deadline=None)
@given(LOGS, st.integers(1, 40), st.lists(st.integers(0, 3000), max_size=6), st.sampled_from([200, 1000, 100_000]))
def test_a_sieved_log_keeps_its_line_numbers(small_sieve: None, text: str, times: int, cuts: list[int], room: int) -> None:
    big = text + "\nnothing to see here\n" * times + text
    lines = big.encode("utf-8", "backslashreplace").decode().split("\n")
    log = sieved(big, room, cuts)
    numbers = log.numbers or range(1, len(lines) + 1)
    assert [lines[number - 1] for number in numbers] == log.text.split("\n")
    assert sorted(set(numbers)) == list(numbers)
    result = mine([log], Unmasking())  # type: ignore[arg-type]
    for failure in result.failures:
        assert shows(failure.text, failure.origin.first, failure.origin.last, lines)
        for most in (3, 8):
            block = error_block(failure, most)
            assert shows(block.text, block.origin.first, block.origin.last, lines)
        for piece in log_around(failure, result):
            assert piece.text.split("\n") == lines[piece.origin.first - 1 : piece.origin.last]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 3_000_000,
        "Error: x " * 300_000,
        "Traceback (most recent call last):\n" * 100_000,
        '  File "a.py", line 3, in f\n' * 50_000,
        "  + Exception Group Traceback (most recent call last):\n" * 50_000,
        "E   ValueError: x\n" * 100_000,
        "2024-01-01 10:00:00,000 ERROR app: cannot open it\n" * 20_000,
        "_ _ " * 500_000,
        "=== FAILURES ===\n" + "____ test_a ____\n" * 30_000,
        "=== short test summary info ===\n" + "FAILED a.py::test_b - x - y [ - \n" * 30_000,
        ("a:" * 1000 + "\n") * 500,
        "a." * 1_000_000,
        "\n" * 500_000,
    ],
    ids=lambda text: f"{text[:20]!r}",
)
def test_work_grows_with_the_size_of_the_log_and_no_faster(text: str) -> None:
    started = time.process_time()
    mine([Source("x", text)], Unmasking())  # type: ignore[arg-type]
    assert time.process_time() - started < 8


def _fake_secret(length: int = 18) -> str:
    return "q7" + "".join(random.Random(length).choices(string.ascii_letters + string.digits, k=length - 2))


TRACE = 'Traceback (most recent call last):\n  File "app/db.py", line 3, in connect\n    connect(dsn)\nValueError: cannot use {}\n'
PADDING = "2026-07-14 12:00:00 INFO orders.api handled\n" * 500


@settings(max_examples=30, deadline=None)
@given(st.permutations(["trace", "assignment", "padding", "other"]), st.booleans())
def test_a_secret_that_any_log_or_part_of_a_log_tells_is_masked_in_all(small_sieve: None, order: list[str], one_log: bool) -> None:
    secret = _fake_secret()
    texts = {
        "trace": TRACE.format(secret),
        "assignment": f"ERROR settings failed: DB_PASSWORD={secret}\n",
        "padding": PADDING,
        "other": TRACE.format("this"),
    }
    parts = [texts[name] for name in order]
    mined = mine([sieved(PADDING.join(parts), 10_000)] if one_log else [Source(f"{name}.log", texts[name]) for name in order], Redactor())
    assert mined.failures
    assert not any(secret in log.text for log in mined.logs.values())
    assert not any(secret in failure.text + failure.message for failure in mined.failures)
