"""Lenses that nearly always fit: what a senior engineer asks when nothing else speaks."""

import re

from assistant.drafting.playbook.facts import Facts, last_part
from assistant.drafting.playbook.lenses.common import (
    again,
    caller,
    calls,
    is_foreign,
    is_test,
    listing,
    pinned,
    quotes,
    release as released,
    suspects,
    third_parties,
    where,
)
from assistant.drafting.playbook.lenses.expectation import ASSERTIONS
from assistant.drafting.playbook.lenses.timing import LEFT_BEHIND, LOCK
from assistant.drafting.playbook.pattern import find
from assistant.drafting.playbook.proposal import NOTHING_ASKED, Asked, Proposal
from assistant.drafting.playbook.quoting import distinct, literal_quote, message_quote
from assistant.drafting.playbook.running import run_again
from assistant.drafting.playbook.wording import clean, sentence_list, shorten
from assistant.evidence import CUT_NOTE

TROUBLE = re.compile(r"(?i)\b(?:error|fatal|failed|cannot|can't|could not|unable|denied|refused|exited|panic|warn(?:ing)?)\b")
STRONG = re.compile(r"(?i)\b(?:fatal|refused|denied|cannot|can't|could not|unable|not found|no such|exited|panic|killed)\b")
PREFIX = re.compile(r"^(?:[\d:.,TZ/+\-\[\]]{4,40}\s{0,3}|(?:error|fatal|warn(?:ing)?|npm err!?)[:\s]{1,3}){1,4}", re.IGNORECASE)
FEWEST_WORDS = 3


def earlier_line(facts: Facts) -> Proposal | None:
    """A line above the error that already reports trouble."""
    line = _earlier_trouble(facts)
    if facts.failure.exception and line in facts.error:
        return None  # the record that the error belongs to, not an earlier one
    if not line or facts.failure.test_id:
        return None
    told = clean(PREFIX.sub("", line.rpartition(" | ")[2]), 120)
    if len(told.split()) < FEWEST_WORDS:
        return None
    return Proposal(
        key="earlier-line",
        score=5.0 if STRONG.search(told) else 3.4,
        theory=f"The error that ends the run follows from an earlier one: the log already says `{told}` before it, so that is where it began.",
        quotes=distinct([literal_quote(facts, shorten(line, 150)), message_quote(facts)]),
        test="Run the failing command again and stop at the first of the two lines; mend only what it names.",
        if_true="With the first one gone the last error does not come.",
        if_false="The first line also stands in green runs.",
        solution="Mend what the earlier line reports, then look whether the last error is still there.",
        asked=Asked(primary=(f"Does the line `{told}` also stand in the log of a green run?",)),
    )


def follow_up(facts: Facts) -> Proposal | None:
    """Another failure of the same run that may have come first."""
    own = facts.exception
    if facts.failure.phase not in {"setup", "teardown"} and not find(f"{LEFT_BEHIND}|{LOCK}", facts.messages):
        return None
    other = next(
        (
            o
            for o in facts.case.others
            if o.evidence and o.exception and last_part(o.exception) != own and o.origin.first < facts.failure.origin.first
        ),
        None,
    )
    if other is None or not own:
        return None
    name, place = clean(last_part(other.exception)), clean(other.test_id, 160)
    where_it_was = f" in `{place}`" if place else ""
    first_line = other.message.split("\n")[0]
    return Proposal(
        key="follow-up",
        score=3.2,
        theory=f"`{own}` is a follow-up: the same run fails earlier with `{name}`{where_it_was}, and what that failure leaves undone (open transactions, rows, half-made objects) makes the later steps fail.",
        quotes=distinct([literal_quote(facts, shorten(first_line, 150)), message_quote(facts)]),
        test=f"{again(facts)} alone in a fresh process, without the step that raises `{name}`.",
        if_true=f"Alone it passes, and it fails again once the step with `{name}` runs before it.",
        if_false=f"It fails alone as well; the two have separate causes, and `{name}` wants its own export.",
        solution=f"Mend the cause of `{name}` first and run everything again before looking at `{own}`.",
        asked=Asked(technical=(f"Can `{name}` leave something behind that leads to `{own}`?",)),
    )


def release(facts: Facts) -> Proposal | None:
    """A dependency that moved."""
    near = [name for name in suspects(facts) if name in facts.messages.lower()]
    inside = facts.innermost is None or not facts.innermost.ours
    package = (
        caller(facts)
        or (clean(facts.library.package) if facts.library and inside and not is_foreign(facts.library.package) else "")
        or (near or _called_packages(facts) or [""])[0]
    )
    if not package:
        return None
    known, pin = facts.version(package), pinned(facts, package)
    how = "was moved to another release" if pin else "or one of its dependencies was upgraded without a pin"
    command = clean(run_again(facts), 200)
    return Proposal(
        key="release",
        score=2.4 if pin else 3.4 if known else 2.8,
        theory=(
            f"{released(facts, package)} {how}, and a newer release changed a behaviour or default that {where(facts) or 'this code'} relies on; "
            "the code itself did not change."
        ),
        quotes=distinct([*quotes(facts), pin]),
        test=f"Compare the installed version (`{listing(facts, package)}`) with that of the last green run; install the older `{package}` in a fresh environment "
        + (f"and run `{command}`." if command else "and run the failing command."),
        if_true=f"The versions differ, and with the older `{package}` it passes.",
        if_false="The versions are the same in both runs.",
        solution=f"Pin `{package}` (and its dependencies, by a lock file) to the last version that worked, then adapt to the new one on purpose.",
        asked=Asked(
            technical=(f"What changed in `{package}` between the version of the last green run and the installed one?",),
            architecture=() if pin else (f"Should a lock file decide when `{package}` moves?",),
        ),
    )


