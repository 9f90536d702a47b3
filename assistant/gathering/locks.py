"""Lock files: one entry a package, of Poetry, uv, PDM, Pipenv, npm and Go."""

import re

from assistant.gathering.claims import Claim, Trust, normalise
from assistant.gathering.manifest import Manifest
from assistant.gathering.repository import Repository, SourceFile

TOML_LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")
_TOML = re.compile(r'^\[\[packages?\]\]\nname = "([^"\n]{1,100})"\nversion = "([^"\n]{1,60})"', re.MULTILINE)
_PIPFILE = re.compile(r'^ {8}"([^"\n]{1,100})": \{$|^ {12}"version": "==([^"\n]{1,60})"', re.MULTILINE)
_NPM = re.compile(r'^ {4}"node_modules/([^"\n]{1,120})": \{\n {6}"version": "([^"\n]{1,60})"', re.MULTILINE)
_GO = re.compile(r"^\s*(?:require )?([a-z0-9][\w./-]{2,120}) v([0-9][\w.+-]{1,60})", re.MULTILINE)


def read_toml_lock(file: SourceFile, repository: Repository) -> Manifest:
    """What a lock file of Poetry, uv or PDM says."""
    claims = [_claim(normalise(found[1]), found[2], file, found) for found in _TOML.finditer(file.source)]
    return _manifest(file, claims, complete=True)


def read_pipfile_lock(file: SourceFile, repository: Repository) -> Manifest:
    """What a Pipfile.lock says."""
    claims: list[Claim] = []
    entry: re.Match[str] | None = None
    for found in _PIPFILE.finditer(file.source):
        if found[1]:
            entry = found
        elif entry:
            line = _line(file, found.start())
            claims.append(Claim(normalise(entry[1]), found[2], Trust.LOCKED, _line(file, entry.start()), line, file=file))
            entry = None
    return _manifest(file, claims, complete=True)


def read_npm_lock(file: SourceFile, repository: Repository) -> Manifest:
    """What a package-lock.json says of the packages at its top."""
    entries = (found for found in _NPM.finditer(file.source) if "node_modules/" not in found[1])
    return _manifest(file, [_claim(found[1].lower(), found[2], file, found) for found in entries], complete=False)


def read_go_mod(file: SourceFile, repository: Repository) -> Manifest:
    """What a go.mod says."""
    return _manifest(file, [_claim(found[1].lower(), found[2], file, found) for found in _GO.finditer(file.source)], complete=False)


def _manifest(file: SourceFile, claims: list[Claim], *, complete: bool) -> Manifest:
    return Manifest(file.path, tuple(claims), frozenset(one.name for one in claims), complete and bool(claims))


def _claim(name: str, version: str, file: SourceFile, found: re.Match[str]) -> Claim:
    start = found.start() + len(found[0]) - len(found[0].lstrip())
    return Claim(name, version, Trust.LOCKED, _line(file, start), _line(file, found.end()), file=file)


def _line(file: SourceFile, position: int) -> int:
    return file.source.count("\n", 0, position) + 1
