"""What the drafts of a batch share: remembered replies and the cap on what all of them cost."""

from collections.abc import Mapping
from typing import Any

from assistant.drafting.caps import Price
from assistant.drafting.memory import Memory, answer_of, digest_of, held_of, is_whole
from assistant.drafting.requests import Answer, Usage
from assistant.queue.store import Store

WAITING = "the Batch endpoint has not answered it"


class SharedMemory(Memory):
    """Replies in the batch's database first, where every worker finds them, then in the user's cache.

    Args:
        store: of the batch.
        own: the user's cache.
    """

    def __init__(self, store: Store, own: Memory) -> None:
        super().__init__(None)
        self._store = store
        self._own = own

    def recall(self, body: Mapping[str, Any]) -> Answer | None:
        """The answer that was given to exactly this request before, or None."""
        held = self._store.text(reply_name(digest_of(body)))
        return (answer_of(held) if held else None) or self._own.recall(body)

    def keep(self, body: Mapping[str, Any], answer: Answer) -> str:
        """Remember a whole answer; in the database before anything else, so that a kill loses none."""
        if is_whole(answer):
            self._store.keep(reply_name(digest_of(body)), held_of(answer))
        return self._own.keep(body, answer)


class SharedCap:
    """The cap on a whole batch: one sum in the database that all workers add to before they ask.

    Args:
        store: of the batch.
        name: of the sum.
        limit_usd: the cap; None for none.
        price: of a call; None where it is not known.
    """

    def __init__(self, store: Store, name: str, limit_usd: float | None, price: Price) -> None:
        self._store, self._name, self._limit, self._price = store, name, limit_usd, price

    def refusal(self, most: Usage) -> str:
        """Why the next call may not be made; an empty text where it may, and then its most is set aside."""
        cost = self._price(most)
        if self._limit is not None and cost is None:
            return "--max-cost is set, but the model's price is not known"
        if self._store.add(self._name, cost or 0.0, limit=self._limit):
            return ""
        return f"--max-cost {self._limit:g} would be passed: the batch has spent ${self._store.total(self._name):.4f}"

    def settle(self, most: Usage, taken: Usage) -> None:
        """Put back what a call did not take of what was set aside for it."""
        self._store.add(self._name, (self._price(taken) or 0.0) - (self._price(most) or 0.0))


class GivenReplies(Memory):
    """Only the replies that the Batch endpoint gave; what else is asked for is noted, and nothing is sent.

    Args:
        store: of the batch.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(None)
        self._store = store
        self.missing: dict[str, Mapping[str, Any]] = {}

    def recall(self, body: Mapping[str, Any]) -> Answer | None:
        """The stored answer, or one that says why there is none."""
        digest = digest_of(body)
        if (held := self._store.text(reply_name(digest))) and (answer := answer_of(held)):
            return answer
        if failure := self._store.text(f"failed {digest}"):
            return Answer(failure=failure, remembered=True)
        self.missing.setdefault(digest, body)
        return Answer(failure=WAITING, remembered=True)


def reply_name(digest: str) -> str:
    """Under which name the answer to a request is kept."""
    return f"reply {digest}"


def cost_name(batch: str) -> str:
    """Under which name the cost of a batch is summed."""
    return f"cost of {batch}"
