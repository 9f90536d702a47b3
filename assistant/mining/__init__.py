"""Logs to failures: every failure of the input, the gravest first, equal ones told once.

One finder a language family; `LANGUAGES` holds them in the order in which they may explain a line.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from assistant.evidence import Excerpt, Failure
from assistant.mining import generic, order
from assistant.mining.around import error_block, log_around
from assistant.mining.cases import find_cases, without_repeated
from assistant.mining.lines import Log, Taken
from assistant.mining.pytest import find_pytest
from assistant.mining.python import find_tracebacks
from assistant.mining.ranking import Found, grouped, ranked
from assistant.mining.unittest import find_unittest
from assistant.redaction import Redactor
from assistant.sources.source import Source

__all__ = ["LANGUAGES", "Finder", "Mined", "error_block", "log_around", "mine"]

Finder = Callable[[Log, Taken], Iterator[Failure]]
"""Reads the lines of a log that nothing has explained yet, takes those it explains, and tells the failures."""

LANGUAGES: dict[str, Finder] = {
    "pytest": find_pytest,
    "unittest": find_unittest,
    "python": find_tracebacks,
}
"""The finders by language family; what they leave is read by `generic`."""


class Mined(NamedTuple):
    """What the logs say.

    Args:
        failures: equal ones told once, gravest first.
        logs: what is read of each source, masked, by name.
        notes: what was left out of them.
    """

    failures: tuple[Failure, ...]
    logs: Mapping[str, Excerpt]
    notes: tuple[str, ...] = ()


def mine(sources: Sequence[Source], redactor: Redactor) -> Mined:
    """Find the failures in logs.

    Args:
        sources: decoded, control-escaped logs, or what is looked at of them.
        redactor: masks them, all together, before anything is parsed.
    """
    masked = redactor.mask_all([source.text for source in sources])
    logs = [Log(source.name, text, source.numbers, source.repeats, source.cases) for source, text in zip(sources, masked, strict=True)]
    found = [one for position, log in enumerate(logs) for one in _find(log, position)]
    found = without_repeated(found, frozenset(log.name for log in logs if log.cases))
    return Mined(tuple(ranked(grouped(found))), {log.name: Excerpt(log.text, log.numbers) for log in logs})


def _find(log: Log, position: int) -> list[Found]:
    """All failures of one log, with their place in the course of events."""
    if not log.text:
        return []
    taken = Taken(len(log))
    parsed = list(find_cases(log, taken, tuple(LANGUAGES.values())))
    parsed += [failure for find in LANGUAGES.values() for failure in find(log, taken)]
    found = order.in_order(log, parsed, position)
    return found + generic.find_rest(log, taken, found, position)
