"""What the service refuses, as one error with an HTTP status, and the one form in which errors are told (RFC 9457)."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.errors import AssistantError
from assistant.redaction import Redactor
from assistant.sources.text import escape

MEDIA_TYPE = "application/problem+json"
OPEN: dict[str, Any] = {"security": []}
"""In the OpenAPI document: an operation that needs no token."""
TITLES = {
    400: "The request cannot be understood",
    401: "Sign in first",
    403: "The request came from another site",
    404: "Not found",
    405: "The method is not allowed here",
    408: "The upload took too long",
    409: "The export was changed meanwhile",
    412: "The export was changed meanwhile",
    413: "The request is too large",
    421: "The service does not answer to this name",
    422: "The request is wrong",
    429: "Too many requests",
    500: "The service failed",
    503: "The service cannot take this now",
    507: "The disk is full",
}


class ErrorBody(BaseModel):
    """What went wrong, and what can be done about it."""

    title: str = Field(description="The kind of error, the same for each status.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What was wrong, and where.")
    hint: str = Field(default="", description="What to do about it; empty where there is nothing.")


class RefusedError(AssistantError):
    """A request that is not served.

    Args:
        status: HTTP status.
        message: what was wrong.
        hint: what to do about it.
        headers: of the answer.
    """

    def __init__(self, status: int, message: str, *, hint: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.headers = headers or {}


def told(status: int, detail: str, *, hint: str = "", headers: dict[str, str] | None = None) -> Response:
    """An error as an answer; what a client sent is masked before it is sent back."""
    body = ErrorBody(title=TITLES.get(status, "Error"), status=status, detail=shown(detail), hint=shown(hint))
    return JSONResponse(body.model_dump(), status, media_type=MEDIA_TYPE, headers=headers)


def shown(text: str) -> str:
    """A text from outside in a form that may be shown and stored: one without secrets and control characters."""
    return Redactor().mask(escape(text)[0]) if text else ""


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Answers of an operation for the OpenAPI document, with those that every operation may give."""
    always = (400, 401, 403, 421, 429, 500)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
    return {status: {"description": TITLES[status], "content": content} for status in sorted({*always, *statuses})}


async def tell_refusal(_: Request, error: Exception) -> Response:
    """The answer for a request that is refused."""
    assert isinstance(error, RefusedError)
    return told(error.status, error.message, hint=error.hint, headers=error.headers)


def place_of(error: BaseException) -> str:
    """Where an exception was raised: module and line."""
    at = error.__traceback__
    while at and at.tb_next:
        at = at.tb_next
    return f"{at.tb_frame.f_globals.get('__name__', '?')}:{at.tb_lineno}" if at else "?"
