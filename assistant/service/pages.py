"""The review pages over the store, and the form that drafts from uploads."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.errors import AssistantError, UsageError
from assistant.pages.building import without_markup
from assistant.reviewing import Card, Held, PageOptions, StaleError, review_routes
from assistant.reviewing.answering import Pages
from assistant.reviewing.redrafting import redraft_from
from assistant.service.accepting import accept_upload
from assistant.service.answers import PageDraft
from assistant.service.context import Service
from assistant.service.documents import record_of, reviewed
from assistant.service.keeping import unpacked
from assistant.service.refusing import RefusedError
from assistant.service.store import Store
from assistant.service.stored import ConflictError, NotFoundError, Query, StoredExport
from assistant.service.work import request_of

if TYPE_CHECKING:
    from assistant.drafting.model import ModelDrafter

UPLOAD = "/drafts"
MOST_CARDS = 200


def routes(service: Service) -> Sequence[BaseRoute]:
    """The routes of the pages."""
    settings = service.config.settings
    options = PageOptions(
        upload=UPLOAD, redraft=lambda held, place: _redrafted(service, held, place), mask=settings.mask, keep=settings.keep
    )
    upload = _Upload(service, Pages(service.sessions, options))
    return [*review_routes(StoreShelf(service.store), service.sessions, options), Route(UPLOAD, upload.sent, methods=["POST"])]


def _redrafted(service: Service, held: Held, place: str) -> Held:
    """An export with one place drafted anew from its kept inputs, with the model where one is configured.

    Raises:
        UsageError: its inputs were not kept.
    """
    job, kept = service.store.job(held.key), service.store.kept(held.key)
    if job is None or not kept:
        raise UsageError("what this export was drafted from was not kept", hint="send the logs again")
    request = request_of(job, {}, service.config)
    drafter: ModelDrafter | None = None
    if service.config.settings.model:
        # late: the endpoint's client costs some 70 bare starts, and only a service with a model needs it
        from assistant.drafting.setup import model_drafter

        drafter = model_drafter(service.config.settings, single_call=False, fresh=True, tell=lambda _: None)
    return redraft_from(request, drafter, unpacked(kept, request))(held, place)


class StoreShelf:
    """The store as the pages want it.

    Args:
        store: where the exports are.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def cards(self, text: str, state: str) -> Sequence[Card]:
        """The newest exports that hold some words and stand so."""
        found = self._store.exports(Query(text=text, state=state, limit=MOST_CARDS))
        return [
            Card(
                key=one.id,
                title=without_markup(one.title) or "Not drafted yet",
                state=one.state,
                blanks=one.blanks,
                drafts=one.drafts,
                problems=one.problems,
                changed=one.changed,
                source=one.source,
            )
            for one in found
        ]

    def load(self, key: str) -> Held:
        """One export.

        Raises:
            LookupError: there is none with that key.
        """
        stored = self._stored(key)
        job = None if stored.text else self._store.last_job(key)
        said = " ".join(part for part in (job.error or job.step, job.hint) if part) if job else ""
        return Held(
            key=key,
            name=f"export-{key[:8]}.md",
            text=stored.text,
            version=str(stored.version),
            record=record_of(stored),
            state=stored.state,
            said=said,
        )

    def save(self, held: Held) -> Held:
        """Write text and record over the version that was loaded.

        Raises:
            StaleError: it has another version by now.
            LookupError: it is gone.
        """
        stored = replace(self._stored(held.key), version=int(held.version))
        try:
            saved = self._store.save(reviewed(stored, held.text, held.record))
        except ConflictError as error:
            raise StaleError(error.message, hint=error.hint) from None
        return replace(held, version=str(saved.version))

    def _stored(self, key: str) -> StoredExport:
        try:
            return self._store.export(key)
        except NotFoundError:
            raise LookupError(key) from None


class _Upload:
    """What the list's form for new drafts sends."""

    def __init__(self, service: Service, pages: Pages) -> None:
        self._service = service
        self._pages = pages

    async def sent(self, request: Request) -> Response:
        """Take the logs in, and show the export that will become of them."""
        try:
            job = await accept_upload(request, self._service, PageDraft, admit=lambda fields: self._admit(request, fields))
        except RefusedError as error:
            return self._pages.refused(request, error, status=error.status)
        except AssistantError as error:
            return self._pages.refused(request, error, status=409)
        return RedirectResponse(f"{request.scope.get('root_path', '')}/exports/{job.export_id}", 303)

    def _admit(self, request: Request, fields: dict[str, str]) -> None:
        if not self._service.sessions.is_form_token(request.headers, fields.pop("form_token", "")):
            raise RefusedError(403, "this form is too old, or came from another page", hint="open the list again and repeat what you did")
