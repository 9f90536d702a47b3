import base64
import random
import tracemalloc
from collections.abc import Iterator

import pytest

from assistant.mining.sieve import ROOM, Kept, sieve
from assistant.redaction import Redactor
from assistant.sources.long_lines import LONGEST, whole_lines

BLOCK = 1024 * 1024


def lines_of(kept: Kept) -> dict[int, str]:
    return dict(zip(kept.numbers, kept.data.decode().split("\n"), strict=True))


def blocks_of(data: bytes) -> list[bytes]:
    return [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]


def padded(*lines: str, between: int = 40_000) -> bytes:
    """Lines far from each other, and far from the start and the end."""
    filler = "".join(f"10:00:{number % 60:02} worker {number} handled the request of the customer in time\n" for number in range(between))
    return (filler + "".join(f"{line}\n{filler}" for line in lines)).encode()


def test_a_small_input_is_kept_whole_and_needs_no_numbers() -> None:
    assert sieve([b"one\n", b"two"]) == Kept(b"one\ntwo")


def test_of_a_big_input_the_start_the_end_and_what_is_near_a_sign_are_kept_with_their_numbers() -> None:
    data = padded("ValueError: boom")
    kept = sieve(blocks_of(data))
    lines, original = lines_of(kept), data.decode().split("\n")
    assert lines[1] == original[0]
    assert lines[len(original) - 1] == original[-2]
    assert lines[40_001] == "ValueError: boom"
    assert lines[40_000] == original[39_999]
    assert lines[40_002] == original[40_001]
    assert 15_000 not in lines
    assert kept.total == len(original) - 1
    assert "were left out" in kept.notes[0]


def test_a_thousand_repetitions_do_not_push_out_a_rare_error() -> None:
    often = [f"ERROR 4{number} cannot reach 10.0.0.{number}" for number in range(1000)]
    kept = sieve(blocks_of(padded(*often[:500], "KeyError: 'rare'", *often[500:], between=100)))
    text = kept.data.decode()
    assert "KeyError: 'rare'" in text
    assert 5 < text.count("cannot reach") < 100  # the first few, and those of the end
    assert "10.0.0.3\n" in text
    assert "10.0.0.999" in text
    assert dict(kept.repeats) == {101: 996}


def test_of_too_many_different_errors_the_first_and_the_latest_stay() -> None:
    names = [f"{a}{b}{c}" for a in "ghijklmnopqrst" for b in "ghijklmnopqrst" for c in "ghijklmnopqrst"]
    kept = sieve(blocks_of(padded(*(f"Error: no {name}" for name in names), between=100)), room=200_000)
    text = kept.data.decode()
    assert len(kept.data) < 300_000
    assert f"no {names[0]}\n" in text
    assert f"no {names[-1]}\n" in text
    assert f"no {names[len(names) // 2]}\n" not in text


@pytest.mark.parametrize(
    "line",
    [
        "[task 2020] 10:00 INFO - REFTEST TEST-UNEXPECTED-FAIL | a.html",
        "npm ERR! code E1",
        "src/a.c:3:1: error: expected ;",
        "error[E0308]: mismatched types",
        "FATAL: password authentication failed",
        "Segmentation fault (core dumped)",
        "Process completed with exit code 137.",
        "    \u2716 should add",
        '{"level":50,"msg":"x"}',
        "Killed",
        "E   assert 1 == 2",
        "=========== FAILURES ===========",
        "export DB_PASSWORD=x",
    ],
)
def test_lines_of_trouble_are_seen(line: str) -> None:
    assert line in sieve(blocks_of(padded(line))).data.decode()


def test_memory_is_bounded_whatever_the_size() -> None:
    block = padded("Error: one", "Traceback (most recent call last):", between=4000)

    def blocks() -> Iterator[bytes]:
        for number in range(60):
            yield block.replace(b"one", b"number " + "ghijklmnop"[number % 10].encode() * (number // 10 + 1))

    tracemalloc.start()
    kept = sieve(blocks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(kept.data) < 2 * ROOM
    assert peak < 10 * ROOM


@pytest.mark.parametrize("size", [LONGEST + 1, 3 * BLOCK + 5])
def test_a_very_long_line_keeps_its_ends_whole_words_only(size: int) -> None:
    line = b"start " + b"x " * (size // 2) + b"end"
    data = b"before\n" + line + b"\nafter\n"
    read = list(whole_lines(blocks_of(data)))
    first, long, last = b"".join(block for block, _ in read).decode().splitlines()
    assert (first, last) == ("before", "after")
    head, _, tail = long.partition("[…")
    assert head.startswith("start x x")
    assert tail.endswith("x end")
    assert int(tail.split()[0]) == len(line) - len(head) - len(tail.partition("…]")[2])
    assert sum(count for _, count in read) == 1


def test_a_word_that_a_cut_goes_through_is_dropped() -> None:
    line = b"".join(b"word%d " % number for number in range(20_000))
    ((block, _),) = whole_lines([line])
    head, _, tail = block.decode().partition("[…")
    words = set(line.decode().split())
    assert set(head.split()) < words
    assert set(tail.partition("…]")[2].split()) < words


@pytest.mark.parametrize("room", [60_000, ROOM])
def test_no_line_of_a_private_key_is_kept_without_those_by_which_it_is_known(room: int) -> None:
    chance = random.Random(room)
    texts, secret = [], []
    for number in range(60):
        key = [base64.b64encode(chance.randbytes(48)).decode() for _ in range(chance.randrange(12, 50))]
        secret += key
        between = ["all is well today"] * chance.randrange(150, 340)  # what is kept before an error often begins within a key
        name = "".join(chance.choices("ghijklmnop", k=8))
        texts += [
            "-----BEGIN RSA PRIVATE KEY-----",
            *key,
            "-----END RSA PRIVATE KEY-----",
            *between,
            f"Error {number}: no {name}",
            *["fine"] * 3000,
        ]
    data = padded("\n".join(texts), between=40_000)
    kept = sieve(blocks_of(data), room).data.decode()
    assert "Error 0: no" in kept
    masked = Redactor().mask(kept)
    assert [line for line in secret if line in masked] == []
