"""Why recorded attempts did not help, drafted by a model from the logs before and after them.

The seam for whoever records attempts: their evidence goes into the case's ledger, `explain_attempts` says what a model makes of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.drafting import Case
from assistant.drafting.calls import ModelUse
from assistant.drafting.model import ModelDrafter
from assistant.drafting.replies import AttemptsReply


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAttempt:
    """One attempt that somebody recorded, by ids of evidence in the case's ledger.

    Args:
        source: where it is told what was tried.
        before: what the logs showed before it.
        after: what they showed after it.
    """

    source: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What a model made of attempts.

    Args:
        why: a text for each attempt, in their order; empty where nothing can be said, so that a person is asked.
        notes: what was dropped or failed, and why.
        use: the calls; None where none was made.
    """

    why: tuple[str, ...]
    notes: tuple[str, ...] = ()
    use: ModelUse | None = None


def explain_attempts(drafter: ModelDrafter, case: Case, attempts: Sequence[RecordedAttempt]) -> Explained:
    """Draft why attempts did not help; only those are asked about whose source and logs stand in the ledger.

    Args:
        drafter: the configured model's.
        case: what is drafted; its ledger holds the attempts' evidence.
        attempts: in the order in which the document has them.
    """
    sourced = [number for number, attempt in enumerate(attempts) if _has_source(attempt, case)]
    if not sourced:
        return Explained(why=("",) * len(attempts))
    reply, notes, use = drafter.explain(case, [attempts[number] for number in sourced])
    said: dict[int, str] = {}
    for entry in reply.attempts if isinstance(reply, AttemptsReply) else ():
        if 1 <= entry.attempt <= len(sourced):
            said.setdefault(sourced[entry.attempt - 1], entry.why_it_didnt_work.strip())
    return Explained(why=tuple(said.get(number, "") for number in range(len(attempts))), notes=notes, use=use)


def _has_source(attempt: RecordedAttempt, case: Case) -> bool:
    """Whether all that an attempt names is there, and a log to tell from."""
    logs = (*attempt.before, *attempt.after)
    return bool(logs) and all(case.ledger.get(one) for one in (attempt.source, *logs))
