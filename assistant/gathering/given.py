"""What the user gives besides the failure itself: the logs, and what is known of green states and of attempts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.evidence import Excerpt, Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Everything a gathering starts from that is no file of the repository.

    Args:
        logs: what is read of each log, masked, by its name.
        since: a revision at which all was well; empty where none is known.
        baseline: the masked text of a log of a run that passed; empty where there is none.
        baseline_name: its name.
        notes: text of a file of notes; empty where there is none.
        notes_name: its name.
        phase_summaries: which paths are summaries of earlier phases, as a shell writes it.
        database_url: a running database to read, and nothing more than read; empty where there is none.
        own: path of the export that is being written; empty for standard output.
        earlier: what failed in each log but the last, in the order in which the logs were given.
    """

    logs: Mapping[str, Excerpt] = field(default_factory=dict)
    since: str = ""
    baseline: str = ""
    baseline_name: str = ""
    notes: str = ""
    notes_name: str = ""
    phase_summaries: str = "*phase*.md"
    database_url: str = field(default="", repr=False)
    own: str = ""
    earlier: tuple[tuple[str, tuple[Failure, ...]], ...] = ()
