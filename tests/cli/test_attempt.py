"""`attempt`, and what `draft-export` makes of attempts, notes, a green log and a revision."""

import sys
from pathlib import Path

from git_history import make_history

LOG = "tests/test_a.py:2: in test_a\n    assert work() == 1\nE   AssertionError: assert 2 == 1\nFAILED tests/test_a.py::test_a - AssertionError: assert 2 == 1\n1 failed in 0.10s\n"
TEST = "from app import work\n\n\ndef test_a():\n    assert work() == 1\n"


def project(root: Path) -> list[str]:
    """A history of two commits, the second of which breaks a test, and its log."""
    root.mkdir()
    ids = make_history(
        root,
        [
            ("Work", {"app.py": "LIMIT = 1\n\n\ndef work():\n    return LIMIT\n", "tests/test_a.py": TEST}),
            ("Tidy up", {"app.py": "LIMIT = 2\n\n\ndef work():\n    return LIMIT\n"}),
        ],
    )
    (root.parent / "red.log").write_text(f"_____ test_a _____\n{LOG}")
    return ids


def test_an_attempt_ends_as_its_command_does_and_says_where_it_is_recorded(run, tmp_path):
    project(tmp_path / "repo")
    got = run("attempt", "--repo", tmp_path / "repo", "raise the limit", "--", sys.executable, "-c", "print('-x'); raise SystemExit(4)")
    assert (got.code, got.out) == (4, "-x\n")
    assert "attempt recorded in " in got.err
    assert (tmp_path / "repo" / ".assistant" / "attempts" / "0001.json").exists()


def test_options_of_the_command_are_the_commands_own(run, tmp_path):
    got = run(
        "attempt", "--repo", tmp_path, "x", "--", sys.executable, "-c", "import sys; print(sys.argv[1:])", "--repo", "elsewhere", "-k", "a"
    )
    assert (got.code, got.out) == (0, "['--repo', 'elsewhere', '-k', 'a']\n")


def test_an_attempt_without_a_name_or_a_command_is_refused(run, tmp_path):
    assert run("attempt", " ", "--", "true").code == 2
    assert run("attempt", "x").code == 2
    assert run("attempt", "--repo", tmp_path / "none", "x", "--", "true").code == 2


def test_an_export_tells_attempts_notes_and_the_change_and_passes_check(run, tmp_path):
    _, guilty = project(tmp_path / "repo")
    (tmp_path / "notes.md").write_text("Tried: clearing the cache -> no change\n")
    run("attempt", "--repo", tmp_path / "repo", "run it alone", "--", sys.executable, "-c", f"print({LOG!r}); raise SystemExit(1)")
    got = run(
        "draft-export",
        tmp_path / "red.log",
        "--repo",
        tmp_path / "repo",
        "--since",
        "HEAD~1",
        "--notes",
        tmp_path / "notes.md",
        "--offline",
        "-o",
        tmp_path / "e.md",
    )
    assert got.code == 0
    text = (tmp_path / "e.md").read_text()
    assert "clearing the cache (E" in text
    assert "run it alone (recorded " in text
    assert f"Commit `{guilty[:10]}` of 2026-03-02 (“Tidy up”) changed `LIMIT` in `app.py` from `1` to `2`" in text
    assert f"changed by commit {guilty[:10]} of 2026-03-02" in text
    checked = run("check", "--allow-drafts", tmp_path / "e.md")
    assert (checked.code, "1 file: 0 problems" in checked.out + checked.err) == (0, True), checked.out


def test_a_green_log_or_notes_that_cannot_be_read_are_an_input_error(run, tmp_path):
    project(tmp_path / "repo")
    for option in ("--baseline", "--notes"):
        got = run("draft-export", tmp_path / "red.log", option, tmp_path / "none.log", "--offline")
        assert got.code == 3
        assert "none.log" in got.err


def test_an_unknown_revision_is_told_and_the_export_is_written(run, tmp_path):
    project(tmp_path / "repo")
    got = run("draft-export", tmp_path / "red.log", "--repo", tmp_path / "repo", "--since", "v0", "--offline")
    assert got.code == 0
    assert "note: `--since v0` names no commit of the repository" in got.err
