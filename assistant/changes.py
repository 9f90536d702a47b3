"""The values of a change from green to red: what was edited, by which commit, and why it is suspected."""

from dataclasses import dataclass
from enum import StrEnum


class EditKind(StrEnum):
    """What an edit does."""

    VALUE = "value"
    GIVEN = "given"
    DROPPED = "dropped"
    CALL = "call"
    CONDITION = "condition"
    TEXT = "text"
    REMOVED = "removed"
    ADDED = "added"
    DEFINED = "defined"
    IMPORTS = "imports"
    VERSION = "version"
    MIGRATION = "migration"
    NAMES = "names"
    DATA = "data"
    COMMENT = "comment"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit, read from masked text.

    Args:
        kind: what it does.
        name: what is edited: a setting, an argument, a function, a package; empty where it has no name.
        before: the value, call or word before; empty where there was none.
        after: the same after.
        removed: the line that went, stripped; empty where none went.
        added: the line that came, stripped; empty where none came.
    """

    kind: EditKind
    name: str = ""
    before: str = ""
    after: str = ""
    removed: str = ""
    added: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A definition of the repository: its file and its name."""

    path: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A change to one file that may be the cause.

    Args:
        commit: short id; empty for what is not committed.
        date: day of the commit.
        subject: first line of its message, masked.
        path: the file.
        symbols: the definitions that were edited, the one that tells most first.
        edits: what was edited, the one that tells most first.
        evidence: id of the diff in the ledger.
        score: how much it is suspected, 0 to 2 or so; only the order means something.
        reached: how a failing test gets there, from the test to the edited definition; empty where it is not known.
        failing: how many of the failing tests get there.
        passing: the share of the passing tests that get there too.
        readers: the definitions that use what was edited.
        brings: definitions of the same commit that the edited lines newly use.
        maybe_older: whether it may stand before the green state.
    """

    commit: str
    date: str
    subject: str
    path: str
    symbols: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    evidence: str = ""
    score: float = 0.0
    reached: tuple[str, ...] = ()
    failing: int = 0
    passing: float = 0.0
    readers: tuple[Place, ...] = ()
    brings: tuple[Place, ...] = ()
    maybe_older: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed since the failing tests last could pass.

    Args:
        base: short id of the green state; empty where none was found.
        found: how it was found, as a sentence's end.
        commits: how many commits lie between it and the red state.
        suspects: best first.
        logs: the evidence that tells what differs between the green and the red log; empty where there is none.
        tests: how many failing tests were looked at.
        called: what the failing line calls, and what that calls.
        red_since: day of the first commit after the green state, before which it cannot have failed; empty where none is known.
        listed: id of the evidence that lists the commits.
    """

    base: str = ""
    found: str = ""
    commits: int = 0
    suspects: tuple[Suspect, ...] = ()
    logs: str = ""
    tests: int = 0
    called: tuple[Place, ...] = ()
    red_since: str = ""
    listed: str = ""
