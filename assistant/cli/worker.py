"""`assistant worker`: drafts for batches that were begun on other machines."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import say


def command(
    database_url: Annotated[
        str, typer.Option("--database-url", metavar="URL", help="The PostgreSQL that the batches use.", show_default=False)
    ],
    repo: Annotated[Path | None, typer.Option("--repo", metavar="DIR", help="Where the repository lies on this machine.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="Drafts side by side.")] = 4,
    idle: Annotated[
        float | None, typer.Option("--idle", metavar="SECONDS", min=0, help="Stop after so long without work; never by default.")
    ] = None,
) -> None:
    """Work on the drafts of batches until interrupted; the key of a model is this machine's own."""
    # late: the queue costs some 45 bare starts
    from assistant.batch.working import work
    from assistant.cli.modelling import configured
    from assistant.cli.places import refuse_places

    refuse_places(repo, None, {})
    settings = configured({}, offline=False)
    say(f"working on {database_url.rpartition('@')[2]}; Ctrl-C stops, and what was begun is taken over by others")
    gc.enable()  # the edge switched it off for short runs, and this one is long
    done = work(database_url, settings, repo=repo, jobs_at_once=jobs, idle_s=idle)
    say(f"stopped after {done} drafts")
