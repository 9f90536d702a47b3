"""Logs to failures: every failure of the input, the gravest first, equal ones told once.

One finder a language family; `LANGUAGES` holds them in the order in which they may explain a line.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from assistant.evidence import Excerpt, Failure
from assistant.mining import generic, javascript, jvm, order
from assistant.mining.ansible import find_ansible
from assistant.mining.around import error_block, log_around
from assistant.mining.ci import find_ci
from assistant.mining.cmake import find_cmake
from assistant.mining.compilers import find_compilers, find_linkers
from assistant.mining.csharp import find_csharp
from assistant.mining.docker import find_docker
from assistant.mining.git import find_git
from assistant.mining.go import find_go
from assistant.mining.gradle import find_gradle, find_gradle_builds
from assistant.mining.gtest import find_gtest
from assistant.mining.installers import find_installers
from assistant.mining.javac import find_javac
from assistant.mining.jest import find_jest, find_vitest
from assistant.mining.junit import find_junit
from assistant.mining.kubernetes import find_kubernetes
from assistant.mining.lines import Log, Taken
from assistant.mining.maven import find_maven
from assistant.mining.mocha import find_jasmine, find_karma, find_mocha, find_node_test, find_playwright
from assistant.mining.mozharness import find_mozharness
from assistant.mining.native import find_native
from assistant.mining.novelty import usual
from assistant.mining.npm import find_npm
from assistant.mining.packages import find_packages
from assistant.mining.passages import Passages, passages
from assistant.mining.php import find_php
from assistant.mining.pieces import pieces
from assistant.mining.postgresql import find_postgresql
from assistant.mining.pytest import find_pytest
from assistant.mining.python import find_tracebacks
from assistant.mining.ranking import Found, grouped, ranked
from assistant.mining.ruby import find_ruby
from assistant.mining.rust import find_rust
from assistant.mining.salience import line_signs
from assistant.mining.shell import find_shell
from assistant.mining.sql import find_sql
from assistant.mining.surefire import find_surefire
from assistant.mining.tap import find_tap
from assistant.mining.terraform import find_terraform
from assistant.mining.typescript import find_bundlers, find_eslint, find_typescript
from assistant.mining.unittest import find_unittest
from assistant.redaction import Redactor
from assistant.sources.source import Source

__all__ = ["LANGUAGES", "Finder", "Mined", "Passages", "choose", "error_block", "log_around", "mine"]

Finder = Callable[[Log, Taken], Iterator[Failure]]
"""Reads the lines of a log that nothing has explained yet, takes those it explains, and tells the failures."""

LANGUAGES: dict[str, Finder] = {
    "pytest": find_pytest,
    "unittest": find_unittest,
    "python": find_tracebacks,
    "jest": find_jest,
    "vitest": find_vitest,
    "playwright": find_playwright,
    "mocha": find_mocha,
    "jasmine": find_jasmine,
    "karma": find_karma,
    "node test": find_node_test,
    "tap": find_tap,
    "surefire": find_surefire,
    "gradle": find_gradle,
    "junit": find_junit,
    "go": find_go,
    "rust": find_rust,
    "c and c++ tests": find_gtest,
    "csharp": find_csharp,
    "ruby": find_ruby,
    "php": find_php,
    "javac": find_javac,
    "typescript": find_typescript,
    "eslint": find_eslint,
    "bundlers": find_bundlers,
    "compilers": find_compilers,
    "linkers": find_linkers,
    "cmake": find_cmake,
    "native": find_native,
    "npm": find_npm,
    "maven": find_maven,
    "gradle builds": find_gradle_builds,
    "jvm": jvm.find_thrown,
    "javascript": javascript.find_thrown,
    "mozharness": find_mozharness,
    "terraform": find_terraform,
    "ansible": find_ansible,
    "postgresql": find_postgresql,
    "sql": find_sql,
    "kubernetes": find_kubernetes,
    "packages": find_packages,
    "installers": find_installers,
    "docker": find_docker,
    "git": find_git,
    "shell": find_shell,
    "ci": find_ci,
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
    logs = _masked(sources, redactor)
    found = [one for position, log in enumerate(logs) for one in _find(log, position)]
    return Mined(tuple(ranked(grouped(found))), {log.name: Excerpt(log.text, log.numbers) for log in logs})


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
    return [Log(source.name, text, source.numbers, source.repeats) for source, text in zip(sources, texts, strict=True)]


def _find(log: Log, position: int) -> list[Found]:
    """All failures of one log, with their place in the course of events."""
    if not log.text:
        return []
    taken = Taken(len(log))
    parsed = [failure for find in LANGUAGES.values() for failure in find(log, taken)]
    found = order.in_order(log, parsed, position)
    rest = generic.find_rest(log, taken, found, position)
    return ([_weighed(one, log) for one in found] if rest else found) + rest


def _weighed(found: Found, log: Log) -> Found:
    """A parsed failure with the weight of its most telling line, so that it can be compared with what no parser knows."""
    origin = found.failure.origin
    rows = Excerpt(log.text, log.numbers).rows(origin.first, origin.last)
    return found._replace(strength=max((sign.weight for sign in line_signs(log)[slice(*rows)]), default=0.0))
