"""Suspected changes as evidence: the diff of each, the list of commits, what uses the edited code."""

from collections.abc import Sequence

from assistant.changes import Place, Suspect
from assistant.evidence import Evidence, Masked, Origin
from assistant.gathering.change.history import Commit
from assistant.gathering.change.hunks import CONTEXT, Hunk, shown_lines
from assistant.gathering.change.roles import Role, role_of
from assistant.gathering.change.suspects import Found
from assistant.gathering.change.weighing import SILENT
from assistant.gathering.collection import Collection
from assistant.redaction.masked import cut_note, joined, lines_of
from assistant.sources.text import escape

FIRST_LINES, NEXT_LINES = 60, 24
LISTED = 30
WEIGHT_FIRST, WEIGHT_STEP, WEIGHT_LIST = 1.0, 0.06, 0.45


def told(one: Found, rank: int, collection: Collection) -> Suspect:
    """Put the diff of a change into the ledger and tell what is known of it.

    Args:
        one: the change.
        rank: its place among the suspects, from 0.
        collection: where its diff is added.
    """
    commit = one.touch.commit
    text, cut = _diff(one, collection, FIRST_LINES if rank < 2 else NEXT_LINES)
    piece = collection.cite_history(_origin(one), text, weight=WEIGHT_FIRST - rank * WEIGHT_STEP, cut=cut)
    return Suspect(
        commit=commit.short,
        date=commit.date,
        subject=_subject(commit, collection),
        path=one.touch.path,
        symbols=tuple(dict.fromkeys(symbol.shown for symbol in one.symbols if symbol.name)),
        edits=one.edits,
        evidence=piece.id,
        score=one.score,
        reached=tuple(symbol.shown for symbol in one.reached.route) if one.reached else (),
        failing=one.failing,
        passing=one.passing,
        readers=one.readers,
        brings=tuple(Place(path=symbol.path, name=symbol.name) for symbol in one.brings),
    )


def list_commits(commits: Sequence[Commit], collection: Collection) -> Evidence | None:
    """The commits between the green and the red state as one piece of evidence; None where there are none."""
    rows = [f"{commit.short} {commit.date} {_subject(commit, collection)}" for commit in commits[:LISTED]]
    if not rows:
        return None
    more = len(commits) - len(rows)
    text = joined([*lines_of(collection.redactor.mask("\n".join(rows))), *([cut_note(more)] if more else [])])
    return collection.cite_history(Origin("git log --format='%h %cs %s'"), text, weight=WEIGHT_LIST, cut=more)


def _subject(commit: Commit, collection: Collection) -> Masked:
    return collection.redactor.mask(" ".join(escape(commit.subject)[0].split()))


def _origin(one: Found) -> Origin:
    hunks = [weighed.hunk for weighed in one.hunks if weighed.weight > SILENT] or [weighed.hunk for weighed in one.hunks]
    first = min(hunk.new_first for hunk in hunks)
    last = max(hunk.new_first + max(0, len(hunk.added) - 1) for hunk in hunks)
    return Origin(one.touch.path, first, last, one.touch.commit.short)


def _fitting(one: Found, most: int) -> list[Hunk]:
    """The hunks in the order of the file; where there are too many lines, the heaviest hunks in theirs."""
    hunks = [weighed.hunk for weighed in one.hunks if weighed.weight > SILENT]
    lines = sum(len(hunk.removed) + len(hunk.added) + 2 * CONTEXT + 1 for hunk in hunks)
    return hunks if lines > most else sorted(hunks, key=lambda hunk: hunk.new_first)


def _diff(one: Found, collection: Collection, most: int) -> tuple[Masked, int]:
    """The diff's lines, those of heavy hunks whole, and how many were cut at its end."""
    commit, touch = one.touch.commit, one.touch
    head = [
        f"commit {commit.short} of {commit.date}: {_subject(commit, collection)}" if commit.id else "not committed yet",
        f"--- {'a/' + (touch.old_path or touch.path) if touch.before else '/dev/null'}",
        f"+++ {'b/' + touch.path if touch.after else '/dev/null'}",
    ]
    if role_of(touch.path) is Role.PACKAGES and any(edit.name for edit in one.edits):
        body = [f"{edit.name}: {edit.before or 'not there'} -> {edit.after or 'not there'}" for edit in one.edits if edit.name]
    else:
        body = [line for hunk in _fitting(one, most) for line in shown_lines(hunk, one.sides.before, one.sides.after)]
    cut = max(0, len(body) - most)
    return joined([*lines_of(collection.redactor.mask("\n".join([*head, *body[:most]]))), *([cut_note(cut)] if cut else [])]), cut
