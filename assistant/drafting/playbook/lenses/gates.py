"""Lenses on steps that fail on purpose: a check that refuses, and says in its own words what it wants."""

import re

from assistant.drafting.playbook.facts import STAMP, Facts
from assistant.drafting.playbook.lenses.common import quotes
from assistant.drafting.playbook.pattern import find
from assistant.drafting.playbook.proposal import Asked, Proposal
from assistant.drafting.playbook.steps import failed_step, only_ended
from assistant.drafting.playbook.wording import clause, clean

WANTED = (
    r"[^\n]{0,200}?\b(?:[Pp]lease (?:add|run|update|commit|fix|regenerate|rebase|format|remove|use|install|set|bump|sign)\b"
    r"|[Rr]un [`'\"][^`'\"\n]{2,80}[`'\"] (?:to|and) |needs? (?:to be )?(?:reformatt|formatt|regenerat|updat)|would (?:be )?reformat|[Nn]ot (?:up to date|formatted)"
    r"|[Ff]ound \d{1,6} (?:fixable|vulnerabilit)|\d{1,6} vulnerabilities found|differs? from|[Uu]ncommitted changes|is out of date|below (?:the )?threshold)[^\n]{0,200}"
)
"""What a check asks of the author."""


def refused(facts: Facts) -> Proposal | None:
    """A check that found what it looks for: nothing is broken, something was not done."""
    if facts.exception or facts.failure.test_id:
        return None
    found = find(WANTED, facts.messages) or (find(WANTED, facts.error) if only_ended(facts) else None)
    if found is None:
        return None
    step, line = failed_step(facts), STAMP.sub("", found[0].strip(), count=1)
    said = clean(clause(" ".join(line.split()), 160) or line, 160)
    who = f"The step `{step}`" if step else "A check of this job"
    return Proposal(
        key="refused",
        score=6.4,
        theory=f"{who} refuses the change on purpose: `{said}`. What it asks for was not done in this commit, or a new release of the check asks for more than before.",
        quotes=quotes(facts, line),
        test=f"{_run(step)} in a clean checkout of this commit, do what it asks, and run it again.",
        if_true="It fails in the same way at first, and passes when that is done.",
        if_false="It passes in the clean checkout; then the job runs another version of the tool or of the files.",
        solution="Do what the check asks for and commit it, or pin the check's version where its rules moved.",
        asked=Asked(
            primary=(f"Is what the check asks for (`{said}`) new, and since which commit or release?",) if said else (),
            technical=(f"Which version of the tool behind `{step}` ran here, and which in the last green run?",) if step else (),
        ),
    )


def ended(facts: Facts) -> Proposal | None:
    """A step that ended with an error code and did not say why in words of error."""
    step = failed_step(facts)
    if not only_ended(facts) or not step:
        return None
    last = _last_words(facts)
    return Proposal(
        key="ended",
        score=4.6,
        theory=f"`{step}` itself decided to fail: the reason is in what it printed before the last line{f', as `{last}`' if last else ''}, not in the runner that reports its exit code.",
        quotes=quotes(facts, last),
        test=f"{_run(step)} on this commit, with its most talkative option, and read its output from the first unusual line on.",
        if_true="It ends with the same code, and its output names what it refuses.",
        if_false="It succeeds by hand; then variables, versions or files differ in the job.",
        solution="Mend what the output names.",
        asked=Asked(
            primary=(f"What in the output of `{step}` makes it end with an error code?",),
            information=(f"The whole output of `{step}` and of the same step in the last green run",),
        ),
    )


def _run(step: str) -> str:
    return f"Run `{step}`" if step else "Run the check"


def _last_words(facts: Facts) -> str:
    """The last line with words above the one that tells the code."""
    above = facts.error.partition(facts.headline)[0].split("\n")[:-1]
    lines = (STAMP.sub("", line, count=1).strip() for line in reversed(above))
    return clean(next((line for line in lines if len(re.findall(r"[A-Za-z]{3,}", line)) > 1 and "#[" not in line), ""), 160)
