"""From suspected changes to proposals: one a commit, the most suspected first."""

import re
import shlex
from dataclasses import replace
from typing import NamedTuple

from assistant.changes import Edit, EditKind, Suspect
from assistant.drafting.playbook.change.mechanisms import Mechanism, telling
from assistant.drafting.playbook.change.sentences import also, brought, commit_named, did, felt
from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.lenses.expectation import ASSERTIONS
from assistant.drafting.playbook.proposal import BY_CHANGE, Asked, Proposal
from assistant.drafting.playbook.quoting import QUOTE_LIMIT, distinct, message_quote
from assistant.drafting.playbook.running import run_again
from assistant.drafting.playbook.wording import clean, fill, from_mapping
from assistant.sections import Quote

WORD = re.compile(r"\w+")
MOST = 3
FAINT, FAINTER_THAN_BEST = 0.06, 0.2
KNOWN_MECHANISM = 1.3
TOLD_BY_CHANGE, ELSEWHERE, STEP = 14.0, 7.5, 0.7
"""Where a test fails on its own expectation the change tells more than any message; elsewhere the message comes first."""

UNTOLD = frozenset({EditKind.COMMENT, EditKind.NEUTRAL})


class Told(NamedTuple):
    """A suspect with the edit that tells most of it, and how that edit would do harm."""

    suspect: Suspect
    edit: Edit
    mechanism: Mechanism | None
    score: float


def change_proposals(facts: Facts) -> tuple[Proposal, ...]:
    """What changed since the green state, as hypotheses.

    Args:
        facts: the case, with its change.
    """
    by_commit: dict[str, list[Told]] = {}
    for suspect in facts.case.change.suspects:
        if (told := _told(suspect)) and told.score >= FAINT:
            by_commit.setdefault(suspect.commit, []).append(told)
    groups = [sorted(group, key=lambda one: -one.score) for group in by_commit.values()]
    groups.sort(key=lambda group: -group[0].score)
    near = [group for group in groups if group[0].score >= FAINTER_THAN_BEST * groups[0][0].score][:MOST]
    return tuple(proposal for rank, group in enumerate(near) if (proposal := _proposal(group, rank, facts)))


def _told(suspect: Suspect) -> Told | None:
    edits = [edit for edit in suspect.edits if edit.kind not in UNTOLD]
    if not edits:
        return None
    around = " ".join([*suspect.symbols[:2], suspect.path])
    edit, mechanism = telling(edits, around)
    return Told(suspect, edit, mechanism, suspect.score * (KNOWN_MECHANISM if mechanism else 1.0))


def _proposal(group: list[Told], rank: int, facts: Facts) -> Proposal | None:
    first = group[0]
    suspect = _as_evidence_knows(first.suspect, facts)
    quotes = distinct([*(quote for one in group[:2] for quote in _quotes(one, facts)), message_quote(facts)])
    held = [quote for quote in quotes if quote.id == suspect.evidence]
    if not held:
        return None
    so = f", so that {first.mechanism.says}" if first.mechanism else ""
    parts = [
        f"{commit_named(suspect)} {did(first.edit, suspect)}{so}.",
        brought(suspect),
        also([(one.edit, one.suspect) for one in group[1:] if one.edit.kind not in (EditKind.ADDED, EditKind.DEFINED)]),
        felt(suspect, facts.case.change),
    ]
    base = TOLD_BY_CHANGE if facts.names & ASSERTIONS or facts.failure.message.startswith("assert ") else ELSEWHERE
    name = clean(first.edit.name or (suspect.symbols[0] if suspect.symbols else ""))
    return Proposal(
        key=f"{BY_CHANGE}{suspect.commit}",
        score=base - STEP * rank if first.score > FAINT * 2 or not rank else 3.0,
        theory=" ".join(part for part in parts if part),
        quotes=quotes,
        test=_test(suspect, facts),
        if_true=_if_true(suspect),
        if_false=f"They fail as before; then it is another change{' since `' + facts.case.change.base + '`' if facts.case.change.base else ''}, or something outside the repository.",
        solution=_solution(first),
        asked=_asked(first, name, facts),
    )