def _called_packages(facts: Facts) -> list[str]:
    """Packages with a known version whose module the failing line of ours calls: compiled ones leave no frame."""
    code = facts.ours.code if facts.ours else ""
    return [name for name in facts.case.versions if re.search(rf"(?<![\w.])_{{0,2}}{re.escape(name.replace('-', '_'))}\.", code)]


def two_packages(facts: Facts) -> Proposal | None:
    """Two packages that are not ours, one of which calls the other in a way it refuses."""
    inner, outer = third_parties(facts)
    if not inner or not outer:
        return None
    return Proposal(
        key="two-packages",
        score=5.6 if facts.version(inner) or facts.version(outer) else 5.2,
        theory=(
            f"{released(facts, outer)} is incompatible with the installed {released(facts, inner)}: it calls `{inner}` in a way that a newer `{inner}` changed or no longer lets pass, "
            f"and neither is code of ours. Pin `{inner}` to the older release, or upgrade `{outer}` to one made for the newer."
        ),
        quotes=distinct([*quotes(facts), pinned(facts, inner), pinned(facts, outer)]),
        test=f"Look which range of `{inner}` the installed `{outer}` declares (`{listing(facts, outer)}`, `python -m pip check`), and run it once with the older `{inner}`.",
        if_true=f"With the older `{inner}` it passes, or `{outer}` declares an older range.",
        if_false=f"It fails with the older `{inner}` too; then what our code hands to `{outer}` is at fault.",
        solution=f"Pin `{inner}` below the release that changed it until `{outer}` supports it.",
        asked=Asked(
            primary=(f"Since which release of `{inner}` does `{outer}` fail in this way?",),
            queries=(f"{outer} {inner} incompatible {facts.exception}".strip(),),
        ),
    )


def own_change(facts: Facts) -> Proposal | None:
    """A recent change of the code in the trace."""
    if facts.ours is None or (is_test(facts.ours) and facts.names & ASSERTIONS):
        return None  # of a failing assertion the lens on expectations says it better
    path = clean(facts.ours.path)
    spec = path if "/" in path or facts.failure.language == "python" else f"'*{path}'"  # some languages' traces name the file alone
    called = calls(facts) if is_test(facts.ours) else []
    what = f"{where(facts)} or what it calls" + (f" ({sentence_list(called)})" if called else "")
    shown = f"git log --stat -15 -- . ':!{path}'" if is_test(facts.ours) else f"git log -p -5 -- {spec}"
    return Proposal(
        key="own-change",
        score=2.6,
        theory=f"A recent change in {what} broke an assumption that the failing path makes.",
        quotes=quotes(facts, facts.ours.code),
        test=f"Run `{shown}` and read the newest changes on the failing path; then run the same command on the commit before them.",
        if_true="The commit before the change passes.",
        if_false="Older commits fail as well; then something outside the repository changed.",
        solution="Correct the change, and keep the failing case as a test.",
        asked=Asked(
            primary=(f"Which change touched {where(facts)} or its callees since it last worked?",),
            architecture=(f"Does {where(facts)} state and check what it relies on?",),
        ),
    )


def step(facts: Facts) -> Proposal | None:
    """A change of what the step works on, where no frame tells more."""
    if facts.ours:
        return None
    told = clean(facts.headline, 80) or clean(facts.exception)
    reports = f"reports `{told}`" if told else "fails"
    return Proposal(
        key="step",
        score=1.9,
        theory=f"A recent change in the repository (code, configuration or build files) broke the step that {reports}; the environment did what it always does.",
        quotes=quotes(facts),
        test="Run `git log --stat -15` and look for files that the failing step reads; run the step on the last commit that worked, in the same environment.",
        if_true="The older commit passes in the same environment.",
        if_false="It fails as well; then something outside the repository changed.",
        solution="Correct that change, or adapt the step to it.",
        asked=Asked(primary=(f"Which files does the step read that reports `{told}`, and which of them changed last?",))
        if told
        else NOTHING_ASKED,
    )


def environment(facts: Facts) -> Proposal | None:
    """Something outside the repository that moved."""
    headline = clean(facts.headline, 80)
    named = f"`{facts.exception}`" if facts.exception else f"`{headline}`" if headline else ""
    about = named or "the failure"
    return Proposal(
        key="environment",
        score=2.0,
        theory=(
            f"The environment of this run differs from one where it works, and {about} is where that shows: another version of the language, tool or base image, an unpinned dependency, "
            "a missing service or setting."
        ),
        quotes=quotes(facts),
        test="Run the same commit once where it last worked and once in a fresh copy of the failing environment, and compare tool versions, installed packages and variable names.",
        if_true="The same commit passes in one and fails in the other; the difference between the two is the cause.",
        if_false="It fails in both; then the cause is in the code or its data.",
        solution="Pin what differs (image, tool, packages) and make the difference part of the repository.",
        asked=Asked(
            primary=(f"Since which run, commit or upgrade does {about} appear?",),
            architecture=(f"Which part of the environment behind {about} is not pinned?",),
        )
        if named
        else NOTHING_ASKED,
    )


def _earlier_trouble(facts: Facts) -> str:
    """The first line of trouble that stands above the headline in the failure's text or log."""
    end = facts.text.find(facts.headline)
    above = facts.text[: facts.text.rfind("\n", 0, max(end, 0)) + 1]
    for line in above.split("\n"):
        plain = line.strip()
        if (
            len(plain.split()) >= FEWEST_WORDS
            and TROUBLE.search(plain)
            and not CUT_NOTE.fullmatch(plain)
            and not plain.startswith(("File ", "raise ", "#"))
        ):
            return plain
    return ""
