"""Which commit a repository stands at, read from its .git folder without running git."""

import re
from pathlib import Path

SHORT = 10
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(r"refs/[\w./+@#-]{1,200}")


def head_revision(folder: Path) -> str:
    """The short commit of HEAD; empty where the folder is no plain checkout."""
    git = folder / ".git"
    if git.is_symlink() or not git.is_dir():
        return ""
    head = _first_line(git / "HEAD")
    if _COMMIT.fullmatch(head):
        return head[:SHORT]
    ref = head.removeprefix("ref: ")
    if not _REF.fullmatch(ref) or ".." in ref:
        return ""
    commit = _first_line(git / ref) or _packed(git, ref)
    return commit[:SHORT] if _COMMIT.fullmatch(commit) else ""


def _packed(git: Path, ref: str) -> str:
    try:
        text = (git / "packed-refs").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = re.search(rf"^([0-9a-f]+) {re.escape(ref)}$", text, re.MULTILINE)
    return found[1] if found else ""


def _first_line(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.readline(400).strip()
    except OSError:
        return ""
