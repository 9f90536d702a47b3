"""What a command tells of a model's use: what it cost, and by the exit code whether it failed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from assistant.cli.console import plural, say

if TYPE_CHECKING:
    from assistant.drafting.calls import ModelUse


def cost_of(use: "ModelUse") -> str:
    """Calls, tokens and price in one line."""
    tokens = use.tokens
    sent = f"{tokens['sent']} tokens sent ({tokens['cached']} from the prompt cache), {tokens['received']} received"
    known = all(call.cost_usd is not None for call in use.calls)
    remembered = sum(call.remembered for call in use.calls)
    told = f", {remembered} remembered" if remembered else ""
    return f"{plural(len(use.calls), 'call')}{told}: {sent}, {f'${use.cost_usd:.4f}' if known else 'price not known'}"


def exit_of(uses: "Sequence[ModelUse | None]") -> None:
    """4 where the model failed, 5 where a cap stopped it; the documents are written all the same.

    Raises:
        typer.Exit: with that code.
    """
    if any(use and use.failed for use in uses):
        say("the model failed for some parts: they were drafted without it")
        raise typer.Exit(4)
    if any(use and use.capped for use in uses):
        say("a cap stopped some calls: those parts were drafted without the model")
        raise typer.Exit(5)
