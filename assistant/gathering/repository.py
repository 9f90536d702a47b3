"""Safe reading of a repository: inside it only, no link followed out, nothing executed."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from assistant.gathering.ignoring import ignore_rule
from assistant.gathering.revision import head_revision
from assistant.sources.text import decode, escape

ENTRY_LIMIT = 20_000
SIZE_LIMIT = 1_000_000
SKIPPED_FOLDERS = frozenset(
    [
        ".git",
        ".hg",
        ".svn",
        ".assistant",
        "node_modules",
        "bower_components",
        ".venv",
        "venv",
        "env",
        ".env",
        "virtualenv",
        ".tox",
        ".nox",
        "__pycache__",
        "__pypackages__",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".hypothesis",
        ".cache",
        ".eggs",
        ".idea",
        ".vscode",
        ".gradle",
        ".terraform",
        "site-packages",
        "dist-packages",
    ]
)
PRIVATE_NAME = re.compile(
    r"(?i)^(\.env(\..*)?|.*\.env|.*\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|crt|cer|der)|id_(rsa|dsa|ecdsa|ed25519).*"
    r"|\.netrc|_netrc|\.pgpass|\.htpasswd|\.npmrc|\.pypirc|\.dockercfg|\.git-credentials|credentials(\..*)?|secrets?\.(ya?ml|json|toml|ini|txt))$"
)


@dataclass(frozen=True)
class SourceFile:
    """A text file of the repository, read once; nothing of it is evidence before it is masked.

    Args:
        path: relative to the repository, with forward slashes.
        source: the text as it is, LF between lines.
    """

    path: str
    source: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The control-escaped lines, not masked."""
        return tuple(escape(self.source)[0].split("\n"))

    @property
    def count(self) -> int:
        """How many lines a reader sees."""
        return len(self.lines) - (1 if self.lines and not self.lines[-1] else 0)


@dataclass(frozen=True)
class Repository:
    """The files below one folder.

    Args:
        root: the resolved folder.
        files: relative paths with forward slashes, shallow ones first.
        notes: what was left out.
        revision: short commit of HEAD; empty where it cannot be read.
    """

    root: Path
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    revision: str = ""
    refused: dict[str, str] = field(default_factory=dict, compare=False)
    _read: dict[str, SourceFile | None] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """The files by their last part, for finding paths of other machines."""
        found: dict[str, list[str]] = {}
        for path in self.files:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    def named(self, *names: str) -> Iterator[str]:
        """The files with one of these names, shallow ones first."""
        for name in names:
            yield from self.by_name.get(name, ())

    def holds(self, path: str) -> bool:
        """Whether a relative path is a regular file that lies inside the repository."""
        return _inside(self.root, path) is not None

    def read(self, path: str, *, private: bool = False) -> SourceFile | None:
        """Read a file; None where it may not or cannot be read, and `refused` says why.

        Args:
            path: relative to the repository, with forward slashes.
            private: read it although its name says that it holds secrets, for the names of its variables.
        """
        if not private and is_private(path):
            self.refused[path] = "it is a file for secrets, which are never shown"
            return None
        if path not in self._read:
            self._read[path] = self._load(path)
        return self._read[path]

    def _load(self, path: str) -> SourceFile | None:
        target = _inside(self.root, path)
        if target is None:
            self.refused[path] = "it is no regular file inside the repository"
            return None
        try:
            if target.stat().st_size > SIZE_LIMIT:
                self.refused[path] = "it is larger than 1 MB"
                return None
            data = target.read_bytes()
        except OSError as error:
            self.refused[path] = f"it cannot be read ({error.strerror or type(error).__name__})"
            return None
        if b"\0" in data[:4096]:
            self.refused[path] = "it is no text"
            return None
        return SourceFile(path, re.sub("\r+\n", "\n", decode(data)))


def is_private(path: str) -> bool:
    """Whether a file's name says that it holds secrets: `.env`, keys, credentials."""
    return bool(PRIVATE_NAME.match(path.rpartition("/")[2]))


def open_repository(root: Path) -> Repository:
    """List a repository's files once.

    Args:
        root: its folder; a missing one gives a repository without files and a note.
    """
    folder = root.resolve()
    if not folder.is_dir():
        return Repository(folder, notes=(f"`--repo`: `{root.name}` is no folder that can be read",))
    files, complete = _list(folder, ignore_rule(lambda path: _inside(folder, path)))
    notes = () if complete else (f"the repository has more than {ENTRY_LIMIT:,} entries; only the first were looked at",)
    return Repository(folder, tuple(files), notes, head_revision(folder))


def _list(folder: Path, ignored: Callable[[str, bool], bool]) -> tuple[list[str], bool]:
    files: list[str] = []
    queue, seen = [""], 0
    while queue:
        here = queue.pop(0)
        try:
            entries = sorted(os.scandir(folder / here), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            seen += 1
            if seen > ENTRY_LIMIT:
                return files, False
            if not entry.name.isprintable():
                continue  # a name that could play tricks on a terminal or in the document
            path = f"{here}{entry.name}"
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder:
                if entry.name not in SKIPPED_FOLDERS and not ignored(path, True):
                    queue.append(f"{path}/")
            elif is_private(path) or not ignored(path, False):
                files.append(path)
    return files, True


def _inside(root: Path, path: str) -> Path | None:
    if path.startswith("/") or "\0" in path or "\\" in path or ".." in path.split("/"):
        return None
    try:
        target = (root / path).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return target if target.is_relative_to(root) and target.is_file() else None
