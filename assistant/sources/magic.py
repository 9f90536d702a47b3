"""What an input is, by its first bytes."""

import re

from assistant.sources.encodings import wide_encoding

ZIP, TAR, SEVEN = "zip", "tar", "7z"
ARCHIVES = frozenset({ZIP, TAR, SEVEN})
GZIP, BZIP2, XZ, ZSTANDARD = "gzip", "bzip2", "xz", "zstandard"
_MAGIC = (
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (257, b"ustar", TAR),
    (0, b"7z\xbc\xaf\x27\x1c", SEVEN),
    (0, b"\x1f\x8b", GZIP),
    (0, b"BZh", BZIP2),
    (0, b"\xfd7zXZ\x00", XZ),
    (0, b"\x28\xb5\x2f\xfd", ZSTANDARD),
)
_REPORT = re.compile(r"<testsuites?[\s>/]")


def kind_of(head: bytes) -> str:
    """How an input is packed or archived; empty where it is neither.

    Args:
        head: its first bytes, some hundred at least.
    """
    return next((kind for offset, magic, kind in _MAGIC if head.startswith(magic, offset)), "")


def is_report(head: bytes) -> bool:
    """Whether an input begins like a report of tests in JUnit's XML."""
    text = head.decode(wide_encoding(head) or "utf-8", "replace").lstrip("\ufeff \t\r\n")
    return text.startswith(("<?xml", "<!", "<testsuite")) and _REPORT.search(text) is not None
