"""A worker: drafts what batches on any machine have handed in."""

import time
from pathlib import Path

from assistant.batch.jobs import QUEUE, jobs
from assistant.queue import QueueOptions, open_queue
from assistant.queue.store import Store
from assistant.settings import Settings

POLL_S = 0.5


def work(database_url: str, settings: Settings, *, repo: Path | None = None, jobs_at_once: int = 4, idle_s: float | None = None) -> int:
    """Do drafts until interrupted, or until there were none for so long.

    Args:
        database_url: of the queue.
        settings: this machine's, for its key.
        repo: where the repository lies on this machine, if that is elsewhere than where the batch began.
        jobs_at_once: drafts side by side.
        idle_s: seconds without work after which it ends; None for never.

    Returns:
        How many drafts it made.

    Raises:
        QueueError: the database cannot be used.
    """
    store = Store(database_url)
    done: list[None] = []
    options = QueueOptions(database_url=database_url, name=QUEUE, concurrency=jobs_at_once)
    try:
        with open_queue(options, jobs(store, settings, repo=repo, ended=lambda: done.append(None))) as queue:
            last = time.monotonic()
            while idle_s is None or time.monotonic() - last < idle_s:
                time.sleep(POLL_S)
                if queue.busy():
                    last = time.monotonic()
    finally:
        store.close()
    return len(done)
