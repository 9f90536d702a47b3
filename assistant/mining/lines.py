"""The lines of one log, as they are shown and as they read without the decoration that CI and containers add."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from assistant.evidence import Cause, Excerpt, Failure, Frame, Masked, Origin
from assistant.mining.decoration import bare_lines
from assistant.mining.patterns import Lazy
from assistant.redaction.masked import cut_note, joined, lines_of
from assistant.sources.source import Case

MATCHED_LENGTH = 4000
"""Only so much of a line is looked at."""

RECORD = Lazy(r"^(?:\W{0,3}\d{4}[-/]\d\d[-/]\d\d|\W{0,3}\d\d:\d\d:\d\d|\W{0,3}(?:ERROR|CRITICAL|FATAL|SEVERE|WARNING|WARN|INFO|DEBUG)\b)")
"""How the first line of a log record begins."""


@dataclass(frozen=True, eq=False)  # one log is another only where it is the same object
class Log:
    """One masked log, split into lines.

    Args:
        name: name of its source.
        text: the masked text.
        numbers: the number in the input of each line; empty where line n is line n.
        repeats: by the number of a line, how many more of its kind the input has and the text has not.
        cases: the tests that failed, where it is a report of tests.
    """

    name: str
    text: Masked
    numbers: Sequence[int] = field(default=(), repr=False)
    repeats: Mapping[int, int] = field(default_factory=dict, repr=False)
    cases: Sequence[Case] = ()
    shown: list[Masked] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", lines_of(self.text))

    @cached_property
    def bare(self) -> list[str]:
        """The lines as parsers read them: undecorated, and cut where they are very long."""
        lines: list[str] = [*self.shown]
        if len(self.text) > MATCHED_LENGTH and max(map(len, lines)) > MATCHED_LENGTH:
            lines = [line[:MATCHED_LENGTH] for line in lines]
        return bare_lines(lines, self.text)

    def __len__(self) -> int:
        return len(self.shown)

    def number(self, index: int) -> int:
        """The number in the input of a line, counted from 0."""
        return self.numbers[index] if self.numbers else index + 1

    def holding(self, piece: str) -> Iterator[int]:
        """The indices of the lines that hold a piece of text, in order; costs little where few do."""
        at = self.text.find(piece)
        while at >= 0:
            index = bisect_right(self._starts, at) - 1
            yield index
            at = self.text.find(piece, self._starts[index + 1]) if index + 1 < len(self._starts) else -1

    @cached_property
    def _starts(self) -> list[int]:
        """Where in the text each line begins."""
        return list(accumulate((len(line) + 1 for line in self.shown[:-1]), initial=0))

    def trimmed(self, first: int, end: int) -> tuple[int, int]:
        """The span without blank lines at its ends; indices from 0, `end` exclusive."""
        bare = self.bare
        while end - 1 > first and not bare[end - 1].strip():
            end -= 1
        while first < end - 1 and not bare[first].strip():
            first += 1
        return first, end

    def excerpt(self, first: int, end: int) -> Excerpt:
        """The shown lines of a span, indices from 0, `end` exclusive; what the input has between them is one counted cut note.

        The note, whose number is 0, stands for all from the first gap to the last: a block has one cut at most.
        """
        lines, numbers = self.shown[first:end], self.numbers[first:end]
        gaps = [row for row in range(1, len(numbers)) if numbers[row] - numbers[row - 1] > 1]
        if gaps:
            before, after = gaps[0], gaps[-1]
            lines = [*lines[:before], cut_note(numbers[after] - numbers[before - 1] - 1), *lines[after:]]
            numbers = [*numbers[:before], 0, *numbers[after:]]
        elif not numbers or numbers[-1] - numbers[0] == len(numbers) - 1:
            numbers = ()  # they simply follow each other
        return Excerpt(joined(lines), tuple(numbers))

    def origin(self, first: int, end: int) -> Origin:
        """Where a span stands; indices from 0, `end` exclusive."""
        return Origin(self.name, self.number(first), self.number(end - 1))

    def failure(self, span: tuple[int, int], chain: Iterable[Cause], *, language: str, test_id: str = "", phase: str = "") -> Failure:
        """A failure that stands in a span of this log; the last of the chain is the exception that surfaced."""
        first, end = self.trimmed(*span)
        causes = tuple(chain)
        surfaced = causes[-1] if causes else Cause("", "")
        block = self.excerpt(first, end)
        return Failure(
            language=language,
            exception=surfaced.exception,
            message=surfaced.message,
            frames=surfaced.frames,
            chain=causes,
            origin=self.origin(first, end),
            text=block.text,
            numbers=tuple(block.numbers),
            test_id=test_id,
            phase=phase,
            count=1 + self._repeated(first, end),
        )

    def _repeated(self, first: int, end: int) -> int:
        """How many more times the input has what stands in a span, by its line that is repeated most."""
        return max((self.repeats.get(self.number(index), 0) for index in range(first, end)), default=0) if self.repeats else 0


class Taken:
    """Which lines of a log are explained already."""

    def __init__(self, size: int) -> None:
        self._lines = bytearray(size)

    def take(self, first: int, end: int) -> None:
        """Mark a span; indices from 0, `end` exclusive."""
        if end > first:
            self._lines[first:end] = b"\x01" * (end - first)

    @property
    def any(self) -> bool:
        """Whether anything is explained."""
        return any(self._lines)

    def __contains__(self, index: int) -> bool:
        return bool(self._lines[index])


Finder = Callable[[Log, Taken], Iterator[Failure]]
"""Reads the lines of a log that nothing has explained yet, takes those it explains, and tells the failures."""


def frame(path: str, line: int, function: str = "", code: str = "") -> Frame:
    """A frame that knows whose it is."""
    package = package_of(path, function)
    return Frame(path=path, line=line, function=function, code=code.strip(), ours=package is None, package=package or "")


_PACKAGES = Lazy(r"(?:^|[\\/])(?:site-packages|dist-packages)[\\/]([^\\/]+)")
_STANDARD = Lazy(r"(?:^|[\\/])(?:lib(?:64)?[\\/](?:python|pypy)\d[\w.]*|Python\d+(?:-\d+)?[\\/]Lib)[\\/]([^\\/]+)", re.I)
_OTHERS = Lazy(
    r"(?:^|[\\/])(?:hostedtoolcache|node_modules|\.venv|\.tox|\.nox|\.cargo|rustc|gems|pkg[\\/]mod|usr[\\/](?:lib|include|local[\\/]go))[\\/](.+)"
    r"|^(?:node|internal):(.*)"
)
_FROZEN = Lazy(r"<frozen ([\w.]+)>")


def package_of(path: str, function: str = "") -> str | None:
    """The top-level import name of the library a frame belongs to, "" where it has none, None for ours."""
    match = _PACKAGES.search(path) or _STANDARD.search(path) or _FROZEN.match(path)
    if match:
        return match.group(1).split(".")[0]
    if path.startswith("<") or path.endswith((".pyx", ".pxd", ".pxi")):
        return _compiled_package(path, function)
    match = _OTHERS.search(path)
    if match is None:
        return None
    return re.split(r"[\\/@]", (match.group(1) or match.group(2) or "").lstrip("@"))[0]


def _compiled_package(path: str, function: str) -> str:
    if "." in (name := function.rpartition(" ")[2]):
        return name.split(".")[0]
    return path.replace("\\", "/").split("/")[0] if "/" in path or "\\" in path else ""
