import bz2
import gzip
import io
import lzma
import random
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.sources.files import read_sources


def test_a_file_below_the_current_folder_is_named_relative_to_it(tmp_path: Path) -> None:
    log = tmp_path / "ci" / "job.log"
    log.parent.mkdir()
    log.write_bytes(b"one\r\ntwo\n")
    (source,) = read_sources([str(log)], base=tmp_path).sources
    assert (source.name, source.text) == ("ci/job.log", "one\ntwo\n")


def test_files_from_elsewhere_are_named_as_shortly_as_they_are_distinct(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a/job.log", "b/job.log", "b/other.log")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "here").mkdir()
    names = [source.name for source in read_sources([str(path) for path in paths], base=tmp_path / "here").sources]
    assert names == ["a/job.log", "b/job.log", "other.log"]


def test_a_dash_reads_stdin() -> None:
    (source,) = read_sources(["-"], stdin=io.BytesIO(b"boom\n")).sources
    assert (source.name, source.text) == ("stdin", "boom\n")


def test_a_folder_is_searched_for_logs_only(tmp_path: Path) -> None:
    for name in ("b.log", "a/c.txt", "a/d.png", "e.py", "f", ".git/g.log", "node_modules/h.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "z.log.gz").write_bytes(gzip.compress(b"packed"))
    names = [source.name for source in read_sources([str(tmp_path)], base=tmp_path).sources]
    assert names == ["a/c.txt", "b.log", "f", "z.log.gz"]


def test_a_folder_without_logs_says_what_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x")
    with pytest.raises(InputError, match="no logs in this folder") as caught:
        read_sources([str(tmp_path)])
    assert ".log" in caught.value.hint


def test_what_cannot_be_read_in_a_folder_is_skipped_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(random.Random(1).randbytes(20_000))
    (tmp_path / "b.log").write_text("fine")
    inputs = read_sources([str(tmp_path)], base=tmp_path)
    assert [source.name for source in inputs.sources] == ["b.log"]
    assert inputs.notes == ("skipped a.log: this is binary data, not a log",)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_logs_are_told_by_their_content_not_by_their_name(tmp_path: Path, pack: object) -> None:
    (tmp_path / "a.log").write_bytes(pack(b"boom\n"))  # type: ignore[operator]
    assert read_sources([str(tmp_path / "a.log")]).sources[0].text == "boom\n"


def test_a_damaged_gzip_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(random.Random(2).randbytes(3_000_000).hex().encode())[:2_000_000])
    inputs = read_sources([str(tmp_path / "a.gz")], base=tmp_path)
    assert len(inputs.sources[0].text) > 1_000_000
    assert inputs.notes == ("a.gz: the compressed data is damaged; what stands before the damage was read",)


def test_a_gzip_bomb_is_cut_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"all is well\n" * 6_000_000))
    started = time.perf_counter()
    inputs = read_sources([str(tmp_path / "a.gz")], base=tmp_path)
    assert time.perf_counter() - started < 2
    assert len(inputs.sources[0].text) < 40_000_000
    assert "were read; the rest was left out" in inputs.notes[0]


@pytest.mark.parametrize("path", ["missing.log", "nul\x00.log", "line\nbreak"])
def test_a_missing_file_is_named_without_line_breaks(path: str) -> None:
    with pytest.raises(InputError) as caught:
        read_sources([path])
    assert "\n" not in caught.value.message
    assert "\x00" not in caught.value.message


def test_much_binary_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(random.Random(3).randbytes(1_000_000) * 50)
    started = time.perf_counter()
    with pytest.raises(InputError, match="binary"):
        read_sources([str(tmp_path / "a.bin")])
    assert time.perf_counter() - started < 0.5


def test_a_few_controls_and_bad_bytes_are_still_a_log(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"ok \x00\x01\n" + b"a plain line\n" * 20 + b"caf\xe9\n")
    text = read_sources([str(tmp_path / "a.log")]).sources[0].text
    assert text.startswith("ok \\x00\\x01\n")
    assert text.endswith("caf\\xe9\n")


def test_archives_are_refused_with_advice(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.log", "x")
    (tmp_path / "x.log").write_text("x")
    with tarfile.open(tmp_path / "b.tar", "w") as archive:
        archive.add(tmp_path / "x.log", "x.log")
    for name, kind in (("a.zip", "zip"), ("b.tar", "tar")):
        with pytest.raises(InputError, match=f"{kind} archives are not read yet") as caught:
            read_sources([str(tmp_path / name)])
        assert "Extract" in caught.value.hint


def test_an_empty_file_is_an_empty_text(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"")
    assert read_sources([str(tmp_path / "a.log")]).sources[0].text == ""
