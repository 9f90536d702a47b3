"""Pytest's short test summary: full test ids, and all there is to know where blocks were switched off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from assistant.evidence import Cause
from assistant.mining.lines import Log
from assistant.mining.patterns import Lazy

_LINE = Lazy(r"^(?:(FAILED|ERROR)|SUBFAIL(?:ED)?([(\[].{0,200}?[)\]]){0,3})(?: \[\d{1,6}\.\d{1,6}s\])? (\S.*)$")
_NAMED = Lazy(r"^((?:[A-Za-z_]\w*\.)*[A-Z_a-z]\w*)(?:: (.*))?$")


REASON_CHARS = 2_000
MOST_KINDS = 100


class Span(Protocol):
    """Lines of a log; indices from 0, `end` exclusive."""

    @property
    def first(self) -> int:
        """Index of the first line."""
        ...

    @property
    def end(self) -> int:
        """Index behind the last line."""
        ...


class SummaryLine(NamedTuple):
    """One `FAILED …` or `ERROR …` with the lines of its message."""

    first: int
    end: int
    failed: bool
    test_id: str
    cause: Cause

    @property
    def title(self) -> str:
        """The name as the block's header has it."""
        _, _, inner = self.test_id.partition("::")
        dotted, bracket, parameters = inner.partition("[")
        return dotted.replace("::", ".") + bracket + parameters if inner else self.test_id

    @property
    def phase(self) -> str:
        """The phase as far as the summary tells it."""
        if self.failed:
            return "call"
        return "setup" if "::" in self.test_id else "collection"


@dataclass
class Summary:
    """The lines of the short summary; each is claimed by one block."""

    lines: list[SummaryLine] = field(default_factory=list)
    _open: dict[tuple[bool, str], list[SummaryLine]] = field(default_factory=dict)
    _order: list[SummaryLine] = field(default_factory=list)

    def __post_init__(self) -> None:
        for line in self.lines:
            self._open.setdefault((line.failed, line.title), []).append(line)
        self._order = list(reversed(self.lines))

    def claim(self, title: str, phase: str) -> str:
        """The full id of the block with that title; empty where the summary does not have it."""
        waiting = self._open.get((phase == "call", title))
        return waiting.pop(0).test_id if waiting else ""

    def claim_next(self, message: str) -> tuple[str, str]:
        """Id and phase of the next line, where its message begins like the given one."""
        if self._order and (self._order[-1].cause.exception or self._order[-1].cause.message[:20]) in message:
            line = self._order.pop()
            return line.test_id, line.phase
        return "", "call"


def read_summary(log: Log, sections: Iterable[Span]) -> Summary:
    """Read the short summaries of one run."""
    lines: list[SummaryLine] = []
    for section in sections:
        starts = [index for index in range(section.first, section.end) if log.bare[index][:1] in "FES" and _LINE.match(log.bare[index])]
        for first, following in zip(starts, [*starts[1:], section.end], strict=False):
            lines.append(_read(log, first, _end(log.bare, first, following)))
    return Summary(lines)


def telling_ends(lines: Sequence[str], most: int) -> tuple[int, int]:
    """How many lines to keep from the front and the back of a long summary, so that as many different failures as can be are named.

    Args:
        lines: the summary from its heading to its counts, longer than `most`.
        most: how many lines may stay in all.
    """
    kinds = _kinds(lines)
    named = [len({*kinds[:head], *kinds[len(lines) - most + head :]}) for head in range(1, most)]
    head = max(range(1, most), key=lambda head: (named[head - 1], head))
    return head, most - head


def _kinds(lines: Sequence[str]) -> list[int]:
    """Lines that tell the same failure have one number; pytest cuts them at the width of a terminal. Lines of other kinds have 0."""
    seen: list[str] = []
    kinds: list[int] = []
    for line in lines:
        match = _LINE.match(line[:REASON_CHARS]) if line[:1] in "FES" else None
        reason = f"{match[1]} {_split(match[3])[1].removesuffix('...') or '-'}" if match else ""
        kind = next((number for number, one in enumerate(seen, 1) if one.startswith(reason) or reason.startswith(one)), 0) if reason else 0
        if reason and not kind and len(seen) < MOST_KINDS:
            seen.append(reason)
            kind = len(seen)
        kinds.append(kind)
    return kinds


def _end(lines: list[str], first: int, limit: int) -> int:
    """The message may go on below, indented; it ends with anything else."""
    end = first + 1
    while end < limit and (not lines[end].strip() or lines[end][:1] == " "):
        end += 1
    return end


def _read(log: Log, first: int, end: int) -> SummaryLine:
    match = _LINE.match(log.bare[first])
    kind, subtest, rest = match.groups() if match else ("", "", "")
    test_id, message = _split(rest)
    return SummaryLine(
        first,
        end,
        kind != "ERROR",
        f"{test_id} {subtest}" if subtest else test_id,
        _cause(message) if message else Cause("", log.bare[first]),
    )


def _split(rest: str) -> tuple[str, str]:
    """Id and message; an id may hold ` - ` inside its brackets."""
    start = 0
    while (cut := rest.find(" - ", start)) >= 0:
        if rest.count("[", 0, cut) == 0 or rest[cut - 1] == "]":
            return rest[:cut], rest[cut + 3 :]
        start = cut + 1
    return rest, ""


def _cause(message: str) -> Cause:
    match = _NAMED.match(message)
    if match and (match.group(2) is not None or match.group(1)[:1].isupper() or "." in match.group(1)):
        return Cause(match.group(1), match.group(2) or "")
    return Cause("AssertionError" if message.startswith("assert ") else "", message)
