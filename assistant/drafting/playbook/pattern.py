"""Searching by a rule's regular expressions, each compiled when it is first used: most rules concern something else."""

import re
from functools import cache


def find(pattern: str, text: str) -> re.Match[str] | None:
    """Search a pattern; `^` and `$` stand for the borders of lines."""
    return compiled(pattern).search(text)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once."""
    return re.compile(pattern, re.MULTILINE)
