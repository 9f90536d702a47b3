"""`assistant review`: the review page of files on this machine."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import plural, say
from assistant.cli.places import refuse_places
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.drafting import Drafter
    from assistant.reviewing.shelf import Redraft
    from assistant.settings import Settings


def command(
    exports: Annotated[list[Path], typer.Argument(metavar="EXPORT…", help="Research Exports.", show_default=False)],
    logs: Annotated[
        list[str] | None,
        typer.Option("--log", metavar="LOG", help="A log that the export was drafted from: lets the page draft parts anew."),
    ] = None,
    repo: Annotated[Path | None, typer.Option("--repo", metavar="DIR", help="With --log: the repository whose code failed.")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Draft anew without a model, whatever is configured.")] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address and open no browser.")] = False,
) -> None:
    """Review exports in the browser: answer, confirm, edit; only this machine can reach the page. Ctrl-C ends it."""
    # late: the web framework costs some 50 bare starts and is an extra; `--help` must not pay for the rules either
    from assistant.cli.modelling import configured, drafting_with
    from assistant.exporting import read_document
    from assistant.record import load_record
    from assistant.review import review
    from assistant.reviewing.files import refuse_documents
    from assistant.reviewing.local import serve_files
    from assistant.reviewing.shelf import PageOptions

    if repo and not logs:
        raise UsageError("--repo goes with --log", hint="give the log that the export was drafted from, too")
    refuse_places(repo, None, {})
    refuse_documents(exports)
    settings = configured({}, offline=offline or not logs)
    options = PageOptions(alone="1" if len(exports) == 1 else "", mask=settings.mask, keep=settings.keep)
    with drafting_with(settings, single_call=False, fresh=True) as drafter:
        if logs:
            options = replace(options, redraft=_redraft(tuple(logs), repo, settings, drafter))
        serve_files(exports, options, tell=_tell, open_browser=not no_open)
    for path in exports:
        counts = review(read_document(path), load_record(path)).counts
        say(
            f"{path}: {plural(counts['blank'], 'blank')}, {plural(counts['draft'], 'draft')} to confirm, {plural(counts['error'], 'problem')}"
        )


def _redraft(logs: tuple[str, ...], repo: Path | None, settings: "Settings", drafter: "Drafter | None") -> "Redraft":
    # late for the same reason
    from assistant.assembly import Stated
    from assistant.pipeline import Request
    from assistant.reviewing.redrafting import redraft_from

    pii = settings.pii if settings.pii is not None else bool(settings.model)
    stated = Stated(date=datetime.date.today().isoformat())
    return redraft_from(Request(logs=logs, repo=repo, stated=stated, mask=settings.mask, keep=settings.keep, pii=pii), drafter)


def _tell(address: str) -> None:
    say(f"Review at {address}")
    say("Every change is saved in the file at once. Ctrl-C ends the review.")
