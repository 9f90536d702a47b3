"""Real git histories in a folder: steps in, commits out."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from shop_project import BEFORE, HARMLESS, PROJECT
from shop_stories import Story

Files = Mapping[str, str | None]
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin:/usr/local/bin",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.invalid",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.invalid",
}


def git(root: Path, *arguments: str, day: int = 1) -> str:
    """Run git in a folder, at noon of a day of March."""
    stamp = f"2026-03-{day:02}T12:00:00+00:00"
    environment = ENVIRONMENT | {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
    return subprocess.run(["git", *arguments], cwd=root, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def commit(root: Path, subject: str, files: Files, day: int = 1) -> str:
    """Write files (None removes one), commit them and give the commit's id."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            target.unlink()
        else:
            target.write_text(text, encoding="utf-8", newline="")
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "--allow-empty", "-m", subject, day=day)
    return git(root, "rev-parse", "HEAD")


def make_history(root: Path, steps: Sequence[tuple[str, Files]]) -> list[str]:
    """Start a repository and commit each step; the ids, oldest first."""
    git(root, "init", "-q", "-b", "main")
    return [commit(root, subject, files, day) for day, (subject, files) in enumerate(steps, 1)]


def tell(root: Path, story: Story) -> tuple[str, str]:
    """The shop's history with a guilty commit between harmless ones: the ids of the last green and of the guilty commit."""
    green = make_history(root, [("A shop for tea", PROJECT), *BEFORE])[-1]
    guilty = commit(root, story.subject, {path: _replaced((root / path).read_text(), pairs) for path, pairs in story.edits.items()}, day=9)
    for day, (subject, edits, new) in enumerate(HARMLESS, 10):
        changed = {path: _replaced((root / path).read_text(), pairs) for path, pairs in edits.items()}
        commit(root, subject, changed | new, day)
    return green, guilty


def _replaced(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    for old, new in pairs:
        assert old in text, f"{old!r} does not stand in the file"
        text = text.replace(old, new) if old else text + new
    return text
