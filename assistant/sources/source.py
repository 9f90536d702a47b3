"""The value that reading an input gives: what of it is looked at, as text whose lines know their numbers."""

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple


class Case(NamedTuple):
    """A test that failed, in the text that a report of tests was made to; rows are counted from 0, ends exclusive.

    Args:
        first: the row `FAILED id` or `ERROR id`.
        end: where its message and trace end.
        last: where what it printed ends.
        phase: as in `Failure.phase`.
        exception: the type that the report gives; empty where it gives none. Not masked: to look it up in the text, not to show it.
        pytest: whether pytest wrote the trace.
    """

    first: int
    end: int
    last: int
    phase: str = "call"
    exception: str = ""
    pytest: bool = False


def test_digest(name: str) -> int:
    """A number of 64 bits for the name of a test: of tests that passed no more is kept."""
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest())


class Source(NamedTuple):
    """What of one input is looked at: all of a small one, of a big one the lines that matter.

    Args:
        name: how a reader finds it: relative to the current folder, else its base name; `stdin` for `-`; `archive.zip!member`.
        text: decoded, control-escaped, LF between the lines.
        notes: what was cut, left out or changed while reading it.
        numbers: the number in the input of each line of the text, ascending; several may share one; empty where line n is line n.
        total: how many lines the input has, where that is more than the text has.
        repeats: by the number of a line, how many more lines that are alike but for numbers the input has and the text has not.
        cases: the tests that failed, where the input is a report of tests.
        passed: digests of the names of the tests that passed, where it is one.
    """

    name: str
    text: str
    notes: tuple[str, ...] = ()
    numbers: Sequence[int] = ()
    total: int = 0
    repeats: Mapping[int, int] = MappingProxyType({})
    cases: tuple[Case, ...] = ()
    passed: Sequence[int] = ()

    @property
    def lines(self) -> int:
        """How many lines the input has."""
        return self.total or self.text.count("\n") + (self.text != "" and not self.text.endswith("\n"))


class Inputs(NamedTuple):
    """All inputs of one call, and what was skipped or cut on the way."""

    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
