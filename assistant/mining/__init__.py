"""Logs to failures: every failure of the input, the gravest first, equal ones told once.

Python's finders read a log first, then those of the other `languages`, then `generic` what nobody explained.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.evidence import Excerpt, Failure
from assistant.mining import generic, order
from assistant.mining.around import error_block, log_around
from assistant.mining.cases import find_cases, without_repeated
from assistant.mining.lines import Finder, Log, Taken
from assistant.mining.novelty import usual
from assistant.mining.passages import Passages, passages
from assistant.mining.pieces import pieces
from assistant.mining.pytest import find_pytest
from assistant.mining.python import find_tracebacks
from assistant.mining.ranking import Found, grouped, ranked
from assistant.mining.salience import line_signs
from assistant.mining.unittest import find_unittest
from assistant.redaction import Redactor
from assistant.sources.source import Source

__all__ = ["PYTHON", "Finder", "Mined", "Passages", "choose", "error_block", "log_around", "mine", "mine_each"]

PYTHON: dict[str, Finder] = {
    "pytest": find_pytest,
    "unittest": find_unittest,
    "python": find_tracebacks,
}
"""The finders that read a log first; `languages` holds those of all other languages and tools, `generic` reads what they leave."""


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
    logs = _masked(sources, redactor)
    found = [one for position, log in enumerate(logs) for one in _find(log, position)]
    found = without_repeated(found, frozenset(log.name for log in logs if log.cases))
    return Mined(tuple(ranked(grouped(found))), {log.name: Excerpt(log.text, log.numbers) for log in logs})


def mine_each(source: Source, redactor: Redactor) -> tuple[list[Failure], Excerpt]:
    """Every single failure of one log, in the order in which they happened, and what is read of the log; equal ones are not told as one."""
    (log,) = _masked((source,), redactor)
    found = sorted(_find(log, 0), key=lambda one: one.order)
    return [one.failure for one in found], Excerpt(log.text, log.numbers)


def choose(sources: Sequence[Source], redactor: Redactor, *, room: int, green: Sequence[Source] = ()) -> Passages:
    """Choose the lines that tell most of a failure.

    Args:
        sources: decoded, control-escaped logs, or what is looked at of them.
        redactor: masks them before anything is read.
        room: how many characters may be taken.
        green: logs of runs that went well.
    """
    logs = _masked((*sources, *green), redactor)
    known = usual([piece for log in logs[len(sources) :] for piece in pieces(log)]) if green else None
    found = [(log, ranked(grouped(_find(log, number)))) for number, log in enumerate(logs[: len(sources)])]
    return passages(found, room=room, usual=known)


def _masked(sources: Sequence[Source], redactor: Redactor) -> list[Log]:
    texts = redactor.mask_all([source.text for source in sources])
    return [Log(source.name, text, source.numbers, source.repeats, source.cases) for source, text in zip(sources, texts, strict=True)]


def _find(log: Log, position: int) -> list[Found]:
    """All failures of one log, with their place in the course of events."""
    if not log.text:
        return []
    taken = Taken(len(log))
    parsed = list(find_cases(log, taken, (*PYTHON.values(), *_others()))) if log.cases else []
    parsed += [failure for find in PYTHON.values() for failure in find(log, taken)]
    if not parsed or generic.suspects(log, taken):
        parsed += [failure for find in _others() for failure in find(log, taken)]
    found = order.in_order(log, parsed, position)
    rest = generic.find_rest(log, taken, found, position)
    return ([_weighed(one, log) for one in found] if rest else found) + rest


def _others() -> tuple[Finder, ...]:
    # late: some 40 modules, and a log that pytest explains whole needs none
    from assistant.mining.languages import LANGUAGES

    return tuple(LANGUAGES.values())


def _weighed(found: Found, log: Log) -> Found:
    """A parsed failure with the weight of its most telling line, so that it can be compared with what no parser knows."""
    origin = found.failure.origin
    rows = Excerpt(log.text, log.numbers).rows(origin.first, origin.last)
    return found._replace(strength=max((sign.weight for sign in line_signs(log)[slice(*rows)]), default=0.0))
