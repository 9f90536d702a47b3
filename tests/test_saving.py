"""Writing: whole or not at all."""

import os
import threading
from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.saving import save


def test_a_new_file_holds_the_text_with_its_newlines(tmp_path: Path) -> None:
    save(tmp_path / "a.md", "one\r\ntwo\n")
    assert (tmp_path / "a.md").read_bytes() == b"one\r\ntwo\n"


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("old")
    path.chmod(0o640)
    save(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a.md"]


def test_a_failing_write_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_text("old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(UsageError, match="No space left"):
        save(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.md"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    save(tmp_path / "link.md", "new")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "new"


def test_a_pipe_is_written_straight(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()), daemon=True)
    reader.start()
    save(pipe, "text")
    reader.join(5)
    assert got == ["text"]


@pytest.mark.parametrize("where", ["missing/a.md", "/proc/a.md"])
def test_a_folder_that_takes_no_file_is_a_clear_error(tmp_path: Path, where: str) -> None:
    with pytest.raises(UsageError, match=r"a\.md: "):
        save(tmp_path / where, "text")
