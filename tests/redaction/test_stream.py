"""Masking a stream: each line goes out when it has come, and secrets of several lines go whatever the chunks."""

import random

import planting
import pytest
from hypothesis import given, settings, strategies as st

from assistant.redaction import Redactor
from assistant.redaction.stream import CONTEXT_BYTES, CONTEXT_LINES, LONGEST_LINE, mask_stream

KEY = planting.planted(random.Random(5), "key", "⟨pem:RSA PRIVATE KEY⟩")
PASSWORD = planting.drawn(random.Random(6), "⟨word⟩")


def streamed(chunks: list[bytes]) -> bytes:
    return b"".join(mask_stream(chunks, Redactor()))


def test_a_line_goes_out_before_the_next_one_has_come():
    given_lines = iter([b"one\n", b"two password=", f"{PASSWORD}\n".encode(), b"three"])
    out = mask_stream(given_lines, Redactor())
    assert next(out) == b"one\n"
    assert next(out) == b"two password=[SECRET:password:1]\n"
    assert list(out) == [b"three"]


def test_a_private_key_goes_although_each_line_comes_alone():
    lines = [f"{line}\n".encode() for line in ("before", *KEY.text.split("\n"), "after")]
    masked = streamed(lines).decode()
    assert not any(secret in masked for secret in KEY.secrets)
    assert masked.startswith("before\n-----BEGIN RSA PRIVATE KEY-----\n[SECRET:private-key:1]\n")
    assert masked.endswith("-----END RSA PRIVATE KEY-----\nafter\n")


def test_the_same_value_keeps_its_token_for_the_whole_stream():
    assert streamed([f"password={PASSWORD}\n".encode(), b"x\n" * 9000, f"again {PASSWORD}\n".encode()]).endswith(
        b"again [SECRET:password:1]\n"
    )


@pytest.mark.parametrize("data", [b"\xff\xfe\x00 x\r\n\x80", b"", b"\n\n", b"no line end", "ü\u2028ß\x0c\n".encode(), b"\x00" * 100])
def test_bytes_that_hold_no_secret_stay(data):
    assert streamed([data]) == data


def test_a_line_without_an_end_is_not_waited_for():
    out = mask_stream((b"word " * 60_000 for _ in range(5)), Redactor())
    assert len(next(out)) > LONGEST_LINE - 300_000


def test_only_so_much_of_what_went_before_is_looked_at_again(monkeypatch):
    seen: list[int] = []
    redactor = Redactor()
    mask = redactor.mask
    monkeypatch.setattr(redactor, "mask", lambda text: seen.append(len(text)) or mask(text))
    list(mask_stream((b"an ordinary line of a log\n" * 40 for _ in range(100)), redactor))
    assert max(seen) <= CONTEXT_BYTES + 40 * 27
    assert max(seen) <= (CONTEXT_LINES + 40) * 27


def test_values_seen_long_ago_are_forgotten():
    redactor = Redactor()
    for number in range(40):
        redactor.mask(f"password={planting.drawn(random.Random(number), '⟨word⟩')}")
        redactor.forget(10)
    assert redactor.learned <= 10


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_what_goes_does_not_depend_on_the_chunks(seed, sizes):
    rng = random.Random(seed)
    row = rng.choice([row for row in planting.rows("written") if row.split(" ")[0] in ("url-password", "header", "pem", "cookie", "cli")])
    one = planting.planted(rng, "", f"first line⏎{row.partition(' ')[2]}⏎last line⏎")
    data, chunks = one.text.encode(), []
    while data:
        size = sizes[len(chunks) % len(sizes)]
        chunks.append(data[:size])
        data = data[size:]
    masked = streamed(chunks).decode()
    whole = Redactor().mask(one.text)
    assert masked.count("\n") == one.text.count("\n")
    assert [secret in masked for secret in one.secrets] == [secret in whole for secret in one.secrets]
