"""`assistant serve`: the HTTP API and the review pages."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import say
from assistant.cli.extras import needs_extra

MEGABYTE = 1024 * 1024


def command(
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="What to listen on; others than loopback need ASSISTANT_TOKEN.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Its port; 0 takes a free one.")] = 8000,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Where exports and waiting uploads are kept; the user's data folder without it."),
    ] = None,
    database_url: Annotated[
        str, typer.Option("--database-url", metavar="URL", help="postgresql://… for many machines; an SQLite file in DIR without it.")
    ] = "",
    workers: Annotated[int, typer.Option("--workers", metavar="N", min=0, max=64, help="Processes that draft.")] = 1,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A name under which the service may be addressed; repeatable.")
    ] = None,
    max_upload: Annotated[int, typer.Option("--max-upload", metavar="MB", min=1, help="Megabytes of one upload.")] = 256,
    github_api: Annotated[
        str, typer.Option("--github-api", metavar="URL", help="Where logs of workflow runs are downloaded.")
    ] = "https://api.github.com",
    traces: Annotated[bool, typer.Option("--traces", help="Send OpenTelemetry traces to OTEL_EXPORTER_OTLP_ENDPOINT.")] = False,
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Draft with this model; without one the playbook drafts.")] = "",
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="An OpenAI-compatible endpoint, as in http://localhost:11434/v1.")
    ] = "",
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", metavar="USD", min=0, help="Make no call that could pass this cost of one export.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Use no model, whatever is configured.")] = False,
) -> None:
    """Serve the HTTP API and the review pages, on this machine unless told otherwise."""
    # late: `--help` must not pay for the stages or for FastAPI
    from assistant.cli.modelling import configured

    with needs_extra("service"):
        from assistant.service.configuration import Limits, ServiceConfig
        from assistant.service.serving import serve
    from assistant.resources import data_path
    from assistant.settings import read_secrets

    settings = configured({"model": model, "base_url": base_url, "max_cost": max_cost}, offline=offline)
    config = ServiceConfig(
        data=(data or data_path("service")).resolve(),
        database_url=database_url,
        host=host,
        port=port,
        allowed_hosts=tuple(allow_host or ()),
        secrets=read_secrets(),
        github_api=github_api,
        workers=workers,
        traces=traces,
        limits=Limits(upload_bytes=max_upload * MEGABYTE),
        settings=settings,
    )
    say(
        f"data: {config.data}" + (f"; drafting with {settings.model}" if settings.model else "; drafting by the playbook, no model is used")
    )
    serve(config)
