"""requirements.txt, constraints and frozen lists, with the files they include."""

import re
from pathlib import PurePosixPath
from posixpath import normpath

from assistant.gathering.claims import Claim, normalise
from assistant.gathering.manifest import Manifest, declared, requirement
from assistant.gathering.repository import Repository, SourceFile

INCLUDE_DEPTH = 5
REQUIREMENT_FILE = re.compile(
    r"(?i)^(?:[\w.-]*requirements?[\w.-]*|constraints?[\w.-]*|(?:pip-?)?freeze)\.(?:txt|in|lock|pip)$|^requirements?/[\w.-]+\.(?:txt|in)$"
)
"""Which paths are lists of requirements, by name or by folder and name."""

_OPTION = (
    "#",
    "--hash",
    "-c",
    "--constraint",
    "--index",
    "-i ",
    "--extra",
    "--find",
    "-f ",
    "--trusted",
    "--no-",
    "--pre",
    "--prefer",
    "--only",
)
_INCLUDED = re.compile(r"(?:-r|--requirement)[ =]*(\S{1,200})")
_NAMED_BY_URL = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?\s*@|#egg=([\w.-]+)")


def read_requirements(file: SourceFile, repository: Repository) -> Manifest:
    """What a list of requirements says.

    Args:
        file: the list.
        repository: where the lists that it includes are read.
    """
    claims: list[Claim] = []
    names, complete = _read(file, repository, claims, INCLUDE_DEPTH)
    partial = file.path.rpartition("/")[2].startswith(("constraint", "dev", "test", "doc"))
    return Manifest(file.path, tuple(claims), frozenset(names), complete and bool(names) and not partial)


def _read(file: SourceFile, repository: Repository, claims: list[Claim], depth: int) -> tuple[set[str], bool]:
    names: set[str] = set()
    complete = True
    for number, line in enumerate(file.source.split("\n"), 1):
        text = re.split(r"\s#", line.strip(), maxsplit=1)[0].removesuffix("\\").strip()
        if not text or text.startswith(_OPTION):
            continue
        if included := _INCLUDED.match(text):
            path = normpath(PurePosixPath(file.path).parent / included[1])
            other = repository.read(path) if depth else None
            more, whole = _read(other, repository, claims, depth - 1) if other else (set[str](), False)
            names |= more
            complete = complete and whole
        elif parsed := requirement(re.split(r"\s--", text, maxsplit=1)[0]):
            names.add(parsed[0])
            claims.extend(declared(*parsed, file, number))
        elif named := _NAMED_BY_URL.search(text):
            names.add(normalise(named[1] or named[2]))
        else:
            complete = False
    return names, complete
