"""From settings to a drafter with a model; imported late, since the client of the endpoint is heavy."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from assistant.drafting.caps import Cap, Limits, Price
from assistant.drafting.memory import Memory
from assistant.drafting.model import ModelDrafter, Options
from assistant.drafting.prompts import load_prompts
from assistant.drafting.requests import Profile
from assistant.errors import SettingsError
from assistant.resources import cache_path
from assistant.settings import Settings
from assistant.tokens import token_counter

D = TypeVar("D", bound=ModelDrafter)
LEAST = {"concurrency": 1, "timeout_s": 0.1, "retries": 0, "reply_tokens": 1, "window": 1}


class Shared(NamedTuple):
    """What the exports of a batch share.

    Args:
        memory: remembers replies.
        cap: makes the cap on all of them from the price of a call.
    """

    memory: Memory
    cap: Callable[[Price], Cap]


def model_drafter(
    settings: Settings,
    *,
    single_call: bool,
    fresh: bool,
    tell: Callable[[str], None],
    kind: type[D] = ModelDrafter,  # type: ignore[assignment]  # PEP 696
    shared: Shared | None = None,
) -> D:
    """The drafter for a configured model.

    Args:
        settings: with `model` set; options of the command are laid over them already.
        single_call: everything in one reply.
        fresh: whether remembered replies are ignored.
        tell: told of each step.
        kind: which drafter: that of exports, or one made from it.
        shared: what several exports share instead of having their own; None where each stands alone.

    Raises:
        SettingsError: there is no key where the endpoint needs one.
        TemplateError: a prompt is broken.
    """
    return kind(
        profile_of(settings),
        load_prompts(Path(settings.prompts) if settings.prompts else None),
        counter=token_counter(),
        memory=shared.memory if shared else Memory(cache_folder(settings), fresh=fresh),
        options=Options(
            token_budget=settings.budget,
            limits=Limits(cost_usd=settings.max_cost, tokens=settings.max_tokens),
            single_call=single_call,
            shared=shared.cap if shared else None,
        ),
        tell=tell,
    )


def profile_of(settings: Settings) -> Profile:
    """The endpoint that settings describe.

    Raises:
        SettingsError: OpenAI or Azure is meant and there is no key; or an address, the key or a number can never work.
    """
    _refuse_unusable(settings)
    if not settings.api_key and not settings.base_url:
        raise SettingsError(
            f"the model {settings.model!r} needs a key",
            hint="set OPENAI_API_KEY (or ASSISTANT_API_KEY), or give --base-url for a local server",
        )
    if settings.azure_endpoint and not settings.azure_version:
        raise SettingsError("azure_endpoint is set without azure_version", hint="set ASSISTANT_AZURE_VERSION, as in 2024-10-21")
    return Profile(
        model=settings.model,
        base_url=settings.base_url,
        api_key=settings.api_key,
        azure_endpoint=settings.azure_endpoint,
        azure_version=settings.azure_version,
        max_tokens_field=settings.max_tokens_field,
        window=settings.window,
        reply_tokens=settings.reply_tokens,
        concurrency=settings.concurrency,
        timeout_s=settings.timeout_s,
        retries=settings.retries,
        price_input=settings.price_input,
        price_output=settings.price_output,
    )


def _refuse_unusable(settings: Settings) -> None:
    """What would fail on the first request or never end; the client's own message would print the key."""
    for name in ("base_url", "azure_endpoint"):
        if (address := getattr(settings, name)) and not _is_address(address):
            raise SettingsError(f"{name} {address!r} is no address", hint="write it as in http://localhost:11434/v1")
    if not all("!" <= character <= "~" for character in settings.api_key):
        raise SettingsError("the API key holds a blank, a line end or a character outside ASCII", hint="set it again, without quotes")
    for name, least in LEAST.items():
        if getattr(settings, name) < least:
            raise SettingsError(f"{name} is {getattr(settings, name)}", hint=f"it must be at least {least}")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        usable = parts.port != 0 and text.isprintable() and " " not in text
    except ValueError:
        return False
    return usable and parts.scheme in ("http", "https") and bool(parts.hostname)


def cache_folder(settings: Settings) -> Path:
    """Where replies are remembered."""
    return Path(settings.cache) / "replies" if settings.cache else cache_path("replies")
