"""Research notes as text: Markdown, plain text, HTML pages, PDF, chat transcripts and patches, each recognised by what it holds."""

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, NamedTuple

from assistant.errors import InputError
from assistant.sources.finding import AS_THEY_ARE
from assistant.sources.text import decode, escape

MAX_BYTES = 32 * 1024 * 1024
"""How much is read of one note."""
SNIFFED = 4096
MAX_CONTROL_SHARE = 0.08

_HTML = re.compile(
    r"\s{0,200}(?:<!--.{0,2000}?-->\s{0,200})?(?:<\?xml[^>]{0,200}>\s{0,200})?<(?:!doctype\s{1,20}html|html|head|body)\b", re.I | re.S
)
_PATCH = re.compile(r"^(?:diff --git a/|Index: \S|--- \S[^\n]{0,500}\n\+\+\+ \S)", re.M)
_MAILED_PATCH = re.compile(r"From [0-9a-f]{40} ")
_TURN = re.compile(
    r"^(?:#{1,6} |[*_]{2})?(?:\[?[0-9][0-9:.,/ T-]{3,30}(?: ?[AP]M)?\]?[ -]{0,3})?<?(?P<who>[A-Za-z][\w .@-]{0,30}?)>?(?:[*_]{2})?:(?:[*_]{2})?(?=\s|$)",
    re.M,
)
ROLES = frozenset(["user", "human", "you", "me", "assistant", "ai", "bot", "chatgpt", "claude", "gemini", "copilot", "system", "model"])
_WHO = ("role", "author", "user", "from", "sender", "name")
_WHAT = ("content", "text", "message", "body")


class Format(StrEnum):
    """What a note is."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    CHAT = "chat"
    PATCH = "patch"


class Note(NamedTuple):
    """One note as text.

    Args:
        name: how a reader finds it: relative to the current folder, else its base name; `stdin` for `-`.
        format: what it was.
        text: Markdown, control characters escaped, LF between the lines.
        has_lines: whether line n of the text is line n of the file.
        pages: for a PDF the line of the text in which each page begins.
        notes: what was cut or left out while reading it.
        titled: whether its first line is the title of the page.
    """

    name: str
    format: Format
    text: str
    has_lines: bool = True
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    titled: bool = False


def read_notes(
    paths: Sequence[str], *, stdin: BinaryIO | None = None, base: Path | None = None, shown_as: Mapping[str, str] = AS_THEY_ARE
) -> tuple[Note, ...]:
    """Read research notes in the order given.

    Args:
        paths: files, and `-` for standard input.
        stdin: what `-` reads.
        base: the folder that names are relative to; the current one where it is not given.
        shown_as: the name of a path that was stored under another one.

    Raises:
        InputError: a note cannot be read, or an extra is missing that its format needs.
    """
    names = _names(paths, (base or Path.cwd()).resolve(), shown_as)
    return tuple(_note(name, *_bytes(path, stdin)) for name, path in zip(names, paths, strict=True))


def _bytes(path: str, stdin: BinaryIO | None) -> tuple[bytes, str]:
    try:
        if path == "-":
            data = stdin.read(MAX_BYTES + 1) if stdin else b""
        else:
            with Path(path).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}", hint="give a file with notes, or - for standard input"
        ) from None
    cut = len(data) > MAX_BYTES
    return data[:MAX_BYTES], f"only the first {MAX_BYTES // 1024 // 1024} MB were read" if cut else ""


def _note(name: str, data: bytes, cut: str) -> Note:
    note = _pdf(name, data) if data[:1024].lstrip().startswith(b"%PDF-") else _text(name, data)
    text, told = escape(note.text)
    return note._replace(text=text, notes=(*((cut,) if cut else ()), *note.notes, *told))


def _text(name: str, data: bytes) -> Note:
    if _is_binary(data[:SNIFFED]):
        raise InputError(f"{name}: this is binary data, no note", hint="give Markdown, plain text, HTML, PDF, a chat transcript or a patch")
    text = re.sub(r"\r\n?", "\n", decode(data))
    suffix = Path(name).suffix.lower()
    if _HTML.match(text) or (suffix in (".html", ".htm", ".xhtml") and "<" in text):
        # late: the HTML parser is needed for pages only
        from assistant.sources.notes.html import html_as_markdown

        title, markdown, notes = html_as_markdown(text)
        return Note(name, Format.HTML, f"{title}\n\n{markdown}" if title else markdown, has_lines=False, notes=notes, titled=bool(title))
    if _MAILED_PATCH.match(text) or suffix in (".patch", ".diff") or ((found := _PATCH.search(text)) and not text[: found.start()].strip()):
        return Note(name, Format.PATCH, text)
    if suffix == ".json" and (turns := _turns(text)):
        return Note(name, Format.CHAT, turns, has_lines=False)
    if _is_chat(text):
        return Note(name, Format.CHAT, text)
    return Note(name, Format.MARKDOWN if suffix in (".md", ".markdown") else Format.TEXT, text)


def _pdf(name: str, data: bytes) -> Note:
    # late: an extra, and needed for PDF files only
    from assistant.sources.notes.pdf import pdf_as_text

    text, pages, notes = pdf_as_text(name, data)
    return Note(name, Format.PDF, text, has_lines=False, pages=pages, notes=notes)


def _is_binary(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    controls = len(head) - len(head.translate(None, bytes(set(range(0x20)) - set(b"\t\n\r\x0c\x1b\x08"))))
    return controls > MAX_CONTROL_SHARE * len(head)


def speaker(line: str) -> str:
    """Who speaks from this line of a transcript on, in lower case; empty where the line begins no turn."""
    found = _TURN.match(line)
    return found["who"].strip().lower() if found else ""


def _is_chat(text: str) -> bool:
    """Whether a text is a conversation: roles that programs use, or two people who take turns."""
    who = [found["who"].strip().lower() for found in _TURN.finditer(text[:200_000])]
    if len({name for name in who if name in ROLES}) >= 2:
        return True
    changes = sum(one != other for one, other in itertools.pairwise(who))
    return len(set(who)) >= 2 and changes >= 3 and len(set(who)) * 2 <= len(who)


def _turns(text: str) -> str:
    """The turns of a conversation that a program saved as JSON; empty where it is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    messages = data.get("messages") if isinstance(data, dict) else data
    if not isinstance(messages, list):
        return ""
    turns = [
        (who, said)
        for message in messages
        if isinstance(message, dict) and (who := _field(message, _WHO)) and (said := _field(message, _WHAT))
    ]
    return "\n\n".join(f"{who}:\n\n{said}" for who, said in turns)


def _field(message: dict[str, object], names: Sequence[str]) -> str:
    return next((value for name in names if isinstance(value := message.get(name), str)), "")


def _names(paths: Sequence[str], base: Path, shown_as: Mapping[str, str]) -> list[str]:
    """How a reader finds each note; equal names are told apart by a number."""
    names: list[str] = []
    for path in paths:
        full = Path(path).absolute()
        own = "stdin" if path == "-" else full.relative_to(base).as_posix() if full.is_relative_to(base) else full.name
        name = escape(shown_as.get(path, own).replace("\n", "\\n").replace("\t", "\\t"))[0]
        count = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({count + 1})" if count else name)
    return names
