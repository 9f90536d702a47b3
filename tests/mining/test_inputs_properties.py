"""What must hold for whatever is given: no crash, no hang, nothing quoted that is not in the input."""

import bz2
import gzip
import io
import lzma
import tarfile
import time
import zipfile
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given, settings, strategies as st

from assistant.errors import InputError
from assistant.evidence import CUT_NOTE
from assistant.mining import error_block, log_around, mine
from assistant.mining.reading import read_sources
from assistant.redaction import Redactor
from assistant.sources.source import Inputs
from assistant.sources.text import escape

LINES = st.sampled_from(
    [
        b"KeyError: 'a'",
        b"Traceback (most recent call last):",
        b'  File "a.py", line 3, in f',
        b"    x()",
        b"npm ERR! code E1",
        b"all is well",
        b"caf\xe9",
        "größer ✓".encode(),
        b"\x1b[31mFAILED\x1b[0m",
        b" 1%\r 2%\r 3%",
        b'{"level": "error", "msg": "no", "exception": "Traceback (most recent call last):\\n  File \\"a.py\\", line 1, in f\\nKeyError: 1"}',
        b"<testsuite>",
        b"\x00\x01",
        b"PK\x03\x04",
        b"",
    ]
)
DATA = st.lists(LINES | st.binary(max_size=30), max_size=30).map(b"\n".join)
NAMES = st.lists(
    st.sampled_from(["a", "..", "", ".", "/", "C:", "b.log", "\\", "\n", "\u202e", "ä.txt", "x" * 90, "c.zip", "0_j.txt", "j", "1_s.txt"]),
    min_size=1,
    max_size=4,
).map("/".join)


def read(data: bytes) -> Inputs | InputError:
    try:
        return read_sources(["-"], stdin=io.BytesIO(data))
    except InputError as error:
        return error


def zipped(members: list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name or "x", data)
    return file.getvalue()


def tarred(members: list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name or "x")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


PACKS: list[Callable[[bytes], bytes]] = [bytes, gzip.compress, bz2.compress, lzma.compress, zstandard.compress]


@settings(max_examples=200, deadline=None)
@given(DATA, st.sampled_from(PACKS), st.integers(0, 200))
def test_no_input_breaks_the_reading_however_packed_or_cut(data: bytes, pack: Callable[[bytes], bytes], cut: int) -> None:
    packed = pack(data)
    inputs = read(packed[: max(0, len(packed) - cut)] if cut < 100 else packed)
    if isinstance(inputs, InputError):
        assert "\n" not in inputs.message
        return
    for source in inputs.sources:
        assert escape(source.text)[0] == source.text
        assert not source.numbers or len(source.numbers) == source.text.count("\n") + 1 or source.text == ""
    mine(inputs.sources, Redactor())


@pytest.mark.filterwarnings("ignore:Duplicate name")
@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NAMES, DATA), max_size=6), st.sampled_from([zipped, tarred]), st.sampled_from(PACKS), st.integers(0, 150))
def test_no_archive_breaks_the_reading_and_every_name_is_one_harmless_line(
    members: list[tuple[str, bytes]], archive: Callable[[list[tuple[str, bytes]]], bytes], pack: Callable[[bytes], bytes], cut: int
) -> None:
    packed = pack(archive(members))
    inputs = read(packed[: max(0, len(packed) - cut)] if cut < 75 else packed)
    if isinstance(inputs, InputError):
        assert "\n" not in inputs.message + inputs.hint
        return
    names = [source.name for source in inputs.sources]
    assert len(set(names)) == len(names)
    for name in (*names, *inputs.notes):
        assert escape(name)[0] == name
        assert "\n" not in name


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, DATA), min_size=1, max_size=3), st.data())
def test_no_damage_within_an_archive_breaks_the_reading(members: list[tuple[str, bytes]], data: st.DataObject) -> None:
    for packed in (bytearray(zipped(members[:1])), bytearray(tarred(members))):
        for _ in range(data.draw(st.integers(1, 5))):
            packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
        read(bytes(packed))


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES.filter(lambda line: not line.startswith((b"{", b"<"))), max_size=40))
def test_every_line_that_is_quoted_stands_in_the_input(lines: list[bytes]) -> None:
    data = b"10:00 start\n" + b"\n".join(lines)
    inputs = read(data)
    if isinstance(inputs, InputError):
        return
    encodings = [data.decode("utf-8", "backslashreplace"), data.decode("cp1252", "backslashreplace")]
    known = {escape(state)[0] for text in encodings for line in text.split("\n") for state in (line, *line.split("\r"))}
    mined = mine(inputs.sources, Redactor())
    for failure in mined.failures:
        for piece in (error_block(failure, 6), *log_around(failure, mined)):
            assert all(line in known or CUT_NOTE.fullmatch(line) for line in piece.text.split("\n"))


MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "data",
    [
        b"a" * 10 * MEGABYTE,
        b"error " * 2 * MEGABYTE,
        b" " * 10 * MEGABYTE,
        b"=" * 10 * MEGABYTE,
        b"\r" * 10 * MEGABYTE,
        b"1%\r" * 3 * MEGABYTE,
        b"\n" * 10 * MEGABYTE,
        b"{" * 10 * MEGABYTE,
        b'{"level":"error","msg":"' + b"a" * 10 * MEGABYTE + b'"}',
        b"\xe9" * 10 * MEGABYTE,
        b"a\x00" * 5 * MEGABYTE,
        b"[" * 3 * MEGABYTE + b"\n" + b"Error: " * MEGABYTE,
        b"<testsuite><testcase name='a'><failure>" + b"a" * 10 * MEGABYTE,
        b"<testsuite><testcase name='a'><failure>" + b"&lt;" * 2 * MEGABYTE,
        b"-----BEGIN RSA PRIVATE KEY-----\n" * 300_000,
    ],
    ids=lambda data: f"{data[:12]!r}",
)
def test_ten_megabytes_of_one_thing_are_read_at_once(data: bytes) -> None:
    started = time.process_time()
    inputs = read(data)
    if not isinstance(inputs, InputError):
        assert sum(len(source.text) for source in inputs.sources) < 8 * MEGABYTE
        mine(inputs.sources, Redactor())
    assert time.process_time() - started < 12
