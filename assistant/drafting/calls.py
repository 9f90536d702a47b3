"""What a call to a model is: the endpoint's profile, the answer, and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

DEFAULT_ADDRESS = "https://api.openai.com/v1"
Messages = tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """An endpoint and how to talk to it.

    Args:
        model: the model's name there; on Azure the deployment's.
        base_url: where it is; empty for the provider's own address.
        api_key: the key; local servers take any.
        azure_endpoint: Azure's resource address; empty elsewhere.
        azure_version: Azure's API version.
        max_tokens_field: what the endpoint calls the limit of a reply.
        window: the model's context window, in tokens.
        reply_tokens: how long a reply may be, in tokens, hidden reasoning counted.
        concurrency: how many calls run side by side.
        timeout_s: how long one call may take in all.
        retries: how often a call is made again after 429, 5xx or a lost connection.
        price_input: US dollars a million tokens sent, where the user knows better than the price list.
        price_output: US dollars a million tokens received.
    """

    model: str
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    azure_endpoint: str = ""
    azure_version: str = ""
    max_tokens_field: str = "max_completion_tokens"
    window: int = 128_000
    reply_tokens: int = 8_000
    concurrency: int = 4
    timeout_s: float = 180.0
    retries: int = 2
    price_input: float | None = None
    price_output: float | None = None

    @property
    def address(self) -> str:
        """Where requests go, for people: without a password or a query that may hold a key."""
        parts = urlsplit(self.azure_endpoint or self.base_url or DEFAULT_ADDRESS)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one call by the endpoint's own count; zero where it gives none."""

    sent: int = 0
    cached: int = 0
    received: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back of one request.

    Args:
        text: the reply; empty where there was none.
        failure: why there is no whole reply, in a few words; empty where there is one.
        cut: whether the reply ended at the length limit.
        usage: tokens.
        seconds: how long it took.
        remembered: whether it comes from the disk and cost nothing.
        form: how the reply's form was asked for: `json_schema`, `json_object` or `text`.
        billed: whether the endpoint may charge for it: not where it answered with an error's status.
    """

    text: str = ""
    failure: str = ""
    cut: bool = False
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    remembered: bool = False
    form: str = "json_schema"
    billed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One line of the ledger of calls in the run record.

    Args:
        task: which prompt asked.
        attempt: 1 for the first answer, 2 and 3 for repairs.
        outcome: `ok`, `repaired later`, or why it failed.
        cost_usd: by the price list; None where the model's price is not known.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Exactly what one request sends: the task's name and the body's fields."""

    task: str
    messages: Messages
    body: Mapping[str, Any]
