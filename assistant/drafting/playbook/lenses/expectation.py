"""Lenses on assertions: what a test expects and what it got."""

import re

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.lenses.common import again, calls, made_by, quotes, where
from assistant.drafting.playbook.lenses.differences import Difference, difference
from assistant.drafting.playbook.proposal import Asked, Proposal
from assistant.drafting.playbook.quoting import distinct, quote_of
from assistant.drafting.playbook.wording import clean, sentence_list
from assistant.evidence import Kind

COMPARED = re.compile(r"assert (?P<actual>[^\n]{1,100}?) == (?P<expected>[^\n]{1,100})")
UNITTEST = re.compile(r"AssertionError: (?P<actual>[^\n]{1,100}?) != (?P<expected>[^\n]{1,100})")
TOLD = re.compile(
    r"(?i)expected:? ?[<\\[\"']?(?P<expected>[^\s,;<>\\[\\]\"']{1,60})[>\\]\"']?[,;]? (?:but was|but got|but:? was|got|actual|received|found):? ?[<\\[\"']?(?P<actual>[^\s,;<>\\[\\]\"']{1,60})"
)
STATUS = re.compile(r"(?:assert|AssertionError:) \(?(?P<actual>[1-5]\d\d) (?:==|!=) (?P<expected>[1-5]\d\d)\b")
SERVER = re.compile(r"\b500\b")
NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?")
DAY = re.compile(r"\b20[0-9]{2}-[01][0-9]-[0-3][0-9]\b|\bdate(?:time)?\(20[0-9]{2}, ?[0-9]{1,2}, ?[0-9]{1,2}|\b(?:today|now|utcnow)\(\)")
NOTHING = re.compile(r"DID NOT (?:RAISE|WARN)(?: (?P<name>[^\n]{1,80}))?")
DEFINED = re.compile(r"^\s{0,40}(?:async )?def (?P<name>\w+)\(", re.MULTILINE)
KNOWN = {
    "401": "authentication: the token, session or header of the request is missing, expired or not accepted any more",
    "403": "authorisation: the caller is known and not allowed (a role, a scope, a CSRF token, another owner)",
    "404": "a route or a row that is not there: another path or prefix, a changed id, data that was not created or is not visible to this transaction",
    "405": "a route that exists for other methods only, or a path that another route catches first",
    "307": "a redirect to the same path with or without its last slash, behind which a body or header can get lost",
    "400": "a request that is not well-formed for the server: a body that is no JSON, a missing header or host, a limit that it states in the body of the answer",
    "409": "a conflict: the row exists already or its state does not allow the step",
    "413": "a body that is larger than a limit: of the application, or of the proxy before it (the body size that it lets pass, as client_max_body_size)",
    "415": "a content type that the route does not take: the body is sent as form or text where JSON is read, or the other way round",
    "422": "validation: a field of body, query or path is missing, named otherwise or of another type than the model declares",
    "429": "a limit or quota: calls are counted under another key, over another period, or reset at another moment than the test expects",
}
"""What an HTTP status says by itself."""

ASSERTIONS = frozenset({"AssertionError", "ComparisonFailure", "AssertionFailedError"})


def expectation(facts: Facts) -> Proposal | None:
    """A value that is not the expected one."""
    told_so = TOLD.search(facts.failure.message[:2000])
    if not told_so and not facts.names & ASSERTIONS and not facts.failure.message.startswith("assert "):
        return None
    compared = COMPARED.search(facts.failure.message) or told_so or UNITTEST.search(facts.error)
    if compared is None and facts.failure.message and not facts.failure.message.startswith("assert "):
        return _own_check(facts)
    values = (clean(compared["actual"]), clean(compared["expected"])) if compared else ("", "")
    told = f"`{values[0]}` where `{values[1]}` is expected" if all(values) else ""
    kind = difference(*values) if told else None
    called, line = calls(facts), facts.ours.code if facts.ours else ""
    source = sentence_list(called)
    return Proposal(
        key="expectation",
        score=6.0,
        theory=(
            f"{where(facts) or 'The test'} gets {told or 'another result than it states'}{': ' + kind.theory if kind else ''}. "
            f"{source or 'The code under test'}, its data or a default it relies on was changed, and the test kept its expectation.{_by_the_day(facts)}"
        ),
        quotes=quotes(facts, compared[0] if compared else "", made_by(facts, line), *_returned(facts, called)),
        test=f"{again(facts, '-x')} at the last commit known to be green, then `git bisect run` with the same command.",
        if_true="The bisection ends at one commit that changes the code or its data.",
        if_false="The test fails at the old commit too; then something outside the repository changed.",
        solution="Decide which is right, the new behaviour or the expectation, and change the other.",
        asked=Asked(
            primary=(f"Which change of {source or 'the code under test'} or of its data leads to {told or f'`{clean(facts.headline)}`'}?",)
            if told or clean(facts.headline)
            else (),
            technical=(f"Which input, setting or default decides what {source} gives here?",) if source else (),
            architecture=(f"Is what {where(facts)} compares a promise to users or a detail of the implementation?",) if facts.ours else (),
            queries=_queries(kind, called, values),
        ),
    )


