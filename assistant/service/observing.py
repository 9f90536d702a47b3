"""What the service tells of each request: a line of the access log, numbers for Prometheus; and the last edge for faults."""

import logging
import time

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.service.measures import METHODS, Measures
from assistant.service.refusing import place_of, told
from assistant.service.tracing import Tracing

ACCESS = logging.getLogger("assistant.access")
FAULTS = logging.getLogger("assistant.service")
UNKNOWN = "(no route)"


class Observer:
    """ASGI middleware around everything else.

    Args:
        app: what is observed.
        measures: where numbers are counted.
        tracing: where spans go.
    """

    def __init__(self, app: ASGIApp, *, measures: Measures, tracing: Tracing) -> None:
        self._app = app
        self._measures = measures
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Observe one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._tracing.span("HTTP", parent=Headers(scope=scope).get("traceparent", "")[:100]) as span:
            status = await self._observe(scope, receive, send)
            method, route = _method(scope), _route(scope)
            span.name(f"{method} {route}", {"http.request.method": method, "http.route": route, "http.response.status_code": status})
            if status >= 500:
                span.failed(str(status))

    async def _observe(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Serve one request; the status of its answer, 0 where nobody was left to be told."""
        status = 0
        began = time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._measures.open.inc()
        try:
            await self._app(scope, receive, noted)
        except ClientDisconnect:
            status = 0  # nobody is left to be told
        except Exception as error:  # noqa: BLE001 - the edge of the service: what an exception says may hold a secret, so only its kind and place are told
            FAULTS.error("this program failed: %s (in %s); please report it with this line", type(error).__name__, place_of(error))
            if not status:
                await told(500, "this is a fault of the program", hint="its log says where; please report it")(scope, receive, noted)
        finally:
            self._measures.open.dec()
            self._tell(scope, status, time.perf_counter() - began)
        return status

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        """No query and no path that is not ours: both may hold anything."""
        route = _route(scope)
        self._measures.answered(_method(scope), route, status, seconds)
        ACCESS.info("%s %s %s %.0f ms", _method(scope), route, status or "gone", seconds * 1000)


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "other"


def _route(scope: Scope) -> str:
    """The path of the route, with names where a request has values: a value may be anything."""
    if "endpoint" not in scope:
        return UNKNOWN
    path: str = getattr(scope.get("route"), "path", "")
    if not path:
        path = scope["path"]
        for name, value in scope.get("path_params", {}).items():
            path = path.replace(str(value), f"{{{name}}}")
    return path
