"""A PDF as text, page by page; needs the extra `[pdf]`, import it late."""

import io
import logging
import zlib

from assistant.errors import InputError, UsageError

try:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError
except ImportError:
    raise UsageError(
        "reading PDF needs the package pypdf",
        hint="install it: pip install 'research-export-assistant[pdf]' (pipx: pipx inject research-export-assistant pypdf)",
    ) from None

MAX_PAGES = 300
MAX_CHARACTERS = 4_000_000
BROKEN = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, NotImplementedError, zlib.error, OSError)
"""What the parser raises on files that are no whole PDF."""


def pdf_as_text(name: str, data: bytes) -> tuple[str, tuple[int, ...], tuple[str, ...]]:
    """The text of a PDF.

    Args:
        name: of the file, for messages.
        data: the file.

    Returns:
        The text, the line in which each page begins, and what was left out.

    Raises:
        InputError: it is encrypted or broken.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every oddity that it mends
    lines: list[str] = []
    starts: list[int] = []
    notes: list[str] = []
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise InputError(f"{name}: the PDF is encrypted", hint="save it without a password, or copy the text out")
        count = len(reader.pages)
        for number, page in enumerate(reader.pages):
            if number >= MAX_PAGES or sum(map(len, lines)) > MAX_CHARACTERS:
                notes.append(f"only the first {number} of {count} pages were read")
                break
            starts.append(len(lines) + 1)
            lines += [*page.extract_text().split("\n"), ""]
    except BROKEN as error:
        if not any(line.strip() for line in lines):
            raise InputError(
                f"{name}: the PDF cannot be read: {error or type(error).__name__}", hint="save it anew, or copy the text out"
            ) from None
        notes.append(f"the PDF is damaged after page {len(starts)}: the rest was left out")
    if not any(line.strip() for line in lines):
        notes.append("the PDF holds no text (pictures of pages?)")
    return "\n".join(lines), tuple(starts), tuple(notes)
