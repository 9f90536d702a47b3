"""create_app(): the parts put together; nothing is opened before it is called."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.errors import AssistantError
from assistant.service import exports, health, pages, signing_in, webhooks
from assistant.service.configuration import ServiceConfig, refuse_unsafe
from assistant.service.context import Service
from assistant.service.guard import Guard
from assistant.service.intake import Intake
from assistant.service.measures import Measures
from assistant.service.observing import Observer
from assistant.service.refusing import ErrorBody, RefusedError, tell_refusal, told
from assistant.service.sessions import Sessions, kept_key
from assistant.service.spool import Spool
from assistant.service.store import open_store
from assistant.service.stored import ENDED, ConflictError, NotFoundError, Progress
from assistant.service.tracing import open_tracing
from assistant.version import VERSION

DESCRIPTION = "Research exports drafted from logs. Errors are told as RFC 9457 problem details."
STATUSES = ((NotFoundError, 404), (ConflictError, 409), (AssistantError, 422))


def create_app(config: ServiceConfig) -> FastAPI:
    """The service as an ASGI application; who serves it also runs workers (see `serving`).

    Args:
        config: what holds for it.

    Raises:
        UsageError: it would be open to everybody, or its folder or database cannot be used.
    """
    refuse_unsafe(config)
    service = open_service(config)
    app = FastAPI(
        title="Research Export Assistant",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
    )
    app.state.service = service
    for router in (exports.router, webhooks.router, health.router, signing_in.router):
        app.include_router(router)
    app.router.routes.extend(pages.routes(service))
    app.add_exception_handler(RefusedError, tell_refusal)
    app.add_exception_handler(AssistantError, _tell_error)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_middleware(Guard, config=config, sessions=service.sessions)
    app.add_middleware(Observer, measures=service.measures, tracing=service.tracing)
    _describe(app)
    return app


def open_service(config: ServiceConfig) -> Service:
    """The parts of a service.

    Raises:
        UsageError: its folder or database cannot be used.
    """
    spool = Spool(config.uploads)
    store = open_store(config.database)
    spool.sweep({job.upload for job in store.jobs_in(*(set(Progress) - set(ENDED)), limit=config.limits.waiting + 1)})
    return Service(
        config=config,
        store=store,
        spool=spool,
        intake=Intake(store, config),
        sessions=Sessions(config.secrets.token, kept_key(config.data / "key")),
        measures=Measures(store),
        tracing=open_tracing(config.traces),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    service: Service = app.state.service
    service.tracing.close()
    service.store.close()


async def _tell_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, AssistantError)
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    return told(status, error.message, hint=error.hint)


async def _tell_invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    return told(422, f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}")


async def _tell_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return told(error.status_code, str(error.detail), headers=dict(error.headers or {}))


def _describe(app: FastAPI) -> None:
    """Complete the OpenAPI document: the form of errors, and how a client shows who it is."""
    document = app.openapi()
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["ErrorBody"] = ErrorBody.model_json_schema()
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    app.openapi_schema = document
