"""Masking what never ends: piece by piece, with so much of what went before as a secret of several lines needs."""

from collections.abc import Iterable, Iterator

from assistant.redaction.redactor import Redactor

CONTEXT_LINES = 400
"""Lines before a piece that are looked at again: a private key may have begun there."""

CONTEXT_BYTES = 32_000
LONGEST_LINE = 1_000_000
"""Bytes of a line after which it is not waited for any longer; it is cut where a blank stands."""

MOST_VALUES = 5_000
"""Values whose tokens are remembered; an older one gets a new number."""


def mask_stream(chunks: Iterable[bytes], redactor: Redactor) -> Iterator[bytes]:
    """Mask bytes as they come; each whole line goes out with the chunk that ended it.

    Args:
        chunks: the input; bytes that are no UTF-8 stay as they are.
        redactor: what masks.
    """
    before, rest = "", b""
    for chunk in chunks:
        rest += chunk
        end = rest.rfind(b"\n") + 1 or _cut(rest)
        if not end:
            continue
        piece, rest = rest[:end].decode("utf-8", "surrogateescape"), rest[end:]
        yield _masked(before, piece, redactor)
        before = _context(before + piece)
        redactor.forget(MOST_VALUES)
    if rest:
        yield _masked(before, rest.decode("utf-8", "surrogateescape"), redactor)


def _masked(before: str, piece: str, redactor: Redactor) -> bytes:
    """A piece, masked with what stands before it; lines stay lines, so the piece begins where as many lines have ended."""
    masked: str = redactor.mask(before + piece)
    for _ in range(before.count("\n")):
        masked = masked[masked.index("\n") + 1 :]
    return masked.encode("utf-8", "surrogateescape")


def _cut(rest: bytes) -> int:
    """Where to cut a line that is too long to be waited for; 0 while it is not."""
    if len(rest) <= LONGEST_LINE:
        return 0
    return max(rest.rfind(sign, len(rest) // 2) for sign in (b" ", b",", b";", b"\t")) + 1 or len(rest)


def _context(text: str) -> str:
    """The last whole lines of a text; nothing where it breaks off within a line."""
    if not text.endswith("\n"):
        return ""
    lines = text[-CONTEXT_BYTES:].split("\n")
    kept = lines[-CONTEXT_LINES - 1 :]
    return "\n".join(kept if len(kept) < len(lines) or len(text) <= CONTEXT_BYTES else kept[1:])
