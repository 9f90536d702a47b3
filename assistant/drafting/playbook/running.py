"""The command that runs one failing test again, in the words of its own test runner."""

import re
import shlex
from typing import NamedTuple

from assistant.drafting.playbook.facts import Facts

PYTEST_ID = re.compile(r"[\w./\-]+\.py(?:::|$)")
_DOTTED = re.compile(r"[\w.$]+")
_METHOD = re.compile(r"(?:[\w$]+\.)*([A-Z][\w$]*)[.#](\w+)(?:\(.*)?")
_OWNED = re.compile(r"(\w+)(?:\[.*\])?\((?:[\w$]+\.)*([A-Z][\w$]*)\)")


class Runner(NamedTuple):
    """How a test runner is asked for one test.

    Args:
        mark: what its logs hold; empty for any.
        command: `{test}` stands for the quoted test.
    """

    mark: str
    command: str


_JVM = (
    Runner("gradle", "./gradlew test --tests {plain}"),
    Runner("> task :", "./gradlew test --tests {plain}"),
    Runner("[junit]", "ant test -Dtest={test}"),
    Runner("sbt", "sbt {test_only}"),
    Runner("", "mvn test -Dtest={method}"),
)
RUNNERS = {
    "go": (Runner("", "go test -count=1 -run {pattern} ./..."),),
    "rust": (Runner("nextest", "cargo nextest run {test}"), Runner("", "cargo test {test}")),
    "java": _JVM,
    "kotlin": _JVM,
    "scala": _JVM,
    "javascript": (
        Runner("vitest", "npx vitest run -t {test}"),
        Runner("mocha", "npx mocha -g {test}"),
        Runner("# subtest", "node --test --test-name-pattern={test}"),
        Runner("jest", "npx jest -t {test}"),
    ),
    "csharp": (Runner("", "dotnet test --filter {contains}"),),
    "ruby": (Runner("rspec", "bundle exec rspec -e {test}"), Runner("", "bundle exec rake test TESTOPTS={named}")),
    "php": (Runner("", "vendor/bin/phpunit --filter {test}"),),
    "c++": (Runner("", "ctest --output-on-failure -R {test}"),),
}  # fmt: skip
RUNNERS["typescript"] = RUNNERS["javascript"]


def run_again(facts: Facts, options: str = "") -> str:
    """The command that runs the failing test once more; empty where no test or no runner is known.

    Args:
        facts: whose failing test it is.
        options: for pytest, where that runs it.
    """
    test, language = facts.failure.test_id, facts.failure.language
    if not test:
        return ""
    if PYTEST_ID.match(test):
        return " ".join(filter(None, ["python -m pytest", options, shlex.quote(test)]))
    if language == "python":
        return f"python -m unittest {shlex.quote(test)}" if _DOTTED.fullmatch(test) else f"python -m pytest -k {shlex.quote(test)}"
    text = facts.text.lower()
    if language == "java" and " > " in test:
        text += "gradle"  # no other runner writes a test so
    runner = next((one for one in RUNNERS.get(language, ()) if one.mark in text), None)
    return runner.command.format(**_forms(test)) if runner else ""


def _forms(test: str) -> dict[str, str]:
    """A test as the runners want it named."""
    found = _METHOD.fullmatch(test)
    owned = _OWNED.fullmatch(test)
    owner, method = (found[1], found[2]) if found else (owned[2], owned[1]) if owned else ("", "")
    return {
        "test": shlex.quote(test),
        "plain": shlex.quote(re.sub(r"\[.*", "*", test.rpartition(" > ")[2])),
        "method": shlex.quote(f"{owner}#{method}" if owner else test),
        "pattern": shlex.quote("/".join(f"^{part}$" for part in test.rpartition(".")[2].split("/"))),
        "contains": shlex.quote(f"FullyQualifiedName~{test}"),
        "named": shlex.quote(f"--name={test}"),
        "test_only": shlex.quote(f"testOnly *{owner or test}"),
    }
