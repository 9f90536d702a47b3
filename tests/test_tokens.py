"""Counting tokens: exactly, at once, without a network, whatever the text."""

import base64
import hashlib
import lzma
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant import vocabulary
from assistant.tokens import ESTIMATE, PIECE_LENGTH, UPPER_BOUND, exact_counter, pieces, token_counter

EXAMPLE = Path(__file__).parent.parent / "examples" / "orders-service"
PUBLISHED_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

# what gpt-tokenizer 4.0.0, an independent implementation, counts
KNOWN = {
    "": 0,
    "hello world": 2,
    "Traceback (most recent call last):": 8,
    '  File "app/outbox.py", line 14, in publish': 14,
    "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called": 15,
    "E       assert 500 == 201": 8,
    "2026-11-25T04:51:12.981Z ERROR [worker-3] job=42 failed": 25,
    "deadbeef" * 8: 24,
    "größer als 3 €, 漢字と仮名, 😀👍🏽": 18,
    "def f(x):\n\treturn x + 1\n": 10,
    "\n\n\n   \n": 2,
    "a\r\nb\r\n": 4,
    "before <|endoftext|> after": 9,
}


def exact(text: str) -> int:
    counter = exact_counter()
    assert counter
    return counter.count(text)


def test_the_shipped_vocabulary_is_the_published_one() -> None:
    ranks = vocabulary.unpacked(lzma.decompress(vocabulary.FILE.read_bytes()))
    published = b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in ranks.items())
    assert hashlib.sha256(published).hexdigest() == PUBLISHED_SHA256


def test_its_licence_is_shipped_beside_it() -> None:
    assert "MIT License" in vocabulary.FILE.with_name("LICENSE.gpt-tokenizer").read_text(encoding="utf-8")


@pytest.mark.parametrize(("text", "tokens"), KNOWN.items())
def test_known_texts_have_known_counts(text: str, tokens: int) -> None:
    assert exact(text) == tokens


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        (" " * 1_000_000, 7_800, 7_900),
        ("\n" * 1_000_000, 62_000, 63_000),
        ("\u3000" * 200_000, 12_000, 13_000),
        ("x" * 10_000_000, 1_250_000, 1_251_000),
    ],
    ids=["a million blanks", "a million lines", "wide blanks", "a line of 10 MB"],
)
def test_a_huge_text_is_counted(text: str, least: int, most: int) -> None:
    assert least <= exact(text) <= most


def test_half_a_surrogate_pair_is_counted() -> None:
    assert 0 < exact("\ud800") <= UPPER_BOUND.count("\ud800")


@given(st.text(max_size=300))
def test_the_upper_bound_is_one(text: str) -> None:
    assert exact(text) <= UPPER_BOUND.count(text)


def test_pieces_are_cut_at_line_ends_and_make_the_text() -> None:
    text = ("line\n" * (PIECE_LENGTH // 2)) + "y" * (3 * PIECE_LENGTH) + "\nend"
    cut = list(pieces(text))
    assert "".join(cut) == text
    assert max(map(len, cut)) <= PIECE_LENGTH
    assert cut[0].endswith("line\n")


def test_the_estimate_takes_two_and_a_half_bytes_a_token() -> None:
    assert ESTIMATE.count("x" * 1000) == 401


def test_counters_are_named_for_the_run_record() -> None:
    assert token_counter().name == "o200k_base"
    assert UPPER_BOUND.name == "upper bound (UTF-8 bytes)"


@pytest.mark.parametrize("content", [None, b"", b"no xz", vocabulary.FILE.read_bytes()[:1000]], ids=["missing", "empty", "other", "cut"])
def test_without_a_readable_vocabulary_the_upper_bound_counts(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "vocabulary.xz"
    if content is not None:
        broken.write_bytes(content)
    monkeypatch.setattr(vocabulary, "FILE", broken)
    exact_counter.cache_clear()
    assert token_counter() is UPPER_BOUND
    exact_counter.cache_clear()


def test_without_tiktoken_the_upper_bound_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    monkeypatch.delitem(sys.modules, "assistant.vocabulary")
    exact_counter.cache_clear()
    assert token_counter() is UPPER_BOUND
    exact_counter.cache_clear()


@pytest.mark.parametrize(
    "arguments",
    [
        ("draft-export", EXAMPLE / "failing-test.log", "--repo", EXAMPLE, "--offline", "-o", "export.md"),
        ("evidence", EXAMPLE / "failing-test.log", "--budget", 400),
    ],
    ids=["draft-export --offline", "evidence"],
)
def test_the_offline_path_imports_no_sdk(arguments: tuple[object, ...], tmp_path: Path) -> None:
    script = (
        "import atexit, sys\n"
        "sdks = ('tiktoken', 'langchain_text_splitters', 'langchain_core', 'openai')\n"
        "atexit.register(lambda: print('imported:', [name for name in sdks if name in sys.modules], file=sys.stderr))\n"
        "from assistant.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], check=False, cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "imported: []"
