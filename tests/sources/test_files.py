import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from assistant.sources import archives, files, streams
from assistant.sources.files import open_streams
from assistant.sources.streams import Skipped, Stream, StreamCut

PACKERS = [gzip.compress, bz2.compress, lzma.compress, zstandard.compress]


def opened(*paths: object, base: Path | None = None, stdin: bytes = b"") -> tuple[dict[str, bytes], list[Skipped]]:
    """All streams read to their ends or cuts, and what was skipped."""
    read: dict[str, bytes] = {}
    skipped: list[Skipped] = []
    for one in open_streams([str(path) for path in paths], base=base, stdin=io.BytesIO(stdin)):
        if isinstance(one, Skipped):
            skipped.append(one)
        else:
            assert one.name not in read
            read[one.name], _ = until_cut(one)
    return read, skipped


def until_cut(stream: Stream) -> tuple[bytes, str]:
    pieces: list[bytes] = []
    try:
        for block in stream.blocks:
            assert 0 < len(block) <= streams.BLOCK
            pieces.append(block)
    except StreamCut as cut:
        return b"".join(pieces), cut.note
    return b"".join(pieces), ""


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def tarred(members: dict[str, bytes], *others: tarfile.TarInfo) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in others:
            archive.addfile(info)
    return file.getvalue()


def test_a_file_below_the_current_folder_is_named_relative_to_it(tmp_path: Path) -> None:
    log = tmp_path / "ci" / "job.log"
    log.parent.mkdir()
    log.write_bytes(b"one\r\ntwo\n")
    assert opened(log, base=tmp_path) == ({"ci/job.log": b"one\r\ntwo\n"}, [])


def test_files_from_elsewhere_are_named_as_shortly_as_they_are_distinct(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a/job.log", "b/job.log", "b/other.log")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "here").mkdir()
    assert list(opened(*paths, base=tmp_path / "here")[0]) == ["a/job.log", "b/job.log", "other.log"]


def test_a_folder_is_searched_for_logs_reports_and_archives_only(tmp_path: Path) -> None:
    for name in ("b.log", "a/c.txt", "a/d.png", "e.py", "f", ".git/g.log", "node_modules/h.log", "i.xml", "j.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "k.zip").write_bytes(zipped({"l.log": b"l"}))
    (tmp_path / "z.log.zst").write_bytes(zstandard.compress(b"packed"))
    assert list(opened(tmp_path, base=tmp_path)[0]) == ["a/c.txt", "b.log", "f", "i.xml", "j.jsonl", "k.zip!l.log", "z.log.zst"]


def test_a_folder_without_logs_says_what_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x")
    (skipped,) = opened(tmp_path)[1]
    assert (skipped.reason, skipped.found) == ("no logs in this folder", False)
    assert ".log" in skipped.hint


@pytest.mark.parametrize("pack", PACKERS)
def test_packed_logs_are_told_by_their_content_not_by_their_name(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "a.log").write_bytes(pack(b"boom\n"))
    assert opened(tmp_path / "a.log", base=tmp_path) == ({"a.log": b"boom\n"}, [])


@pytest.mark.parametrize("pack", PACKERS)
def test_packed_pieces_put_together_are_one_log(pack: Callable[[bytes], bytes]) -> None:
    assert opened("-", stdin=pack(b"one\n") + pack(b"two\n"))[0] == {"stdin": b"one\ntwo\n"}


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("kept", [0.7, 0.999])
def test_what_stands_before_the_damage_is_read(pack: Callable[[bytes], bytes], kept: float) -> None:
    text = random.Random(2).randbytes(1_000_000).hex().encode()
    packed = pack(text)
    (stream,) = open_streams(["-"], stdin=io.BytesIO(packed[: int(len(packed) * kept)]))
    assert isinstance(stream, Stream)
    read, note = until_cut(stream)
    assert text.startswith(read)
    assert len(read) > len(text) * (kept - 0.5)
    assert note == "the data is damaged; what stands before the damage was read"


@pytest.mark.parametrize(
    "pack", [gzip.compress, zstandard.compress, lambda data: zipped({"a.log": data}), lambda data: gzip.compress(tarred({"a.log": data}))]
)
def test_a_small_file_that_grows_enormously_is_cut_and_said(pack: Callable[[bytes], bytes]) -> None:
    stream = next(open_streams(["-"], stdin=io.BytesIO(pack(b"all is well\n" * 2_000_000))))
    assert isinstance(stream, Stream)
    read, note = until_cut(stream)
    assert 16_000_000 < len(read) < 20_000_000
    assert note == "only the first 16 MB were read; it grows too much when it is unpacked"


def test_a_dictionary_that_would_fill_the_memory_is_refused() -> None:
    packed = lzma.compress(b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 512 * 1024 * 1024}])
    (stream,) = open_streams(["-"], stdin=io.BytesIO(packed))
    assert isinstance(stream, Stream)
    assert until_cut(stream) == (b"", "the data is damaged; what stands before the damage was read")


@pytest.mark.parametrize("archive", [zipped, tarred, lambda members: gzip.compress(tarred(members))])
@pytest.mark.parametrize("as_stdin", [True, False])
def test_the_logs_of_an_archive_are_read_in_order_under_its_name(
    tmp_path: Path, archive: Callable[[dict[str, bytes]], bytes], as_stdin: bool
) -> None:
    data = archive({"b.log": b"b" * 70_000, "a/c.txt": b"", "d.png": b"x", "e.log.gz": gzip.compress(b"e"), "f.py": b"x"})
    (tmp_path / "x").write_bytes(data)
    name = "stdin" if as_stdin else "x"
    read, skipped = opened("-" if as_stdin else tmp_path / "x", base=tmp_path, stdin=data)
    assert read == {f"{name}!b.log": b"b" * 70_000, f"{name}!a/c.txt": b"", f"{name}!e.log.gz": b"e"}
    assert skipped == []


