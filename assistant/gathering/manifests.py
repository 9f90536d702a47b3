"""Which files of a repository say which packages it uses, and who reads each."""

import re
from collections.abc import Callable, Iterator

from assistant.gathering.claims import Claim, Trust
from assistant.gathering.installed import installed_in
from assistant.gathering.locks import TOML_LOCKS, read_go_mod, read_npm_lock, read_pipfile_lock, read_toml_lock
from assistant.gathering.manifest import Manifest, declared, requirement
from assistant.gathering.pyproject import read_pyproject
from assistant.gathering.repository import Repository, SourceFile
from assistant.gathering.requirements import REQUIREMENT_FILE, read_requirements

DEPTH = 2
MANIFEST_LIMIT = 30
_FROM_PYTHON = re.compile(r"(?im)^\s*FROM\s+(?:--platform=\S+\s+)?(?:[\w./-]+/)?python:([0-9]+(?:\.[0-9]+){1,2})")
_PYTHON_FILE = re.compile(r"^\s*([0-9]+\.[0-9]+(?:\.[0-9]+)?)\s*$", re.MULTILINE)
_SETUP_PYTHON = re.compile(r"^\s*python_requires\s*=\s*(\S.{0,60})$", re.MULTILINE)


def manifests_of(repository: Repository) -> tuple[Manifest, ...]:
    """All manifests near the repository's top, its virtual environment last.

    Args:
        repository: where to look.
    """
    found: list[Manifest] = []
    for path in repository.files:
        reader = reader_of(path) if path.count("/") <= DEPTH else None
        file = repository.read(path) if reader and len(found) < MANIFEST_LIMIT else None
        if reader and file:
            found.append(reader(file, repository))
    return (*found, *installed_in(repository))


def reader_of(path: str) -> Callable[[SourceFile, Repository], Manifest] | None:
    """Who reads a manifest, by its path; None where it is none."""
    name = path.rpartition("/")[2]
    if name in READERS:
        return READERS[name]
    folder_and_name = "/".join(path.split("/")[-2:])
    return read_requirements if REQUIREMENT_FILE.match(name) or REQUIREMENT_FILE.match(folder_and_name) else None


def _dockerfile(file: SourceFile, repository: Repository) -> Manifest:
    return _python_only(file, _FROM_PYTHON)


def _python_version(file: SourceFile, repository: Repository) -> Manifest:
    return _python_only(file, _PYTHON_FILE)


def _python_only(file: SourceFile, pattern: re.Pattern[str]) -> Manifest:
    found = pattern.search(file.source)
    line = file.source.count("\n", 0, found.start(1)) + 1 if found else 0
    claims = (Claim("python", found[1], Trust.IMAGE, line, line, file=file, exact=found[1].count(".") == 2),) if found else ()
    return Manifest(file.path, claims, frozenset(), False)


def _setup_cfg(file: SourceFile, repository: Repository) -> Manifest:
    claims: list[Claim] = []
    names: set[str] = set()
    for number, text in _option_lines(file, "install_requires"):
        if parsed := requirement(text):
            names.add(parsed[0])
            claims += declared(*parsed, file, number)
    if found := _SETUP_PYTHON.search(file.source):
        line = file.source.count("\n", 0, found.start(1)) + 1
        claims.append(Claim("python", found[1].strip(), Trust.DECLARED, line, line, file=file, exact=False))
    return Manifest(file.path, tuple(claims), frozenset(names), bool(names))


def _option_lines(file: SourceFile, option: str) -> Iterator[tuple[int, str]]:
    """The indented lines under an option of an ini file."""
    inside = False
    for number, line in enumerate(file.source.split("\n"), 1):
        if inside and line[:1] in (" ", "\t") and line.strip():
            yield number, line.strip()
        else:
            inside = bool(re.match(rf"{option}\s*=", line))


READERS: dict[str, Callable[[SourceFile, Repository], Manifest]] = {
    **dict.fromkeys(TOML_LOCKS, read_toml_lock),
    "Pipfile.lock": read_pipfile_lock,
    "package-lock.json": read_npm_lock,
    "go.mod": read_go_mod,
    "pyproject.toml": read_pyproject,
    "setup.cfg": _setup_cfg,
    "Dockerfile": _dockerfile,
    ".python-version": _python_version,
}
"""The reader of each manifest by its file's name; lists of requirements are told by pattern."""
