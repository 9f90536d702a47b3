"""A service on a temporary folder, asked without a network; its jobs are done by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from starlette.testclient import TestClient

from assistant.errors import InputError
from assistant.service.context import Service
from assistant.service.github import Run
from assistant.service.stored import ENDED, Progress
from assistant.service.tracing import Unheard
from assistant.service.work import Workplace

LOG = b"""INFO starting
Traceback (most recent call last):
  File "/srv/app/orders.py", line 41, in ship
    total = order.lines[0].price * order.count
IndexError: list index out of range
"""
ADDRESS = "http://127.0.0.1:8000"


class NoLogs:
    """A source of logs that has none."""

    def fetch(self, run: Run, target: BinaryIO, *, most_bytes: int) -> int:
        raise InputError(f"the logs of {run} cannot be had")


@dataclass
class Asked:
    """A client of a service, and the service behind it."""

    client: TestClient
    service: Service

    def work(self, logs: Any = None) -> None:
        """Do every job that has not ended."""
        place = Workplace(self.service.config, self.service.store, self.service.spool, logs or NoLogs(), Unheard())
        for job in self.service.store.jobs_in(*(set(Progress) - set(ENDED))):
            place.do(job.id)

    def drafted(self, log: bytes = LOG) -> str:
        """The id of an export that was drafted from a log."""
        export = str(self.client.post("/api/v1/exports?name=build.log", content=log).json()["export"])
        self.work()
        return export


Start = Callable[..., Asked]
