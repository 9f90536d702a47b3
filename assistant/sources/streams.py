"""Inputs as streams: blocks of bytes that are read once, in order, within limits; nothing is ever held whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

BLOCK = 1024 * 1024
"""How many bytes a block has at most."""

SNIFFED = 64 * 1024
"""So much of an input tells what it is."""

MEGABYTE = 1024 * 1024
FREE_BYTES = 16 * MEGABYTE
BOMB_RATIO = 200
"""A small packed input may grow to FREE_BYTES, and beyond that to so many times its size: what grows more is a bomb."""

BIG, BIG_RATIO = MEGABYTE, 1100
"""A packed input of this size may hold a log that repeats itself: it may grow as much as gzip can shrink."""

MAX_UNPACKED = 16 * 1024 * MEGABYTE
"""How much all packed inputs of one call may grow to."""

DAMAGED = "the data is damaged; what stands before the damage was read"


Pull = Callable[[int], bytes]
"""Gives up to so many bytes, none at the end; raises EOFError or OSError where they are damaged."""


def as_damage(pull: Pull, *errors: type[Exception]) -> Pull:
    """A pull whose library's own errors are EOFError."""

    def read(size: int) -> bytes:
        try:
            return pull(size)
        except errors as error:
            if isinstance(error, OSError):
                raise
            raise EOFError(str(error)) from error

    return read


class StreamCut(Exception):  # noqa: N818 - no error of the program: what was read before stands
    """A stream ends before its end: it is damaged, or grew past a limit.

    Args:
        note: what to tell the reader.
    """

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


class Stream(NamedTuple):
    """One input, not read yet.

    Args:
        name: how a reader finds it; what stands in an archive is `archive.zip!member`.
        blocks: its bytes in blocks of at most BLOCK; read it before asking for the next stream. Raises StreamCut.
        found: whether a folder or an archive was searched for it, so that it need not be a log.
        following: how many more inputs there are at least, as far as that can be told.
        given: which of the given paths it belongs to, counted from 0.
    """

    name: str
    blocks: Iterator[bytes]
    found: bool = False
    following: int = 0
    given: int = 0


class Skipped(NamedTuple):
    """Something that is not read.

    Args:
        name: how a reader finds it.
        reason: why.
        hint: what the user can do about it.
        found: whether a folder or an archive was searched for it.
    """

    name: str
    reason: str
    hint: str = ""
    found: bool = True


@dataclass
class Budget:
    """What the packed inputs of one call may still grow to, in bytes."""

    left: int = MAX_UNPACKED


class Reader:
    """Bytes in pieces of the size that is asked for; the first ones can be looked at before.

    Args:
        pull: gives up to so many bytes, none at the end.
        size: how many bytes there are, where that is known.
        growth: what is unpacked here may grow by it; None for what is not packed.
        member_size: how many bytes a member of an archive takes in it.
    """

    def __init__(self, pull: Pull, *, size: int | None = None, growth: "Growth | None" = None, member_size: int | None = None) -> None:
        self._pull, self._growth, self._member_size = pull, growth, member_size
        self._cut: StreamCut | None = None
        self.size, self.taken = size, 0
        self.head = self._next(SNIFFED)
        self._held = self.head

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end.

        Raises:
            StreamCut: There would be more, but it is damaged or passes a limit; what came before was given.
        """
        if self._held:
            data, self._held = self._held[:size], self._held[size:]
            return data + (self._next(size - len(data)) if len(data) < size else b"")
        data = self._next(size)
        if not data and size and self._cut:
            raise self._cut
        return data

    def blocks(self) -> Iterator[bytes]:
        """All that is left, in blocks.

        Raises:
            StreamCut: See `read`.
        """
        while block := self.read(BLOCK):
            yield block

    def _next(self, size: int) -> bytes:
        pieces: list[bytes] = []
        while size > 0 and self._cut is None:
            try:
                piece = self._pull(size)
            except StreamCut as cut:
                self._cut = cut
                break
            except (EOFError, OSError) as error:
                self._cut = StreamCut(_told(error))
                break
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
            self.taken += len(piece)
            self._cut = self._growth.passed(self.taken, len(piece), self._member_size) if self._growth else None
        return b"".join(pieces)


@dataclass
class Growth:
    """How much a packed input may grow; shared by everything that is unpacked from it.

    Args:
        packed: the outermost input: what is counted against.
        budget: what all inputs together may grow to.
    """

    packed: Reader
    budget: Budget

    def passed(self, grown: int, last: int, member_size: int | None) -> StreamCut | None:
        """What cuts a stream that has grown too much.

        Args:
            grown: how many bytes came out of it so far.
            last: how many of them came last.
            member_size: the packed size of one member of an archive; None where all of the input is meant.
        """
        self.budget.left -= last
        whole = max(self.packed.size or 0, self.packed.taken)
        packed = whole if member_size is None else min(member_size, whole)
        if grown < max(FREE_BYTES, packed * (BIG_RATIO if whole >= BIG else BOMB_RATIO)) and self.budget.left > 0:
            return None
        return StreamCut(f"only the first {max(1, grown // MEGABYTE)} MB were read; it grows too much when it is unpacked")


def _told(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return f"it cannot be read further: {error.strerror or error}; what was read before stands"
    return DAMAGED
