"""Who works in a repository, by git's configuration files; git itself is not run, a start of it costs more than the files."""

import re
from pathlib import Path

SECTION = re.compile(r"^\s*\[\s*([\w.-]+)")
NAME = re.compile(r"^\s*name\s*=\s*(.*?)\s*$", re.I)
MAX_BYTES = 200_000


def git_user(folder: Path) -> str:
    """The `user.name` of the nearest repository above a folder, else of the user; empty where there is none.

    Files that these files include are not followed.
    """
    repository = next((parent for parent in (folder.resolve(), *folder.resolve().parents) if (parent / ".git").is_dir()), None)
    homes = [Path.home() / ".gitconfig", Path.home() / ".config" / "git" / "config"]
    files = [*([repository / ".git" / "config"] if repository else []), *homes]
    return next((name for file in files if (name := _name_in(file))), "")


def _name_in(file: Path) -> str:
    try:
        text = file.read_bytes()[:MAX_BYTES].decode("utf-8", "replace")
    except OSError:
        return ""
    found, section = "", ""
    for line in text.split("\n"):
        if head := SECTION.match(line):
            section = head[1].lower()
        elif section == "user" and (name := NAME.match(line)):
            found = name[1].strip('"')
    return found
