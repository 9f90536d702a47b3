"""All replies of a batch asked for ahead, in rounds, at the Batch endpoint: what a draft would ask, then its repairs.

A round rehearses every draft with the replies that are there; what it misses is handed in as one batch. When nothing is missing any
more, or after the last round, the drafts are made as always and find their replies remembered.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from assistant.batch.cases import loaded
from assistant.batch.jobs import Order, material_of, request_of, settings_of
from assistant.batch.shared import GivenReplies, cost_name, reply_name
from assistant.drafting.batch_api import PRICE_SHARE, BatchApi, portions
from assistant.drafting.caps import Cap, Price
from assistant.drafting.memory import held_of, is_whole
from assistant.drafting.model import CAPPED, REPAIRS, ModelDrafter
from assistant.drafting.prices import price_usd
from assistant.drafting.requests import Usage
from assistant.drafting.setup import Shared, model_drafter, profile_of
from assistant.errors import UsageError
from assistant.pipeline import draft_export
from assistant.queue.store import Store
from assistant.settings import Settings
from assistant.tokens import token_counter


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
            digests, parts = json.loads(held)["digests"], json.loads(held)["batches"]
        else:
            missing = _missing(cases, given, settings, store)
            if not missing:
                return
            digests = list(missing)
            parts = [_handed_in(api, bodies, f"{label} {part}") for part, bodies in enumerate(portions(list(missing.values())))]
            store.keep(f"round {label}", json.dumps({"digests": digests, "batches": parts}))
        _collect(api, parts, digests, store, partial(_told, tell, number))


def _missing(
    cases: Sequence[Callable[[], list[dict[str, Any]]]], order: Order, settings: Settings, store: Store
) -> dict[str, Mapping[str, Any]]:
    """What the drafts would ask for and nobody has answered, in their order."""
    memory = GivenReplies(store)
    request = request_of(order, settings, None)
    drafter: ModelDrafter = model_drafter(settings, single_call=order.single_call, fresh=False, tell=lambda _: None, shared=Shared(memory, _no_cap))
    for case in cases:
        draft_export(request, drafter=drafter, material=material_of(request, [loaded(one) for one in case()]))
    return {digest: body for digest, body in memory.missing.items() if _is_within_cap(body, digest, order, settings, store)}


def _is_within_cap(body: Mapping[str, Any], digest: str, order: Order, settings: Settings, store: Store) -> bool:
    """Whether a request may be made; its most is set aside, and one that may not is noted as capped."""
    profile = profile_of(settings)
    sent = sum(token_counter().count(message["content"]) for message in body["messages"])
    most = price_usd(Usage(sent=sent, received=profile.reply_tokens), profile)
    if order.max_cost is None or (most is not None and store.add(cost_name(order.batch), most * PRICE_SHARE, limit=order.max_cost)):
        return True
    store.keep(f"failed {digest}", f"{CAPPED}--max-cost {order.max_cost:g} could be passed")
    return False


def _no_cap(_: Price) -> Cap:
    return _NoCap()


def _handed_in(api: BatchApi, bodies: Sequence[Mapping[str, Any]], label: str) -> tuple[str, int]:
    """The id of the batch with these requests, and how many they are; one that was handed in before a crash is found again."""
    batch = api.find(label) or api.submit(bodies, label)
    return batch.id, len(bodies)


def _collect(api: BatchApi, parts: Sequence[tuple[str, int]], digests: Sequence[str], store: Store, told: Callable[[str], None]) -> None:
    first = 0
    for name, size in parts:
        batch = api.wait(name, lambda one: told(f"{one.id}: {one.status}, {one.done} of {one.total} answered"))
        answered = set()
        for number, answer in api.answers(batch):
            answered.add(number)
            digest = digests[first + number]
            if is_whole(answer):
                store.keep(reply_name(digest), held_of(answer))
            else:
                store.keep(f"failed {digest}", answer.failure or "the reply was cut")
        for number in set(range(size)) - answered:
            store.keep(f"failed {digests[first + number]}", f"the Batch endpoint gave no answer: the batch is {batch.status}")
        first += size


def _told(tell: Callable[[str], None], number: int, text: str) -> None:
    tell(f"round {number + 1}: {text}")
