"""The review pages of files on this machine: loopback, a free port, a secret in the address, until Ctrl-C."""

import hmac
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.reviewing.files import FileShelf
from assistant.reviewing.routes import review_routes
from assistant.reviewing.shelf import PageOptions

LOOPBACK = "127.0.0.1"
TOKEN_BYTES = 24
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class OwnForms:
    """One token for all forms of this run: whoever knows it has seen a page, whose address is secret."""

    def __init__(self) -> None:
        self._token = secrets.token_urlsafe(TOKEN_BYTES)

    def form_token(self, headers: Headers) -> str:
        """What a form must send back."""
        return self._token

    def is_form_token(self, headers: Headers, given: str) -> bool:
        """Whether it did."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode())


class _Hardened:
    """Adds the headers that keep a page to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, sent)


def local_app(paths: Sequence[Path], token: str, options: PageOptions) -> ASGIApp:
    """The application: all of it lies below a path that nobody can guess.

    Args:
        paths: the documents.
        token: the first part of every path.
        options: what the pages offer.
    """
    routes = review_routes(FileShelf(paths), OwnForms(), options)
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"], www_redirect=False)
    return Starlette(routes=[Mount(f"/{token}", routes=routes)], middleware=[Middleware(_Hardened), hosts])


def serve_files(paths: Sequence[Path], options: PageOptions, *, tell: Callable[[str], None], open_browser: bool) -> None:
    """Serve the review pages until the process is interrupted.

    Args:
        paths: the documents.
        options: what the pages offer.
        tell: is given the address.
        open_browser: whether a browser is opened there.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        listening.listen()
        address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/{token}/"
        tell(address)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        config = uvicorn.Config(
            local_app(paths, token, options), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=2
        )
        try:
            uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:
            return  # Ctrl-C is how a review ends
