"""What a source says of a version: the claim, the lines that make it, and which claim is believed."""

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from assistant.gathering.repository import SourceFile

FIXED = frozenset(
    [
        "python",
        "fastapi",
        "starlette",
        "pydantic",
        "pydantic-core",
        "pydantic-settings",
        "sqlalchemy",
        "alembic",
        "asyncpg",
        "psycopg",
        "psycopg2",
        "psycopg2-binary",
        "uvicorn",
        "httpx",
        "pytest",
        "pytest-asyncio",
        "anyio",
        "greenlet",
    ]
)


class Trust(IntEnum):
    """Where a claim comes from, the most trusted first."""

    LOG = 0
    LOG_PATH = 1
    INSTALLED = 2
    LOCKED = 3
    LOG_HINT = 4
    DECLARED = 5
    IMAGE = 6


class Claim(NamedTuple):
    """One source's word on the version of one thing.

    Args:
        name: normalised distribution name, or `python`, `postgresql`, `node`, …
        value: the version, or the range where it is only declared.
        trust: what kind of source says it.
        first: first line that says so; 0 where the source has no lines.
        last: last line.
        log: name of the log it stands in; empty for a file.
        file: the file it stands in; None for a log.
        distance: lines to the failure, for logs that name several.
        exact: whether the value is one version.
        text: what is shown where the source has no lines, as a folder's name in a virtual environment.
        path: the path of such a source.
    """

    name: str
    value: str
    trust: Trust
    first: int = 0
    last: int = 0
    log: str = ""
    file: SourceFile | None = None
    distance: int = 0
    exact: bool = True
    text: str = ""
    path: str = ""

    @property
    def source(self) -> str:
        """The name of the file, log or folder that makes the claim."""
        return self.log or (self.file.path if self.file else self.path)


def normalise(name: str) -> str:
    """A distribution's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).strip("-").lower()


def believed(claims: Iterable[Claim]) -> dict[str, Claim]:
    """The claim that is believed for each name: the most trusted source, nearest to the failure."""
    best: dict[str, Claim] = {}
    for claim in claims:
        held = best.get(claim.name)
        if held is None or (claim.trust, claim.distance) < (held.trust, held.distance):
            best[claim.name] = claim
    return best
