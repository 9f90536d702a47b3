"""`assistant mcp`: the same functions as tools for coding agents."""

from typing import Annotated

import typer

from assistant.cli.extras import needs_extra


def command(
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Draft with this model; without one the playbook drafts.")] = "",
    offline: Annotated[bool, typer.Option("--offline", help="Use no model, whatever is configured.")] = False,
) -> None:
    """Serve the tools draft_export, check_export, fill_results and log_evidence to a coding agent (MCP over stdio)."""
    # late: `--help` must not pay for the stages or for the SDK
    from assistant.cli.modelling import configured

    with needs_extra("mcp"):
        from assistant.agents import serve_tools
    serve_tools(configured({"model": model}, offline=offline))
