"""Git is only read: whatever a repository's own configuration says, nothing of it runs."""

import subprocess

import pytest
from git_history import ENVIRONMENT, commit, git, make_history
from shop_stories import STORIES

from assistant.evidence import Kind
from assistant.gathering import Given
from assistant.gathering.change import change_since_green
from assistant.gathering.change.git import open_git
from assistant.gathering.change.history import commits, touches, tree

FAILING = "app.py:2: in work\n    return limit\nE   AssertionError: assert 2 == 1"


def booby_trap(root, marker) -> None:
    """Name a program wherever git's configuration may name one."""
    trap = root / ".git" / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {marker}\n")
    trap.chmod(0o755)
    keys = (
        "core.fsmonitor", "core.pager", "core.sshCommand", "core.gitProxy", "core.editor", "core.askPass", "diff.external", "gpg.program",
        "diff.trap.textconv", "diff.trap.command", "filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "credential.helper",
        "pager.log", "interactive.diffFilter", "uploadpack.packObjectsHook", "remote.origin.uploadpack",
    )  # fmt: skip
    for key in keys:
        git(root, "config", key, str(trap))
    for key, value in (
        ("log.showSignature", "true"),
        ("core.hooksPath", str(root / ".git")),
        ("alias.rev-list", f"!{trap}"),
        ("remote.origin.url", f"ext::{trap}"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
        ("extensions.partialClone", "origin"),
    ):
        git(root, "config", key, value)
    (root / ".git" / "info" / "attributes").write_text("* diff=trap filter=trap\n")
    for hook in ("post-index-change", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman"):
        (root / ".git" / hook).write_text(trap.read_text())
        (root / ".git" / hook).chmod(0o755)


def test_no_program_that_a_repository_names_is_run(tmp_path, failure, collect):
    root = tmp_path / "repo"
    root.mkdir()
    make_history(
        root, [("one", {"app.py": "def work(limit=1):\n    return limit\n"}), ("two", {"app.py": "def work(limit=2):\n    return limit\n"})]
    )
    marker = tmp_path / "ran"
    booby_trap(root, marker)
    (root / "app.py").write_text("def work(limit=3):\n    return limit\n")
    lost = git(root, "rev-parse", "HEAD~1:app.py")
    (root / ".git" / "objects" / lost[:2] / lost[2:]).unlink()  # a partial clone would fetch it
    collection = collect(failure(FAILING), root)
    change = change_since_green(collection, (), Given(since="HEAD~1"))
    assert [(suspect.commit, suspect.path) for suspect in change.suspects] == [("", "app.py")]
    assert not marker.exists()
    trapped = subprocess.run(
        ["git", "status"], cwd=root, env=ENVIRONMENT | {"GIT_CONFIG_GLOBAL": "/dev/null"}, capture_output=True, check=False
    )
    assert trapped.returncode != 0 or marker.exists(), "the trap is no trap"


def test_a_git_file_that_leads_elsewhere_is_not_followed(tmp_path):
    (tmp_path / "other").mkdir()
    make_history(tmp_path / "other", [("secret", {"a.py": "A = 1\n"})])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / ".git").write_text(f"gitdir: {tmp_path / 'other' / '.git'}\n")
    assert open_git(tmp_path / "mine") is None


def test_a_linked_worktree_is_read(tmp_path):
    (tmp_path / "main").mkdir()
    ids = make_history(tmp_path / "main", [("one", {"a.py": "A = 1\n"})])
    git(tmp_path / "main", "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "other")
    found = open_git(tmp_path / "linked")
    assert found is not None
    assert [one.id for one in commits(found)] == ids


def test_a_folder_without_git_has_no_history(tmp_path):
    assert open_git(tmp_path) is None


def test_commits_and_what_they_did_newest_first(tmp_path):
    make_history(tmp_path, [("one", {"a.py": "A = 1\n", "b.py": "B = 1\n"}), ("two", {"b.py": None, "c.py": "C = 1\n"})])
    found = open_git(tmp_path)
    assert found is not None
    known = commits(found)
    assert [(one.subject, one.date) for one in known] == [("two", "2026-03-02"), ("one", "2026-03-01")]
    did = [(touch.commit.subject, touch.path, bool(touch.before), bool(touch.after)) for touch in touches(found, known)]
    assert did == [("two", "b.py", True, False), ("two", "c.py", False, True), ("one", "a.py", False, True), ("one", "b.py", False, True)]
    assert sorted(tree(found, "HEAD")) == ["a.py", "c.py"]


def test_a_merge_does_nothing_of_its_own_and_both_sides_are_told(tmp_path):
    make_history(tmp_path, [("one", {"a.py": "A = 1\n"})])
    git(tmp_path, "checkout", "-q", "-b", "side")
    commit(tmp_path, "beside", {"b.py": "B = 1\n"}, day=2)
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, "ahead", {"c.py": "C = 1\n"}, day=3)
    git(tmp_path, "merge", "-q", "--no-edit", "side", day=4)
    found = open_git(tmp_path)
    assert found is not None
    assert {touch.commit.subject for touch in touches(found, commits(found))} == {"one", "beside", "ahead"}


@pytest.mark.parametrize("revision", ["--help", "-n1", "HEAD^{tree}", "nowhere", "", "HEAD;ls", "\0"])
def test_what_names_no_commit_is_refused(tmp_path, revision):
    make_history(tmp_path, [("one", {"a.py": "A = 1\n"})])
    found = open_git(tmp_path)
    assert found is not None
    assert found.resolve(revision) == ""


def test_binary_and_huge_files_are_left_out(tmp_path):
    make_history(tmp_path, [("one", {"a.py": "A = 1\n", "b.bin": "\0\1", "c.txt": "x" * 1_000_001})])
    found = open_git(tmp_path)
    assert found is not None
    assert list(found.texts(set(tree(found, "HEAD").values())).values()) == ["A = 1\n"]


def test_values_of_a_file_for_secrets_are_never_shown_and_a_changed_one_is_told(tmp_path, failure, collect):
    root = tmp_path / "repo"
    root.mkdir()
    values = ("hunter" + "2value", "other" + "3value")
    make_history(
        root,
        [
            (
                "one",
                {
                    ".env": f"API_LIMIT={values[0]}\nOLD_NAME=1\n",
                    "app.py": "import os\n\n\ndef work():\n    return os.environ['API_LIMIT']\n",
                },
            ),
            ("two", {".env": f"API_LIMIT={values[1]}\nNEW_NAME=1\n"}),
        ],
    )
    collection = collect(failure(FAILING), root)
    change = change_since_green(collection, (), Given(since="HEAD~1"))
    history = "\n".join(piece.text for piece in collection.ledger if piece.kind is Kind.HISTORY)
    assert "-API_LIMIT=value 1\n" in history
    assert "+API_LIMIT=value 2\n" in history
    assert not any(value in history for value in values)
    assert change.suspects[0].edits[0].name == "API_LIMIT"


def test_secrets_in_a_diff_are_masked(tmp_path, failure, collect):
    root = tmp_path / "repo"
    root.mkdir()
    secret = "Tr0ub4dor" + "_and_3_more"
    make_history(
        root,
        [
            ("one", {"app.py": f'PASSWORD = "{secret}"\n\n\ndef work():\n    return 1\n'}),
            ("two", {"app.py": 'PASSWORD = ""\n\n\ndef work():\n    return 2\n'}),
        ],
    )
    collection = collect(failure(FAILING), root)
    assert change_since_green(collection, (), Given(since="HEAD~1")).suspects
    assert secret not in "\n".join(piece.text for piece in collection.ledger)


def test_a_revision_that_does_not_exist_is_told(tmp_path, failure, collect):
    make_history(tmp_path, [("one", {"a.py": "A = 1\n"})])
    collection = collect(failure(FAILING), tmp_path)
    assert change_since_green(collection, (), Given(since="v9")).suspects == ()
    assert "`--since v9` names no commit of the repository" in collection.notes


def test_an_empty_repository_has_no_change(tmp_path, failure, collect):
    git(tmp_path, "init", "-q")
    assert change_since_green(collect(failure(FAILING), tmp_path), (), Given()).suspects == ()


def test_stories_are_told_apart():
    assert len({story.subject for story in STORIES.values()}) == len(STORIES)
