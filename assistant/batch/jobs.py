"""The job of a worker: one case to one export, as text; only the one who runs the batch writes files."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant.assembly import Stated
from assistant.batch.cases import Case, loaded, masked_again
from assistant.batch.shared import GivenReplies, SharedCap, SharedMemory, cost_name
from assistant.drafting import Drafter
from assistant.drafting.memory import Memory
from assistant.gathering import learn_secrets, open_repository
from assistant.mining import Mined
from assistant.pipeline import Material, Outcome, Request, draft_export
from assistant.queue import Job, step
from assistant.queue.store import Store
from assistant.record import dump_record
from assistant.redaction import Redactor
from assistant.settings import Settings
from assistant.sources.source import Inputs, Source

DRAFT = "draft"
QUEUE = "batch-drafts"
PRIVATE = ("api_key", "notes", "ci_actor")
"""Settings that do not leave the machine: each worker has its own key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What every draft of a batch needs to know.

    Args:
        batch: id of the batch.
        stated: what the user says about the exports.
        repo: path of the repository; empty where it is not at hand.
        templates: folder of the user's templates; empty for none.
        settings: those of the model, without what is private.
        single_call: see `Options`.
        max_cost: cap on the whole batch in US dollars.
        use_batch_api: whether only replies of the Batch endpoint are used, see `ahead`.
    """

    batch: str
    stated: dict[str, str]
    repo: str = ""
    templates: str = ""
    settings: dict[str, Any]
    single_call: bool = False
    max_cost: float | None = None
    use_batch_api: bool = False


def settings_for_workers(settings: Settings) -> dict[str, Any]:
    """Settings as JSON's values, without what is private."""
    return {item.name: getattr(settings, item.name) for item in fields(Settings) if item.name not in PRIVATE}


def jobs(
    store: Store, own: Settings, *, repo: Path | None = None, fresh: bool = False, ended: Callable[[], None] = lambda: None
) -> Mapping[str, Job]:
    """What a worker can do.

    Args:
        store: of the batch.
        own: this machine's settings, for its key.
        repo: where the repository lies on this machine, if that is elsewhere.
        fresh: whether replies in the user's cache are ignored.
        ended: called after each draft.
    """

    def draft(cases: list[dict[str, Any]], order: dict[str, Any]) -> dict[str, Any]:
        given = Order(**order)
        settings = settings_of(given, own)
        request = request_of(given, settings, repo)

        def work() -> dict[str, Any]:
            with _drafter(given, settings, store, fresh) as drafter:
                outcome = draft_export(request, drafter=drafter, material=material_of(request, [loaded(one) for one in cases]))
            return _result(outcome, store.total(cost_name(given.batch)))

        done: dict[str, Any] = step(DRAFT, work)
        ended()
        return done

    return {DRAFT: draft}


def settings_of(order: Order, own: Settings) -> Settings:
    """The batch's settings with this machine's key."""
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in order.settings.items()}
    return replace(own, **given)  # type: ignore[arg-type]  # they come from settings


def request_of(order: Order, settings: Settings, repo: Path | None) -> Request:
    """What every draft of a batch is made from, on this machine."""
    folder = repo or (Path(order.repo) if order.repo else None)
    return Request(
        logs=(),
        stated=Stated(**order.stated),
        repo=folder if folder and folder.is_dir() else None,
        templates=Path(order.templates) if order.templates else None,
        pii=bool(settings.pii),
        mask=settings.mask,
        keep=settings.keep,
    )


def material_of(request: Request, cases: Sequence[Case]) -> Material:
    """Cases as what was read: masked once more with what the repository tells, since they were mined without that."""
    redactor = Redactor(pii=request.pii, mask=request.mask, keep=request.keep)
    repository = open_repository(request.repo) if request.repo else None
    if repository:
        learn_secrets(repository, redactor)
    mined = _mined(cases, redactor)
    sources = tuple(Source(name, log.text, numbers=log.numbers) for name, log in mined.logs.items())
    return Material(Inputs(sources), mined, repository, redactor, redactor.learned, again=partial(_mined, cases))


def _mined(cases: Sequence[Case], redactor: Redactor) -> Mined:
    """The first case with its log; the others show what else the cause looks like."""
    masked = masked_again(cases, redactor)
    return Mined(tuple(one.failure for one in masked), {masked[0].failure.origin.path: masked[0].log})


@contextmanager
def _drafter(order: Order, settings: Settings, store: Store, fresh: bool) -> Iterator[Drafter | None]:
    if not settings.model:
        yield None
        return
    # late: the endpoint's client costs some 70 bare starts, and only a batch with a model needs it
    from assistant.drafting.setup import Shared, cache_folder, model_drafter

    own = Memory(cache_folder(settings), fresh=fresh)
    memory = GivenReplies(store) if order.use_batch_api else SharedMemory(store, own)
    cap = partial(SharedCap, store, cost_name(order.batch), order.max_cost)
    yield model_drafter(settings, single_call=order.single_call, fresh=fresh, tell=lambda _: None, shared=Shared(memory, cap))


def _result(outcome: Outcome, spent_usd: float) -> dict[str, Any]:
    use = outcome.use
    return {
        "text": outcome.text,
        "record": json.loads(dump_record(outcome.record)),
        "notes": list(outcome.notes),
        "counts": dict(outcome.review.counts),
        "failed": bool(use and use.failed),
        "capped": bool(use and use.capped),
        "spent_usd": spent_usd,
        "calls": len(use.calls) if use else 0,
    }
