"""What git would leave out is left out: asked of git itself."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from assistant.gathering.repository import open_repository

PATHS = ("keep.py", "build/out.py", "src/build.py", "src/data.gen", "src/deep/data.gen", "src/deep/x.py", "docs/a.md", "docs/api/b.md")


def _seen_by_git(root: Path, paths: tuple[str, ...]) -> set[str]:
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    asked = subprocess.run(
        ["git", "-C", str(root), "check-ignore", "--no-index", "--stdin"],
        input="\n".join(paths),
        capture_output=True,
        text=True,
        check=False,
    )
    return set(paths) - set(asked.stdout.split("\n"))


def _listed(root: Path) -> set[str]:
    return {path for path in open_repository(root).files if not path.endswith(".gitignore")}


@pytest.mark.parametrize(
    ("ignore", "deeper"),
    [
        ("*.gen\n!src/data.gen\n", ""),
        ("*.gen\n", "!data.gen\n"),
        ("docs/**\n!docs/a.md\n", ""),
        ("**/deep\n", ""),
        ("/src/*\n!/src/deep\n", "x.py\n"),
        ("docs/**/b.md\n", ""),
        ("\\#x\n[a-k]eep.py\n!\n\\\n", ""),
        ("\ufeff*.gen\r\nbuild/ \r\n", ""),
        ("src\n", "!x.py\n"),
    ],
)
def test_negations_stars_and_deeper_files_count_as_for_git(project, ignore, deeper):
    files = dict.fromkeys(PATHS, "")
    root = project({**files, ".gitignore": ignore, "src/deep/.gitignore": deeper})
    assert _listed(root) == _seen_by_git(root, PATHS)


def test_the_repositorys_own_exclude_file_counts(project):
    root = project({"a.log": "", "b.py": "", ".git/info/exclude": "*.log\n"})
    assert open_repository(root).files == ("b.py",)


WORDS = st.sampled_from(["src", "deep", "docs", "*.gen", "*", "**", "a.md", "b.md", "build", "keep.py", "x?py", "[s]rc", "data.*"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(["", "!", "/"]), st.lists(WORDS, min_size=1, max_size=3), st.sampled_from(["", "/"])), max_size=4)
)
def test_any_patterns_mean_what_they_mean_to_git(tmp_path_factory, lines):
    root = tmp_path_factory.mktemp("project")
    for path in PATHS:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("")
    (root / ".gitignore").write_text("\n".join(f"{sign}{'/'.join(words)}{end}" for sign, words, end in lines))
    assert _listed(root) == _seen_by_git(root, PATHS)
