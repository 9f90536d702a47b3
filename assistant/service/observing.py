"""What the service tells of each request: a line of the access log, numbers for Prometheus; and the last edge for faults."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.service.measures import Measures
from assistant.service.refusing import told

ACCESS = logging.getLogger("assistant.access")
FAULTS = logging.getLogger("assistant.service")
UNKNOWN = "(no route)"


class Observer:
    """ASGI middleware around everything else.

    Args:
        app: what is observed.
        measures: where numbers are counted.
    """

    def __init__(self, app: ASGIApp, *, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Observe one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
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
        except Exception as error:  # noqa: BLE001 - the edge of the service: what an exception says may hold a secret, so only its kind and place are told
            FAULTS.error("this program failed: %s (in %s); please report it with this line", type(error).__name__, _place(error))
            if not status:
                await told(500, "this is a fault of the program", hint="its log says where; please report it")(scope, receive, noted)
        finally:
            self._measures.open.dec()
            self._tell(scope, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        """No query and no path that is not ours: both may hold anything."""
        route = _route(scope)
        self._measures.answered(scope["method"], route, status, seconds)
        ACCESS.info("%s %s %s %.0f ms", scope["method"] if scope["method"].isalpha() else "?", route, status or "gone", seconds * 1000)


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", UNKNOWN)


def _place(error: BaseException) -> str:
    at = error.__traceback__
    while at and at.tb_next:
        at = at.tb_next
    return f"{at.tb_frame.f_globals.get('__name__', '?')}:{at.tb_lineno}" if at else "?"
