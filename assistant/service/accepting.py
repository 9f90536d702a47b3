"""From a request with an upload to an accepted job: stored first, then written down, then answered."""

import uuid
from collections.abc import Callable
from dataclasses import replace

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from assistant.errors import AssistantError
from assistant.service.context import Service
from assistant.service.receiving import Upload, receive
from assistant.service.refusing import RefusedError, shown
from assistant.service.stored import ConflictError, Job, new_id

KEY = "idempotency-key"
Admit = Callable[[dict[str, str]], None]
_NAMESPACE = uuid.UUID("5f0c8f5e-6f0e-4b8e-9c51-0f3f2d1c9a10")


def id_from(key: str) -> str:
    """The id of work that has a name of its own, so that asking twice does it once."""
    return uuid.uuid5(_NAMESPACE, key).hex


async def accept_upload(
    request: Request, service: Service, options: type[BaseModel], *, export_id: str = "", admit: Admit = lambda _: None
) -> Job:
    """Take in the uploads of a request.

    Args:
        request: its body holds them.
        service: takes them in.
        options: model of what the client may say, in fields of the form or in the query.
        export_id: whose results are filled; empty to draft a new export.
        admit: looks at the fields of the form first, and refuses.

    Raises:
        RefusedError: it is too much, too large, or not understood.
        ConflictError: the export is gone.
    """
    key = request.headers.get(KEY, "")
    job_id = id_from(f"{export_id}:{key}") if key else new_id()
    if key and (known := await run_in_threadpool(service.store.job, job_id)):
        return known
    length = request.headers.get("content-length", "")
    await service.intake.refuse_overload(int(length[:20]) if length.isdecimal() else 0)
    upload_id = new_id()  # not the job's: with one key two uploads may come at the same time
    service.intake.receiving += 1
    try:
        upload = await receive(request, upload_id, service.spool, service.config.limits)
    finally:
        service.intake.receiving -= 1
    try:
        admit(upload.fields)
        job = _job(job_id, upload, _options(request, upload, options), export_id)
        await service.intake.accept(replace(job, trace=service.tracing.context()))
    except AssistantError as error:
        service.spool.remove(upload_id)
        if isinstance(error, ConflictError) and (known := await run_in_threadpool(service.store.job, job_id)):
            return known
        raise
    service.measures.uploaded.inc(upload.size)
    return job


def _job(job_id: str, upload: Upload, options: BaseModel, export_id: str) -> Job:
    said = {name: shown(value) if isinstance(value, str) else value for name, value in options.model_dump().items()}
    return Job(
        id=job_id,
        export_id=export_id or job_id,
        kind="results" if export_id else "draft",
        files=upload.files,
        options=said,
        size=upload.size,
    )


def _options(request: Request, upload: Upload, model: type[BaseModel]) -> BaseModel:
    """What the client said; what has another name than an option is refused, so that a misspelt one is noticed."""
    said = {name: value for name, value in (dict(request.query_params) | upload.fields).items() if value and name != "name"}
    try:
        return model.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RefusedError(422, f"{where or 'the options'}: {first['msg']}", hint=f"known are {', '.join(model.model_fields)}") from None
