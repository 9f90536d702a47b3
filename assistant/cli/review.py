"""`assistant review`: the review page of files on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import plural, say


def command(
    exports: Annotated[list[Path], typer.Argument(metavar="EXPORT…", help="Research Exports.", show_default=False)],
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address and open no browser.")] = False,
) -> None:
    """Review exports in the browser: answer, confirm, edit; only this machine can reach the page. Ctrl-C ends it."""
    # late: the web framework costs some 50 bare starts and is an extra; `--help` must not pay for the rules either
    from assistant.exporting import read_document
    from assistant.record import load_record
    from assistant.review import review
    from assistant.reviewing.files import refuse_documents
    from assistant.reviewing.local import serve_files
    from assistant.reviewing.shelf import PageOptions
    from assistant.settings import read_settings

    refuse_documents(exports)
    settings = read_settings(Path.cwd())
    options = PageOptions(alone="1" if len(exports) == 1 else "", mask=settings.mask, keep=settings.keep)
    serve_files(exports, options, tell=_tell, open_browser=not no_open)
    for path in exports:
        counts = review(read_document(path), load_record(path)).counts
        say(
            f"{path}: {plural(counts['blank'], 'blank')}, {plural(counts['draft'], 'draft')} to confirm, {plural(counts['error'], 'problem')}"
        )


def _tell(address: str) -> None:
    say(f"Review at {address}")
    say("Every change is saved in the file at once. Ctrl-C ends the review.")
