"""Webhooks: a workflow run that failed on GitHub, and "here is a log" for every other CI."""

import contextlib
import hmac
import json
import re
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Header, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from assistant.service.accepting import accept_upload, id_from
from assistant.service.answers import Accepted, DraftOptions, Ignored, accepted
from assistant.service.context import Service, service_of
from assistant.service.exports import upload_of
from assistant.service.github import REPOSITORY, Run
from assistant.service.refusing import OPEN, RefusedError, documented
from assistant.service.stored import ConflictError, Job

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"])

FAILED = ("failure", "timed_out", "startup_failure")
SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")
MOST_BYTES = 4 * 1024 * 1024
BODY = OPEN | {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


@router.post(
    "/github",
    status_code=202,
    response_model=None,
    responses=documented(404, 413, 422, 503, 507)
    | {
        202: {"model": Accepted, "description": "The run's logs will be downloaded and drafted."},
        200: {"model": Ignored, "description": "Nothing to do."},
    },
    openapi_extra=BODY,
)
async def github(
    request: Request,
    x_hub_signature_256: str = Header(default="", description="`sha256=` and the HMAC of the body with the shared secret."),
    x_github_event: str = Header(default="", description="`workflow_run`; others are ignored."),
) -> Response:
    """A `workflow_run` event of GitHub: the logs of a run that failed are downloaded and drafted, once for each attempt."""
    service = service_of(request)
    secret = service.config.secrets.github_secret
    if not secret:
        raise RefusedError(404, "webhooks of GitHub are not set up", hint="set ASSISTANT_GITHUB_SECRET to the webhook's secret")
    body = await _signed(request, secret, x_hub_signature_256)
    if x_github_event != "workflow_run":
        return _ignored("only workflow_run events are of use")
    run = _failed_run(body)
    if isinstance(run, str):
        return _ignored(run)
    return JSONResponse(accepted(await _accept(service, run)).model_dump(), 202)


@router.post(
    "/log",
    status_code=202,
    responses=documented(408, 409, 413, 422, 503, 507),
    openapi_extra=upload_of(DraftOptions, "Logs, JUnit reports, and archives of them."),
)
async def log(request: Request) -> Accepted:
    """Here is a log: for CIs that can send a file after a failed job; the token is shown as for every other call."""
    service = service_of(request)
    if service.sessions.needed and not service.sessions.bearer(request.headers):
        raise RefusedError(401, "this service needs its token", hint="send it as `Authorization: Bearer TOKEN`")
    return accepted(await accept_upload(request, service, DraftOptions))


async def _signed(request: Request, secret: str, signature: str) -> dict[str, Any]:
    """The body of a webhook, if its signature is right; it is not parsed before."""
    data = bytearray()
    async for block in request.stream():
        data += block
        if len(data) > MOST_BYTES:
            raise RefusedError(413, f"the body is larger than {MOST_BYTES} bytes")
    wanted = "sha256=" + hmac.new(secret.encode(), data, "sha256").hexdigest()
    if not SIGNATURE.fullmatch(signature) or not hmac.compare_digest(signature, wanted):
        raise RefusedError(
            401, "the signature of the webhook is missing or wrong", hint="give GitHub the secret of ASSISTANT_GITHUB_SECRET"
        )
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise RefusedError(422, "the body is no JSON", hint="set the webhook's content type to application/json") from None
    if not isinstance(body, dict):
        raise RefusedError(422, "the body is no JSON object")
    return body


def _failed_run(body: dict[str, Any]) -> Run | str:
    """The run that failed, or why there is nothing to do."""
    run, repository = body.get("workflow_run"), body.get("repository")
    if not isinstance(run, dict) or not isinstance(repository, dict):
        raise RefusedError(422, "the event has no workflow_run or no repository")
    if body.get("action") != "completed":
        return "the run has not ended"
    if run.get("conclusion") not in FAILED:
        return "the run did not fail"
    name, number, attempt = repository.get("full_name"), run.get("id"), run.get("run_attempt", 1)
    if not isinstance(name, str) or not REPOSITORY.fullmatch(name) or name.endswith(("/.", "/..")):
        raise RefusedError(422, "repository.full_name is no name of a repository")
    if not all(isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63 for value in (number, attempt)):
        raise RefusedError(422, "workflow_run.id or run_attempt is no number")
    return Run(repository=name, number=number, attempt=attempt)  # type: ignore[arg-type]  # they were looked at above


async def _accept(service: Service, run: Run) -> Job:
    """A job for a run; GitHub may tell of it again, and then it is the same job."""
    job_id = id_from(f"github:{run}")
    if known := await run_in_threadpool(service.store.job, job_id):
        return known
    await service.intake.refuse_overload(0)
    job = Job(id=job_id, export_id=job_id, options={"fetch": asdict(run), "run": str(run)}, trace=service.tracing.context())
    with contextlib.suppress(ConflictError):  # told twice at the same time
        await service.intake.accept(job)
    return job


def _ignored(why: str) -> Response:
    return JSONResponse(Ignored(ignored=why).model_dump(), 200)
