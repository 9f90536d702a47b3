"""What `draft-export` does around a model: choose it, name the endpoint before anything goes, show the plan."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.console import plural, put, say
from assistant.cli.progress import progress
from assistant.drafting import Drafter
from assistant.errors import UsageError
from assistant.pipeline import Request, prepare_case
from assistant.settings import Settings, read_settings

if TYPE_CHECKING:
    from assistant.drafting.model import ModelDrafter
    from assistant.results import ResultsDrafter
    from assistant.results.model import Plan


def configured(given: Mapping[str, object], *, offline: bool) -> Settings:
    """The settings that hold here, with the options of the command laid over them; what could not be read is told."""
    settings = read_settings(Path.cwd())
    for note in settings.notes:
        say(f"note: {note}")
    return chosen_settings(settings, given, offline=offline)


def chosen_settings(settings: Settings, given: Mapping[str, object], *, offline: bool) -> Settings:
    """Lay the options of the command over the settings; a key alone configures no model."""
    laid = replace(settings, **{key: str(value) if key == "prompts" else value for key, value in given.items() if value not in (None, "")})  # type: ignore[arg-type]
    if offline:
        return replace(laid, model="")
    if laid.api_key and not laid.model:
        say("hint: a key is set but no model is configured, so nothing is sent anywhere; --model NAME drafts with one")
    return laid


@contextmanager
def drafting_with(settings: Settings, *, single_call: bool, fresh: bool) -> Iterator[Drafter | None]:
    """The configured model's drafter, or None for the playbook; the endpoint is named before anything goes to it."""
    if not settings.model:
        yield None
        return
    with progress(f"drafting with {settings.model}") as tell:
        drafter = _drafter(settings, single_call=single_call, fresh=fresh, tell=tell)
        say(f"drafting with {settings.model} at {drafter.address}; the evidence is masked, --dry-run shows what is sent")
        yield drafter


@contextmanager
def results_with(settings: Settings, *, fresh: bool, send: bool) -> "Iterator[ResultsDrafter | None]":
    """The configured model's drafter of results, or None for extraction.

    Args:
        settings: with the options of the command laid over them.
        fresh: whether remembered replies are ignored.
        send: whether anything may be sent; without it the plan is told, and extraction drafts.
    """
    if not settings.model:
        yield None
        return
    # late: the endpoint's client costs some 70 bare starts, and only a run with a model needs it
    from assistant.drafting.setup import model_drafter
    from assistant.results.model import ModelResults, PlannedResults

    with progress(f"drafting with {settings.model}") as tell:
        drafter = model_drafter(settings, single_call=False, fresh=fresh, tell=tell, kind=ModelResults)
        if send:
            say(f"drafting with {settings.model} at {drafter.address}; notes and evidence are masked, --dry-run sends nothing")
            yield drafter
        else:
            yield PlannedResults(drafter, lambda planned: _show_results_plan(planned, drafter.address))


def show_plan(settings: Settings, request: Request, *, single_call: bool) -> None:
    """Print exactly what would be sent, with its tokens and its price.

    Raises:
        UsageError: no model is configured.
    """
    if not settings.model:
        raise UsageError("--dry-run needs a model", hint="give --model NAME, or set ASSISTANT_MODEL")
    drafter = _drafter(settings, single_call=single_call, fresh=False, tell=lambda _: None)
    case = prepare_case(request, stdin=sys.stdin.buffer)
    if case is None:
        say("no failure found: nothing would be sent")
        return
    planned = drafter.payloads(case)
    put(json.dumps([body for body, _, _ in planned], ensure_ascii=False, indent=1) + "\n")
    _tell_plan(planned, drafter.address)


def _show_results_plan(planned: "Plan", address: str) -> None:
    """On stderr: the diff of a dry run is the result."""
    say(json.dumps([body for body, _, _ in planned], ensure_ascii=False, indent=1))
    _tell_plan(planned, address)


def _tell_plan(planned: "Plan", address: str) -> None:
    sent, received = sum(most.sent for _, most, _ in planned), sum(most.received for _, most, _ in planned)
    prices = [price for _, _, price in planned if price is not None]
    cost = f"${sum(prices):.4f} at most, without repairs" if len(prices) == len(planned) else "price not known"
    say(f"nothing was sent. {plural(len(planned), 'call')} to {address}: {sent} tokens sent, {received} received at most; {cost}")


def _drafter(settings: Settings, *, single_call: bool, fresh: bool, tell: Callable[[str], None]) -> "ModelDrafter":
    # late: the endpoint's client costs some 70 bare starts, and only a run with a model needs it
    from assistant.drafting.setup import model_drafter

    return model_drafter(settings, single_call=single_call, fresh=fresh, tell=tell)
