"""What We Tried: from recorded attempts, notes, earlier logs and the history; each says its source, and none is made up."""

from collections.abc import Sequence

from assistant.changes import Change
from assistant.evidence import Failure
from assistant.gathering.attempts.committed import committed_attempts
from assistant.gathering.attempts.logged import logged_attempts
from assistant.gathering.attempts.noted import noted_attempts
from assistant.gathering.attempts.recorded import recorded_attempts
from assistant.gathering.collection import Collection
from assistant.gathering.given import Given
from assistant.sections import Attempt

__all__ = ["attempts"]

MOST = 10


def attempts(collection: Collection, others: Sequence[Failure], change: Change, given: Given) -> tuple[Attempt, ...]:
    """Everything that is known to have been tried, oldest first where that is known.

    Args:
        collection: where to read from and add to.
        others: the other failures of the same input.
        change: what changed since the green state.
        given: notes and earlier logs.
    """
    found = [
        *committed_attempts(collection, change),
        *logged_attempts(collection, given.earlier),
        *noted_attempts(collection, given.notes, given.notes_name),
        *recorded_attempts(collection, others),
    ]
    if len(found) > MOST:
        collection.note(f"{len(found) - MOST} earlier attempts are known and were left out")
    return tuple(found[-MOST:])
