"""Folders and files that options name: refused before any work begins."""

from pathlib import Path

from assistant.errors import UsageError


def target_of(output: Path | None) -> Path | None:
    """Where `-o` leads: `-o -` is standard output, as for other filters."""
    return None if output == Path("-") else output


def refuse_places(repo: Path | None, output: Path | None, folders: dict[str, Path | None]) -> None:
    """Refuse folders that do not exist, and a target that is a folder or in none.

    Raises:
        UsageError: names the option and says what to do.
    """
    for option, folder in {"repo": repo, **folders}.items():
        if folder is not None and not folder.is_dir():
            raise UsageError(f"--{option} {folder}: is no folder", hint="give a folder that exists")
    if output is not None and output.is_dir():
        raise UsageError(f"-o {output}: is a folder", hint="give the name of a file in it")
    if output is not None and not output.parent.is_dir():
        raise UsageError(f"-o {output}: the folder {output.parent} does not exist", hint="make it, or give another -o")
