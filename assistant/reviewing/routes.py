"""The routes of the review pages; what they show is built elsewhere, what they change goes through `changing`."""

from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.briefing import BriefRequest
from assistant.errors import AssistantError, UsageError
from assistant.pages import export_html
from assistant.pages.html import asset
from assistant.record import dump_record
from assistant.redaction import Redactor
from assistant.reviewing.acting import MeanwhileError
from assistant.reviewing.answering import DONE, Pages
from assistant.reviewing.changing import change, proposed, take
from assistant.reviewing.comparing import compare_exports
from assistant.reviewing.forms import action_of, read_form
from assistant.reviewing.issue import MOST_CHARACTERS, as_issue
from assistant.reviewing.shelf import Forms, Held, PageOptions, Shelf, StaleError

ASSETS = {"review.css": "text/css", "review.js": "text/javascript", "icon.svg": "image/svg+xml"}
STATES = ("blanks", "drafts", "problems", "ready", "waiting", "working", "failed")
MOST_QUERY = 200
MOST_PROPOSALS = 32
"""New drafts that wait for somebody to take them."""


def review_routes(shelf: Shelf, forms: Forms, options: PageOptions | None = None) -> list[BaseRoute]:
    """The routes of the review pages, for any ASGI application of Starlette or FastAPI.

    Args:
        shelf: where the exports lie.
        forms: tells the pages' own forms from those of other sites.
        options: what the pages offer.
    """
    site = _Site(shelf, forms, options or PageOptions())
    one = "/exports/{key}"
    return [
        Route("/", site.listed, methods=["GET"]),
        Route("/compare", site.compared, methods=["GET"]),
        Route("/static/{name}", _static, methods=["GET"]),
        Route(one, site.shown, methods=["GET"]),
        Route(one, site.sent, methods=["POST"]),
        Route(one + "/issue", site.issue, methods=["GET"]),
        Route(one + "/export.md", site.as_markdown, methods=["GET"]),
        Route(one + "/export.html", site.as_page, methods=["GET"]),
        Route(one + "/export.run.json", site.as_record, methods=["GET"]),
    ]


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        return PlainTextResponse("There is no such file.\n", 404)
    return Response(asset(name), media_type=ASSETS[name])


