"""Runs before the last one, where several logs were given in the order in which they were written."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Failure, Kind
from assistant.gathering.collection import Collection
from assistant.sections import Attempt

WEIGHT = 0.45
MESSAGE_LIMIT = 160


def logged_attempts(collection: Collection, earlier: Sequence[tuple[str, tuple[Failure, ...]]]) -> Iterator[Attempt]:
    """One attempt a run whose log comes before the last one; what was changed for it only a person knows.

    Args:
        collection: where the runs are added.
        earlier: the name of each earlier log and what failed in it.
    """
    for name, failures in earlier:
        if not failures:
            result = f"its log `{name}` holds no failure"
            yield Attempt(approach=_asked(name), result=f"{result[0].upper()}{result[1:]}.")
            continue
        first = failures[0]
        origin = first.origin
        piece = collection.cite_log(origin.path, origin.first, origin.last, kind=Kind.LOG, weight=WEIGHT)
        more = f", and {len(failures) - 1} more causes" if len(failures) > 1 else ""
        yield Attempt(
            approach=_asked(name),
            result=f"It failed with `{_told(first)}`{more} ({piece.id}).",
            why_it_didnt_work=_why(first, piece.id, collection.failure),
        )


def _asked(name: str) -> str:
    return f"A run before the last one, with the log `{name}`. [REVIEW: What was changed before this run?]"


def _why(first: Failure, evidence: str, failure: Failure) -> str | None:
    if first.signature == failure.signature:
        return f"The same failure stands in the last run ({failure.evidence})."
    if set(first.test_ids) & set(failure.test_ids):
        return f"The same test fails in another way in the last run ({evidence}, {failure.evidence})."
    return None


def _told(failure: Failure) -> str:
    first = failure.message.split("\n", 1)[0]
    told = f"{failure.exception}: {first}" if failure.exception else first
    return " ".join(told.replace("`", "'").split())[:MESSAGE_LIMIT].strip()
