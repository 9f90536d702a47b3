"""The commands: each file parses, calls one function above it and prints."""

from typing import Any

import typer

from assistant.cli import brief, check, draft_export, evidence, fill_results, mcp, redact, schema, serve
from assistant.cli.edge import guarded
from assistant.version import TOOL

OPTIONS: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}

app = typer.Typer(
    name="assistant",
    help="Turn error logs and code into a checked Research Export, and the answer into its results.",
    no_args_is_help=True,
    **OPTIONS,
)
app.command("draft-export")(draft_export.command)
app.command("check")(check.command)
app.command("brief")(brief.command)
app.command("fill-results")(fill_results.command)
app.command("evidence")(evidence.command)
app.command("redact")(redact.command)
app.command("schema")(schema.command)
app.command("serve")(serve.command)
app.command("mcp")(mcp.command)


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
    alone.command("draft-export")(draft_export.command)
    guarded(alone)