class _Site:
    """What each route does; those that are no coroutines run in threads."""

    def __init__(self, shelf: Shelf, forms: Forms, options: PageOptions) -> None:
        self._shelf = shelf
        self._forms = forms
        self._options = options
        self._pages = Pages(forms, options)
        self._proposals: dict[tuple[str, str, str], Held] = {}

    def listed(self, request: Request) -> Response:
        """All exports, by state."""
        if self._options.alone:
            return RedirectResponse(f"{request.scope.get('root_path', '')}/exports/{quote(self._options.alone)}", 303)
        text = request.query_params.get("q", "")[:MOST_QUERY]
        state = request.query_params.get("state", "")
        state = state if state in STATES else ""
        cards = self._shelf.cards(text, state)
        groups = [(key, [card for card in cards if card.state == key]) for key in STATES]
        shown = [(key, group) for key, group in groups if group]
        return self._pages.page(request, "list.html.j2", cards=cards, groups=shown, text=text, state=state, upload=self._options.upload)

    def shown(self, request: Request) -> Response:
        """One export under review."""
        held = self._held(request)
        if isinstance(held, Response):
            return held
        return self._pages.review(request, held, said=DONE.get(request.query_params.get("done", ""), ""))

    async def sent(self, request: Request) -> Response:
        """What a form of the page asks for."""
        try:
            fields = await read_form(request)
        except UsageError as error:
            return self._pages.refused(request, error, status=400)
        if not self._forms.is_form_token(request.headers, fields.get("form_token", "")):
            refusal = UsageError("this form is too old, or came from another page", hint="open the export again and repeat what you did")
            return self._pages.refused(request, refusal, status=403, text=fields.get("text", ""))
        return await run_in_threadpool(self._act, request, fields)

    def _act(self, request: Request, fields: dict[str, str]) -> Response:
        action = action_of(fields, Redactor(mask=self._options.mask, keep=self._options.keep))
        held = self._held(request)
        if isinstance(held, Response):
            return held
        try:
            if action.kind == "redraft":
                return self._redraft(request, held, fields)
            if action.kind == "drop" and not fields.get("sure"):
                return self._pages.ask_drop(request, held, action)
            now = change(self._shelf, held.key, action)
        except MeanwhileError as error:
            return self._pages.conflict(request, error, action)
        except LookupError:
            return self._pages.missing(request, action.text)  # it was deleted meanwhile
        except StaleError as error:
            return self._pages.refused(request, error, status=409, text=action.text)
        except AssistantError as error:
            return self._pages.review(request, held, trouble=error, action=action)
        return self._pages.after(request, now, action, masked=action.text != fields.get("text", "").replace("\r\n", "\n"))

    def _redraft(self, request: Request, held: Held, fields: dict[str, str]) -> Response:
        """Show a new draft beside the old one; take it when the person who saw it says so."""
        action = action_of(fields, Redactor())
        if self._options.redraft is None:
            raise UsageError("drafting anew is not offered here")
        seen = (held.key, action.place, fields.get("sure", ""))
        if seen in self._proposals:
            now = take(self._shelf, held, self._proposals.pop(seen), action)
            return self._pages.after(request, now, action, masked=False)
        new = proposed(held, action.place, self._options.redraft)
        if len(self._proposals) >= MOST_PROPOSALS:
            self._proposals.pop(next(iter(self._proposals)), None)
        self._proposals[held.key, action.place, self._pages.digest_of(new, action.place)] = new
        return self._pages.ask_redraft(request, held, new, action)

    def compared(self, request: Request) -> Response:
        """Two exports, place by place."""
        keys = request.query_params.getlist("key")
        if len(keys) != 2:
            return self._pages.refused(request, UsageError("choose two exports to compare"), status=400)
        try:
            left, right = (self._shelf.load(key) for key in keys)
        except LookupError:
            return self._pages.missing(request)
        differences, same = compare_exports(left.text, right.text)
        return self._pages.page(request, "compare.html.j2", left=left, right=right, differences=differences, same=same)

    def issue(self, request: Request) -> Response:
        """The outgoing copy, to be pasted into an issue."""
        held = self._held(request)
        if isinstance(held, Response):
            return held
        try:
            issue = as_issue(held.text, BriefRequest(mask=self._options.mask, keep=self._options.keep))
        except AssistantError as error:
            return self._pages.refused(request, error, status=422)
        return self._pages.page(
            request, "issue.html.j2", title=issue.title, text=issue.text, notes=issue.notes, limit=f"{MOST_CHARACTERS:,}"
        )

    def as_markdown(self, request: Request) -> Response:
        """The document as it is."""
        held = self._held(request)
        return held if isinstance(held, Response) else _download(held.text, "text/markdown", _stem(held) + ".md")

    def as_page(self, request: Request) -> Response:
        """The document as one self-contained page."""
        held = self._held(request)
        return held if isinstance(held, Response) else _download(export_html(held.text, held.record), "text/html", _stem(held) + ".html")

    def as_record(self, request: Request) -> Response:
        """The run record, which `check` needs beside the document."""
        held = self._held(request)
        if isinstance(held, Response):
            return held
        if held.record is None:
            return self._pages.missing(request)
        return _download(dump_record(held.record), "application/json", _stem(held) + ".run.json")

    def _held(self, request: Request) -> Held | Response:
        """The export of a request, or the page that says why there is none."""
        try:
            held = self._shelf.load(request.path_params["key"])
        except LookupError:
            return self._pages.missing(request)
        except AssistantError as error:
            return self._pages.refused(request, error, status=422)
        return held if held.text else self._pages.not_yet(request, held)


def _stem(held: Held) -> str:
    """A file name without anything that a header or a file system could trip over."""
    stem = held.name.removesuffix(".md")
    return (
        "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "-" for letter in stem)[:80].lstrip(".")
        or "export"
    )


def _download(text: str, kind: str, name: str) -> Response:
    headers: dict[str, Any] = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text.encode("utf-8", "replace"), media_type=f"{kind}; charset=utf-8", headers=headers)
