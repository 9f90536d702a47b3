"""Lenses on assertions: what a test expects and what it got."""

import re

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.lenses.common import again, calls, quotes, where
from assistant.drafting.playbook.proposal import Asked, Proposal
from assistant.drafting.playbook.wording import clean, sentence_list

COMPARED = re.compile(r"assert (?P<actual>[^\n]{1,100}?) == (?P<expected>[^\n]{1,100})")
UNITTEST = re.compile(r"AssertionError: (?P<actual>[^\n]{1,100}?) != (?P<expected>[^\n]{1,100})")
TOLD = re.compile(
    r"(?i)expected:? ?[<\\[\"']?(?P<expected>[^\s,;<>\\[\\]\"']{1,60})[>\\]\"']?[,;]? (?:but was|but got|but:? was|got|actual|received|found):? ?[<\\[\"']?(?P<actual>[^\s,;<>\\[\\]\"']{1,60})"
)
STATUS = re.compile(r"(?:assert|AssertionError:) \(?(?P<actual>[1-5]\d\d) (?:==|!=) (?P<expected>[1-5]\d\d)\b")
SERVER = re.compile(r"\b500\b")
NOTHING = re.compile(r"DID NOT (?:RAISE|WARN)(?: (?P<name>[^\n]{1,80}))?")


ASSERTIONS = frozenset({"AssertionError", "ComparisonFailure", "AssertionFailedError"})


def expectation(facts: Facts) -> Proposal | None:
    """A value that is not the expected one."""
    told_so = TOLD.search(facts.failure.message[:2000])
    if not told_so and not facts.names & ASSERTIONS and not facts.failure.message.startswith("assert "):
        return None
    compared = COMPARED.search(facts.failure.message) or told_so or COMPARED.search(facts.error) or UNITTEST.search(facts.error)
    called = calls(facts)
    source = f"the result of {sentence_list(called)}" if called else "the code, its data or a default it relies on"
    told = (
        f"`{clean(compared['actual'])}` where `{clean(compared['expected'])}` is expected"
        if compared and clean(compared["actual"]) and clean(compared["expected"])
        else ""
    )
    return Proposal(
        key="expectation",
        score=6.0,
        theory=(
            f"The behaviour under test changed while the test kept its expectation: {where(facts) or 'the test'} gets {told or 'another result than it states'}, "
            f"because {source} is another one now."
        ),
        quotes=quotes(facts, compared[0] if compared else ""),
        test=f"{again(facts, '-x')} at the last commit known to be green, then `git bisect run` with the same command.",
        if_true="The bisection ends at one commit that changes the code or its data.",
        if_false="The test fails at the old commit too; then something outside the repository changed.",
        solution="Decide which is right, the new behaviour or the expectation, and change the other.",
        asked=Asked(
            primary=(
                f"What changed the result that {where(facts) or 'the test'} compares{': ' + told if told else ''}?"
                if facts.ours or told
                else f"What changed the result that `{facts.exception}` reports?",
            ),
            architecture=(
                f"Is the value that {where(facts) or f'`{facts.exception}`'} compares a promise to users or a detail of the implementation?",
            ),
        ),
    )


def status(facts: Facts) -> Proposal | None:
    """An HTTP status that is not the expected one."""
    found = STATUS.search(facts.failure.message) or STATUS.search(facts.error)
    if found is None:
        return None
    actual = found["actual"]
    why = {
        "5": "an exception inside the handler that the server turned into an error response; the traceback in the captured log is the real one",
        "4": "the request being refused before or in the handler (route, authentication, validation of body, query or headers)",
        "3": "a redirect, as from a changed path or a missing slash",
    }.get(actual[0], "another branch of the handler than the test expects")
    return Proposal(
        key="status",
        score=6.5,
        theory=f"The answer `{actual}` in place of `{found['expected']}` comes from {why}.",
        quotes=quotes(facts, found[0]),
        test=f"{again(facts, '-x -rA')} and print the response's body next to its status.",
        if_true="The body or the captured log names the refusal or the exception.",
        if_false=f"The body is the normal answer; then the expected status `{found['expected']}` is out of date.",
        solution="Mend what the body names; if the new status is right, change the expectation.",
        asked=Asked(
            primary=(f"Which part of the application answers `{actual}` in place of `{found['expected']}`, and what does the body say?",),
            technical=(f"Under which conditions does the framework itself answer `{actual}` before the handler runs?",),
        ),
    )


def raised_nothing(facts: Facts) -> Proposal | None:
    """An expected exception that did not come."""
    found = NOTHING.search(facts.messages)
    if found is None:
        return None
    name = clean(found["name"] or "")
    what = f"`{name}`" if name else "the expected exception"
    return Proposal(
        key="raised-nothing",
        score=6.5,
        theory=(
            f"The code no longer refuses what the test gives it: {what} is not raised because the check was removed, moved, or now happens later (or only with another setting)."
        ),
        quotes=quotes(facts, found[0]),
        test=f"{again(facts, '-x')} at the last green commit and compare the code path of the call inside the `raises` block.",
        if_true="The older code raises on that path.",
        if_false="Neither version raises; the test's input no longer reaches the check.",
        solution="Restore the check, or state the new behaviour in the test.",
        asked=Asked(
            primary=(
                f"Which check should raise {what}, and is it reached?"
                if name
                else "Which check should raise, and is it reached (`DID NOT RAISE`)?",
            )
        ),
    )
