"""What every request passes before anything reads it: name of the host, rate, who asks, from which site, how large."""

import math
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.service.configuration import LOOPBACK_NAMES, ServiceConfig
from assistant.service.rates import Rates
from assistant.service.refusing import RefusedError, told
from assistant.service.sessions import Sessions

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
OPEN_PATHS = ("/health/live", "/health/ready", "/sign-in")
SIGNED_PATHS = ("/api/v1/webhooks/",)
"""Webhooks show a signature of their own."""
STATIC = "/static/"
UPLOAD_PATHS = ("/api/v1/exports", "/api/v1/webhooks/log", "/drafts")
SMALL_BODY = 4 * 1024 * 1024
"""Bytes of a body that is no upload."""
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}


class Asked(NamedTuple):
    """What a request says of itself."""

    method: str
    path: str
    headers: Headers
    client: str


class Guard:
    """ASGI middleware: lets pass, or answers.

    Args:
        app: what is guarded.
        config: which names, limits and secrets hold.
        sessions: who may do what.
    """

    def __init__(self, app: ASGIApp, *, config: ServiceConfig, sessions: Sessions) -> None:
        self._app = app
        self._config = config
        self._sessions = sessions
        self._rates = Rates(config.limits.requests_per_s, config.limits.burst)
        self._names = {name.lower() for name in (*LOOPBACK_NAMES, *config.allowed_hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Guard one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = _asked(scope)
        answered = _Answered(send)
        try:
            refusal = self._refusal(asked)
            if refusal is not None:
                await refusal(scope, receive, answered.send)
                return
            limit = self._config.limits.upload_bytes if asked.path.startswith(UPLOAD_PATHS) else SMALL_BODY
            await self._app(scope, _bounded(receive, asked, limit), answered.send)
        except RefusedError as error:
            if answered.begun:
                raise
            await told(error.status, error.message, hint=error.hint, headers=error.headers)(scope, receive, answered.send)

    def _refusal(self, asked: Asked) -> Response | None:
        self._refuse_host(asked)
        self._refuse_haste(asked)
        if asked.path in OPEN_PATHS or asked.path.startswith((*SIGNED_PATHS, STATIC)):
            _refuse_other_site(asked)
            return None
        if self._sessions.bearer(asked.headers):
            return None  # no other site can make a browser send this header
        _refuse_other_site(asked)
        if not self._sessions.needed or self._sessions.holds(asked.headers):
            return None
        if asked.method == "GET" and "text/html" in asked.headers.get("accept", "") and not asked.path.startswith("/api/"):
            return RedirectResponse(f"/sign-in?next={quote(asked.path)}", 303)
        raise RefusedError(
            401,
            "this service needs its token",
            hint="send it as `Authorization: Bearer TOKEN`, or sign in at /sign-in",
            headers={"www-authenticate": "Bearer"},
        )

    def _refuse_host(self, asked: Asked) -> None:
        """Refuse names that are not ours: a page of another site may have its name point here (DNS rebinding)."""
        if self._config.on_loopback or self._config.allowed_hosts:
            name = _host_name(asked.headers.get("host", ""))
            if name not in self._names:
                raise RefusedError(
                    421, "the service does not answer to the name in the Host header", hint="allow it with --allow-host NAME"
                )

    def _refuse_haste(self, asked: Asked) -> None:
        if wait := self._rates.wait_s(asked.client):
            seconds = max(1, math.ceil(wait))
            raise RefusedError(429, "too many requests", hint=f"wait {seconds} s", headers={"retry-after": str(seconds)})


class _Answered:
    """Passes an answer on with the headers that every answer has, and remembers that it began."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            held = {name for name, _ in message.get("headers", ())}
            extra = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in held]
            message = {**message, "headers": [*message.get("headers", ()), *extra]}
        await self._send(message)


def _asked(scope: Scope) -> Asked:
    client = scope.get("client")
    return Asked(scope["method"], scope["path"], Headers(scope=scope), client[0] if client else "")


def _bounded(receive: Receive, asked: Asked, limit: int) -> Receive:
    """A `receive` that gives no more than so many bytes of a body."""
    length = asked.headers.get("content-length", "")
    refusal = RefusedError(413, f"the body is larger than {limit} bytes", hint="send less, or start the service with a larger limit")
    if length.isdecimal() and int(length[:20]) > limit:
        raise refusal
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise refusal
        return message

    return bounded


def _refuse_other_site(asked: Asked) -> None:
    """Refuse what a page of another site makes a browser send (CSRF)."""
    if asked.method in SAFE_METHODS:
        return
    site = asked.headers.get("sec-fetch-site")
    origin = asked.headers.get("origin")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        foreign = origin is not None and _address(origin) != asked.headers.get("host", "").lower()
    if foreign:
        raise RefusedError(403, "the request was made by a page of another site")


def _address(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _host_name(host: str) -> str:
    """The name of a Host header without its port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()
