"""Bytes to text that shows everything and hides nothing: decoding and the control escape."""

import codecs
import re

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
"""Characters that take no room on a screen, turn its direction or pass for a line end."""

COMBINING = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
PLAIN_BYTES = bytes(range(0x20, 0x7F)) + b"\n\t"

_SPECIAL = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{INVISIBLE}{COMBINING}]")
_COLOUR = re.compile("\x1b\\[[0-9;:]*[mK]")
_HIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{INVISIBLE}]")
_PILED = re.compile(f"([{COMBINING}])[{COMBINING}]{{7,}}")
_COMMAND = re.compile(r"\n[^\S\n]*(?=::[A-Za-z]|section_(?:start|end):)")
_ANYWHERE = re.compile(r"#(?=#(?:vso|teamcity)?\[)", re.IGNORECASE)
"""Commands that an agent seeks in the whole line (Azure, GitHub, TeamCity); the others it reads at a line's start only."""
_DISPLAYED = re.compile(r"(?:(?<=\S)|(?<=\S ))\\x23(?=#\[(?:error|warning|notice|debug|group|endgroup|section|command)\])")
"""Commands that only colour or fold a log, where they do not begin a line."""
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding that a byte order mark names, and the mark's length; UTF-8 and 0 where there is none."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    return "utf-8", 0


def decode(data: bytes) -> str:
    """Decode by byte order mark, else as UTF-8; bytes that do not fit are shown as `\\xff`, never dropped."""
    encoding, mark = encoding_of(data)
    return str(memoryview(data)[mark:], encoding, "backslashreplace")


def escape(text: str) -> tuple[str, tuple[str, ...]]:
    """Make every character of a text visible and harmless on a terminal, in a document and in CI.

    Colours are dropped; every other control or invisible character becomes an escape such as `\\x1b` or
    `\\u202e`; line ends become LF; a CI command loses its first character to an escape wherever CI would run it.

    Args:
        text: decoded text; its lines are counted by LF.

    Returns:
        The escaped text, with as many lines, and what a reader should be told of it.
    """
    notes: tuple[str, ...] = ()
    if not _is_plain(text):
        text = re.sub("\r+\n", "\n", text) if "\r" in text else text
        text = _COLOUR.sub("", text) if "\x1b" in text else text
        text, piles = _PILED.subn(r"\1", text)
        if piles:
            notes = (f"{piles} pile{'s' * (piles > 1)} of combining marks shortened to one mark",)
        text = _HIDDEN.sub(_shown, text)
    return _without_commands(text), notes


def with_display_marks(text: str) -> str:
    """An escaped text with `##[error]` and its kin as the log has them; only where no CI agent reads what is printed."""
    return _DISPLAYED.sub("#", text)


def _is_plain(text: str) -> bool:
    if text.isascii():
        return not text.encode("ascii").translate(None, PLAIN_BYTES)
    return _SPECIAL.search(text) is None


def _shown(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _without_commands(text: str) -> str:
    if "##" in text:
        text = _ANYWHERE.sub(_shown, text)
    if "::" not in text and "section_" not in text:
        return text
    pieces, end = [], 0
    framed = "\n" + text
    for match in _COMMAND.finditer(framed):
        first = match.end()
        pieces += [framed[end:first], f"\\x{ord(framed[first]):02x}"]
        end = first + 1
    if not pieces:
        return text
    return ("".join(pieces) + framed[end:])[1:]
