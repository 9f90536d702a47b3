import gzip
import io
import random
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.mining.reading import ALL_ROOM, read_sources


def read(data: bytes) -> tuple[str, tuple[str, ...]]:
    (source,) = read_sources(["-"], stdin=io.BytesIO(data)).sources
    assert source.name == "stdin"
    return source.text, source.notes


def test_a_dash_reads_stdin() -> None:
    assert read(b"boom\n") == ("boom\n", ())


def test_an_empty_file_is_an_empty_text(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"")
    assert read_sources([str(tmp_path / "a.log")]).sources[0].text == ""


@pytest.mark.parametrize(
    ("data", "text", "notes"),
    [
        (b"a\x1b[31mb\x1b[0m\r\nc\n", "ab\nc\n", ()),
        ("ä\n".encode("utf-16"), "ä\n", ()),
        ("Error: no\n".encode("utf-16-le"), "Error: no\n", ("it has no byte order mark; it was read as UTF-16-LE",)),
        ("Datei nicht für Größe\n".encode("cp1252"), "Datei nicht für Größe\n", ("it is not UTF-8; it was read as Windows-1252",)),
        (
            b"ok \x00\x01\n" + b"a plain line\n" * 9 + b"\xe9\n",
            "ok \\x00\\x01\n" + "a plain line\n" * 9 + "\\xe9\n",
            ("bytes that are not UTF-8 are shown as \\xff",),
        ),
        (b" 1%\r 2%\r 3%\nnext\n", " 3%\nnext\n", ("2 earlier states of rewritten lines were left out",)),
    ],
)
def test_what_is_read_is_decoded_harmless_and_said(data: bytes, text: str, notes: tuple[str, ...]) -> None:
    assert read(data) == (text, notes)


def test_much_binary_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(random.Random(3).randbytes(1_000_000) * 50)
    started = time.process_time()
    with pytest.raises(InputError, match=r"a\.bin: this is binary data, not a log"):
        read_sources([str(tmp_path / "a.bin")], base=tmp_path)
    assert time.process_time() - started < 0.5


def test_what_cannot_be_read_in_a_folder_is_skipped_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(random.Random(1).randbytes(20_000))
    (tmp_path / "b.log").write_text("fine")
    inputs = read_sources([str(tmp_path)], base=tmp_path)
    assert [source.name for source in inputs.sources] == ["b.log"]
    assert inputs.notes == ("skipped a.log: this is binary data, not a log",)


@pytest.mark.parametrize("path", ["missing.log", "nul\x00.log", "line\nbreak"])
def test_a_named_file_that_cannot_be_read_is_an_error_in_one_line(path: str) -> None:
    with pytest.raises(InputError) as caught:
        read_sources([path])
    assert "\n" not in caught.value.message
    assert "\x00" not in caught.value.message


def test_damage_before_the_first_byte_is_an_error_and_after_it_a_note(tmp_path: Path) -> None:
    packed = gzip.compress(random.Random(2).randbytes(100_000).hex().encode())
    (tmp_path / "a.gz").write_bytes(packed[:12])
    with pytest.raises(InputError, match=r"a\.gz: the data is damaged"):
        read_sources([str(tmp_path / "a.gz")], base=tmp_path)
    (tmp_path / "a.gz").write_bytes(packed[:-1000])
    inputs = read_sources([str(tmp_path / "a.gz")], base=tmp_path)
    assert len(inputs.sources[0].text) > 100_000
    assert inputs.notes == ("a.gz: the data is damaged; what stands before the damage was read",)


def test_an_archive_without_a_log_says_why(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../x.log", "x")
    with pytest.raises(InputError, match="no input could be read") as caught:
        read_sources([str(tmp_path / "a.zip")], base=tmp_path)
    assert caught.value.hint == "skipped a.zip!../x.log: its name leads out of the archive"


def test_all_inputs_share_one_memory() -> None:
    line = b"2026-01-01 10:00:00 INFO worker handled the request\n"
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for number in range(30):
            data = line * 30_000 + b"KeyError: 'number %d'\n" % number
            info = tarfile.TarInfo(f"{number:02}.log")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    inputs = read_sources(["-"], stdin=io.BytesIO(file.getvalue()))
    assert len(inputs.sources) == 30
    assert sum(len(source.text) for source in inputs.sources) < 1.2 * ALL_ROOM
    assert all(f"KeyError: 'number {number}'" in source.text for number, source in enumerate(inputs.sources))
    assert {source.lines for source in inputs.sources} == {30_001}


def test_a_hundred_skipped_inputs_are_not_a_hundred_notes(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number}.log").write_bytes(bytes(range(32)) * 100)
    (tmp_path / "good.log").write_text("fine")
    notes = read_sources([str(tmp_path)], base=tmp_path).notes
    assert len(notes) == 21
    assert notes[-1] == "skipped 80 more inputs"
