"""The commands: each file parses, calls one function above it and prints."""

import typer

from assistant.cli.edge import guarded
from assistant.cli.options import OPTIONS, LateCommand, LeanGroup
from assistant.version import TOOL

COMMANDS = {
    "draft-export": LateCommand("draft_export", "Draft a Research Export from logs."),
    "check": LateCommand("check", "Check Research Exports: exit 1 where a rule is broken, 3 where a file cannot be read."),
    "brief": LateCommand("brief", "Print the outgoing copy of an export, for a forum, a ticket or a research model."),
    "fill-results": LateCommand("fill_results", "Draft the Research Results of an export from notes; nothing else in it changes."),
    "draft-batch": LateCommand("draft_batch", "Draft one Research Export a cause from many failures."),
    "worker": LateCommand("worker", "Work on the drafts of batches until interrupted; the key of a model is this machine's own."),
    "evidence": LateCommand("evidence", "Print the most telling parts of logs, best first, within a token budget."),
    "attempt": LateCommand(
        "attempt",
        "Run CMD and record it as an attempt for the next export; ends with CMD's own exit code.",
        {"ignore_unknown_options": True},
    ),
    "redact": LateCommand("redact", "Print a text with its secrets masked, line by line as it comes; every other byte stays."),
    "review": LateCommand(
        "review", "Review exports in the browser: answer, confirm, edit; only this machine can reach the page. Ctrl-C ends it."
    ),
    "schema": LateCommand("schema", "Print the JSON schema of `draft-export --format json`."),
    "purge": LateCommand("purge", "Tell what is stored beside exports, and delete what an option names; exports and their records stay."),
    "serve": LateCommand("serve", "Serve the HTTP API and the review pages, on this machine unless told otherwise."),
    "mcp": LateCommand(
        "mcp", "Serve the tools draft_export, check_export, fill_results and log_evidence to a coding agent (MCP over stdio)."
    ),
}
"""By name, in the order of `--help`."""


class _Commands(LeanGroup):
    late = COMMANDS


app = typer.Typer(
    name="assistant",
    cls=_Commands,
    help="Turn error logs and code into a checked Research Export, and the answer into its results.",
    no_args_is_help=True,
    **OPTIONS,
)


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
    guarded(COMMANDS["draft-export"].load("draft-export"))
