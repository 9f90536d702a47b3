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
from assistant.results.bare_code import SPEECH, code_run, is_python
from assistant.sources.notes import Format, Note, speaker

MAX_LINES = 14
"""A paragraph that is longer is cut into several passages: a PDF has no blank lines."""
MAX_CODE_LINES = 400
MAX_HEADING, MAX_COMMAND = 120, 200
ASKERS = frozenset(["user", "human", "you", "me", "asker"])
DIFF = re.compile(r"^(?:diff --git |--- \S+.*\n\+\+\+ \S+|@@ -[0-9])", re.M)
PROMPT = re.compile(r"^\s*(?:\$|❯|>) (?=\w)", re.M)
COMMAND = re.compile(
    r"^\s*(?:sudo |[A-Z_]{2,30}=\S{1,100} )?(?:python3? (?:-[mc] |[\w./-]{1,80}\.py\b)|pip3? |pipx |uv |poetry |conda |npm |npx |yarn |pnpm |apt(?:-get)? |brew |docker |docker-compose |git |alembic |pytest\b|"
    r"celery |uvicorn |node |npm |java -|dotnet |php |composer |bundle |rails |rake |flask |django-admin |manage\.py |helm |ansible|aws |gcloud |ssh |rm -|cp |mv |mkdir |chmod |chown |cat |echo |\./[\w.-]|gunicorn |psql |redis-cli |curl |export |make |go |cargo |mvn |gradle |\./gradlew |terraform |kubectl |systemctl |tox\b|ruff |mypy )"
)
PYTHON_PROMPT = re.compile(r"^>>> ", re.M)
ANSWER_LINE = re.compile(r"^[\W_]{0,6}(?:Question |Hypothesis |Q|H) ?[0-9]{1,2}\b", re.I)
"""A line that says which question or hypothesis it is about, as the outgoing copy asks for it."""
TRACE = re.compile(r"^Traceback \(most recent call last\)|^E   |^\s+File \".{1,300}\", line [0-9]+|^\s+at [\w.$]+\(", re.M)


TITLE = re.compile(r"(?:Re|AW|Fwd?|Subject): \S.{0,300}$", re.I)
"""The first line of a mail."""
MAIL_HEAD = re.compile(r"(?:From |From:|Date:)")
MAIL_END = re.compile(r"-- ?$|[0-9]+\.[0-9.]+(?: \(.{1,40}\))?$")
LEAVES = frozenset(["heading_open", "fence", "code_block", "paragraph_open", "html_block"])


class Form(Enum):
    """What a passage is."""

    PROSE = "prose"
    STEP = "step"
    CODE = "code"
    COMMAND = "command"
    DIFF = "diff"
    OUTPUT = "output"
    TITLE = "title"


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
        start = 0
        if self._note.format is Format.PATCH:
            yield from self._patch()
            return
        if self._note.titled or TITLE.match(self._lines[0] if self._lines else ""):
            start = 1
            yield self._passage(0, 1, Form.TITLE)
        yield from self._blocks(start, len(self._lines))

    def _blocks(self, start: int, end: int) -> Iterator[Passage]:
        """The passages of some lines that are Markdown, or text that nearly is."""
        tokens = block_tokens("\n".join(self._lines[start:end]))
        quotes = ordered = done = 0
        for index, token in enumerate(tokens):
            quotes += token.nesting if token.type.startswith("blockquote_") else 0
            ordered += token.nesting if token.type.startswith("ordered_list_") else 0
            if not token.map or token.map[0] < done or token.type not in LEAVES:
                continue
            first, last = start + token.map[0], start + token.map[1]
            if token.type == "fence":
                yield from self._fence(first, last, token, quoted=quotes > 0)
                continue
            code_end, language = code_run(self._lines, first, end)
            if code_end > first or token.type == "code_block":
                last = max(code_end, last if token.type == "code_block" else 0)
                yield from self._code(first, last, language, asked=quotes > 0)
                done = last - start
            elif token.type == "heading_open":
                self._enter(int(token.tag[1]), tokens[index + 1])
            else:
                yield from self._prose(first, last, quoted=quotes > 0, step=ordered > 0)

    def _enter(self, level: int, inside: Token) -> None:
        title = " ".join(inside.content.lower().split())[:MAX_HEADING]
        if self._turns and (who := speaker(inside.content)):
            self._turn(who)
        self._headings = [one for one in self._headings if one[0] < level] + [(level, title)]

    def _turn(self, who: str) -> None:
        self._asker = self._asker or who
        self._asking = who in ASKERS or (who == self._asker and who not in ("assistant", "ai", "bot"))

    def _fence(self, first: int, last: int, token: Token, *, quoted: bool) -> Iterator[Passage]:
        closed = last - first >= 2 and self._lines[last - 1].strip(" \t>").startswith(token.markup[0])
        yield from self._code(first + 1, last - 1 if closed else last, token.info, asked=quoted)

    def _code(self, first: int, last: int, info: str, *, asked: bool) -> Iterator[Passage]:
        """The lines of a code block."""
        while last > first and not self._lines[last - 1].strip():
            last -= 1
        last = min(last, first + MAX_CODE_LINES)
        if first < last:
            text = dedented(joined(self._lines[first:last]))
            form, language = form_of(text, info)
            yield self._passage(first, last, form, text=text, language=language, asked=asked or self._asking)

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
            form = Form.OUTPUT if TRACE.search(text) else Form.COMMAND if _is_command(text) else Form.STEP if step else Form.PROSE
            yield self._passage(start, last, form, asked=quoted or self._asking)

    def _patch(self) -> Iterator[Passage]:
        """A patch is one passage; what its message says stands before it."""
        found = DIFF.search("\n".join(self._lines))
        at = "\n".join(self._lines)[: found.start()].count("\n") if found else len(self._lines)
        yield from self._message(at)
        last = len(self._lines)
        while last > at and (not self._lines[last - 1].strip() or MAIL_END.match(self._lines[last - 1])):
            last -= 1
        if at < last:
            yield self._passage(at, last, Form.DIFF, language="diff")

    def _message(self, at: int) -> Iterator[Passage]:
        """The message above a patch: its subject, and its text up to the line that ends it."""
        start = next((number for number in range(at) if self._lines[number].strip() and not MAIL_HEAD.match(self._lines[number])), at)
        if start < at and self._lines[start].startswith("Subject: "):
            body = next((number for number in range(start, at) if not self._lines[number].strip()), at)
            yield self._passage(start, body, Form.PROSE)
            start = body
        yield from self._blocks(start, next((number for number in range(start, at) if self._lines[number].rstrip() == "---"), at))

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


def _is_command(text: str) -> bool:
    """Whether a paragraph is nothing but one command."""
    bare = text.strip()
    return (
        bool(COMMAND.match(bare))
        and "\n" not in bare
        and len(bare) < MAX_COMMAND
        and not bare.endswith((".", ":"))
        and not SPEECH.search(bare)
    )


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
    return Form.CODE, "python" if is_python(text) or PYTHON_PROMPT.search(text) else ""
