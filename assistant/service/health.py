"""Whether the service lives, whether it can work, and its numbers."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from assistant.service.context import service_of
from assistant.service.refusing import OPEN, RefusedError, documented

router = APIRouter(tags=["health"])
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Health(BaseModel):
    """How the service is."""

    status: str


@router.get("/health/live", responses=documented(), openapi_extra=OPEN)
async def live() -> Health:
    """Whether the process answers."""
    return Health(status="alive")


@router.get("/health/ready", responses=documented(503), openapi_extra=OPEN)
def ready(request: Request) -> Health:
    """Whether it takes work: the database answers and it is not about to stop."""
    service = service_of(request)
    if service.stage.stopping:
        raise RefusedError(503, "the service is about to stop")
    if service.stage.dying:
        raise RefusedError(503, "the processes that draft die as soon as they have begun", hint="the service's log says why")
    if not service.store.is_ready:
        raise RefusedError(503, "the database does not answer")
    return Health(status="ready")


@router.get(
    "/metrics", responses=documented() | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}, response_class=Response
)
def metrics(request: Request) -> Response:
    """The service's numbers for Prometheus."""
    return Response(service_of(request).measures.text(), media_type=METRICS_TYPE)
