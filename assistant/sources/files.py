"""Find the logs behind the paths a user gave and read them, within limits."""

import bz2
import gzip
import io
import lzma
import os
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from assistant.errors import InputError
from assistant.sources.source import Inputs, Source
from assistant.sources.text import decode, encoding_of, escape

MAX_BYTES = 256 * 1024 * 1024
"""How much is read of all inputs together."""

FREE_BYTES = 16 * 1024 * 1024
MAX_RATIO = 200
"""A compressed file may grow to FREE_BYTES, and beyond that to MAX_RATIO times its size."""

MAX_FILES = 1000
MAX_NAME_PARTS = 12
SNIFFED = 64 * 1024
SMALL_HEAD = 4096
"""Up to this size a text may hold more control characters and still pass for one."""

CHUNK = 1024 * 1024

LOG_SUFFIXES = frozenset({"", ".log", ".txt", ".out", ".err", ".stdout", ".stderr", ".trace", ".output"})
PACKED_SUFFIXES = frozenset({".gz", ".bz2", ".xz"})
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\x1b\x08\x0c")) + b"\x7f"
_ARCHIVES = ((0, b"PK\x03\x04", "zip"), (0, b"PK\x05\x06", "zip"), (257, b"ustar", "tar"), (0, b"7z\xbc\xaf\x27\x1c", "7z"))
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_MEGABYTE = 1024 * 1024


class _Content(NamedTuple):
    data: bytes
    note: str = ""


def read_sources(paths: Sequence[str], *, stdin: BinaryIO | None = None, base: Path | None = None) -> Inputs:
    """Read the logs that the paths name.

    Args:
        paths: files, folders (searched for files that look like logs) and `-` for stdin.
        stdin: read instead of the process's stdin.
        base: the folder that names are relative to; the current folder where it is not given.

    Returns:
        The texts, in the order of the paths, folders sorted by name.

    Raises:
        InputError: A named input cannot be read, or a folder holds no log that can.
    """
    base = (base or Path.cwd()).resolve()
    left, read, notes = MAX_BYTES, [], []
    for path, found in _find(paths):
        try:
            content = _read(path, stdin, left)
        except InputError as error:
            if not found:
                raise
            notes.append(f"skipped {_label(path, base)}: {error.message.split(': ', 1)[-1]}")
            continue
        left -= len(content.data)
        read.append((path, content))
    if not read:
        raise InputError("no input could be read", hint="; ".join(notes[:5]) or "Give a log file, a folder with logs, or `-` for stdin.")
    names = _names([path for path, _ in read], base)
    sources = tuple(_source(name, content) for name, (_, content) in zip(names, read, strict=True))
    told = tuple(f"{source.name}: {note}" for source in sources for note in source.notes)
    return Inputs(sources, (*notes, *told))


def _source(name: str, content: _Content) -> Source:
    text, notes = escape(decode(content.data))
    return Source(name, text, ((content.note,) if content.note else ()) + notes)


