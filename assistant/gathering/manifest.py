"""What a file or folder says of the packages that are used."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.gathering.claims import Claim, Trust, normalise
from assistant.gathering.repository import SourceFile

_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]{0,80})\s*(?:\[[^\]]{0,100}\])?\s*(\(?[=<>!~][^;#]{0,120})?\s*(?:;.*|#.*|\\)?$")


class Manifest(NamedTuple):
    """One file or folder that says which packages are used.

    Args:
        path: where it is.
        claims: what it says.
        names: every package it names, normalised.
        complete: whether a package that it does not name is not used directly.
        log: whether it is a log that is nothing but a list of packages.
    """

    path: str
    claims: tuple[Claim, ...]
    names: frozenset[str]
    complete: bool
    log: bool = False


def requirement(text: str) -> tuple[str, str] | None:
    """The normalised name and the specifier of one requirement; None where it is none.

    Args:
        text: as in `sqlalchemy[asyncio]>=2.0 ; python_version > "3.8"`.
    """
    found = _REQUIREMENT.fullmatch(text.strip())
    if not found:
        return None
    return normalise(found[1]), re.sub(r"\s*--hash.*|[()\s]", "", found[2] or "")


def declared(name: str, specifier: str, file: SourceFile, number: int) -> Iterator[Claim]:
    """The claim that one requirement makes: a pin is a version, anything else a range.

    Args:
        name: normalised.
        specifier: as in `==2.0.36` or `>=2,<3`.
        file: where it stands.
        number: in which line.
    """
    pinned = re.fullmatch(r"={2,3}([0-9][\w.+!-]*)", specifier)
    if pinned and not pinned[1].endswith("*"):
        yield Claim(name, pinned[1], Trust.LOCKED, number, number, file=file)
    elif specifier:
        yield Claim(name, specifier, Trust.DECLARED, number, number, file=file, exact=False)


def line_with(file: SourceFile, text: str) -> int:
    """The line a text stands in; 0 where it is written another way."""
    at = file.source.find(text)
    return file.source.count("\n", 0, at) + 1 if at >= 0 else 0
