"""What an input's bytes are: their encoding, or no text at all."""

import codecs
import re
from collections.abc import Iterable, Iterator

from assistant.sources.text import encoding_of

UTF_8 = "utf-8"
SAMPLE = 4096
SMALL_HEAD = 4096
"""Up to this size a text may hold more control characters and still pass for one."""

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\x1b\x08\x0c")) + b"\x7f"
_HIGH = re.compile(rb"[\x80-\xff]+")
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d\xfe\xff]")
"""Bytes that no Windows-1252 text has, or hardly any."""

FOREIGN = 3
"""One byte in so many may be outside of ASCII in a text that is Windows-1252."""


def wide_encoding(head: bytes) -> str:
    """The encoding of an input whose characters take two or four bytes, by its mark or by its NULs; empty for all others.

    Args:
        head: the first bytes.
    """
    encoding, _ = encoding_of(head)
    if encoding != UTF_8:
        return encoding
    sample = head[: SAMPLE // 2 * 2]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    most = len(sample) // 2 * 2 // 5
    if len(sample) >= 8 and odd > most and even <= most // 8:
        return "utf-16-le"
    if len(sample) >= 8 and even > most and odd <= most // 8:
        return "utf-16-be"
    return ""


def as_utf8(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Blocks in a wide encoding as UTF-8; what does not fit is shown as `\\xff`."""
    decoder = codecs.getincrementaldecoder(encoding)("backslashreplace")
    for block in blocks:
        yield decoder.decode(block).encode(UTF_8, "backslashreplace")
    yield decoder.decode(b"", final=True).encode(UTF_8, "backslashreplace")


def is_binary(head: bytes) -> bool:
    """Whether the first bytes are no text in any encoding known here."""
    if wide_encoding(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls * 3 > len(head) or (controls * 16 > len(head) and len(head) > SMALL_HEAD)


def decoded(data: bytes) -> tuple[str, str]:
    """Bytes as text, and a note where that took a guess; nothing is dropped.

    Bytes that are not UTF-8 are Windows-1252 where no other part of the text is UTF-8 and nothing speaks against it; else they are
    shown as `\\xff`.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(UTF_8), ""
    except UnicodeDecodeError:
        runs = [run for run in _HIGH.findall(data) if len(run) < SAMPLE]
    known = not any(_is_utf8(run) for run in runs) and not _NOT_WINDOWS.search(data)
    if known and sum(map(len, runs)) * FOREIGN < len(data) and b"\x00" not in data:
        return data.decode("cp1252"), "it is not UTF-8; it was read as Windows-1252"
    return data.decode(UTF_8, "backslashreplace"), "bytes that are not UTF-8 are shown as \\xff"


def _is_utf8(run: bytes) -> bool:
    try:
        run.decode(UTF_8)
    except UnicodeDecodeError:
        return False
    return True
