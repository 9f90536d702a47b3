"""The API: exports created from uploads, followed, read, checked, filled, listed and deleted."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query as QueryParameter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from assistant.service.accepting import KEY, accept_upload
from assistant.service.answers import (
    ID,
    Accepted,
    CheckBody,
    DraftOptions,
    ExportBody,
    ExportList,
    ProblemBody,
    ResultsOptions,
    accepted,
    export_body,
)
from assistant.service.context import service_of
from assistant.service.documents import review_of
from assistant.service.events import progress, refuse_more_streams
from assistant.service.forms import Form, written_as
from assistant.service.refusing import documented
from assistant.service.stored import NotFoundError, Query, State, StoredExport

router = APIRouter(prefix="/api/v1/exports", tags=["exports"])

ExportId = Annotated[str, Path(pattern=ID, description="Id of an export.")]


def upload_of(options: type[DraftOptions | ResultsOptions], what: str) -> dict[str, Any]:
    """The OpenAPI description of a body that is an upload, and of the options in the query of a raw one."""
    binary = {"schema": {"type": "string", "format": "binary", "minLength": 1}}
    # what is not said is left out: a form and a query have no null
    fields = {name: schema.get("anyOf", [schema])[0] for name, schema in options.model_json_schema()["properties"].items()}
    files = {"type": "array", "minItems": 1, "items": binary["schema"], "description": what}
    form = {"schema": {"type": "object", "required": ["logs"], "properties": {"logs": files, **fields}, "additionalProperties": False}}
    query = [{"name": name, "in": "query", "schema": schema} for name, schema in fields.items()]
    name = {"name": "name", "in": "query", "schema": {"type": "string"}, "description": "How a raw body is called, as in `build.log`."}
    key = {"name": KEY, "in": "header", "schema": {"type": "string"}, "description": "Asking again with the same key does the work once."}
    content = {"multipart/form-data": form, "application/octet-stream": binary, "text/plain": binary}
    return {"requestBody": {"required": True, "content": content}, "parameters": [*query, name, key]}


@router.post(
    "",
    status_code=202,
    responses=documented(408, 409, 413, 422, 503, 507),
    openapi_extra=upload_of(DraftOptions, "Logs, JUnit reports, and archives of them."),
)
async def create(request: Request, response: Response) -> Accepted:
    """Draft an export from logs: a form with files, or the log or archive itself as the body.

    When this answers, the upload is stored: the draft ends even where the service is killed.
    """
    body = accepted(await accept_upload(request, service_of(request), DraftOptions))
    response.headers["location"] = body.url
    return body


@router.get("", responses=documented(422))
def find(
    request: Request,
    q: Annotated[str, QueryParameter(max_length=200, description="Words that title, source or document hold.")] = "",
    state: Annotated[State | None, QueryParameter(description="Only those that stand so.")] = None,
    before: Annotated[float | None, QueryParameter(ge=0, le=1e11, allow_inf_nan=False, description="Only those created before.")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> ExportList:
    """List and search exports, newest first."""
    found = service_of(request).store.exports(Query(text=q, state=state or "", before=before, limit=limit + 1))
    shown = [export_body(summary) for summary in found[:limit]]
    return ExportList(exports=shown, before=shown[-1].created if len(found) > limit else None)


@router.get("/{export_id}", responses=documented(404, 422))
def read(request: Request, export_id: ExportId) -> ExportBody:
    """An export's state, counts and newest job."""
    store = service_of(request).store
    return export_body(store.summary(export_id), store.last_job(export_id))


@router.delete("/{export_id}", status_code=204, responses=documented(404, 422))
def remove(request: Request, export_id: ExportId) -> Response:
    """Delete an export, its record and what waits for it."""
    service = service_of(request)
    for job in service.store.delete(export_id):
        service.spool.remove(job.upload)
    return Response(status_code=204)


@router.get(
    "/{export_id}/events",
    responses=documented(404, 422, 503)
    | {
        200: {
            "description": "Server-sent events `progress` (a job), and `end`.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
    response_class=StreamingResponse,
)
async def follow(request: Request, export_id: ExportId) -> StreamingResponse:
    """Follow an export's newest job as server-sent events, until it has ended."""
    service = service_of(request)
    refuse_more_streams(service)
    await run_in_threadpool(service.store.summary, export_id)
    return StreamingResponse(progress(service, export_id), media_type="text/event-stream")


@router.get("/{export_id}/check", responses=documented(404, 409, 422))
def check(
    request: Request,
    export_id: ExportId,
    allow_drafts: Annotated[bool, QueryParameter(description="Blanks and drafts do not count.")] = False,
) -> CheckBody:
    """Hold an export against the rules."""
    stored = _drafted(request, export_id)
    review = review_of(stored)
    problems = [ProblemBody(**asdict(problem)) for problem in review.problems]
    passed = not review.counted(allow_drafts=allow_drafts)
    return CheckBody(version=stored.version, counts=review.counts, passed=passed, problems=problems)


@router.post(
    "/{export_id}/results",
    status_code=202,
    responses=documented(404, 408, 409, 413, 422, 503, 507),
    openapi_extra=upload_of(ResultsOptions, "Research notes: Markdown, text, HTML, PDF, chats, patches."),
)
async def fill(request: Request, export_id: ExportId) -> Accepted:
    """Draft the Research Results of an export from notes; nothing else in it changes."""
    await run_in_threadpool(_drafted, request, export_id)
    return accepted(await accept_upload(request, service_of(request), ResultsOptions, export_id=export_id))


@router.get(
    "/{export_id}/export.{form}",
    responses=documented(404, 409, 422)
    | {
        200: {
            "description": "The document; its ETag is the version.",
            "content": {form.media_type: {"schema": {"type": "string"} if form is not Form.JSON else {"type": "object"}} for form in Form},
        }
    },
    response_class=Response,
)
def download(request: Request, export_id: ExportId, form: Form) -> Response:
    """An export as Markdown, as JSON or as a page that needs nothing else; `run.json` is its run record."""
    stored = _drafted(request, export_id)
    headers = {"etag": f'"{stored.version}"', "content-disposition": f'attachment; filename="export-{stored.id[:8]}.{form.value}"'}
    return Response(written_as(stored, form), media_type=form.media_type, headers=headers)


def _drafted(request: Request, export_id: str) -> StoredExport:
    """An export that has a document."""
    stored = service_of(request).store.export(export_id)
    if not stored.text:
        raise NotFoundError("the export has no document yet", hint="follow its progress, or see its state for why there is none")
    return stored