def test_archives_in_archives_are_read_up_to_a_depth() -> None:
    inner = zipped({"x.log": b"boom"})
    assert opened("-", stdin=zipped({"a.zip": zipped({"b.zip": inner})}))[0] == {"stdin!a.zip!b.zip!x.log": b"boom"}
    for level in range(4):
        inner = zipped({f"{level}.zip": inner})
    read, (skipped,) = opened("-", stdin=inner)
    assert read == {}
    assert skipped.reason == f"packed data and archives stand in each other more than {files.MAX_LAYERS} deep"


@pytest.mark.parametrize("name", ["/etc/passwd.log", "../up.log", "a/../../up.log", "C:\\up.log"])
def test_a_member_whose_name_leads_out_is_named_and_skipped(name: str) -> None:
    for data in (zipped({name: b"x", "good.log": b"y"}), tarred({name: b"x", "good.log": b"y"})):
        read, (skipped,) = opened("-", stdin=data)
        assert read == {"stdin!good.log": b"y"}
        assert skipped.reason == "its name leads out of the archive"
        assert skipped.name == f"stdin!{name}"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_of_a_tar_are_skipped(kind: bytes) -> None:
    info = tarfile.TarInfo("bad.log")
    info.type, info.linkname = kind, "/etc/passwd"
    read, (skipped,) = opened("-", stdin=tarred({"good.log": b"y"}, info))
    assert read == {"stdin!good.log": b"y"}
    assert skipped.reason == "it is a link, a device or a sparse file"


def test_a_link_in_a_zip_is_skipped() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("bad.log")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("good.log", "y")
    read, (skipped,) = opened("-", stdin=file.getvalue())
    assert read == {"stdin!good.log": b"y"}
    assert skipped.reason == "it is a link or a device"


def test_an_encrypted_member_is_skipped_without_asking_for_a_password() -> None:
    data = bytearray(zipped({"a.log": b"secret"}))
    data[6] |= 1  # the flag in the member's own header
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert opened("-", stdin=bytes(data))[1] == [Skipped("stdin!a.log", "it is encrypted")]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_members_with_one_name_a_zip_gives_the_last_and_a_tar_the_first() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.log", "one")
        archive.writestr("a.log", "two")
    read, (skipped,) = opened("-", stdin=file.getvalue())
    assert (read, skipped.reason) == ({"stdin!a.log": b"two"}, "another member of that name comes later")
    info = tarfile.TarInfo("a.log")
    read, (skipped,) = opened("-", stdin=tarred({"a.log": b"one"}, info))
    assert (read, skipped.reason) == ({"stdin!a.log": b"one"}, "another member of that name came before")


def test_too_many_members_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    for data in (zipped({f"{n}.log": b"x" for n in range(9)}), tarred({f"{n}.log": b"x" for n in range(9)})):
        read, (skipped,) = opened("-", stdin=data)
        assert list(read) == ["stdin!0.log", "stdin!1.log", "stdin!2.log"]
        assert "only the first 3" in skipped.reason


RUN = {
    "0_build (3.11).txt": b"whole",
    "1_lint.txt": b"whole",
    "build (3.11)/1_Set up job.txt": b"part",
    "build (3.11)/2_Run tests.txt": b"part",
    "build (3.11)/system.txt": b"part",
    "deploy/1_Only steps.txt": b"part",
}


def test_the_step_logs_of_a_github_run_are_left_out_where_the_whole_job_is_there(tmp_path: Path) -> None:
    expected = ["0_build (3.11).txt", "1_lint.txt", "deploy/1_Only steps.txt"]
    for name, data in RUN.items():
        (tmp_path / "run" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "run" / name).write_bytes(data)
    for (read, (skipped,)), prefix in ((opened("-", stdin=zipped(RUN)), "stdin!"), (opened(tmp_path / "run", base=tmp_path / "run"), "")):
        assert list(read) == [prefix + name for name in expected]
        assert skipped.reason == "3 logs of single steps, which the logs of their jobs repeat"


def test_a_truncated_tar_gives_what_stands_before_the_cut() -> None:
    data = tarred({"a.log": b"one", "b.log": b"two" * 1000})[:1500]
    read, (skipped,) = opened("-", stdin=data)
    assert read == {"stdin!a.log": b"one"}
    assert "damaged" in skipped.reason


def test_a_header_that_claims_gigabytes_is_damage() -> None:
    info = tarfile.TarInfo("a.log")
    info.type, info.size = tarfile.XHDTYPE, 7 * 1024**3
    read, (skipped,) = opened("-", stdin=info.tobuf(tarfile.USTAR_FORMAT) + b"x" * 5000)
    assert read == {}
    assert "damaged" in skipped.reason


def test_a_truncated_zip_is_said_to_be_damaged() -> None:
    assert opened("-", stdin=zipped(RUN)[:-40])[1] == [Skipped("stdin", "the archive is damaged", "Fetch it again.", found=False)]


def test_a_member_that_lies_about_its_size_is_cut_there() -> None:
    data = bytearray(zipped({"a.log": b"x" * 100_000}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    stream = next(open_streams(["-"], stdin=io.BytesIO(bytes(data))))
    assert isinstance(stream, Stream)
    assert until_cut(stream)[1].startswith("the data is damaged")


@pytest.mark.parametrize("path", ["missing.log", "nul\x00.log", "line\nbreak"])
def test_a_missing_file_is_named_without_line_breaks(path: str) -> None:
    (skipped,) = opened(path)[1]
    assert not skipped.found
    assert "\n" not in skipped.name
    assert "\x00" not in skipped.name
