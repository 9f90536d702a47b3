"""Parts of masked text are masked text: taking lines and putting them together again."""

import textwrap
from collections.abc import Iterable

from assistant.evidence import Masked


def lines_of(text: Masked) -> list[Masked]:
    """The lines of a masked text."""
    return [Masked(line) for line in text.split("\n")]


def joined(lines: Iterable[Masked]) -> Masked:
    """Masked lines as one masked text."""
    return Masked("\n".join(lines))


def cut_note(count: int) -> Masked:
    """The line that stands where lines were left out."""
    return Masked(f"[… {count} {'line' if count == 1 else 'lines'} cut …]")


def part(line: Masked, first: int, end: int) -> Masked:
    """The characters of a masked line from the first to before the end."""
    return Masked(line[first:end])


def dedented(text: Masked) -> Masked:
    """Masked lines without the blanks that all of them begin with."""
    return Masked(textwrap.dedent(text))
