"""The values that flow through the stages: origins, evidence, frames, failures and their ledger."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NewType

Masked = NewType("Masked", str)
"""Text that went through assistant/redaction.py, the only module that may make one."""

CITATION = re.compile(r"(?<![\w.\-])[ER][1-9][0-9]{0,5}(?![\w\-]|\.[0-9])")
"""An evidence id where it stands alone: `E12`, not `E1.5`, `E501-x` or a word."""

CUT_NOTE = re.compile(r"\[… [0-9]{1,9} lines? cut …\]")
"""The line of an evidence text that stands where lines were left out; an evidence has one at most."""


SKIMMED_LINE, SKIMMED_TEXT = 4_000, 200_000
"""Characters of a line and of a text that are looked at where signs are sought: an error says what it is at its beginning."""


def skimmed(text: str) -> str:
    """What is looked at of a text where words or signs are sought in all of it: long lines cut, then the whole."""
    if len(text) <= SKIMMED_LINE:
        return text
    return "\n".join(line[:SKIMMED_LINE] for line in text.split("\n"))[:SKIMMED_TEXT]


class Kind(StrEnum):
    """What a piece of evidence is."""

    ERROR = "error"
    LOG = "log"
    CODE = "code"
    CONFIG = "config"
    ENVIRONMENT = "environment"
    HISTORY = "history"
    SCHEMA = "schema"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text comes from.

    Args:
        path: file path with forward slashes as a reader can find it (never absolute), or a command.
        first: first line, counted from 1; 0 where the origin has no lines.
        last: last line, inclusive.
        revision: commit or digest of the text's source, where known.
    """

    path: str
    first: int = 0
    last: int = 0
    revision: str = ""

    def __str__(self) -> str:
        if not self.first:
            return self.path
        if self.last <= self.first:
            return f"{self.path}:{self.first}"
        return f"{self.path}:{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What of a log is read, masked: all of it, or of a big one the lines that matter.

    Args:
        text: the lines, LF between them.
        numbers: the number in the input of each of them, ascending; several may share one; empty where line n is line n.
    """

    text: Masked
    numbers: Sequence[int] = field(default=(), repr=False)

    def number(self, row: int) -> int:
        """The number in the input of a line, counted from 0."""
        return self.numbers[row] if self.numbers else row + 1

    def rows(self, first: int, last: int) -> tuple[int, int]:
        """Which lines have the numbers from the first to the last: indices from 0, the end exclusive."""
        if self.numbers:
            return bisect_left(self.numbers, first), bisect_right(self.numbers, last)
        return max(0, first - 1), max(0, last)

    def left_out(self, row: int) -> int:
        """How many lines of the input stand between a line and the one before it, both counted from 0."""
        return max(0, self.numbers[row] - self.numbers[row - 1] - 1) if self.numbers and row else 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered piece of what is known.

    Args:
        kind: what it is.
        origin: where it comes from.
        text: the masked, control-escaped lines, LF between them.
        id: `E1`, `E2`, …, given by the ledger; empty before.
        weight: how much it matters, 0 to 1; the packing takes heavy ones first.
        masked: the tokens that stand for secrets in it.
        cut: how many lines were left out of it; the text says where.
        language: the language of the text for its fence, as in `python`; empty for plain text.
    """

    kind: Kind
    origin: Origin
    text: Masked
    id: str = ""
    weight: float = 1.0
    masked: tuple[str, ...] = ()
    cut: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of a stack trace.

    Args:
        path: the path as the log prints it.
        line: the line in that file, counted from 1.
        function: the function's name; empty where the trace names none.
        code: the source line as the log shows it; empty where it shows none.
        ours: whether it lies in the project, not in a library or the interpreter.
        package: the top-level import name a library's frame belongs to; empty for ours.
    """

    path: str
    line: int
    function: str = ""
    code: str = ""
    ours: bool = True
    package: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """One exception of a chain: its type, its message and the frames it went through."""

    exception: str
    message: str
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong, parsed from masked text.

    Args:
        language: `python`, or `text` for a log no language parser knows.
        exception: the type that surfaced, as in `sqlalchemy.exc.IntegrityError`; empty where the log names none.
        message: its message, lines joined by LF.
        frames: outermost first.
        chain: the exceptions that led to it, innermost cause first, the surfaced one last.
        origin: where the whole block stands in the log.
        text: the block itself.
        test_id: as pytest or unittest prints it; empty outside a test.
        phase: `collection`, `setup`, `call`, `teardown`, or empty where no test ran.
        signature: versioned key that equal failures share, as in `1:ab12…`.
        evidence: id of the evidence it stands in; empty until the ledger holds it.
        count: how many times the log has it (one a test).
        others: the other test ids that fail the same way.
        numbers: the number in the input of each line of the text, 0 for the one counted cut note that stands for lines of the
            input that were not kept; empty where the lines follow each other from `origin.first` on.
    """

    language: str
    exception: str
    message: str
    frames: tuple[Frame, ...]
    chain: tuple[Cause, ...]
    origin: Origin
    text: Masked
    test_id: str = ""
    phase: str = ""
    signature: str = ""
    evidence: str = ""
    count: int = 1
    others: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()

    def number(self, row: int) -> int:
        """The number in the input of a line of the text, counted from 0; of the cut note that of the line before it."""
        if not self.numbers:
            return self.origin.first + row
        return self.numbers[row] or self.numbers[row - 1]

    @property
    def gap(self) -> tuple[int, int] | None:
        """Which line of the text is a cut note, and how many lines of the input it stands for; None where none is."""
        at = self.numbers.index(0) if 0 in self.numbers else None
        return None if at is None else (at, self.numbers[at + 1] - self.numbers[at - 1] - 1)

    @property
    def cause(self) -> Cause:
        """The innermost exception of the chain: where it began."""
        return self.chain[0] if self.chain else Cause(self.exception, self.message, self.frames)

    @property
    def test_ids(self) -> tuple[str, ...]:
        """Every test that fails this way, the first one first."""
        return ((self.test_id,) if self.test_id else ()) + self.others


