"""`assistant purge`: see and delete what is stored beside the exports."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import put, say
from assistant.errors import UsageError

KILOBYTE = 1000


def command(
    cache: Annotated[bool, typer.Option("--cache", help="Delete remembered model replies and what can be made again.")] = False,
    index: Annotated[bool, typer.Option("--index", help="Delete the repository's index of earlier exports.")] = False,
    attempts: Annotated[bool, typer.Option("--attempts", help="Delete the repository's recorded attempts.")] = False,
    batch: Annotated[
        list[Path] | None, typer.Option("--batch", metavar="DIR", help="Delete the plan and queue of the batch in DIR; repeatable.")
    ] = None,
    service: Annotated[bool, typer.Option("--service", help="Delete all that the service keeps on this machine.")] = False,
    repo: Annotated[Path, typer.Option("--repo", metavar="DIR", help="The repository that is meant.")] = Path(),
) -> None:
    """Tell what is stored beside exports, and delete what an option names; exports and their records stay."""
    # late: `--help` must not pay for the settings
    from assistant.purging import kept_state, purge
    from assistant.settings import read_settings

    for folder in (repo, *(batch or ())):
        if not folder.is_dir():
            raise UsageError(f"{folder}: is no folder", hint="give a folder that exists")
    kinds = kept_state(repo, read_settings(Path.cwd()).cache, batch or ())
    asked = {"--cache": cache, "--index": index, "--attempts": attempts, "--batch DIR": bool(batch), "--service": service}
    if not any(asked.values()):
        for kind in kinds:
            put(f"{kind.option:<12} {_size(kind.size):>9}  {kind.what}\n")
        say("nothing was deleted: give the options of what should go")
        return
    for path in purge(kind for kind in kinds if asked[kind.option]):
        say(f"deleted {path}")


def _size(count: int) -> str:
    if not count:
        return "nothing"
    return f"{count / KILOBYTE**2:.1f} MB" if count >= KILOBYTE**2 else f"{count / KILOBYTE:.1f} kB"
