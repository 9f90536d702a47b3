"""Attempts as drafters see them: where it is told what was tried, and the logs before and after it."""

from collections.abc import Sequence

from assistant.drafting import Case, RecordedAttempt
from assistant.evidence import CITATION, Kind, Ledger
from assistant.sections import Attempt

LOGS = frozenset({Kind.LOG, Kind.ERROR, Kind.HISTORY})


def recorded(attempts: Sequence[Attempt], failure: str, ledger: Ledger) -> tuple[RecordedAttempt, ...]:
    """Where attempts and their logs stand; those whose logs already say why it did not help have no source.

    Args:
        attempts: in the order in which the document has them.
        failure: the id of the failure's evidence, which is what the logs show now.
        ledger: the evidence.
    """
    return tuple(_recorded(attempt, failure, ledger) for attempt in attempts)


def _recorded(attempt: Attempt, failure: str, ledger: Ledger) -> RecordedAttempt:
    told, after = (CITATION.findall(text or "") for text in (attempt.approach, attempt.result))
    logs = tuple(one for one in dict.fromkeys(after) if (piece := ledger.get(one)) and piece.kind in LOGS and one != failure)
    source = next(iter((*told, *logs)), "")
    if attempt.why_it_didnt_work or not logs:
        return RecordedAttempt(source="")
    return RecordedAttempt(source=source, before=(failure,), after=logs)


def to_explain(case: Case) -> tuple[int, ...]:
    """Which of the case's attempts, counted from 0, have a source and a log to tell from."""
    return tuple(number for number, attempt in enumerate(case.attempts) if _has_source(attempt, case))


def _has_source(attempt: RecordedAttempt, case: Case) -> bool:
    logs = (*attempt.before, *attempt.after)
    return bool(logs) and all(case.ledger.get(one) for one in (attempt.source, *logs))
