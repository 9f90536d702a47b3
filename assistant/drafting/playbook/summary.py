"""Title, severity, the first paragraph, success criteria and the acceptance test."""

import ast
import json
import re

from assistant.checking.items import TITLE_LIMIT
from assistant.drafting.playbook.facts import Facts, last_part
from assistant.drafting.playbook.lenses.common import place
from assistant.drafting.playbook.matching import Match
from assistant.drafting.playbook.proposal import Proposal
from assistant.drafting.playbook.rules import SEVERITIES
from assistant.drafting.playbook.running import PYTEST_ID
from assistant.drafting.playbook.steps import failed_step, only_ended
from assistant.drafting.playbook.wording import MESSAGE_LIMIT, clause, clean, shorten, without_tail

TESTS_SHOWN = 5
SEVERAL = 2
CODE_SHOWN = 90
NO_MODULE = re.compile(
    r"No module named '(?P<module>[A-Za-z_][\w.]*)'|from (?:partially initialized module )?'(?P<source>[A-Za-z_][\w.]*)'"
)
IMPORT_FAILURES = frozenset({"ModuleNotFoundError", "ImportError"})
SERVER_ERROR = re.compile(r"\b500\b")


def title(facts: Facts) -> str:
    """The failure in one line, without markup."""
    message = " ".join(facts.headline.replace("`", "").split())
    subject = facts.exception or facts.failure.test_id.rpartition("::")[2]
    if only_ended(facts):
        subject = failed_step(facts)
    named = subject and not message.startswith((subject, facts.failure.exception or subject))
    whole = f"{subject}: {message}" if named and message else message or subject or "Failure without a message"
    return whole if len(whole) <= TITLE_LIMIT else clause(whole, TITLE_LIMIT) or shorten(whole, TITLE_LIMIT - 2) + " …"


def severity(facts: Facts, matches: tuple[Match, ...]) -> str:
    """A proposal: what stops everything is Blocking, several tests or server errors High, a trapped warning Low."""
    failure = facts.failure
    proposed = next((match.rule.severity for match in matches if match.rule.severity), "")
    if failure.phase == "collection" or (not failure.test_id and facts.names & IMPORT_FAILURES):
        found = "Blocking"
    elif failure.count > SEVERAL or len(failure.test_ids) > SEVERAL or SERVER_ERROR.search(facts.messages[:400]):
        found = "High"
    else:
        found = "Medium" if failure.test_id else "High"
    if proposed == "Low":
        return "Low" if found != "Blocking" else found
    return max(found, proposed, key=lambda name: SEVERITIES.index(name) if name else -1)


def brief_description(facts: Facts, questions: tuple[str, ...]) -> str:
    """What broke and where, what the error says, and what is asked."""
    failure, cited = facts.failure, f" ({facts.failure.evidence})" if facts.failure.evidence else ""
    name, message = clean(facts.exception), clean(facts.headline, MESSAGE_LIMIT)
    told = f" with `{name}`" if name else ""
    sentences = [
        f"{_what_broke(facts)}{told}{cited}.",
        f"The error says: `{message}`{cited}." if message else "",
        _where(facts),
        *_how_many(facts),
    ]
    cause = failure.cause
    began = clean(without_tail(cause.message.split("\n")[0]), MESSAGE_LIMIT)
    if (
        cause.exception
        and last_part(cause.exception) in facts.error
        and last_part(cause.exception) != facts.exception
        and began
        and began not in message
    ):
        sentences.append(f"It began with `{clean(last_part(cause.exception))}`: `{began}`{cited}.")
    if questions:
        sentences.append(f"What we want to know: {questions[0]}")
    return " ".join(filter(None, sentences))


def success_criteria(facts: Facts, proposals: tuple[Proposal, ...]) -> tuple[str, ...]:
    """The failing tests, then the behaviour that is wanted."""
    cited = f" ({facts.failure.evidence})" if facts.failure.evidence else ""
    tests = [marked for test in facts.failure.test_ids if (marked := clean(test, 300))]
    found = [f"`{test}` passes{cited}" for test in tests[:TESTS_SHOWN]]
    if len(tests) > TESTS_SHOWN:
        found.append(f"The other {len(tests) - TESTS_SHOWN} tests that fail the same way pass{cited}")
    behaviour = next((text for proposal in proposals for text in proposal.asked.criteria), "")
    about = clean(facts.exception) or clean(facts.headline, MESSAGE_LIMIT)
    if behaviour:
        found.append(behaviour)
    elif tests:
        found.append(f"The tests that pass in this run still pass{cited}")
    elif about:
        found.append(f"The step that failed runs to its end and its log no longer shows `{about}`{cited}")
    return tuple(found)


def acceptance_test(facts: Facts) -> str | None:
    """A test that fails today and passes when it is solved; None where nothing can be run."""
    test = facts.failure.test_id
    imported = NO_MODULE.search(facts.messages) if facts.names & IMPORT_FAILURES else None
    if PYTEST_ID.match(test):
        lines = [
            "import subprocess",
            "import sys",
            "",
            f'run = subprocess.run([sys.executable, "-m", "pytest", "-q", {json.dumps(test)}])',
            "assert run.returncode == 0",
        ]
    elif imported:
        module = imported["module"] or imported["source"]
        lines = ["import importlib", "", f"assert importlib.import_module({json.dumps(module)})"]
    else:
        return None
    body = "\n".join(f"    {line}" if line else "" for line in lines)
    source = f'def test_solution():\n    """This test passes when the problem is solved."""\n{body}\n'
    return source if _parses(source) else None


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def _what_broke(facts: Facts) -> str:
    failure = facts.failure
    test = clean(failure.test_id, 200)
    if failure.phase == "collection":
        return f"pytest cannot load the tests in `{test}`: the import ends" if test else "pytest cannot start: loading the test set-up ends"
    if not test:
        log = clean(failure.origin.path)
        return f"The run logged in `{log}` fails" if log else "The run fails"
    return f"The test `{test}` fails" + (f" in its {failure.phase}" if failure.phase in {"setup", "teardown"} else "")


def _how_many(facts: Facts) -> list[str]:
    more = max(facts.failure.count, len(facts.failure.test_ids)) - 1
    what = "test file" if facts.failure.phase == "collection" else "test"
    return [f"{more} more {what}{'s fail' if more > 1 else ' fails'} in the same way."] if more > 0 and facts.failure.test_id else []


def _where(facts: Facts) -> str:
    """Our last line before the error, and whose code raised it."""
    frame, library = facts.ours, facts.library
    package = clean(library.package) if library and facts.innermost and not facts.innermost.ours else ""
    if frame is None:
        return f"The error is raised inside `{package}`." if package else ""
    at = f"{place(frame)}{f', line {frame.line}' if frame.line else ''}"
    code = clean(frame.code)
    runs = f" (`{code}`)" if code and len(code) <= CODE_SHOWN and not code.endswith("(") else ""
    return f"The last line of our code is in {at}{runs}{f'; the error is raised inside `{package}`' if package else ''}."
