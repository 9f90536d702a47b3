"""The causes of a plan, handed to the queue and waited for; other workers may take them, too."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from assistant.batch.jobs import DRAFT, QUEUE, jobs
from assistant.batch.plan import Plan
from assistant.batch.request import BatchRequest
from assistant.errors import QueueError
from assistant.queue import QueueOptions, open_queue
from assistant.queue.store import Store

POLL_S = 0.1
ENDED = ("done", "failed", "cancelled")
Spooled = Callable[[str], list[dict[str, Any]]]


def dispatched(
    request: BatchRequest, plan: Plan, spooled: Spooled, tell: Callable[[str], None]
) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Draft the wanted causes of a plan, the first ones first.

    Args:
        request: of the batch.
        plan: what is wanted.
        spooled: the cases of a cause.
        tell: told of each step.

    Returns:
        Each cause with what its job gave, or why it gave nothing, as they end.

    Raises:
        QueueError: the database cannot be used.
    """
    options = QueueOptions(
        database_url=request.url,
        name=QUEUE,
        concurrency=request.jobs,
        rate=(request.rate, 60.0) if request.rate else None,
        alone=not request.database_url,
    )
    store = Store(request.url)
    order = {**plan.order, "batch": plan.batch}
    try:
        if request.use_batch_api:
            # late: the endpoint's client costs some 70 bare starts
            from assistant.batch.ahead import ask_ahead

            ask_ahead([partial(spooled, cause) for cause in plan.wanted], order, request.settings, store, tell=tell)
        with open_queue(options, jobs(store, request.settings, repo=request.repo, fresh=request.fresh)) as queue:
            names = {f"{plan.batch}:{cause}": cause for cause in plan.wanted}
            known = queue.statuses(f"{plan.batch}:")
            for priority, (name, cause) in enumerate(names.items(), 1):
                if name not in known:
                    queue.enqueue(DRAFT, name, spooled(cause), order, priority=priority)
            while names:
                statuses = queue.statuses(f"{plan.batch}:")
                for name in [one for one in names if statuses[one].state in ENDED]:
                    yield names.pop(name), _result(queue, name)
                time.sleep(POLL_S if names else 0)
            queue.forget(f"{plan.batch}:")
    finally:
        store.close()


def _result(queue: Any, name: str) -> dict[str, Any] | str:
    try:
        found: dict[str, Any] = queue.result(name)
    except QueueError as error:
        return error.message
    return found