@dataclass(frozen=True, slots=True)
class Version:
    """Which version of something is used, and which evidence says so.

    Args:
        name: normalised distribution name (PEP 503), or `python`, `postgresql`, `node`, …
        value: `2.0.36`; a range as in `>=2,<3` where it is only declared.
        evidence: id of the evidence that says so.
        exact: whether `value` is one version and not a range.
    """

    name: str
    value: str
    evidence: str
    exact: bool = True


class _Line:
    """The index of ledgers that grew out of each other: where each piece stands in the longest of them."""

    __slots__ = ("by_id", "held", "size")

    def __init__(self, items: Iterable[Evidence]) -> None:
        self.by_id: dict[str, int] = {}
        self.held: dict[tuple[Kind, Origin, str], int] = {}
        self.size = 0
        for item in items:
            self.append(item)

    def append(self, item: Evidence) -> None:
        self.by_id[item.id] = self.size
        self.held.setdefault((item.kind, item.origin, item.text), self.size)
        self.size += 1


@dataclass(frozen=True, slots=True)
class Ledger:
    """All evidence of one export; it only grows, and an id once given never means anything else."""

    items: tuple[Evidence, ...] = ()
    offset: int = 0
    """How many ids were given out before by somebody whose ledger is lost."""
    prefix: str = "E"
    """`E` for the evidence of an export, `R` for research notes."""
    _line: _Line = field(default=None, compare=False, repr=False)  # type: ignore[assignment]  # set below

    def __post_init__(self) -> None:
        if self._line is None:
            object.__setattr__(self, "_line", _Line(self.items))

    def add(self, evidence: Evidence) -> tuple["Ledger", Evidence]:
        """Number a piece and append it; a piece that is held already keeps its id.

        Args:
            evidence: a piece without an id.

        Returns:
            The longer ledger and the numbered piece.
        """
        ledger, (numbered,) = self.extend((evidence,))
        return ledger, numbered

    def extend(self, pieces: Iterable[Evidence]) -> tuple["Ledger", tuple[Evidence, ...]]:
        """Add several pieces in order; see `add`."""
        line = self._line if self._line.size == len(self.items) else _Line(self.items)  # another one grew out of this one already
        new: list[Evidence] = []
        numbered: list[Evidence] = []
        for piece in pieces:
            at = line.held.get((piece.kind, piece.origin, piece.text))
            if at is None:
                new.append(replace(piece, id=f"{self.prefix}{self.offset + line.size + 1}"))
                numbered.append(new[-1])
                line.append(new[-1])
            else:
                numbered.append(self.items[at] if at < len(self.items) else new[at - len(self.items)])
        return (Ledger((*self.items, *new), self.offset, self.prefix, line) if new else self), tuple(numbered)

    def get(self, evidence_id: str) -> Evidence | None:
        """The piece with that id, or None."""
        at = self._line.by_id.get(evidence_id, len(self.items))
        return self.items[at] if at < len(self.items) else None

    def __iter__(self) -> Iterator[Evidence]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)
