"""Progress as server-sent events: the newest job of an export, told whenever it changed."""

import asyncio
import time
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from assistant.service.answers import job_body
from assistant.service.context import Service
from assistant.service.refusing import RefusedError
from assistant.service.stored import ENDED

LOOK_S = 0.25
ALIVE_S = 15.0


async def progress(service: Service, export_id: str) -> AsyncIterator[str]:
    """The events of an export's newest job; a stream that ends without `end` is to be asked for again."""
    service.stage.streams += 1
    try:
        last, told_at = "", time.monotonic()
        ends = time.monotonic() + service.config.limits.stream_s
        yield "retry: 1000\n\n"
        while time.monotonic() < ends and not service.stage.stopping:
            job = await run_in_threadpool(service.store.last_job, export_id)
            if job is None:
                yield "event: end\ndata: {}\n\n"  # it was deleted
                return
            said = job_body(job).model_dump_json()
            if said != last:
                last, told_at = said, time.monotonic()
                yield f"event: progress\ndata: {said}\n\n"
            elif time.monotonic() - told_at > ALIVE_S:
                told_at = time.monotonic()
                yield ": alive\n\n"
            if job.state in ENDED:
                yield f"event: end\ndata: {said}\n\n"
                return
            await asyncio.sleep(LOOK_S)
    finally:
        service.stage.streams -= 1


def refuse_more_streams(service: Service) -> None:
    """Refuse where too many streams are open.

    Raises:
        RefusedError: 503.
    """
    if service.stage.streams >= service.config.limits.streams:
        raise RefusedError(
            503, "too many event streams at the same time", hint="ask for the export's state instead", headers={"retry-after": "10"}
        )
