"""A small comparison of versions: enough for the ranges of rules, without importing `packaging`."""

import re

RELEASE = re.compile(r"v?(\d{1,6}(?:\.\d{1,6}){0,5})")
CLAUSE = re.compile(r"\s*(>=|<=|==|!=|<|>)\s*(\d{1,6}(?:\.\d{1,6}){0,5})\s*")


def is_range(text: str) -> bool:
    """Whether a text is a range as in `>=2,<3`."""
    return all(CLAUSE.fullmatch(clause) for clause in text.split(","))


def in_range(version: str, wanted: str) -> bool | None:
    """Whether a version lies in a range; None where the version is none that can be compared."""
    release = RELEASE.match(version)
    if release is None:
        return None
    return all(_holds(_key(release[1]), clause) for clause in wanted.split(","))


def _holds(version: tuple[int, ...], clause: str) -> bool:
    match = CLAUSE.fullmatch(clause)
    if match is None:
        return False
    bound = _key(match[2])
    return {
        ">=": version >= bound,
        "<=": version <= bound,
        ">": version > bound,
        "<": version < bound,
        "==": version == bound,
        "!=": version != bound,
    }[match[1]]


def _key(release: str) -> tuple[int, ...]:
    parts = [int(part) for part in release.split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)
