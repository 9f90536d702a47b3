"""Work that outlives its process: jobs in a database, done once, taken over where a worker went silent.

DBOS keeps the work, on an SQLite file or on PostgreSQL. Around it stand the three things that it leaves to its user:
every worker has an executor id of its own, a row that says when it was last alive, and an eye on the others' rows.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from assistant.errors import QueueError
from assistant.queue.options import VERSION, Job, QueueOptions, sqlite_url

__all__ = ["Job", "Queue", "QueueOptions", "Status", "open_queue", "sqlite_url", "step"]

UNFINISHED = ("ENQUEUED", "DELAYED", "PENDING")
POLL_S = 0.05


class Status(NamedTuple):
    """How a job stands.

    Args:
        state: `waiting`, `running`, `done`, `failed` or `cancelled`.
        worker: who works or worked on it; empty where nobody did.
        created_ms: when it was handed in, in milliseconds since 1970.
        updated_ms: when its state last changed.
    """

    state: str
    worker: str
    created_ms: int
    updated_ms: int


class Queue:
    """A launched queue; `open_queue` makes one."""

    def __init__(self, options: QueueOptions, dbos: Any) -> None:
        self._options = options
        self._dbos = dbos

    def enqueue(self, job: str, workflow_id: str, *arguments: Any, priority: int = 1) -> bool:
        """Hand in a job; one whose id is known already is left as it is, whatever became of it.

        Args:
            job: its name, as it was given to `open_queue`.
            workflow_id: identifies it in the whole database.
            arguments: values that JSON can hold.
            priority: from 1; the lower the earlier.

        Returns:
            Whether it is new.
        """
        if self._dbos.get_workflow_status(workflow_id) is not None:
            return False
        self._dbos.enqueue_workflow_with_options(
            {
                "workflow_name": job,
                "queue_name": self._options.name,
                "workflow_id": workflow_id,
                "priority": priority,
                "app_version": VERSION,
            },
            *arguments,
        )
        return True

    def statuses(self, prefix: str = "") -> Mapping[str, Status]:
        """How all jobs stand whose ids begin so, in the order in which they were handed in."""
        held = self._dbos.list_workflows(
            queue_name=self._options.name, workflow_id_prefix=prefix or None, load_input=False, load_output=False
        )
        return {one.workflow_id: _status(one) for one in held}

    def status(self, workflow_id: str) -> Status | None:
        """How one job stands; None where there is no such job."""
        held = self._dbos.get_workflow_status(workflow_id)
        return _status(held) if held else None

    def result(self, workflow_id: str) -> Any:
        """What a job gave, waited for.

        Raises:
            QueueError: it failed or was cancelled.
        """
        self.wait([workflow_id])
        # late for the same reason as in open_queue
        from dbos import PortableWorkflowError
        from dbos._error import DBOSException

        try:
            return self._dbos.get_result(workflow_id)
        except PortableWorkflowError as error:
            raise QueueError(f"job {workflow_id} failed: {error.name}: {error.message}") from None
        except DBOSException as error:
            raise QueueError(f"job {workflow_id} gave nothing: {error}") from None

    def wait(self, workflow_ids: Sequence[str], *, told: Callable[[int], None] = lambda _: None) -> None:
        """Until all of these jobs have ended, however they did.

        Args:
            workflow_ids: jobs that were handed in.
            told: called with the number of jobs that have ended, whenever it changed.
        """
        last = -1
        while True:
            left = self._unfinished(workflow_ids)
            if len(workflow_ids) - left != last:
                last = len(workflow_ids) - left
                told(last)
            if not left:
                return
            time.sleep(POLL_S)

    def forget(self, prefix: str) -> None:
        """Delete the jobs whose ids begin so, with what they were given and what they gave."""
        held = self.statuses(prefix)
        if held:
            self._dbos.delete_workflows(list(held))

    def busy(self) -> bool:
        """Whether any job waits or runs."""
        held = self._dbos.list_workflows(
            queue_name=self._options.name, status=list(UNFINISHED), limit=1, load_input=False, load_output=False
        )
        return bool(held)

    def _unfinished(self, workflow_ids: Sequence[str]) -> int:
        held = self._dbos.list_workflows(workflow_ids=list(workflow_ids), status=list(UNFINISHED), load_input=False, load_output=False)
        return len(held)


def step(name: str, call: Callable[..., Any], *arguments: Any) -> Any:
    """Within a job: do something once; a job that is taken up again gets what it gave before, without doing it.

    Args:
        name: of the step.
        call: what is done; its result must be a value that JSON can hold.
        arguments: of the call.
    """
    # late: only a process that works on a queue pays for it
    from dbos import DBOS

    return DBOS.run_step({"name": name}, call, *arguments)


@contextmanager
def open_queue(options: QueueOptions, jobs: Mapping[str, Job]) -> Iterator[Queue]:
    """Launch a queue in this process; there can be one at a time.

    Args:
        options: where it lives.
        jobs: what can be done, by name. A job is a plain function of JSON values that may call `step`. It may be called again
            after its worker died: then the steps it had finished are not done again, and what is outside of steps is.

    Raises:
        QueueError: the database cannot be reached or used.
    """
    # late: DBOS costs some 45 bare starts of the interpreter, and only batches and the service need it
    from assistant.queue.engine import close, launch
    from assistant.queue.workers import Workers

    options = options if options.worker else _with_worker(options)
    dbos = launch(options, jobs)
    try:
        with Workers(options, dbos):
            yield Queue(options, dbos)
    finally:
        close()


def _with_worker(options: QueueOptions) -> QueueOptions:
    return replace(options, worker=f"worker-{uuid.uuid4().hex[:12]}")


def _status(held: Any) -> Status:
    states = {"ENQUEUED": "waiting", "DELAYED": "waiting", "PENDING": "running", "SUCCESS": "done", "CANCELLED": "cancelled"}
    worker = held.executor_id or ""
    return Status(states.get(held.status, "failed"), worker, held.created_at or 0, held.updated_at or 0)
