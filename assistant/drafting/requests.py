"""What is sent to an endpoint and what comes back: its profile, a payload, an answer."""

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
        hopeless: whether no other call can fare better: nobody answers there, or the key or the model is not accepted.
        usage: tokens.
        seconds: how long it took.
        remembered: whether it comes from the disk and cost nothing.
        form: how the reply's form was asked for: `json_schema`, `json_object` or `text`.
        billed: whether the endpoint may charge for it: not where it answered with an error's status.
    """

    text: str = ""
    failure: str = ""
    cut: bool = False
    hopeless: bool = False
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    remembered: bool = False
    form: str = "json_schema"
    billed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Exactly what one request sends: the task's name and the body's fields."""

    task: str
    messages: Messages
    body: Mapping[str, Any]
