"""The pages that answer requests: templates filled with what they show, and the statuses that belong to them."""

from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.document import parse
from assistant.errors import AssistantError
from assistant.pages import build_page
from assistant.pages.html import render_page
from assistant.pages.views import PageView
from assistant.record import body_digest
from assistant.reviewing.acting import Action, MeanwhileError, act
from assistant.reviewing.comparing import compare_texts
from assistant.reviewing.shelf import Forms, Held, PageOptions

DONE = {
    "answer": "Saved.",
    "skip": "Removed the question.",
    "confirm": "Confirmed.",
    "edit": "Saved.",
    "drop": "Dropped; what it asked is a blank again.",
    "redraft": "Took the new draft. It waits for you to confirm it.",
    "masked": "Saved. What looks like a secret or an invisible character in your text was masked.",
}
BEING_DRAFTED = ("waiting", "working")


class Trouble:
    """Why nothing was saved, and what the person had typed.

    Args:
        error: what was wrong.
        action: what was asked for.
    """

    def __init__(self, error: AssistantError, action: Action) -> None:
        self.message = error.message
        self.hint = error.hint
        self.place = action.place
        self.where = action.blank or ("edit" if action.kind == "edit" else "part")
        self.text = action.text


class Pages:
    """Fills templates for requests.

    Args:
        forms: gives forms their token.
        options: what the pages offer.
    """

    def __init__(self, forms: Forms, options: PageOptions) -> None:
        self._forms = forms
        self._options = options

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page with what every template needs.

        Args:
            request: that is answered.
            template: its file name.
            status: of the answer.
            values: what this template needs more.
        """
        common = {
            "root": request.scope.get("root_path", ""),
            "here": here(request),
            "form_token": self._forms.form_token(request.headers),
            "show": "open" if request.query_params.get("show") == "open" else "",
        }
        return HTMLResponse(render_page(template, **common, **values), status, headers={"cache-control": "no-store"})

    def review(
        self, request: Request, held: Held, *, said: str = "", trouble: AssistantError | None = None, action: Action | None = None
    ) -> Response:
        """One export under review; with the trouble of an action that was refused."""
        values: dict[str, Any] = {
            "page": build_page(held.text, held.record),
            "name": held.name,
            "has_list": not self._options.alone,
            "can_redraft": self._options.redraft is not None and held.record is not None and bool(held.record.ledger),
            "said": said,
            "aim": request.query_params.get("aim", "") if said else "",
            "trouble": Trouble(trouble, action) if trouble and action else None,
        }
        return self.page(request, "review.html.j2", status=422 if trouble else 200, **values)

    def after(self, request: Request, held: Held, action: Action, *, masked: bool) -> Response:
        """Lead on to what is open next, and say what was done."""
        anchor = aim(build_page(held.text, held.record), action.place)
        show = request.query_params.get("show", "")
        said = "masked" if masked and action.kind in ("answer", "edit") and action.text else action.kind
        query = urlencode({**({"show": show} if show else {}), "done": said, "aim": anchor})
        return RedirectResponse(f"{here(request)}?{query}#{quote(anchor)}", 303)

    def conflict(self, request: Request, error: MeanwhileError, action: Action) -> Response:
        """Both texts of a place that two people changed."""
        wanted = {"confirm": "To confirm the draft as it was.", "drop": "To drop the draft.", "redraft": "To take the new draft."}
        values: dict[str, Any] = {
            "place": error.place,
            "heading": error.place.rpartition(".")[2].replace("_", " ").title(),
            "theirs": error.theirs,
            "mine": error.mine,
            "wanted": wanted.get(action.kind, "To remove the question."),
            "base": body_digest(error.theirs),
            "proposal": error.mine if action.kind == "edit" else error.theirs,
        }
        return self.page(request, "conflict.html.j2", status=409, **values)

    def ask_drop(self, request: Request, held: Held, action: Action) -> Response:
        """Show what is dropped before it is."""
        after = parse(act(held.text, action))
        before = parse(held.text)
        goes = len(after.regions) < len(before.regions)
        new = "" if goes else after.body(action.place)
        values: dict[str, Any] = {
            "title": "Drop this draft?",
            "explanation": "Its text goes for good; the part asks a person again.",
            "place": action.place,
            "base": action.base,
            "before": ((False, before.body(action.place)),),
            "after": None if goes else ((False, new),),
            "action": "drop",
            "sure": "yes",
            "button": "Drop it",
        }
        return self.page(request, "choice.html.j2", **values)

    def ask_redraft(self, request: Request, held: Held, new: Held, action: Action) -> Response:
        """Show a new draft beside the old one."""
        before, after = parse(held.text).body(action.place), parse(new.text).body(action.place)
        old, drafted = compare_texts(before, after)
        values: dict[str, Any] = {
            "title": "Take the new draft?",
            "explanation": "It says the same as the one that is there."
            if before == after
            else "What is new is marked; it will wait for you to confirm it.",
            "place": action.place,
            "base": action.base,
            "before": old,
            "after": drafted,
            "action": "redraft",
            "sure": self.digest_of(new, action.place),
            "button": "Take the new draft",
        }
        return self.page(request, "choice.html.j2", **values)

    def digest_of(self, held: Held, place: str) -> str:
        """By which a proposed text is known again."""
        return body_digest(parse(held.text).body(place))

    def not_yet(self, request: Request, held: Held) -> Response:
        """An export without a document: it is being drafted, or that failed."""
        pending = held.state in BEING_DRAFTED
        values: dict[str, Any] = {
            "title": "Being drafted" if pending else "There is no document",
            "message": held.said or ("This page shows the export as soon as it is there." if pending else "Drafting it failed."),
            "refresh": pending,
            "bad": not pending,
            "back": _list(request),
            "back_name": "All exports",
        }
        return self._message(request, **values)

    def missing(self, request: Request, text: str = "") -> Response:
        """There is no such export; what was typed for it is given back."""
        message = "There is no such export. It may have been deleted."
        return self._message(request, status=404, title="Not found", message=message, text=text, bad=True)

    def refused(self, request: Request, error: AssistantError, *, status: int, text: str = "") -> Response:
        """Say what was wrong, and give back what was typed."""
        values: dict[str, Any] = {"title": "That did not work", "message": error.message, "hint": error.hint, "text": text, "bad": True}
        return self._message(request, status=status, **values)

    def _message(self, request: Request, *, status: int = 200, **values: Any) -> Response:
        inside = "key" in request.path_params and status != 404
        back = here(request) if inside else _list(request)
        common = {"hint": "", "text": "", "refresh": False, "back": back, "back_name": "Back to the export" if inside else "All exports"}
        return self.page(request, "message.html.j2", status=status, **(common | values))


def _list(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/"


def here(request: Request) -> str:
    """The path of the export that a request is about; of the list where it is about none."""
    root = request.scope.get("root_path", "")
    key = request.path_params.get("key")
    return f"{root}/exports/{quote(key, safe='')}" if key else f"{root}/"


def aim(page: PageView, place: str) -> str:
    """What to look at once something was done at a place: what is open there still, or next after it, or first of all."""
    parts = page.parts
    at = next((number for number, part in enumerate(parts) if part.place == place), 0)
    part = next((one for one in (*parts[at:], *parts[:at]) if one.is_open), None)
    if part is None:
        return "document"
    return f"blank-{part.place}-{part.blanks[0].number}" if part.blanks and part.place == place else part.place
