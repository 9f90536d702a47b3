"""`assistant purge`: tells what is stored, and deletes only what was named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Runner = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository and a user's folders, with something of every kind in them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    for path in (
        "cache/research-export-assistant/replies/a.json",
        "cache/research-export-assistant/rules/b.json",
        "data/research-export-assistant/service/store.sqlite",
        ".assistant/attempts/0001.json",
        ".assistant/exports.sqlite",
        "batch/.batch/plan.json",
        "batch/index.json",
        "export.md",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x" * 1500)
    return tmp_path


def left(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


def test_without_an_option_it_tells_what_is_stored_and_deletes_nothing(run: Runner, home: Path) -> None:
    before = left(home)
    got = run("purge")
    assert got.out.splitlines()[0] == "--cache         3.0 kB  model replies, parsed rules, compiled templates"
    assert "--batch DIR    nothing" in got.out
    assert got.err == "nothing was deleted: give the options of what should go\n"
    assert left(home) == before


@pytest.mark.parametrize(
    ("options", "gone"),
    [
        (["--cache"], {"cache/research-export-assistant/replies/a.json", "cache/research-export-assistant/rules/b.json"}),
        (["--index"], {".assistant/exports.sqlite"}),
        (["--attempts"], {".assistant/attempts/0001.json"}),
        (["--batch", "batch"], {"batch/.batch/plan.json"}),
        (["--service"], {"data/research-export-assistant/service/store.sqlite"}),
    ],
)
def test_an_option_deletes_its_kind_and_nothing_else(run: Runner, home: Path, options: list[str], gone: set[str]) -> None:
    before = left(home)
    assert run("purge", *options).code == 0
    assert before - left(home) == gone


def test_a_link_is_removed_and_not_followed(run: Runner, home: Path) -> None:
    outside = home / "outside"
    outside.mkdir()
    (outside / "mine.txt").write_text("x")
    attempts = home / ".assistant" / "attempts"
    (attempts / "0001.json").unlink()
    attempts.rmdir()
    attempts.symlink_to(outside, target_is_directory=True)
    run("purge", "--attempts")
    assert not attempts.is_symlink()
    assert (outside / "mine.txt").exists()


def test_a_folder_that_does_not_exist_is_wrong_use(run: Runner, home: Path) -> None:
    assert run("purge", "--batch", "nowhere").code == 2
