"""What comes of asking a model: of one task, of its answers so far, and of all tasks together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.drafting.asking import Mend
from assistant.drafting.calls import ModelUse
from assistant.drafting.replies import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one task: the reply that may be used, if any, and what has to be said of it."""

    task: str
    reply: Reply | None = None
    notes: tuple[str, ...] = ()
    failure: str = ""


class Asked(NamedTuple):
    """What came of some tasks.

    Args:
        replies: task -> what of its reply may be used.
        notes: what was left out, dropped or failed.
        use: the calls and whether they failed.
    """

    replies: Mapping[str, Reply]
    notes: tuple[str, ...]
    use: ModelUse


class Read(NamedTuple):
    """What was read of a task's answers so far.

    Args:
        reply: the best of them; None where none had anything whole.
        faults: what is to be mended.
        whole: whether the reply came in the form that was asked for, not only parts of it.
    """

    reply: Reply | None = None
    faults: Sequence[Mend] = ()
    whole: bool = False
