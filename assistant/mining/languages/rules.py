"""Failures that a tool tells in words of its own: one line that says it, and the lines around that belong to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from assistant.evidence import Cause, Failure
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

MOST_LINES = 60
"""So many lines of a block belong to the line that says it, on either side."""
NOT_A_LINE = Lazy(r"(?!)")

INDENTED = Lazy(r"[ \t]+\S")
"""What goes on with the line above it."""


class Rule(NamedTuple):
    """How a tool words one kind of failure.

    Args:
        marks: pieces of text, one of which every such line holds; they are sought before anything is matched.
        pattern: what such a line looks like, from its start; the groups `code` and `message` are taken out of it where it has them.
        code: the stable word for what went wrong; a code that the line holds stands behind it.
        goes_on: lines below that belong to it.
        leads: lines above that belong to it.
        names: stable words for codes as lines hold them.
    """

    marks: tuple[str, ...]
    pattern: Lazy
    code: str = ""
    goes_on: Lazy = NOT_A_LINE
    leads: Lazy = NOT_A_LINE
    names: Mapping[str, str] = MappingProxyType({})


def find_by_rules(
    log: Log, taken: Taken, language: str, rules: Sequence[Rule], counts: Callable[[int], bool] = lambda _: True
) -> Iterator[Failure]:
    """The failures that the rules of a family tell, in the order of the log; the first rule that fits a line wins.

    Args:
        log: the log.
        taken: its lines that are explained; those of each failure are added.
        language: the family.
        rules: the more specific first.
        counts: whether what the line of an index says is a failure where it stands.
    """
    for index, rule in _candidates(log, rules):
        if index in taken or (match := rule.pattern.match(log.bare[index])) is None or not counts(index):
            continue
        first, end = span(log, taken, index, rule)
        said = match.groupdict()
        code = said.get("code") or ""
        exception = " ".join(filter(None, (rule.code, rule.names.get(code, code))))
        taken.take(first, end)
        yield log.failure((first, end), (Cause(exception, (said.get("message") or log.bare[index]).strip()),), language=language)


def _candidates(log: Log, rules: Sequence[Rule]) -> list[tuple[int, Rule]]:
    """Lines with the rules that may fit them, in the order of the log."""
    found = [(index, number) for number, rule in enumerate(rules) for mark in rule.marks for index in log.holding(mark)]
    return [(index, rules[number]) for index, number in sorted(set(found))]


def span(log: Log, taken: Taken, index: int, rule: Rule) -> tuple[int, int]:
    """The lines that belong to a line; `end` exclusive."""
    first, end = index, index + 1
    while first > max(0, index - MOST_LINES) and first - 1 not in taken and rule.leads.match(log.bare[first - 1]):
        first -= 1
    while end < min(len(log), index + MOST_LINES) and end not in taken and rule.goes_on.match(log.bare[end]):
        end += 1
    return first, end
