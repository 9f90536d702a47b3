"""Which rules fit a case, and how specifically."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.pattern import find
from assistant.drafting.playbook.rules import Rule, When
from assistant.drafting.playbook.versions import in_range

WEIGHTS = {"language": 0.5, "exception": 1.0, "message": 2.0, "text": 2.0, "frame": 1.5, "code": 2.0, "ran": 2.0, "package": 1.0}

COMPARISONS = frozenset({"AssertionError", "ComparisonFailure", "AssertionFailedError"})
UNTELLING = frozenset({"AssertionError", "SystemExit", "Failed", "Exit"})
"""Exceptions that say nothing of the cause: what stands beside them in the failure's own block tells more."""

ELSEWHERE = 1.0
"""What a text counts that stands in the log around and not in the failure itself."""


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fits.

    Args:
        rule: the rule.
        weight: how specifically it fits.
        groups: the named groups of its patterns.
    """

    rule: Rule
    weight: float
    groups: dict[str, str] = field(default_factory=dict)


def matching(rules: Iterable[Rule], facts: Facts) -> tuple[Match, ...]:
    """The rules that fit, the most specific first, families behind all that know the very message."""
    found = [match for rule in rules if (match := match_rule(rule, facts))]
    return tuple(sorted(found, key=lambda match: (match.rule.family, -match.weight)))


def match_rule(rule: Rule, facts: Facts) -> Match | None:
    """Whether a rule fits: all of `when` holds and nothing of `unless`."""
    held = _all_of(rule.when, facts)
    if held is None or _any_of(rule.unless, facts) or (rule.family and _only_elsewhere(rule.when, facts)):
        return None
    weight, groups = held
    return Match(rule, weight, groups)


def _only_elsewhere(when: When, facts: Facts) -> bool:
    """Whether an exception is known and what fits a family does not stand in its block: a whole kind is not told by a line beside it."""
    raised = "\n".join(f"{cause.exception}: {cause.message}" for cause in facts.failure.chain)
    told = facts.error if facts.failure.language == "text" or facts.exception in UNTELLING else f"{raised}\n{' '.join(facts.names)}"
    return bool(facts.exception and when.text) and find(when.text, f"{facts.messages}\n{told}") is None


def _all_of(when: When, facts: Facts) -> tuple[float, dict[str, str]] | None:
    """The weight and groups if every given condition holds; cheap conditions come first."""
    weight = 0.0
    groups: dict[str, str] = {}
    if when.language:
        if when.language != facts.failure.language:
            return None
        weight += WEIGHTS["language"]
    if when.exception:
        if not facts.names.intersection(when.exception):
            return None
        weight += WEIGHTS["exception"]
    for name, spec in when.package:
        fits = _package(facts, name, spec)
        if fits is False:
            return None
        weight += WEIGHTS["package"] if fits else 0.0
    for key, pattern, text in _searched(when, facts):
        match = find(pattern, text)
        if match is None:
            return None
        weight += ELSEWHERE if key == "text" and _beside(pattern, match.start(), facts) else WEIGHTS[key]
        groups.update({name: value for name, value in match.groupdict().items() if value})
    return weight, groups


def _beside(pattern: str, at: int, facts: Facts) -> bool:
    """Whether a text stands beside the failure: in the log around it, or in what a test compares, as values that a failed assertion shows."""
    if at >= len(facts.error):
        return True
    return bool(facts.names & COMPARISONS) and find(pattern, facts.messages) is None


def _any_of(unless: When, facts: Facts) -> bool:
    if unless.language and unless.language == facts.failure.language:
        return True
    if facts.names.intersection(unless.exception):
        return True
    if any(_package(facts, name, spec) for name, spec in unless.package):
        return True
    return any(find(pattern, text) for _, pattern, text in _searched(unless, facts))


def _searched(when: When, facts: Facts) -> list[tuple[str, str, str]]:
    wanted = [
        ("message", when.message, facts.messages),
        ("text", when.text, facts.text),
        ("frame", when.frame, facts.places),
        ("code", when.code, facts.code),
        ("ran", when.ran, facts.ran),
    ]
    return [one for one in wanted if one[1]]


def _package(facts: Facts, name: str, spec: str) -> bool | None:
    """Whether the known version is in the range; None where none is known."""
    known = facts.version(name)
    return in_range(known.value, spec) if known else None
