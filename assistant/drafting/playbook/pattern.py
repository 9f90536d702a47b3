"""Searching by regular expressions, each compiled when it is first needed: most of them concern something else."""

import re
from functools import cache

NO_LITERAL = re.compile(r"\\.|\[[^\]]{0,200}\]|\{[^}]{0,20}\}|\([^()]{0,400}\)[?*+]?")
OPTIONAL = re.compile(r".[?*\x00]")
LITERAL = re.compile(r"[a-z0-9 _'/\-]{4,}")
GAP = "\x01"
NESTED = 3


def find(pattern: str, text: str) -> re.Match[str] | None:
    """Search a pattern; `^` and `$` stand for the borders of lines."""
    signs = literals(pattern)
    if signs and not any(sign in text.lower() for sign in signs):
        return None
    return compiled(pattern).search(text)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once."""
    return re.compile(pattern, re.MULTILINE)


@cache
def literals(pattern: str) -> tuple[str, ...]:
    """Small-letter texts one of which stands in whatever the pattern matches; empty where that cannot be told.

    Looking for them first is much cheaper than compiling the pattern.
    """
    plain = pattern.removeprefix("(?i)").lower()
    for _ in range(NESTED):
        plain = NO_LITERAL.sub(lambda found: "\x00" if found[0][0] == "{" else GAP, plain)
    if "(" in plain or ")" in plain:
        return ()
    runs = [LITERAL.findall(OPTIONAL.sub(GAP, branch)) for branch in plain.split("|")]
    return tuple(max(found, key=len) for found in runs) if all(runs) else ()
