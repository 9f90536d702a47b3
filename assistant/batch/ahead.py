"""All replies of a batch asked for ahead, in rounds, at the Batch endpoint: what a draft would ask, then its repairs.

A round rehearses every draft with the replies that are there; what it misses is handed in as one batch. When nothing is missing any
more, or after the last round, the drafts are made as always and find their replies remembered.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from assistant.batch.cases import loaded
from assistant.batch.jobs import Order, material_of, request_of, settings_of
from assistant.batch.shared import GivenReplies, cost_name, reply_name
from assistant.drafting.batch_api import PRICE_SHARE, BatchApi, portions
from assistant.drafting.caps import Cap, Price
from assistant.drafting.memory import held_of, is_whole
from assistant.drafting.model import CAPPED, REPAIRS, ModelDrafter
from assistant.drafting.prices import price_usd
from assistant.drafting.requests import Answer, Usage
from assistant.drafting.setup import Shared, model_drafter, profile_of
from assistant.errors import UsageError
from assistant.pipeline import draft_export
from assistant.queue.store import Store
from assistant.settings import Settings
from assistant.tokens import token_counter


class _Missing(NamedTuple):
    """A request that nobody has answered, and what is set aside for it."""

    digest: str
    body: Mapping[str, Any]
    reserved_usd: float


class _Round(NamedTuple):
    """What was handed in: requests by their digests, what was set aside for each, and the batches with so many of them each."""

    digests: list[str]
    reserved_usd: list[float]
    batches: list[tuple[str, int]]


class _NoCap:
    """A rehearsal sends nothing."""

    def refusal(self, most: Usage) -> str:
        return ""

    def settle(self, most: Usage, taken: Usage) -> None:
        return None


def ask_ahead(
    cases: Sequence[Callable[[], list[dict[str, Any]]]],
    order: Mapping[str, Any],
    own: Settings,
    store: Store,
    *,
    api: BatchApi | None = None,
    tell: Callable[[str], None],
) -> None:
    """Ask for the replies of all drafts ahead.

    Args:
        cases: gives each draft's cases when it is its turn.
        order: see `jobs.Order`.
        own: this machine's settings.
        store: of the batch; keeps what was handed in and what came back.
        api: the Batch endpoint.
        tell: told of each step.

    Raises:
        UsageError: no model is configured, or it is Azure's.
        ModelError: the endpoint cannot be used.
    """
    given = Order(**order)
    settings = settings_of(given, own)
    if not settings.model or settings.azure_endpoint:
        raise UsageError("--use-batch-api needs a model at OpenAI or a compatible endpoint", hint="give --model NAME, or leave it out")
    api = api or BatchApi(profile_of(settings))
    for number in range(1 + REPAIRS):
        label = f"{given.batch} {number}"
        if held := store.text(f"round {label}"):
            asked = _Round(**json.loads(held))
        else:
            missing = _missing(cases, given, settings, store)
            if not missing:
                return
            parts = [_handed_in(api, bodies, f"{label} {part}") for part, bodies in enumerate(portions([one.body for one in missing]))]
            asked = _Round([one.digest for one in missing], [one.reserved_usd for one in missing], parts)
            store.keep(f"round {label}", json.dumps(asked._asdict()))
        told = partial(_told, tell, number)
        for part, (digest, answer) in _answers(api, asked, told):
            _settle(store, given, settings, asked.reserved_usd[part], digest, answer)


def _missing(cases: Sequence[Callable[[], list[dict[str, Any]]]], order: Order, settings: Settings, store: Store) -> "list[_Missing]":
    """What the drafts would ask for and nobody has answered, in their order."""
    memory = GivenReplies(store)
    request = request_of(order, settings, None)
    drafter: ModelDrafter = model_drafter(
        settings, single_call=order.single_call, fresh=False, tell=lambda _: None, shared=Shared(memory, _no_cap)
    )
    for case in cases:
        draft_export(request, drafter=drafter, material=material_of(request, [loaded(one) for one in case()]))
    return [
        _Missing(digest, body, reserved)
        for digest, body in memory.missing.items()
        if (reserved := _reserved(body, digest, order, settings, store)) is not None
    ]


def _reserved(body: Mapping[str, Any], digest: str, order: Order, settings: Settings, store: Store) -> float | None:
    """What is set aside for a request, in US dollars; None where the cap does not let it be made, which is noted."""
    profile = profile_of(settings)
    sent = sum(token_counter().count(message["content"]) for message in body["messages"])
    most = price_usd(Usage(sent=sent, received=profile.reply_tokens), profile)
    cost = (most or 0.0) * PRICE_SHARE
    if (order.max_cost is None or most is not None) and store.add(cost_name(order.batch), cost, limit=order.max_cost):
        return cost
    store.keep(f"failed {digest}", f"{CAPPED}--max-cost {order.max_cost or 0:g} could be passed")
    return None


def _settle(store: Store, order: Order, settings: Settings, reserved_usd: float, digest: str, answer: Answer) -> None:
    """Keep an answer, and count what it took instead of what was set aside for it; a second time nothing changes."""
    if is_whole(answer):
        new = store.keep(reply_name(digest), held_of(answer))
    else:
        new = store.keep(f"failed {digest}", answer.failure or "the reply was cut")
    if new:
        store.add(cost_name(order.batch), (price_usd(answer.usage, profile_of(settings)) or 0.0) * PRICE_SHARE - reserved_usd)


def _no_cap(_: Price) -> Cap:
    return _NoCap()


def _handed_in(api: BatchApi, bodies: Sequence[Mapping[str, Any]], label: str) -> tuple[str, int]:
    """The id of the batch with these requests, and how many they are; one that was handed in before a crash is found again."""
    batch = api.find(label) or api.submit(bodies, label)
    return batch.id, len(bodies)


def _answers(api: BatchApi, asked: "_Round", told: Callable[[str], None]) -> Iterator[tuple[int, tuple[str, Answer]]]:
    """Every request of a round, by its place, with its answer or why there is none."""
    first = 0
    for name, size in asked.batches:
        batch = api.wait(name, lambda one: told(f"{one.id}: {one.status}, {one.done} of {one.total} answered"))
        nothing = Answer(failure=f"the Batch endpoint gave no answer: the batch is {batch.status}", billed=False)
        answers = dict(api.answers(batch))
        for number in range(size):
            yield first + number, (asked.digests[first + number], answers.get(number, nothing))
        first += size


def _told(tell: Callable[[str], None], number: int, text: str) -> None:
    tell(f"round {number + 1}: {text}")
