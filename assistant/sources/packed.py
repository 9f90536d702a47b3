"""Packed inputs, told by their first bytes: gzip, bzip2, xz and zstandard."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from assistant.sources.magic import BZIP2, GZIP, XZ, ZSTANDARD
from assistant.sources.streams import SNIFFED, Pull, Reader, as_damage

if TYPE_CHECKING:
    import zstandard

MEMORY = 64 * 1024 * 1024
"""How much an unpacker may need: a dictionary of more is refused."""

ZSTANDARD_PIECE = 512
"""So many bytes of zstandard grow to 16 MB at most."""


def unpacked(kind: str, packed: Reader) -> Pull:
    """What gives the bytes that something packed holds.

    Args:
        kind: `gzip`, `bzip2`, `xz` or `zstandard`.
        packed: its bytes.
    """
    return _KINDS[kind](packed)


def _gzip(packed: Reader) -> Pull:
    return as_damage(gzip.GzipFile(fileobj=cast(BinaryIO, packed)).read1, zlib.error)


def _bzip2(packed: Reader) -> Pull:
    return as_damage(bz2.BZ2File(cast(BinaryIO, packed)).read1, ValueError)


def _xz(packed: Reader) -> Pull:
    # `lzma.LZMAFile` sets no limit to the memory that a stream asks for
    return as_damage(_Frames(packed, lambda: lzma.LZMADecompressor(memlimit=MEMORY * 3 // 2), SNIFFED).read, lzma.LZMAError)


def _zstandard(packed: Reader) -> Pull:
    # late: few packed logs need it
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=MEMORY)
    return as_damage(_Frames(packed, lambda: _Limitless(unpacker.decompressobj()), ZSTANDARD_PIECE).read, zstandard.ZstdError)


_KINDS: dict[str, Callable[[Reader], Pull]] = {GZIP: _gzip, BZIP2: _bzip2, XZ: _xz, ZSTANDARD: _zstandard}


class _Frame(Protocol):
    """Unpacks one frame, as `lzma.LZMADecompressor` does."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Limitless:
    """A zstandard frame: it gives all that its input holds, so that must be little."""

    needs_input = True

    def __init__(self, frame: "zstandard.ZstdDecompressionObj") -> None:
        self._frame = frame

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._frame.decompress(data)


class _Frames:
    """Packed frames, one after the other.

    Args:
        packed: what holds them.
        begin: makes what unpacks the next frame.
        piece: how many packed bytes are unpacked at once.
    """

    def __init__(self, packed: Reader, begin: Callable[[], _Frame], piece: int) -> None:
        self._packed, self._begin, self._piece = packed, begin, piece
        self._frame: _Frame | None = None
        self._rest = self._unpacked = b""

    def read(self, size: int) -> bytes:
        """Up to so many bytes, none at the end."""
        while not self._unpacked and (frame := self._ready()):
            self._unpacked = frame.decompress(self._rest, size)
            self._rest = frame.unused_data if frame.eof else b""
        data, self._unpacked = self._unpacked[:size], self._unpacked[size:]
        return data

    def _ready(self) -> _Frame | None:
        """The frame to go on with, and see that it has something to unpack; None at the end."""
        if self._frame and self._frame.eof:
            self._frame = None
            self._rest = self._rest.lstrip(b"\x00")  # padding between frames
        if not self._rest and (self._frame is None or self._frame.needs_input):
            self._rest = self._packed.read(self._piece)
            if not self._rest:
                if self._frame:
                    raise EOFError("the frame ends early")
                return None
        self._frame = self._frame or self._begin()
        return self._frame
