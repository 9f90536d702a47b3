"""Signing in with the token, for browsers."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.pages.html import render_page
from assistant.service.context import service_of
from assistant.service.sessions import COOKIE, SESSION_S

router = APIRouter(include_in_schema=False)
TEMPLATE = "sign_in.html.j2"


@router.get("/sign-in")
def form(request: Request) -> HTMLResponse:
    """The form for the token."""
    return _page(request, wrong=False)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Begin a session for who knows the token."""
    sessions = service_of(request).sessions
    async with request.form(max_files=0, max_fields=5) as given:
        token = given.get("token")
    if sessions.needed and not (isinstance(token, str) and sessions.is_token(token.strip())):
        return _page(request, wrong=True)
    answer = RedirectResponse(_inside(request.query_params.get("next", "")), 303)
    if sessions.needed:
        # what a proxy says is believed here: a client that lies only narrows its own cookie
        secure = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))
        # lax: a link in a chat opens the page; what changes anything is guarded by the request's origin and the form's token
        answer.set_cookie(COOKIE, sessions.begin(), max_age=SESSION_S, httponly=True, samesite="lax", secure=secure)
    return answer


@router.post("/sign-out")
def sign_out() -> Response:
    """End the session in this browser."""
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


def _page(request: Request, *, wrong: bool) -> HTMLResponse:
    values = {"root": request.scope.get("root_path", ""), "wrong": wrong, "next": _inside(request.query_params.get("next", ""))}
    return HTMLResponse(render_page(TEMPLATE, **values), 403 if wrong else 200)


def _inside(target: str) -> str:
    """A path of this service, whatever was asked for."""
    parts = urlsplit(target) if target.startswith("/") and target.isprintable() else urlsplit("/")
    return parts.path if not parts.netloc and "\\" not in target and not parts.path.startswith("//") else "/"
