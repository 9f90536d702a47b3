"""Does a diff apply? Asked of git in a folder of its own, with copies of the files it names: the work tree is only read."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

HEADER = re.compile(r"^(?:---|\+\+\+) (?P<path>[^\t\n]{1,500}?)(?:\t.*)?$", re.M)
MAX_FILE_BYTES = 8_000_000
MAX_STRIPPED = 3
TIMEOUT_S = 30
TRIES = (
    ((), "applies to the repository (`git apply --check`)"),
    (("--recount",), "applies once the line counts of its hunks are corrected (`git apply --recount`)"),
    (("--recount", "--unidiff-zero"), "applies where nothing is made of missing context lines (`git apply --recount --unidiff-zero`)"),
)


def patch_finding(diff: str, repo: Path | None) -> str:
    """Whether a diff applies to a repository as it lies there.

    Args:
        diff: a unified diff.
        repo: the repository; None where it is not at hand.

    Returns:
        One line that says so, or why that was not checked.
    """
    if repo is None:
        return "not checked whether it applies: give `--repo`"
    if shutil.which("git") is None:
        return "not checked whether it applies: git is not installed"
    said = ""
    for stripped in range(MAX_STRIPPED + 1):
        level = (1, 0, 2, 3)[stripped]
        if level != 1 and not any(_is_there(repo, path) for path in _paths(diff, level)):
            continue
        for options, told in TRIES:
            complaint = _complaint(diff, repo, level, options)
            if not complaint:
                return told
            said = said or complaint
    return f"does not apply to the repository: {said}"


def _complaint(diff: str, repo: Path, level: int, options: tuple[str, ...]) -> str:
    """What git says against a diff; empty where it applies."""
    with tempfile.TemporaryDirectory(prefix="assistant-patch-") as name:
        folder = Path(name)
        for path in _paths(diff, level):
            if _is_there(repo, path):
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes((repo / path).read_bytes())
        # no configuration of a user, a machine or the repository has a say, and no repository around the folder is found
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CEILING_DIRECTORIES": str(folder.parent),
            "LC_ALL": "C",
        }
        command = ["git", "apply", "--check", f"-p{level}", *options, "-"]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                input=f"{diff}\n".encode("utf-8", "replace"),
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"git could not be run: {error}"
        lines = done.stderr.decode("utf-8", "replace").strip().split("\n")
        return "" if done.returncode == 0 else lines[0].removeprefix("error: ") or f"git apply ended with {done.returncode}"


def _paths(diff: str, level: int) -> Iterator[str]:
    """The files that a diff names, so many leading folders stripped; none that leaves the folder."""
    for found in HEADER.finditer(diff):
        parts = PurePosixPath(found["path"].strip().strip('"')).parts
        if parts and parts[0] != "/" and ".." not in parts and len(parts) > level:
            yield "/".join(parts[level:])


def _is_there(repo: Path, path: str) -> bool:
    """Whether the repository itself has a regular file of that path."""
    file = repo / path
    try:
        return file.resolve().is_relative_to(repo.resolve()) and file.is_file() and file.stat().st_size <= MAX_FILE_BYTES
    except OSError:
        return False
