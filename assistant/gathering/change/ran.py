"""What a log tells of the tests that ran: which, how many in each file, under which versions."""

import re
from collections.abc import Iterator
from typing import NamedTuple

READ_LIMIT = 400_000
_DOTS = re.compile(
    r"^(?P<path>[\w./\\-]{1,200}\.\w{1,4}) (?P<dots>[.FEsxXR]{1,400})(?:\s{1,100}\[\s{0,3}\d{1,3}%\])?$|^(?P<more>[.FEsxXR]{5,400})\s{1,100}\[\s{0,3}\d{1,3}%\]$"
)
_VERBOSE = re.compile(
    r"^(?P<path>[\w./\\-]{1,200}\.py)::(?P<name>[\w:]{1,200})(?:\[.{0,200}\])? (?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)"
)
_NAMED = re.compile(
    r"^\s{0,12}(?:[✔✖✓✕×√]|--- (?:PASS|FAIL|SKIP):|(?:not )?ok \d{1,6} -) (?!failing tests:|at )(?P<name>.{1,200}?)(?: \.\.\. (?:ok|FAILED|ignored))?(?: \(?[0-9.]{1,20} ?m?s\)?)?$"
)
_TOTAL = re.compile(r"\b(\d{1,7}) (passed|failed|errors?)\b|^[#ℹ] tests (\d{1,7})\b|\bTests:? {1,8}.{0,60}?(\d{1,7}) total", re.MULTILINE)
_HEADER = re.compile(r"(?<![\w.-])([A-Za-z][A-Za-z0-9_-]{1,40}?)-([0-9]+(?:\.[0-9]+){1,3}(?:\.?(?:post|dev|rc|a|b)[0-9]+)?)(?![\w.])")


class Ran(NamedTuple):
    """What ran.

    Args:
        names: the names of tests, where the log tells them.
        counts: how many ran in each file, where the log tells that.
        total: how many ran at all; 0 where it is not told.
        versions: of packages that the head of the log names.
    """

    names: frozenset[str]
    counts: dict[str, int]
    total: int
    versions: dict[str, str]


def ran_of(text: str) -> Ran:
    """Read a log's tests and versions."""
    names: set[str] = set()
    counts: dict[str, int] = {}
    path = ""
    for line in text[:READ_LIMIT].split("\n"):
        if dots := _DOTS.match(line):
            path = dots["path"] or path
            if path:
                counts[path] = counts.get(path, 0) + len(dots["dots"] or dots["more"])
        elif verbose := _VERBOSE.match(line):
            counts[verbose["path"]] = counts.get(verbose["path"], 0) + 1
            names.add(verbose["name"].rpartition("::")[2])
        elif named := _NAMED.match(line):
            names.add(named["name"].strip())
    return Ran(frozenset(names), counts, _total(text[-READ_LIMIT:]), dict(_versions(text)))


def _total(text: str) -> int:
    found = list(_TOTAL.finditer(text))
    summed = sum(int(one[1]) for one in found[-3:] if one[1])
    return summed or next((int(one[3] or one[4]) for one in reversed(found) if one[3] or one[4]), 0)


def _versions(text: str) -> Iterator[tuple[str, str]]:
    for line in text[:20_000].split("\n"):
        if line.startswith(("platform ", "plugins: ")):
            yield from ((name.lower().replace("_", "-"), version) for name, version in _HEADER.findall(line))
