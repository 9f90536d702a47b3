"""What a form sent: read within bounds, and turned into an action."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from assistant.document import NEWLINE
from assistant.errors import UsageError
from assistant.redaction import Redactor
from assistant.reviewing.acting import Action

MOST_BYTES = 1024 * 1024
MOST_FIELDS = 20
URLENCODED = "application/x-www-form-urlencoded"
SAID = {"none": "None", "unknown": "Not known"}
"""Answers that have a button of their own."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form.

    Raises:
        UsageError: it is no form of ours, or larger than one can be.
    """
    if not request.headers.get("content-type", "").lower().startswith(URLENCODED):
        raise UsageError("this is not what the page's forms send")
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            raise UsageError(f"the text is larger than {MOST_BYTES} bytes", hint="shorten it")
    try:
        return dict(parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"))
    except ValueError:
        raise UsageError("this is not what the page's forms send") from None


def action_of(fields: Mapping[str, str], redactor: Redactor) -> Action:
    """The action that a form asks for; secrets in what was typed are masked before anything else sees it.

    Args:
        fields: of the form.
        redactor: masks what was typed.
    """
    kind = fields.get("action", "")
    number = fields.get("blank", "")
    return Action(
        kind="answer" if kind in SAID else kind,
        place=fields.get("place", ""),
        base=fields.get("base", ""),
        text=SAID.get(kind) or redactor.mask(NEWLINE.sub("\n", fields.get("text", ""))),
        question=fields.get("question", ""),
        blank=int(number) if number.isdecimal() and len(number) < 6 else 0,
    )
