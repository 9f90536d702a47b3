"""What comes of asking a model: of one task, and of its answers so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.drafting.asking import Mend
from assistant.drafting.replies import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one task: the reply that may be used, if any, and what has to be said of it."""

    task: str
    reply: Reply | None = None
    notes: tuple[str, ...] = ()
    failure: str = ""


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
