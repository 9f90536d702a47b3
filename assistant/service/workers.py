"""The processes that draft: each works on the durable queue, and hands in what was accepted before."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from dataclasses import replace
from multiprocessing.connection import wait

from assistant.errors import AssistantError
from assistant.queue import Queue, QueueOptions, open_queue, sqlite_url
from assistant.service.configuration import ServiceConfig
from assistant.service.context import Stage
from assistant.service.github import GitHub
from assistant.service.refusing import place_of
from assistant.service.spool import Spool
from assistant.service.store import Store, open_store
from assistant.service.stored import Progress
from assistant.service.tracing import open_tracing
from assistant.service.work import Workplace

LOG = logging.getLogger("assistant.service")
QUEUE = "service"
LOOK_S = 0.2
AGAIN_S, MOST_AGAIN_S = 5.0, 60.0
"""Between two beginnings of workers that die at once: longer each time."""
NICE = 10
"""Drafting gives way to the process that answers requests."""
MODEL_CONCURRENCY = 4
"""Jobs side by side in a process that mostly waits for a model; without one a process drafts one after the other."""
SWEEP_S = 3600.0


def work(config: ServiceConfig, stop: threading.Event) -> None:
    """Work on the queue until told to stop; what is under way then is gone on with by the next worker.

    Raises:
        QueueError: the queue's database cannot be used.
    """
    store, spool = open_store(config.database), Spool(config.uploads)
    tracing = open_tracing(config.traces)
    place = Workplace(config, store, spool, GitHub(config.github_api, config.secrets.github_token), tracing)
    options = QueueOptions(
        database_url=config.database_url or sqlite_url(config.data / "queue.sqlite"),
        name=QUEUE,
        concurrency=MODEL_CONCURRENCY if config.settings.model else 1,
        silent_s=config.silent_s,
    )

    def do(job_id: str) -> None:  # the queue marks the function that it is given, which a method does not bear
        place.do(job_id)

    with open_queue(options, {"work": do}) as queue:
        while not stop.wait(LOOK_S):
            hand_in(store, queue)
    tracing.close()
    store.close()


def hand_in(store: Store, queue: Queue) -> int:
    """Give the queue what was accepted; a job that it has already is left as it is. How many there were."""
    jobs = store.jobs_in(Progress.ACCEPTED)
    for job in jobs:
        queue.enqueue("work", job.id, job.id)
    if jobs:
        store.queued([job.id for job in jobs])
    return len(jobs)


class Workers:
    """Worker processes, begun again where one dies; they end with this process, however it ends.

    Args:
        config: of the service.
        stage: is told when they die as soon as they have begun.
    """

    def __init__(self, config: ServiceConfig, stage: Stage) -> None:
        self._stage = stage
        self._config = replace(config, secrets=replace(config.secrets, token="", github_secret=""))  # what workers need not know
        self._context = multiprocessing.get_context("spawn")
        self._stopping = threading.Event()
        self._processes: list[multiprocessing.process.BaseProcess] = []
        self._watch = threading.Thread(target=self._keep, name="assistant-workers", daemon=True)

    def __enter__(self) -> "Workers":
        self._processes = [self._begin() for _ in range(self._config.workers)]
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._watch.join()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join(self._config.limits.stop_s)
            if process.is_alive():
                process.kill()  # its job stays in the queue

    def _begin(self) -> multiprocessing.process.BaseProcess:
        process = self._context.Process(target=_main, args=(self._config,), name="assistant-worker", daemon=True)
        process.start()
        return process

    def _keep(self) -> None:
        """Begin dead workers again, later each time where they die at once."""
        pause = 0.0
        while not self._stopping.wait(LOOK_S + pause):
            dead = [number for number, process in enumerate(self._processes) if not process.is_alive()]
            self._stage.dying = bool(dead) and pause > 0
            for number in dead:
                LOG.warning("a worker ended with code %s; another one takes its place", self._processes[number].exitcode)
                self._processes[number] = self._begin()
            pause = min(max(pause * 2, AGAIN_S), MOST_AGAIN_S) if dead else 0.0


def _main(config: ServiceConfig) -> None:
    """A worker process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_end_with_parent, args=(stop,), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        work(config, stop)
    except AssistantError as error:
        LOG.error("%s", error.message)
        raise SystemExit(1) from None
    except Exception as error:  # noqa: BLE001 - the edge of the process: what an exception says may hold a secret
        LOG.error("a worker failed: %s (in %s); please report it with this line", type(error).__name__, place_of(error))
        raise SystemExit(1) from None


def _end_with_parent(stop: threading.Event) -> None:
    """Stop when the parent is gone, even where it was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        stop.set()
        time.sleep(1)
        os._exit(1)  # what is under way is taken up again
