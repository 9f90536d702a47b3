"""What of an input is looked at: all of a small one; of a big one the lines near signs of trouble, its start and its end.

The bytes pass by once and memory is bounded: one regular expression finds the lines that tell of trouble, and of lines that are alike
but for numbers the first few and the last are kept, so that a thousand repetitions of one error do not push out a rare one.
"""

from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from assistant.mining.kinds import Kinds
from assistant.sources.long_lines import whole_lines

SMALL = 4 * 1024 * 1024
"""An input of so many bytes is looked at whole."""

ROOM = 3 * 1024 * 1024
"""Of a big one so many bytes are kept: half of them from its start on, the other half the latest."""

HEAD, TAIL = 64 * 1024, 512 * 1024
KEY = 8 * 1024
BEFORE, AFTER = 6 * 1024, 6 * 1024
"""How much is kept around the first line of a kind; around the next few a quarter of it."""


class Kept(NamedTuple):
    """What of an input is looked at.

    Args:
        data: whole lines.
        numbers: the number of each in the input; empty where all lines were kept.
        total: how many lines the input has; 0 where all were kept.
        repeats: by the number of a line, how many lines of its kind were not kept.
        notes: what was left out.
    """

    data: bytes
    numbers: Sequence[int] = ()
    total: int = 0
    repeats: Mapping[int, int] = MappingProxyType({})
    notes: tuple[str, ...] = ()


class Piece(NamedTuple):
    """Lines that stand together in the input, and the number of the first of them."""

    first: int
    data: bytes


def sieve(blocks: Iterable[bytes], room: int = SMALL) -> Kept:
    """Choose what of an input is looked at.

    Args:
        blocks: the input, read as far as it goes; UTF-8 or any encoding that agrees with ASCII.
        room: how many bytes to keep, about; of a big input never more than ROOM.
    """
    blocks = iter(blocks)
    start: list[bytes] = []
    for block in blocks:
        start.append(block)
        if sum(map(len, start)) > min(SMALL, room):
            sieving = _Sieving(min(ROOM, room))
            for lines, shortened in whole_lines(chain(start, blocks)):
                sieving.look_at(lines, shortened)
            return sieving.kept()
    return Kept(b"".join(start))


class _Sieving:
    """A sieve at work: what it has kept so far, and what it needs of the lines just passed."""

    def __init__(self, room: int) -> None:
        self._room, self._tail_size = room, min(TAIL, room // 4)
        self._kinds = Kinds()
        self._start: list[Piece] = []
        self._latest: deque[Piece] = deque()
        self._start_size = self._latest_size = 0
        self._before = self._tail = b""
        self._owed = min(HEAD, room // 8)
        self._line, self._size, self._shortened = 1, 0, 0

    def look_at(self, lines: bytes, shortened: int) -> None:
        """Take the next whole lines of the input."""
        data, fresh = self._before + lines, len(self._before)
        first = self._line - self._before.count(b"\n")
        spans = [(fresh, fresh + self._owed)] if self._owed else []
        for sign in self._kinds.new_signs(data, fresh, self._line):
            reach = 1 if sign.first else 4
            spans.append((max(0, sign.start - BEFORE // reach), sign.end + AFTER // reach))
        reached = 0
        for span in _joined(spans):
            start, end = _whole(data, *span)
            start, end = max(start, reached), max(end, reached)
            first += data.count(b"\n", reached, start)
            self._keep(Piece(first, data[start:end]))
            first += data.count(b"\n", start, end)
            reached = end
        self._owed = max(0, max((end for _, end in spans), default=0) - len(data))
        self._before = data[_whole(data, max(reached, len(data) - BEFORE), len(data))[0] :]
        self._tail = (self._tail + lines)[-self._tail_size :] if len(lines) < self._tail_size else lines[-self._tail_size :]
        self._line += lines.count(b"\n")
        self._size += len(lines)
        self._shortened += shortened

    def _keep(self, piece: Piece) -> None:
        for part in _parts(piece, self._room // 8):
            if self._start_size < self._room // 2:
                self._start.append(part)
                self._start_size += len(part.data)
                continue
            self._latest.append(part)
            self._latest_size += len(part.data)
            while self._latest_size > self._room // 2:
                self._latest_size -= len(self._latest.popleft().data)

    def kept(self) -> Kept:
        """All that was kept, in order."""
        total = self._line - 1 + (not self._tail.endswith(b"\n"))
        tail = self._tail[_behind(self._tail, 0) :]  # its first line may be cut
        tail = tail[_whole(tail, 0, len(tail))[0] :]
        pieces = [*self._start, *self._latest, Piece(self._line - tail.count(b"\n"), tail)]
        pieces += [Piece(*one) for one in self._kinds.last_lines()]
        texts: list[bytes] = []
        numbers = array("L")
        for piece in sorted(piece for piece in pieces if piece.data):
            lines = piece.data.removesuffix(b"\n").split(b"\n")
            done = max(0, numbers[-1] + 1 - piece.first) if numbers else 0
            texts += lines[done:]
            numbers.extend(range(piece.first + done, piece.first + len(lines)))
        data = b"\n".join(texts)
        return Kept(data, numbers, total, self._kinds.repeats(), self._notes(self._size - len(data)))

    def _notes(self, left: int) -> tuple[str, ...]:
        mega = 1024 * 1024
        told = [
            f"of {self._size / mega:.1f} MB, {left / mega:.1f} MB far from any sign of an error, or that only repeat one, were left out"
        ]
        told += [f"{self._shortened} very long lines were shortened"] if self._shortened else []
        return tuple(told)


def _parts(piece: Piece, size: int) -> Iterator[Piece]:
    """A piece as whole lines of about a size, so that an old part of it can go for a new one."""
    first, start = piece.first, 0
    while start < len(piece.data):
        end = _behind(piece.data, start + size)
        yield Piece(first, piece.data[start:end])
        first += piece.data.count(b"\n", start, end)
        start = end


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, those that touch as one."""
    first = last = -1
    for start, end in sorted(spans):
        if start > last:
            if last > first:
                yield first, last
            first = start
        last = max(last, end)
    if last > first:
        yield first, last


def _whole(data: bytes, start: int, end: int) -> tuple[int, int]:
    """A span of whole lines that does not begin within a private key, which would not be known for one without its first line."""
    start = data.rfind(b"\n", 0, start) + 1
    key = data.find(b"-----END", start, start + KEY)
    if key >= 0 and data.find(b"-----BEGIN", start, key) < 0:
        start = _behind(data, key)
    return start, max(start, _behind(data, end - 1))


def _behind(data: bytes, at: int) -> int:
    """Where the line after a position begins."""
    end = data.find(b"\n", at)
    return len(data) if end < 0 else end + 1
