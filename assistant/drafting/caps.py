"""Caps on cost and tokens: the next call is refused before it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from assistant.drafting.requests import Usage

Price = Callable[[Usage], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one export may take; None is no limit.

    Args:
        cost_usd: US dollars.
        tokens: sent and received together.
    """

    cost_usd: float | None = None
    tokens: int | None = None


class Cap(Protocol):
    """Refuses a call that could pass a cap, before it is made."""

    def refusal(self, most: Usage) -> str:
        """Why the next call may not be made; an empty text where it may, and then its most is set aside."""
        ...

    def settle(self, most: Usage, taken: Usage) -> None:
        """Put back what a call did not take of what was set aside for it."""
        ...


class Caps:
    """Counts what calls took and what those under way may take at most.

    Args:
        limits: the caps.
        price: the price of a call, None where it is not known.
    """

    def __init__(self, limits: Limits, price: Price) -> None:
        self._limits = limits
        self._price = price
        self._tokens = 0
        self._cost_usd = 0.0

    def refusal(self, most: Usage) -> str:
        """Why the next call may not be made; an empty text where it may, and then its most is set aside.

        Args:
            most: the tokens that it sends, and the longest reply it may get.
        """
        cost = self._price(most)
        tokens = most.sent + most.received
        if self._limits.tokens is not None and self._tokens + tokens > self._limits.tokens:
            return f"--max-tokens {self._limits.tokens} would be passed: {self._tokens} are used, the next call may take {tokens}"
        if self._limits.cost_usd is not None:
            if cost is None:
                return "--max-cost is set, but the model's price is not known"
            if self._cost_usd + cost > self._limits.cost_usd:
                return f"--max-cost {self._limits.cost_usd:g} would be passed: ${self._cost_usd:.4f} are spent, the next call may cost ${cost:.4f}"
        self._tokens += tokens
        self._cost_usd += cost or 0.0
        return ""

    def settle(self, most: Usage, taken: Usage) -> None:
        """Put back what a call did not take of what was set aside for it."""
        self._tokens += taken.sent + taken.received - most.sent - most.received
        self._cost_usd += (self._price(taken) or 0.0) - (self._price(most) or 0.0)
