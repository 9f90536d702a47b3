"""Writing results: a regular file whole or not at all, anything else straight."""

import os
import stat
import tempfile
from pathlib import Path

from assistant.errors import UsageError

STREAMS = ("/dev/", "/proc/")


def is_stream(path: Path) -> bool:
    """Whether a path is written straight: a device, a pipe, or a name of an open file such as /dev/stdout."""
    return str(path).startswith(STREAMS) or (path.exists() and not stat.S_ISREG(path.stat().st_mode))


def save(path: Path, text: str) -> None:
    """Write a text to a path, UTF-8, newlines as they are.

    A regular file is replaced in one step, so that nobody ever sees half of it; a device or pipe is written straight;
    a link is followed, so that the link stays.

    Raises:
        UsageError: the folder is missing or the target may not be written.
    """
    data = text.encode("utf-8", "replace")
    try:
        if is_stream(path):
            with path.open("wb") as target:
                target.write(data)
            return
        if path.exists() and not path.stat().st_mode & stat.S_IWUSR:
            raise UsageError(f"{path}: is write-protected", hint="give another -o, or make it writable")
        _replace(path.resolve(), data)
    except OSError as error:
        if not path.parent.is_dir():
            raise UsageError(f"{path}: the folder {path.parent} does not exist", hint="make it, or give another -o") from None
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}", hint="give another -o") from None


def _replace(path: Path, data: bytes) -> None:
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(data)
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
