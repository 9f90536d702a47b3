"""`assistant attempt`: run something and keep what was tried and what came of it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import say
from assistant.errors import UsageError


def command(
    approach: Annotated[str, typer.Argument(metavar='"WHAT I TRY"', help="What is tried, in your words.", show_default=False)],
    words: Annotated[list[str], typer.Argument(metavar="-- CMD…", help="The command, as you would type it.", show_default=False)],
    repo: Annotated[Path, typer.Option("--repo", metavar="DIR", help="The repository whose attempt it is.")] = Path(),
) -> None:
    """Run CMD and record it as an attempt for the next export; ends with CMD's own exit code."""
    if not approach.strip():
        raise UsageError(
            "the attempt has no name", hint='say what you try: assistant attempt "raise the timeout" -- pytest tests/test_a.py'
        )
    if not repo.is_dir():
        raise UsageError(f"--repo {repo}: is no folder", hint="give a folder that exists")
    # late: `--help` must not pay for the stages
    from assistant.attempting import record_attempt

    done = record_attempt(approach, words, root=_top(repo.resolve()), output=sys.stdout.buffer, errors=sys.stderr.buffer)
    told = f"{done.record.exception or 'no failure found'} in its output" if done.exit_code else "it passed"
    say(f"attempt recorded in {done.path} (exit code {done.exit_code}, {told}); draft-export --repo puts it under What We Tried")
    raise typer.Exit(done.exit_code)


def _top(folder: Path) -> Path:
    """The repository's top, so that attempts made in its folders lie together; the folder itself where there is none."""
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder)
