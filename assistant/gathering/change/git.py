"""Git's plumbing, run so that nothing of the repository can run: objects are read, the working tree is never touched.

No porcelain is used, for it obeys a repository's own configuration (pagers, external diffs, filters, signature programs);
transports are shut, so that a partial clone cannot fetch, and hooks and file monitors are off.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from assistant.sources.text import decode

TIMEOUT_S = 20
MOST_BYTES = 64 * 1024 * 1024
FILE_BYTES = 1_000_000
LINK_BYTES = 4_096
CLOSED = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
OPTIONS = ("--no-replace-objects", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


class Git(NamedTuple):
    """A repository's objects.

    Args:
        program: the git that reads them.
        folder: the `.git` folder.
    """

    program: str
    folder: Path

    def run(self, *arguments: str, given: bytes = b"") -> bytes | None:
        """What a plumbing command prints; None where it fails, takes too long or prints too much.

        Args:
            arguments: the command and its arguments.
            given: its standard input.
        """
        command = [self.program, f"--git-dir={self.folder}", *OPTIONS, *arguments]
        try:
            done = subprocess.run(command, input=given, capture_output=True, env=CLOSED, cwd=self.folder, timeout=TIMEOUT_S, check=False)
        except (OSError, subprocess.TimeoutExpired, ValueError):
            return None
        return done.stdout if done.returncode == 0 and len(done.stdout) <= MOST_BYTES else None

    def resolve(self, revision: str) -> str:
        """The full id of the commit that a revision names; empty where it names none."""
        found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return found.decode("ascii", "replace").strip() if found else ""

    def texts(self, blobs: set[str]) -> dict[str, str]:
        """The texts of blobs by their ids; binary and large ones are left out."""
        if not blobs:
            return {}
        wanted = b"".join(f"{blob}\n".encode() for blob in sorted(blobs))
        sizes = self.run("cat-file", "--batch-check", given=wanted) or b""
        rows = (line.split() for line in sizes.split(b"\n"))
        small = [row[0] for row in rows if len(row) == 3 and row[1] == b"blob" and int(row[2]) <= FILE_BYTES]
        return _texts(self.run("cat-file", "--batch", given=b"".join(one + b"\n" for one in small)) or b"")


def open_git(root: Path) -> Git | None:
    """The git folder of a checkout or of a linked worktree; None where there is none or git is not installed.

    A `.git` file counts only where the folder that it names points back to it, so that it cannot lead to another repository.
    """
    program, mark = shutil.which("git"), root / ".git"
    if program is None or mark.is_symlink():
        return None
    if mark.is_dir():
        return Git(program, mark)
    linked = _named_in(mark, "gitdir:") if mark.is_file() else None
    back = _named_in(linked / "gitdir", "") if linked else None
    return Git(program, linked) if linked and back and back == mark.resolve() else None


def _named_in(file: Path, prefix: str) -> Path | None:
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            text = opened.read(LINK_BYTES).strip()
    except OSError:
        return None
    name = text.removeprefix(prefix).strip()
    return (file.parent / name).resolve() if text.startswith(prefix) and name and "\n" not in name and "\0" not in name else None


def _texts(batch: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        head = batch[at:end].split()
        if len(head) != 3:
            at = end + 1  # a missing object
            continue
        size = int(head[2])
        data = batch[end + 1 : end + 1 + size]
        if b"\0" not in data[:4096]:
            found[head[0].decode()] = re.sub("\r+\n", "\n", decode(data))
        at = end + 2 + size
    return found
