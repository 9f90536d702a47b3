"""Taking jobs in: within limits, and many of them in one transaction, so that a crowd waits for one write only."""

import asyncio
import shutil
import time

from assistant.errors import AssistantError
from assistant.service.configuration import ServiceConfig
from assistant.service.refusing import RefusedError
from assistant.service.store import Store
from assistant.service.stored import Job

LOOK_S = 0.5
FREE_BYTES = 256 * 1024 * 1024
"""So much of the disk stays free."""
AGAIN = {"retry-after": "10"}


class Intake:
    """Where accepted jobs are written; when `accept` returns, a crash can take none of them away.

    Args:
        store: where.
        config: with the limits.
    """

    def __init__(self, store: Store, config: ServiceConfig) -> None:
        self._store = store
        self._config = config
        self._waiting: list[tuple[Job, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._load = (0, 0)
        self._looked = 0.0
        self.receiving = 0

    async def refuse_overload(self, size: int) -> None:
        """Refuse where too much waits already.

        Args:
            size: bytes that want to come; 0 where that is not known.

        Raises:
            RefusedError: 503 or 507, with the time after which it may be tried again.
        """
        limits = self._config.limits
        if self.receiving >= limits.uploads:
            raise RefusedError(503, "too many uploads at the same time", hint="try again in 10 s", headers=AGAIN)
        if time.monotonic() - self._looked > LOOK_S:
            self._looked = time.monotonic()
            self._load, free = await asyncio.to_thread(self._look)
            if free < FREE_BYTES:
                self._looked = 0.0
                raise RefusedError(507, "the disk of the service is nearly full", hint="free some space there", headers=AGAIN)
        jobs, held = self._load
        if jobs >= limits.waiting or held + size > limits.spool_bytes:
            raise RefusedError(503, f"{jobs} jobs wait already", hint="try again in 10 s", headers=AGAIN)

    async def accept(self, job: Job) -> None:
        """Take a job in; returns when it is written.

        Raises:
            ConflictError: it was accepted before, or its export is gone.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, done))
        self._load = (self._load[0] + 1, self._load[1] + job.size)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            failures = await asyncio.to_thread(self._accept, [job for job, _ in taken])
            for (_, done), failure in zip(taken, failures, strict=True):
                if done.cancelled():
                    continue
                if failure:
                    done.set_exception(failure)
                else:
                    done.set_result(None)

    def _accept(self, jobs: list[Job]) -> list[AssistantError | None]:
        return self._store.accept(jobs)

    def _look(self) -> tuple[tuple[int, int], int]:
        return self._store.load(), shutil.disk_usage(self._config.data).free
