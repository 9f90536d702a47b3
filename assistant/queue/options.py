"""How a queue is worked on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Job = Callable[..., Any]
VERSION = "1"
"""Of the jobs' arguments and steps: DBOS's own version is a digest of the source, and an upgrade could not go on with old work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOptions:
    """Where a queue lives and how this process works on it.

    Args:
        database_url: `postgresql://…`, or `sqlite:///FILE` as `sqlite_url` writes it.
        name: of the queue, at least 3 characters; queues in one database do not see each other's jobs.
        work: whether this process does jobs, or only hands them in and waits.
        concurrency: jobs side by side in a process; the last worker that began says it for all.
        rate: at most so many jobs begin in so many seconds, over all workers; None for no limit.
        alone: whether nobody else can be working: what others left is taken over at once.
        beat_s: seconds between signs of life.
        silent_s: a worker without one for so many seconds is taken for dead.
        worker: this process's executor id; a new one by default.
    """

    database_url: str
    name: str
    work: bool = True
    concurrency: int = 4
    rate: tuple[int, float] | None = None
    alone: bool = False
    beat_s: float = 2.0
    silent_s: float = 15.0
    worker: str = ""


def sqlite_url(path: Path) -> str:
    """The address of a database in a file."""
    return f"sqlite:///{path.resolve().as_posix()}"
