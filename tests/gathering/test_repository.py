"""A repository is read safely: inside it only, and never what holds secrets."""

import os

import pytest

from assistant.gathering import repository as module
from assistant.gathering.repository import is_private, open_repository
from assistant.gathering.revision import head_revision

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_files_are_listed_shallow_ones_first(project):
    root = project({"b/c/deep.py": "", "a.py": "", "b/mid.py": ""})
    assert open_repository(root).files == ("a.py", "b/mid.py", "b/c/deep.py")


@pytest.mark.parametrize("folder", [".git", "node_modules", ".venv", "__pycache__", ".tox", ".mypy_cache"])
def test_folders_that_are_not_the_projects_own_are_skipped(project, folder):
    root = project({f"{folder}/x.py": "", "app.py": ""})
    assert open_repository(root).files == ("app.py",)


@pytest.mark.parametrize(
    ("pattern", "listed"),
    [
        ("build/", ("keep.py", "src/build.py", "src/data.gen")),
        ("*.gen", ("keep.py", "src/build.py", "build/out.py")),
        ("/build", ("keep.py", "src/build.py", "src/data.gen")),
        ("src/*.gen", ("keep.py", "src/build.py", "build/out.py")),
        ("# build/", ("keep.py", "build/out.py", "src/build.py", "src/data.gen")),
    ],
)
def test_patterns_of_gitignore_are_honoured(project, pattern, listed):
    root = project({".gitignore": pattern, "keep.py": "", "build/out.py": "", "src/build.py": "", "src/data.gen": ""})
    assert set(open_repository(root).files) == {".gitignore", *listed}


def test_an_env_file_is_listed_although_git_ignores_it(project):
    assert ".env" in open_repository(project({".gitignore": ".env", ".env": "A=1"})).files


def test_more_entries_than_the_limit_are_told(project, monkeypatch):
    monkeypatch.setattr(module, "ENTRY_LIMIT", 3)
    found = open_repository(project({f"{n}.py": "" for n in range(5)}))
    assert len(found.files) == 3
    assert found.notes == ("the repository has more than 3 entries; only the first were looked at",)


@pytest.mark.parametrize(
    "path", ["../outside.txt", "/etc/hosts", "a/../../outside.txt", "a\\..\\outside.txt", "missing.py", "folder", "nul\0"]
)
def test_nothing_outside_and_nothing_that_is_no_file_is_read(project, path):
    root = project({"folder/x.py": ""})
    assert open_repository(root).read(path) is None


def test_a_link_out_is_not_followed(project, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.py"
    outside.write_text("secret = 1")
    root = project({"app.py": ""})
    (root / "link.py").symlink_to(outside)
    (root / "linked").symlink_to(outside.parent)
    found = open_repository(root)
    assert found.read("link.py") is None
    assert found.read("linked/x.py") is None
    assert found.refused["link.py"] == "it is no regular file inside the repository"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_opened(project):
    root = project({"app.py": ""})
    os.mkfifo(root / "pipe.py")
    assert open_repository(root).read("pipe.py") is None


@pytest.mark.parametrize(
    "name", [".env", ".env.local", "prod.env", "server.key", "ca.pem", "id_rsa", "id_ed25519.old", ".netrc", ".npmrc", "credentials.json"]
)
def test_files_for_secrets_are_refused(project, name):
    found = open_repository(project({f"conf/{name}": "x"}))
    assert is_private(f"conf/{name}")
    assert found.read(f"conf/{name}") is None


@pytest.mark.parametrize("name", ["environment.py", "keys.py", "monkey.txt", "key_store.go", "envelope.py"])
def test_names_that_only_sound_like_secrets_are_read(project, name):
    assert open_repository(project({name: "x"})).read(name)


def test_large_and_binary_files_are_refused_with_a_reason(project):
    root = project({"large.py": "x" * 1_000_001})
    (root / "image.py").write_bytes(b"\x89PNG\0\0")
    found = open_repository(root)
    assert (found.read("large.py"), found.read("image.py")) == (None, None)
    assert found.refused == {"large.py": "it is larger than 1 MB", "image.py": "it is no text"}


def test_lines_are_counted_by_lf_and_control_characters_are_shown(project):
    file = open_repository(project({"a.py": "one\r\ntwo\x1b]0;x\x07\nthree\n"})).read("a.py")
    assert file.lines == ("one", "two\\x1b]0;x\\x07", "three", "")
    assert file.count == 3


def test_a_missing_folder_is_told(tmp_path):
    assert open_repository(tmp_path / "gone").notes == ("`--repo`: `gone` is no folder that can be read",)


@pytest.mark.parametrize(
    "files",
    [
        {".git/HEAD": COMMIT},
        {".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": f"{COMMIT}\n"},
        {".git/HEAD": "ref: refs/heads/main\n", ".git/packed-refs": f"# pack-refs\n{COMMIT} refs/heads/main\n"},
    ],
)
def test_the_commit_is_read_without_running_git(project, files):
    assert head_revision(project(files)) == "0123456789"


@pytest.mark.parametrize("head", ["", "ref: refs/../../../etc/passwd", "ref: /etc/passwd", "nonsense"])
def test_a_head_that_is_odd_gives_no_revision(project, head):
    assert head_revision(project({".git/HEAD": head})) == ""
