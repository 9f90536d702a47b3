"""Fuzzing for a given time: masking, mining, Markdown and files of every kind must hold their promises on any input.

`python benchmarks/fuzz.py --seconds 600`; a failure prints the smallest input that shows it and ends with exit code 1.
"""

import argparse
import bz2
import gzip
import io
import lzma
import random
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings, strategies as st

from assistant.document import edit, parse
from assistant.errors import AssistantError
from assistant.mining import mine
from assistant.mining.reading import read_sources
from assistant.redaction import Redactor
from assistant.redaction.stream import mask_stream
from assistant.sources.source import Source
from assistant.sources.text import escape

ROUND = 100
"""Examples of one target before it is the next one's turn."""

WORDS = (
    "password", "token", "secret", "=", ": ", "'", '"', "\\", "\n", " ", "\t", "@", "://", "&", "[SECRET:x:1]", "{", "}", "(", ",", "-p ", "\r\n",
    "eyJ", "--token", "Cookie: ", "Authorization: Bearer ", "-----BEGIN PRIVATE KEY-----", "-----END", "IDENTIFIED BY ", "value: ", "name: ",
    "kind: Secret\ndata:\n", "\x1b[31m", "INSERT INTO t (a, password) VALUES (", "parameters: ", "input_value=", "$1 = ", "```", "~~~", "# ",
    "## Context", "> ", "Traceback (most recent call last):\n", '  File "a.py", line 3, in f\n', "ValueError: x", "E   assert 1 == 2",
    "=== FAILURES ===", "FAILED tests/t.py::t", "Error: ", "at f (a.js:1:2)", "\u2028", "\x00", "\udc80", "postgresql://a:", "AKIA", "A" * 40,
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=8) | st.text("abcXYZ019+/=_-.", min_size=8, max_size=50), max_size=40).map(
    "".join
)
BYTES = TEXTS.map(
    lambda text: text.encode("utf-8", "surrogateescape" if all(ord(c) < 0xD800 or ord(c) > 0xDFFF for c in text) else "replace")
)


def fuzz_masking(text: str, *, pii: bool) -> None:
    """Lines stay, and masking twice is masking once."""
    masked = Redactor(pii=pii).mask(text)
    assert masked.count("\n") == text.count("\n")
    assert Redactor(pii=pii).mask(masked) == masked


def fuzz_stream(data: bytes, size: int) -> None:
    """A stream's lines stay, whatever its chunks are."""
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert b"".join(mask_stream(chunks, Redactor())).count(b"\n") == data.count(b"\n")


def fuzz_mining(text: str) -> None:
    """Any log can be read, and every failure's lines are the log's own."""
    shown = escape(text)[0]
    mined = mine((Source("x.log", shown),), Redactor(pii=True))
    for failure in mined.failures:
        assert 1 <= failure.origin.first <= failure.origin.last <= shown.count("\n") + 1


def fuzz_markdown(text: str) -> None:
    """An edit without a change changes nothing."""
    with suppress(AssistantError):  # refused, in words for a person
        parse(text)
        assert edit(text, {}) == text


def fuzz_files(data: bytes, kind: str, damage: int) -> None:
    """Any file is read or refused in words for a person."""
    packed = PACKERS[kind](data)
    packed = packed[:damage] + bytes([packed[damage] ^ 0xFF]) + packed[damage + 1 :] if damage < len(packed) else packed
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x{kind}")
        path.write_bytes(packed)
        with suppress(AssistantError):  # refused, in words for a person
            read_sources((str(path),))


def _zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../a.log", data)
        archive.writestr("b.xml", data)
    return out.getvalue()


def _tarred(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, kind in (("/a.log", tarfile.REGTYPE), ("l.log", tarfile.SYMTYPE), ("d", tarfile.CHRTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.size = kind, "/etc/hosts", len(data) if kind == tarfile.REGTYPE else 0
            archive.addfile(member, io.BytesIO(data) if kind == tarfile.REGTYPE else None)
    return out.getvalue()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".log": bytes, ".log.gz": gzip.compress, ".log.bz2": bz2.compress, ".log.xz": lzma.compress, ".zip": _zipped, ".tar.gz": _tarred, ".xml": bytes,
}  # fmt: skip
TARGETS: dict[str, tuple[Callable[..., None], dict[str, st.SearchStrategy[object]]]] = {
    "masking": (fuzz_masking, {"text": TEXTS, "pii": st.booleans()}),
    "stream": (fuzz_stream, {"data": BYTES, "size": st.integers(1, 50)}),
    "mining": (fuzz_mining, {"text": TEXTS}),
    "markdown": (fuzz_markdown, {"text": TEXTS}),
    "files": (fuzz_files, {"data": BYTES, "kind": st.sampled_from(sorted(PACKERS)), "damage": st.integers(0, 400)}),
}


def main() -> int:
    """Fuzz each target in turn until the time is over."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--only", choices=sorted(TARGETS))
    given_options = options.parse_args()
    chosen = {name: target for name, target in TARGETS.items() if given_options.only in (None, name)}
    ends, rounds = time.monotonic() + given_options.seconds, 0
    profile = settings(max_examples=ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    while time.monotonic() < ends:
        for name, (target, values) in chosen.items():
            start = random.SystemRandom().randrange(1 << 32)
            try:
                seed(start)(profile(given(**values)(target)))()
            except BaseException:
                print(f"{name} failed, seed {start}", file=sys.stderr)
                raise
        rounds += 1
    print(f"{rounds * ROUND} examples of each of {', '.join(chosen)}: no failure")
    return 0


if __name__ == "__main__":
    sys.exit(main())
