"""Blocks of bytes to whole lines, none of them longer than is good for anybody."""

from collections.abc import Iterable, Iterator

LONGEST = 64 * 1024
HEAD, TAIL = 32 * 1024, 8 * 1024
WORD = 4096
"""The word at a cut goes whole, up to so many bytes of it: half a secret would not be known for one."""


def whole_lines(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Blocks that end with a line, and how many lines were shortened in each.

    Of a longer line than LONGEST its beginning and its end are kept, with a mark that counts the bytes between them.

    Args:
        blocks: any bytes.
    """
    held, dropped = b"", 0
    for block in blocks:
        first = block.find(b"\n")
        if first < 0:
            held += block
            if len(held) > LONGEST:
                dropped += len(held) - HEAD - TAIL
                held = held[:HEAD] + held[-TAIL:]
            continue
        last = block.rfind(b"\n")
        if dropped:
            yield _shortened(held + block[:first], dropped) + b"\n", 1
        else:
            first = -1
            block = held + block
            last += len(held)
        yield _without_long(block[first + 1 : last + 1])
        held, dropped = block[last + 1 :], 0
    if held:
        yield (_shortened(held, dropped), 1) if dropped else _without_long(held)


def _without_long(block: bytes) -> tuple[bytes, int]:
    pieces, kept, at, count = [], 0, 0, 0
    while len(block) - at > LONGEST:
        end = block.rfind(b"\n", at, at + LONGEST + 1)
        if end < 0:
            end = block.find(b"\n", at)
            end = len(block) if end < 0 else end
            pieces += [block[kept:at], _shortened(block[at:end], 0)]
            kept, count = end, count + 1
        at = end + 1
    return (b"".join([*pieces, block[kept:]]), count) if count else (block, 0)


def _shortened(line: bytes, dropped: int) -> bytes:
    end, start = line.rfind(b" ", HEAD - WORD, HEAD), line.find(b" ", len(line) - TAIL, len(line) - TAIL + WORD)
    head, tail = line[: end if end >= 0 else HEAD - WORD], line[start if start >= 0 else len(line) - TAIL + WORD :]
    return head + f"[… {dropped + len(line) - len(head) - len(tail)} bytes cut …]".encode() + tail
