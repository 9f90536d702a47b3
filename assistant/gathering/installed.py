"""The repository's virtual environment: what is installed in it, by the names of its folders only."""

import os
import re
from collections.abc import Iterator

from assistant.gathering.claims import Claim, Trust, normalise
from assistant.gathering.manifest import Manifest
from assistant.gathering.repository import Repository

FOLDERS = (".venv", "venv", "env")
PACKAGE_LIMIT = 5_000
HEAD_BYTES = 20_000
_DIST = re.compile(r"([A-Za-z0-9][\w.]*)-([0-9][\w.+!]*)\.(?:dist|egg)-info")
_PYTHON = re.compile(r"^version(?:_info)?\s*=\s*([0-9]+\.[0-9]+\.[0-9]+)", re.MULTILINE)


def installed_in(repository: Repository) -> Iterator[Manifest]:
    """What the virtual environments at the repository's top hold.

    Args:
        repository: where to look; an environment that is a link to elsewhere is not followed.
    """
    for folder in FOLDERS:
        if not repository.holds(f"{folder}/pyvenv.cfg"):
            continue
        config = repository.read(f"{folder}/pyvenv.cfg")
        python = _PYTHON.search(config.source) if config else None
        line = config.source.count("\n", 0, python.start()) + 1 if config and python else 0
        claims = [Claim("python", python[1], Trust.INSTALLED, line, line, file=config)] if python else []
        path, names = _packages(repository, folder)
        for name in names:
            if found := _DIST.fullmatch(name):
                claims.append(Claim(normalise(found[1]), found[2], Trust.INSTALLED, text=name, path=path))
        packages = frozenset(one.name for one in claims if one.name != "python")
        yield Manifest(path or folder, tuple(claims), packages, bool(packages))


def metadata_in(repository: Repository, name: str) -> str:
    """The head of a distribution's metadata in the virtual environments at the repository's top; empty where it is not installed there.

    Args:
        repository: where to look.
        name: the distribution's normalised name.
    """
    for folder in FOLDERS:
        path, names = _packages(repository, folder) if repository.holds(f"{folder}/pyvenv.cfg") else ("", [])
        own = next((one for one in names if (found := _DIST.fullmatch(one)) and normalise(found[1]) == name), "")
        target = repository.root / path / own / "METADATA"
        if own and target.is_file() and target.resolve().is_relative_to(repository.root):
            with target.open("rb") as opened:
                return opened.read(HEAD_BYTES).decode("utf-8", "replace").replace("\r\n", "\n").partition("\n\n")[0]
    return ""


def _packages(repository: Repository, folder: str) -> tuple[str, list[str]]:
    for library in (f"{folder}/lib", f"{folder}/Lib"):
        for python in ("", *_names(repository, library)):
            path = "/".join(part for part in (library, python, "site-packages") if part)
            if names := _names(repository, path):
                return path, names
    return "", []


def _names(repository: Repository, path: str) -> list[str]:
    target = repository.root / path
    if not target.is_dir() or not target.resolve().is_relative_to(repository.root):
        return []
    try:
        with os.scandir(target) as entries:
            return sorted(entry.name for entry, _ in zip(entries, range(PACKAGE_LIMIT), strict=False))
    except OSError:
        return []