def _find(paths: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The files behind the paths, each with whether a folder was searched for it."""
    for path in paths:
        if path == "-" or not _is_folder(path):
            yield path, False
            continue
        logs = sorted(_walk(path))[:MAX_FILES]
        if not logs:
            wanted = ", ".join(sorted(LOG_SUFFIXES - {""}))
            raise InputError(
                f"{_shown(path)}: no logs in this folder",
                hint=f"Looked for files ending in {wanted} (also with .gz, .bz2, .xz) or without an ending.",
            )
        yield from ((log, True) for log in logs)


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except ValueError:  # a NUL in the name
        return False


def _walk(folder: str) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS]
        for name in files:
            path = Path(parent, name)
            suffix = Path(path.stem).suffix if path.suffix.lower() in PACKED_SUFFIXES else path.suffix
            if not name.startswith(".") and suffix.lower() in LOG_SUFFIXES and path.is_file():
                yield str(path)


def _read(path: str, stdin: BinaryIO | None, limit: int) -> _Content:
    if path == "-":
        return _read_stream(cast(BinaryIO, io.BufferedReader(cast("io.RawIOBase", stdin or sys.stdin.buffer), SNIFFED)), "stdin", limit)
    shown = _shown(path)
    try:
        with Path(path).open("rb", buffering=SNIFFED) as stream:
            return _read_stream(stream, shown, limit)
    except FileNotFoundError as error:
        raise InputError(f"{shown}: no such file or folder", hint="Check the path; `-` reads from stdin.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise InputError(f"{shown}: cannot be read: {reason}", hint="Check that it is a readable file.") from error


def _read_stream(stream: BinaryIO, shown: str, limit: int) -> _Content:
    head = cast("io.BufferedReader", stream).peek(SNIFFED)[:SNIFFED]
    unpacker = _unpacker(head, stream)
    if unpacker is None:
        _refuse_binary(head, shown)
        data = _up_to(stream, limit + 1)
        return _Content(data[:limit], _cut_note(limit) if len(data) > limit else "")
    return _unpack(unpacker, stream, shown, limit)


def _unpacker(head: bytes, stream: BinaryIO) -> BinaryIO | None:
    if head.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    if head.startswith(b"BZh"):
        return cast(BinaryIO, bz2.BZ2File(stream))
    if head.startswith(b"\xfd7zXZ\x00"):
        return cast(BinaryIO, lzma.LZMAFile(stream))
    return None


def _unpack(unpacked: BinaryIO, stream: BinaryIO, shown: str, limit: int) -> _Content:
    """Read a compressed stream until its end, its damage or a limit, whichever comes first."""
    pieces: list[bytes] = []
    size, note = 0, ""
    try:
        while piece := unpacked.read(CHUNK):
            if not pieces:
                _refuse_binary(piece[:SNIFFED], shown)
            pieces.append(piece)
            size += len(piece)
            allowed = min(limit, max(FREE_BYTES, MAX_RATIO * _position(stream)))
            if size >= allowed:
                note = _cut_note(allowed)
                break
    except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        if not pieces:
            raise InputError(f"{shown}: the compressed data is damaged", hint="Fetch the log again.") from error
        note = "the compressed data is damaged; what stands before the damage was read"
    return _Content(b"".join(pieces), note)


def _position(stream: BinaryIO) -> int:
    try:
        return stream.tell()
    except (OSError, ValueError):
        return 0


def _up_to(stream: BinaryIO, limit: int) -> bytes:
    pieces, left = [], limit
    while left > 0 and (piece := stream.read(min(CHUNK, left))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _cut_note(limit: int) -> str:
    return f"only the first {max(1, limit // _MEGABYTE)} MB were read; the rest was left out"


def _refuse_binary(head: bytes, shown: str) -> None:
    for offset, magic, kind in _ARCHIVES:
        if head[offset : offset + len(magic)] == magic:
            raise InputError(f"{shown}: {kind} archives are not read yet", hint="Extract it and give the folder.")
    if head.startswith(_ZSTANDARD):
        raise InputError(f"{shown}: zstandard files are not read yet", hint="Unpack it (`zstd -d`) and give the result.")
    if encoding_of(head)[0] != "utf-8":
        return
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * 3 > len(head) or (controls * 16 > len(head) and len(head) > SMALL_HEAD):
        raise InputError(
            f"{shown}: this is binary data, not a log", hint="Give a text file: a log, or the captured output of the failing command."
        )


def _names(paths: Sequence[str], base: Path) -> list[str]:
    """A distinct name for each path: as short as distinctness allows."""
    names = [_label(path, base) for path in paths]
    for size in range(2, MAX_NAME_PARTS):
        taken = Counter(names)
        if len(taken) == len(names):
            return names
        names = [
            _shown("/".join(Path(path).absolute().parts[1:][-size:])) if taken[name] > 1 and path != "-" else name
            for name, path in zip(names, paths, strict=True)
        ]
    return [f"{name} ({number})" if names.index(name) != number - 1 else name for number, name in enumerate(names, 1)]


def _label(path: str, base: Path) -> str:
    if path == "-":
        return "stdin"
    full = Path(path).resolve()
    return _shown(full.relative_to(base).as_posix() if full.is_relative_to(base) else full.name)


def _shown(path: str) -> str:
    """A path without characters that could break a line or a terminal."""
    visible = os.fsencode(path).decode("utf-8", "backslashreplace").replace("\n", "\\n").replace("\t", "\\t")
    return escape(visible)[0]
