"""What a model had to do with an export: the ledger of calls for the run record."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One line of the ledger of calls in the run record.

    Args:
        task: which prompt asked.
        attempt: 1 for the first answer, 2 and 3 for repairs.
        outcome: `ok`, `repaired later`, or why it failed.
        cost_usd: by the price list; None where the model's price is not known.
        began: when it was sent, in seconds since the epoch; 0 where an older record does not say.
    """

    task: str
    attempt: int
    outcome: str
    sent: int = 0
    cached: int = 0
    received: int = 0
    reasoning: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0
    began: float = 0.0
    remembered: bool = False
    form: str = "json_schema"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """What a model had to do with an export.

    Args:
        model: its name.
        endpoint: where requests went.
        prompts: prompt name -> version and digest.
        calls: every call, failed and repaired ones too.
        counter: how tokens were counted before sending.
        failed: whether some part was drafted without the model because it failed.
        capped: whether a cap on cost or tokens stopped calls.
    """

    model: str
    endpoint: str
    prompts: Mapping[str, str]
    calls: tuple[Call, ...] = ()
    counter: str = ""
    failed: bool = False
    capped: bool = False

    @property
    def cost_usd(self) -> float:
        """What all calls cost, as far as prices are known."""
        return sum(call.cost_usd or 0.0 for call in self.calls)

    @property
    def tokens(self) -> dict[str, int]:
        """Tokens of all calls together."""
        return {key: sum(getattr(call, key) for call in self.calls) for key in ("sent", "cached", "received", "reasoning")}
