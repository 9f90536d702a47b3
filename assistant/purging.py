"""purge(): what the program keeps beside the exports, and how it is deleted. Exports and their records are never touched."""

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InputError
from assistant.resources import cache_path, data_path


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of stored state.

    Args:
        option: the option of `assistant purge` that deletes it.
        what: in words.
        paths: the files and folders that hold it, those that exist.
    """

    option: str
    what: str
    paths: tuple[Path, ...]

    @property
    def size(self) -> int:
        """Bytes in all files; a link counts by itself."""
        return sum(path.lstat().st_size for top in self.paths for path in _below(top))


def kept_state(repo: Path, cache: str = "", batches: Sequence[Path] = ()) -> tuple[Kept, ...]:
    """What is stored, whatever of it exists.

    Args:
        repo: the repository whose attempts and index are meant.
        cache: the user's own folder for replies; empty for the usual one.
        batches: folders of batches whose queues and plans are meant.
    """
    own = repo / ".assistant"
    replies = Path(cache) / "replies" if cache else cache_path("replies")
    queues = [folder / name for folder in batches for name in (".batch", ".batch.sqlite", ".batch.sqlite-wal", ".batch.sqlite-shm")]
    kinds = (
        ("--cache", "model replies, parsed rules, compiled templates", [replies, *map(cache_path, ("rules", "templates", "services"))]),
        ("--index", "the index of earlier exports, made anew when it is wanted", [own / "exports.sqlite"]),
        ("--attempts", "recorded attempts, which nothing can make again", [own / "attempts"]),
        ("--batch DIR", "plans and queues of batches; what is drafted stays, --resume has nothing to go on with", queues),
        ("--service", "all uploads and exports of the service on this machine", [data_path("service")]),
    )
    return tuple(Kept(option, what, tuple(path for path in paths if os.path.lexists(path))) for option, what, paths in kinds)


def purge(kinds: Iterable[Kept]) -> tuple[Path, ...]:
    """Delete stored state; links are removed, never followed.

    Returns:
        What was deleted.

    Raises:
        InputError: something cannot be deleted; what came before it is gone.
    """
    gone = []
    for path in (path for kind in kinds for path in kind.paths):
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError as error:
            raise InputError(f"{path}: cannot be deleted: {error.strerror or error}") from None
        gone.append(path)
    return tuple(gone)


def _below(top: Path) -> Iterable[Path]:
    if top.is_dir() and not top.is_symlink():
        return (Path(folder) / name for folder, _, names in os.walk(top) for name in names)
    return (top,)
