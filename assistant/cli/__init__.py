"""The commands: each file parses, calls one function above it and prints."""

from typing import Any

import typer

from assistant.cli import (
    attempt,
    brief,
    check,
    draft_batch,
    draft_export,
    evidence,
    fill_results,
    mcp,
    purge,
    redact,
    review,
    schema,
    serve,
    worker,
)
from assistant.cli.edge import guarded
from assistant.cli.options import LeanCommand, LeanGroup
from assistant.version import TOOL

OPTIONS: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}

app = typer.Typer(
    name="assistant",
    cls=LeanGroup,
    help="Turn error logs and code into a checked Research Export, and the answer into its results.",
    no_args_is_help=True,
    **OPTIONS,
)
app.command("draft-export", cls=LeanCommand)(draft_export.command)
app.command("check", cls=LeanCommand)(check.command)
app.command("brief", cls=LeanCommand)(brief.command)
app.command("fill-results", cls=LeanCommand)(fill_results.command)
app.command("draft-batch", cls=LeanCommand)(draft_batch.command)
app.command("worker", cls=LeanCommand)(worker.command)
app.command("evidence", cls=LeanCommand)(evidence.command)
app.command("attempt", cls=LeanCommand, context_settings={"ignore_unknown_options": True})(attempt.command)
app.command("redact", cls=LeanCommand)(redact.command)
app.command("review", cls=LeanCommand)(review.command)
app.command("schema", cls=LeanCommand)(schema.command)
app.command("purge", cls=LeanCommand)(purge.command)
app.command("serve", cls=LeanCommand)(serve.command)
app.command("mcp", cls=LeanCommand)(mcp.command)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        typer.echo(TOOL)
        raise typer.Exit


def main() -> None:
    """Run `assistant`."""
    guarded(app)


def draft_export_main() -> None:
    """Run `draft-export`, which is `assistant draft-export`."""
    alone = typer.Typer(**OPTIONS)
    alone.command("draft-export", cls=LeanCommand)(draft_export.command)
    guarded(alone)
