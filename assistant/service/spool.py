"""Uploads that wait on the disk, under names that this program chose; no name from a request is ever a path."""

import os
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import BinaryIO

from assistant.errors import UsageError
from assistant.service.refusing import RefusedError

PRIVATE = 0o700
FLAGS = os.O_CREAT | os.O_WRONLY | getattr(os, "O_BINARY", 0)
OLD_S = 3600.0
"""What is younger may just be on its way in, through this process or another one."""


class Spool:
    """The folder of uploads; each file is `UPLOAD.NUMBER`.

    Args:
        folder: made where it is missing, readable for its owner only.

    Raises:
        UsageError: the folder cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        except OSError as error:
            raise UsageError(f"{folder}: cannot be made: {error.strerror or error}", hint="give another --data") from None

    def create(self, upload_id: str, number: int) -> tuple[str, BinaryIO]:
        """A new file for an upload, unbuffered, and the name it is stored under."""
        stored = f"{upload_id}.{number}"
        handle = os.open(self._folder / stored, FLAGS | os.O_EXCL, 0o600)
        return stored, os.fdopen(handle, "wb", buffering=0)

    def append(self, upload_id: str, number: int, blocks: Sequence[bytes]) -> str:
        """Add blocks to an upload, which is made where it is missing; the name it is stored under."""
        stored = f"{upload_id}.{number}"
        with os.fdopen(os.open(self._folder / stored, FLAGS | os.O_APPEND, 0o600), "wb", buffering=0) as file:
            for block in blocks:
                write_all(file, block)
        return stored

    def paths(self, files: Sequence[dict[str, str]]) -> dict[str, str]:
        """Where uploads lie, each with the name that its sender gave it."""
        return {str(self._folder / one["stored"]): one["name"] for one in files}

    def remove(self, upload_id: str) -> None:
        """Delete the files of an upload."""
        for path in self._folder.glob(f"{upload_id}.*"):
            path.unlink(missing_ok=True)

    def sweep(self, waiting: Collection[str]) -> int:
        """Delete old uploads whose ids are not among those that jobs wait with: what was cut off before it was accepted; how many there were."""
        limit = time.time() - OLD_S
        stray = [path for path in self._folder.iterdir() if path.name.partition(".")[0] not in waiting]
        old = [path for path in stray if path.stat().st_mtime < limit]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def write_all(file: BinaryIO, block: bytes | memoryview) -> None:
    """Write a block to an unbuffered file, which may take less than all at once.

    Raises:
        RefusedError: the disk is full.
    """
    view = memoryview(block)
    try:
        while view:
            view = view[file.write(view) :]
    except OSError as error:
        raise RefusedError(507, f"the upload cannot be stored: {error.strerror or error}", hint="free some space there") from None
