"""`check` on files: every one is checked, and nothing that stands in a name or a document is obeyed by a terminal or by CI."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "orders-service"
Runner = Callable[..., Any]
HOSTILE_NAMES = ["a\n::error::pwn\n.md", "::error::pwn.md", "##[error]pwn.md", "e\x1b[31mred\x9b1m.md", "tab\tand\u202eturn.md"]


@pytest.fixture
def export(run: Runner, tmp_path: Path) -> Path:
    run("draft-export", EXAMPLE / "failing-test.log", "--repo", EXAMPLE, "--offline", "--exported-by", "Ada", "-o", tmp_path / "export.md")
    return tmp_path / "export.md"


def test_every_file_is_checked_and_those_that_cannot_be_read_are_told(run: Runner, export: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.md"
    broken.write_bytes(b"\xff\xfe")
    got = run("check", tmp_path / "none.md", export, broken, tmp_path)
    assert got.code == 3
    assert f"{export}:" in got.out
    assert "1 file: 0 problems" in got.err
    for path in (tmp_path / "none.md", broken, tmp_path):
        assert f"error: {path}: " in got.err


def test_a_problem_does_not_hide_that_a_file_cannot_be_read(run: Runner, export: Path, tmp_path: Path) -> None:
    export.write_text(export.read_text().replace("## Context", "## CONTEXT"))
    got = run("check", "--allow-drafts", export, tmp_path / "none.md")
    assert got.code == 3
    assert ": heading-missing: " in got.out


@pytest.mark.parametrize("form", ["text", "json", "github"])
@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_file_name_is_shown_and_not_obeyed(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("# Research Export:\n")
    got = run("check", "--format", form, name)
    assert got.code == 1
    assert all(character.isprintable() for character in got.out.replace("\n", ""))
    ours = ("::error file=", "::warning file=", "::notice file=") if form == "github" else ()
    assert [line for line in got.out.split("\n") if line.lstrip().startswith(("::", "##[")) and not line.startswith(ours)] == []


def test_json_keeps_the_name_of_the_file(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(HOSTILE_NAMES[0]).write_text("# Research Export:\n")
    assert json.loads(run("check", "--format", "json", HOSTILE_NAMES[0]).out)[0]["file"] == HOSTILE_NAMES[0]


@pytest.mark.parametrize("form", ["text", "github"])
def test_the_text_of_a_document_is_shown_and_not_obeyed(run: Runner, export: Path, form: str) -> None:
    export.write_text(export.read_text().replace("- Severity: ", "- Severity: \x1b]0;owned\x07\u202e"))
    got = run("check", "--format", form, export)
    assert "\x1b" not in got.out
    assert "\u202e" not in got.out
    assert "\x07" not in got.out


def test_the_record_is_found_beside_each_file(run: Runner, export: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    copy = shutil.copy(export, tmp_path / "other" / "export.md")
    got = run("check", "--allow-drafts", export, copy)
    assert got.out.count(": record: ") == 1
    assert f"{copy}:1: record: " in got.out