def _by_the_day(facts: Facts) -> str:
    """What a date that stands in the test says: it passes."""
    line = f"{facts.ours.code if facts.ours else ''}\n{facts.failure.message[:500]}"
    return (
        " Or time has gone on: the test states a fixed date, and the code compares with the current date (today)."
        if DAY.search(line)
        else ""
    )


def _queries(kind: Difference | None, called: list[str], values: tuple[str, str]) -> tuple[str, ...]:
    """What to search for: the kind of difference, else the function and what it gives; nothing for an HTTP status, which has its own."""
    if kind:
        return (kind.query,)
    if not called or all(re.fullmatch(r"[1-5]\d\d", value) for value in values):
        return ()
    what = "number" if NUMBER.fullmatch(values[0]) else "text" if values[0][:1] in ("'", '"') else "result"
    return (f"python {called[0].rpartition('.')[2]} returns unexpected {what} pytest",)


def _own_check(facts: Facts) -> Proposal:
    """An assertion with words of its own: whoever wrote it knew what might go wrong."""
    said = clean(facts.headline)
    return Proposal(
        key="expectation",
        score=6.0,
        theory=(
            f"A check that was written on purpose fails{' in ' + where(facts) if facts.ours else ''}{': `' + said + '`' if said else ''}. What it compares has been changed on one side only: "
            "something was added, removed or computed in another way, and its counterpart was not."
        ),
        quotes=quotes(facts, facts.ours.code if facts.ours else ""),
        test=f"{again(facts, '-x')} at the last commit known to be green, and compare what the message lists with what that commit has.",
        if_true="The older commit passes, and the difference names what was added or changed without its counterpart.",
        if_false="The older commit fails as well; then something outside the repository changed.",
        solution="Bring the two sides that the check compares together again.",
        asked=Asked(primary=(f"Which of the two sides that `{said}` compares was changed last?",) if said else ()),
    )


def _returned(facts: Facts, called: list[str]) -> list[str]:
    """What the functions that the failing line calls return, where the evidence shows their code in full."""
    names = {name.rpartition(".")[2] for name in called}
    found = []
    for piece in facts.case.ledger if names else ():
        head = DEFINED.search(piece.text) if piece.kind is Kind.CODE else None
        lines = [line.strip() for line in piece.text.split("\n") if line.strip().startswith("return ")]
        if head and head["name"] in names and len(lines) == 1:
            found += lines
    return found[:1]


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
        theory=f"The answer `{actual}` in place of `{found['expected']}` comes from {KNOWN.get(actual, why)}.",
        quotes=distinct(
            [
                *quotes(facts, found[0]),
                quote_of(facts, rf"HTTPException\([^\n]{{0,40}}\b{actual}\b|HTTP_{actual}_|status_code\s*=\s*{actual}", kind=Kind.CODE),
            ]
        ),
        test=f"{again(facts, '-x -rA')} and print the response's body next to its status.",
        if_true="The body or the captured log names the refusal or the exception.",
        if_false=f"The body is the normal answer; then the expected status `{found['expected']}` is out of date.",
        solution="Mend what the body names; if the new status is right, change the expectation.",
        asked=Asked(
            primary=(f"Which part of the application answers `{actual}` in place of `{found['expected']}`, and what does the body say?",),
            technical=(f"Under which conditions does the framework itself answer `{actual}` before the handler runs?",),
            queries=(f"HTTP {actual} instead of {found['expected']} {' '.join(_frameworks(facts))} test client",),
        ),
    )


def _frameworks(facts: Facts) -> list[str]:
    return [name for name in ("fastapi", "starlette", "django", "flask") if facts.version(name)][:1]


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