def _as_evidence_knows(suspect: Suspect, facts: Facts) -> Suspect:
    """A suspect without the readers and steps that no evidence names: what is not in it may not be said."""
    known = "\n".join(f"{piece.origin}\n{piece.text}" for piece in facts.case.ledger)
    words = set(WORD.findall(known))
    readers = tuple(place for place in suspect.readers if place.path in known and set(WORD.findall(place.name)) <= words)
    return replace(suspect, readers=readers, reached=tuple(step for step in suspect.reached if set(WORD.findall(step)) <= words))


def _quotes(told: Told, facts: Facts) -> list[Quote]:
    """The lines that went and came, as the diff in the ledger shows them."""
    piece = facts.case.ledger.get(told.suspect.evidence)
    shown = " ".join(piece.text.split()) if piece else ""
    lines = [told.edit.removed, told.edit.added]
    if told.edit.kind is EditKind.VERSION:
        lines = [f"{told.edit.name}: {told.edit.before or 'not there'} -> {told.edit.after or 'not there'}"]
    cut = [" ".join(line.split())[:QUOTE_LIMIT].strip() for line in lines]
    return [Quote(id=piece.id, quote=line) for line in dict.fromkeys(cut) if piece and len(line) > 1 and line in shown]


def _test(suspect: Suspect, facts: Facts) -> str:
    again = run_again(facts)
    base, path = facts.case.change.base, shlex.quote(suspect.path)
    if not suspect.commit:
        return f"Run `git diff -- {path}`, put the change aside with `git stash`, run {f'`{again}`' if again else 'the failing command'}, and take it back with `git stash pop`."
    command = f" && {again}" if again else ""
    revert = f"On a scratch branch run `git revert --no-commit {suspect.commit}{command}`" + (
        "" if again else " and then the failing command"
    )
    bisect = f"; `git bisect start HEAD {base} && git bisect run {again}` finds the commit without guessing" if base and again else ""
    return f"Read `git show {suspect.commit} -- {path}`. {revert}{bisect}."


def _if_true(suspect: Suspect) -> str:
    return f"With `{suspect.commit}` taken back the failing tests pass." if suspect.commit else "Without the change the failing tests pass."


def _solution(told: Told) -> str:
    edit, path = told.edit, clean(told.suspect.path)
    if edit.kind is EditKind.VERSION and edit.before:
        return f"Hold `{clean(edit.name)}` at {edit.before} until the code is adapted to {edit.after or 'its absence'}, and then move it on purpose."
    if edit.kind is EditKind.VALUE and clean(edit.before):
        return f"Put `{clean(edit.name)}` in `{path}` back to `{clean(edit.before)}`, or adapt what relies on it."
    if edit.kind is EditKind.MIGRATION:
        return f"Put `{path}` back as it was, and make the change in a migration of its own."
    return f"Take back that part of the change to `{path}`, or adapt what relies on the older behaviour, and keep the failing tests."


def _asked(told: Told, name: str, facts: Facts) -> Asked:
    suspect = told.suspect
    commit = f"`{suspect.commit}`" if suspect.commit else "the change that is not committed yet"
    path = clean(suspect.path)
    primary = f"Do the failing tests pass right before {commit} and fail right after it ({path})?"
    queries = fill(told.mechanism.query, from_mapping({"name": name})) if told.mechanism else ""
    if told.edit.kind is EditKind.VERSION:
        queries = f"{told.edit.name} {told.edit.after} changelog breaking changes"
    technical = (f"{told.mechanism.asks.rstrip('?')} (`{path}`)?",) if told.mechanism else ()
    if told.edit.kind is EditKind.VERSION:
        technical = (
            f"What does `{clean(told.edit.name)}` do otherwise in {told.edit.after or 'the newer release'} than in {told.edit.before or 'the older one'}?",
        )
    information = (told.mechanism.look,) if told.mechanism else ()
    return Asked(primary=(primary,), technical=technical, queries=(queries,) if queries else (), information=information)
