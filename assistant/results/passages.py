"""Notes cut into passages: paragraphs, list entries, code blocks and patches, each with the heading and the voice it stands under."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from markdown_it.token import Token

from assistant.document import block_tokens
from assistant.evidence import Evidence, Kind, Masked, Origin
from assistant.redaction import tokens_in
from assistant.redaction.masked import dedented, joined, lines_of
from assistant.sources.notes import Format, Note, speaker

MAX_LINES = 14
"""A paragraph that is longer is cut into several passages: a PDF has no blank lines."""
MAX_CODE_LINES = 400
MAX_HEADING = 120
ASKERS = frozenset(["user", "human", "you", "me", "asker"])
DIFF = re.compile(r"^(?:diff --git |--- \S+.*\n\+\+\+ \S+|@@ -[0-9])", re.M)
PROMPT = re.compile(r"^\s*(?:\$|❯|>) (?=\w)", re.M)
COMMAND = re.compile(
    r"^\s*(?:sudo |[A-Z_]{2,30}=\S{1,100} )?(?:python3? -m |pip3? |pipx |uv |poetry |conda |npm |npx |yarn |pnpm |apt(?:-get)? |brew |docker |docker-compose |git |alembic |pytest\b|"
    r"celery |uvicorn |gunicorn |psql |redis-cli |curl |export |make |go |cargo |mvn |gradle |\./gradlew |terraform |kubectl |systemctl |tox\b|ruff |mypy )"
)
SIGNATURE = re.compile(
    r"^\s*(?:[@\w].*:\s*$|import |from \S+ import |\w[\w.]* = |return\b|await |with |raise )|^\s*\w[\w.]*\([^)\n]{0,200}\)\s*$", re.M
)
ANSWER_LINE = re.compile(r"^[\W_]{0,6}(?:Question |Hypothesis |Q|H) ?[0-9]{1,2}\b", re.I)
"""A line that says which question or hypothesis it is about, as the outgoing copy asks for it."""
TRACE = re.compile(r"^Traceback \(most recent call last\)|^E   |^\s+File \".{1,300}\", line [0-9]+|^\s+at [\w.$]+\(", re.M)


class Form(Enum):
    """What a passage is."""

    PROSE = "prose"
    STEP = "step"
    CODE = "code"
    COMMAND = "command"
    DIFF = "diff"
    OUTPUT = "output"


class Passage(NamedTuple):
    """A part of a note that can be quoted by itself.

    Args:
        evidence: its masked text with origin; the id is given when it enters the ledger.
        form: what it is.
        note: number of its note, from 0.
        heading: the heading it stands under, in lower case.
        headings: that heading and the ones above it.
        is_question: whether it is the words of somebody who asks: quoted, or the asker's turn in a transcript.
        order: its place among all passages.
    """

    evidence: Evidence
    form: Form
    note: int
    heading: str = ""
    headings: tuple[str, ...] = ()
    is_question: bool = False
    order: int = 0

    @property
    def text(self) -> str:
        """Its text."""
        return self.evidence.text

    @property
    def is_code(self) -> bool:
        """Whether it is something to copy rather than to read."""
        return self.form in (Form.CODE, Form.COMMAND, Form.DIFF)


def cut_notes(notes: Sequence[Note], texts: Sequence[Masked]) -> tuple[Passage, ...]:
    """All passages of some notes, in order.

    Args:
        notes: the notes.
        texts: their masked texts.
    """
    found = [
        passage for number, (note, text) in enumerate(zip(notes, texts, strict=True)) for passage in _Cutter(note, number, text).passages()
    ]
    return tuple(passage._replace(order=order) for order, passage in enumerate(found))


class _Cutter:
    """Cuts one note."""

    def __init__(self, note: Note, number: int, text: Masked) -> None:
        self._note = note
        self._number = number
        self._lines = lines_of(text)
        self._headings: list[tuple[int, str]] = []
        self._asker = ""
        self._asking = False
        self._turns = note.format is Format.CHAT

    def passages(self) -> Iterator[Passage]:
        """The passages in order."""
        if self._note.format is Format.PATCH:
            yield from self._patch()
            return
        tokens = block_tokens("\n".join(self._lines))
        quotes = ordered = 0
        for index, token in enumerate(tokens):
            quotes += token.nesting if token.type.startswith("blockquote_") else 0
            ordered += token.nesting if token.type.startswith("ordered_list_") else 0
            if token.type == "heading_open" and token.map:
                self._enter(int(token.tag[1]), tokens[index + 1])
            elif token.type in ("fence", "code_block") and token.map:
                yield from self._block(token, quoted=quotes > 0)
            elif token.type in ("paragraph_open", "html_block") and token.map:
                yield from self._prose(token.map[0], token.map[1], quoted=quotes > 0, step=ordered > 0)

    def _enter(self, level: int, inside: Token) -> None:
        title = " ".join(inside.content.lower().split())[:MAX_HEADING]
        if self._turns and (who := speaker(inside.content)):
            self._turn(who)
        self._headings = [one for one in self._headings if one[0] < level] + [(level, title)]

    def _turn(self, who: str) -> None:
        self._asker = self._asker or who
        self._asking = who in ASKERS or (who == self._asker and who not in ("assistant", "ai", "bot"))

    def _block(self, token: Token, *, quoted: bool) -> Iterator[Passage]:
        first, last = token.map or (0, 0)
        if token.type == "fence":
            closed = last - first >= 2 and self._lines[last - 1].strip(" \t>").startswith(token.markup[0])
            first, last = first + 1, last - 1 if closed else last
        while last > first and not self._lines[last - 1].strip():
            last -= 1
        last = min(last, first + MAX_CODE_LINES)
        if first < last:
            text = dedented(joined(self._lines[first:last]))
            form, language = form_of(text, token.info)
            yield self._passage(first, last, form, text=text, language=language, asked=quoted or self._asking)

    def _prose(self, first: int, last: int, *, quoted: bool, step: bool) -> Iterator[Passage]:
        """A paragraph; in a transcript it may begin a turn, and one without blank lines is cut where sentences end."""
        start = first
        for number in range(first, last):
            if number > start and ANSWER_LINE.match(self._lines[number]):
                yield self._passage(start, number, Form.PROSE, asked=quoted or self._asking)
                start = number
            elif self._turns and (who := speaker(self._lines[number])):
                if number > start:
                    yield self._passage(start, number, Form.PROSE, asked=quoted or self._asking)
                self._turn(who)
                start = number
            elif number - start >= MAX_LINES - 4 and (
                self._lines[number - 1].rstrip().endswith((".", ":", "!", "?")) or number - start >= MAX_LINES
            ):
                yield self._passage(start, number, Form.PROSE, asked=quoted or self._asking)
                start = number
        if start < last:
            text = joined(self._lines[start:last])
            bare = COMMAND.match(text) and "\n" not in text.strip() and len(text) < 200 and not text.rstrip().endswith((".", ":"))
            form = Form.OUTPUT if TRACE.search(text) else Form.COMMAND if bare else Form.STEP if step else Form.PROSE
            yield self._passage(start, last, form, asked=quoted or self._asking)

    def _patch(self) -> Iterator[Passage]:
        """A patch is one passage, the message above it another."""
        found = DIFF.search("\n".join(self._lines))
        at = "\n".join(self._lines)[: found.start()].count("\n") if found else len(self._lines)
        message = [
            number
            for number in range(at)
            if self._lines[number].strip()
            and not re.match(r"(?:From |From:|Date:|---$| .{1,300}\| +[0-9]+ | [0-9]+ files? changed)", self._lines[number])
        ]
        if message and self._lines[message[0]].startswith("Subject: "):
            body = next((number for number in message if not self._lines[number - 1].strip()), at)
            yield self._passage(message[0], min(body, message[-1] + 1), Form.PROSE)
            message = [number for number in message if number >= body]
        if message:
            yield from self._prose(message[0], message[-1] + 1, quoted=False, step=False)
        if at < len(self._lines):
            last = len(self._lines)
            while last > at and (
                not self._lines[last - 1].strip() or re.match(r"-- ?$|[0-9]+\.[0-9.]+(?: \(.{1,40}\))?$", self._lines[last - 1])
            ):
                last -= 1
            yield self._passage(at, last, Form.DIFF, language="diff")

    def _passage(
        self, first: int, last: int, form: Form, *, text: Masked | None = None, language: str = "", asked: bool = False
    ) -> Passage:
        text = joined(self._lines[first:last]) if text is None else text
        names = tuple(name for _, name in self._headings)
        evidence = Evidence(Kind.NOTE, self._origin(first, last), text, masked=tokens_in(text), language=language)
        return Passage(evidence, form, self._number, names[-1] if names else "", names, asked)

    def _origin(self, first: int, last: int) -> Origin:
        if self._note.pages:
            page = max(number for number, start in enumerate(self._note.pages, 1) if number == 1 or start <= first + 1)
            return Origin(f"{self._note.name}, page {page}")
        return Origin(self._note.name, first + 1, last) if self._note.has_lines else Origin(self._note.name)


def form_of(text: str, info: str) -> tuple[Form, str]:
    """What a code block is, and its language: by what its fence says, else by how it looks."""
    said = info.strip().split(" ")[0].strip("{}.").lower()
    if said in ("diff", "patch") or DIFF.search(text):
        return Form.DIFF, "diff"
    if TRACE.search(text):
        return Form.OUTPUT, "text"
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if said in ("bash", "sh", "shell", "console", "shell-session", "zsh", "powershell"):
        return Form.COMMAND, "bash"
    if lines and not said and (PROMPT.match(lines[0]) or all(COMMAND.match(line) for line in lines)):
        return Form.COMMAND, "bash"
    if said in ("py", "python", "python3", "pycon"):
        return Form.CODE, "python"
    if said in ("text", "txt", "output", "log", "plaintext", "none"):
        return Form.OUTPUT, "text"
    if said:
        return Form.CODE, said if re.fullmatch(r"[a-z0-9+#-]{1,16}", said) else ""
    return (Form.CODE, "python" if SIGNATURE.search(text) else "")
