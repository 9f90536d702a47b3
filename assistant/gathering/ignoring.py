"""What the .gitignore files of a repository leave out, as git reads them: negations, `**`, and files in deeper folders."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

PATTERN_LINES = 500
"""So many lines of one file are read."""
LONGEST_PATTERN = 200
"""In characters; a longer line is passed over."""


def ignore_rule(read: Callable[[str], Path | None]) -> Callable[[str, bool], bool]:
    """Make the question whether git would leave a path out.

    Args:
        read: the file at a path of the repository, or None where nothing may be read.

    Returns:
        A function of a path, relative to the repository, and whether it is a folder. It is to be asked from the top down: what lies
        in a folder that is left out is not asked for.
    """

    @cache
    def spec_of(folder: str) -> "GitIgnoreSpec | None":
        found = read(f"{folder}.gitignore")
        if found is None and not folder:
            found = read(".git/info/exclude")
        return _spec(found) if found else None

    def ignored(path: str, is_folder: bool) -> bool:
        asked = f"{path}/" if is_folder else path
        # the deepest file that says something about a path decides
        for folder in _folders_up(path):
            spec = spec_of(folder)
            said = spec.check_file(asked[len(folder) :]).include if spec else None
            if said is not None:
                return said
        return False

    return ignored


def _folders_up(path: str) -> list[str]:
    """`a/b/c.py` gives `a/b/`, `a/` and the empty top."""
    return [path[: slash.end()] for slash in reversed(list(re.finditer("/", path)))] + [""]


def _spec(file: Path) -> "GitIgnoreSpec | None":
    lines = file.read_text(encoding="utf-8-sig", errors="replace").split("\n")[:PATTERN_LINES]
    lines = [
        _as_git_means(line.rstrip("\r")) for line in lines if line.strip() and not line.startswith("#") and len(line) <= LONGEST_PATTERN
    ]
    if not lines:
        return None
    # late: a repository without such a file need not pay for the library
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])


def _as_git_means(line: str) -> str:
    """To git `docs/**` is all that lies in the folder; the library takes it for the folder too, and a negation would come too late."""
    return f"{line}/*" if line.endswith("/**") else line


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False  # git takes no notice of such a line either
    return True
