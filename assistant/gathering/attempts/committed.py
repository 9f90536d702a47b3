"""Attempts that stand in the history: commits since the green state that say of themselves that they mend, revert or try something."""

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.changes import Change
from assistant.evidence import Kind
from assistant.gathering.change.git import open_git
from assistant.gathering.change.history import commits
from assistant.gathering.collection import Collection
from assistant.sections import Attempt
from assistant.sources.text import escape

WEIGHT = 0.4
MOST, REFLOG_LINES, REFLOG_BYTES = 3, 20, 400_000
_TRIES = re.compile(
    r"(?i)^(?:re)?(?:try|tried|attempt|debug|revert|roll ?back|undo)\w{0,4}\b|\b(?:flaky|workaround|work around|failing test|red build|broken build)\b"
)
_MENDS = re.compile(r"(?i)^(?:hot ?fix|fix|mend|repair|disable|skip|investigat)\w{0,4}\b")
"""A commit that mends something is an attempt at this failure only where its words and the failure's meet."""

_WORD = re.compile(r"[A-Za-z]{4,}")
_UNTELLING = frozenset(
    {"test", "tests", "error", "assert", "assertionerror", "exception", "failed", "with", "that", "this", "from", "have"}
)
_MOVED = re.compile(
    r"^[0-9a-f]{40} [0-9a-f]{40} .{0,200}> (?P<time>\d{9,12}) [+-]\d{4}\t(?P<told>(?:reset|revert|cherry-pick|rebase \(abort\)|checkout: moving from \S{1,100} to [0-9a-f]{7,40})\b.{0,200})$"
)


def committed_attempts(collection: Collection, change: Change) -> Iterator[Attempt]:
    """Commits since the green state that tried something, then resets and reverts of the reflog.

    Args:
        collection: where to read from and add to.
        change: the green state.
    """
    git = open_git(collection.repository.root) if collection.repository else None
    if git is None or not change.base:
        return
    failure = collection.failure
    words = {word.lower() for text in (*failure.test_ids, failure.message) for word in _WORD.findall(text)} - _UNTELLING
    tried = [one for one in reversed(commits(git, after=change.base)) if _is_attempt(one.subject, words)]
    for one in tried[-MOST:]:
        line = f"{one.short} {one.date} {' '.join(escape(one.subject)[0].split())}"
        piece = collection.cite_text(f"git log {change.base}..HEAD", line, kind=Kind.HISTORY, weight=WEIGHT)
        subject = piece.text.removeprefix(f"{one.short} {one.date} ")
        yield Attempt(
            approach=f"Commit `{one.short}` of {one.date}: “{subject}” ({piece.id})",
            result=f"The failure is there with this commit in the history ({collection.failure.evidence}).",
        )
    moves = [line for line in _reflog(git.folder) if _MOVED.match(line)][-MOST:]
    for told in (match["told"] for line in moves if (match := _MOVED.match(line))):
        piece = collection.cite_text("git reflog", " ".join(escape(told)[0].split()), kind=Kind.HISTORY, weight=WEIGHT)
        yield Attempt(
            approach=f"In the checkout: `{piece.text.replace('`', chr(39))}` ({piece.id}). [REVIEW: What was this meant to show?]"
        )


def _is_attempt(subject: str, told: set[str]) -> bool:
    shared = {word.lower() for word in _WORD.findall(subject)} & told
    return bool(_TRIES.search(subject) or (_MENDS.search(subject) and shared))


def _reflog(folder: Path) -> list[str]:
    """The newest moves of HEAD, oldest first; nothing where they are not kept."""
    file = folder / "logs" / "HEAD"
    try:
        data = file.read_bytes()[-REFLOG_BYTES:] if file.is_file() and not file.is_symlink() else b""
    except OSError:
        return []
    return data.decode("utf-8", "replace").split("\n")[-REFLOG_LINES:]
