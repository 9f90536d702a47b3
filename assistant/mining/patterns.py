"""Regular expressions that are compiled when they are first used: most logs need few of them, and compiling is slow."""

import re
from collections.abc import Callable


class Lazy:
    """A pattern with the methods of `re.Pattern` that are used here.

    Args:
        source: the regular expression.
        flags: as for `re.compile`.
    """

    __slots__ = ("findall", "flags", "match", "search", "source", "subn")

    match: Callable[[str], re.Match[str] | None]
    search: Callable[[str], re.Match[str] | None]
    findall: Callable[[str], list[str]]
    subn: Callable[[str, str], tuple[str, int]]

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source, self.flags = source, flags

    def __getattr__(self, name: str) -> object:
        """Compile, and put the compiled methods where the next use finds them at once."""
        if name not in ("findall", "match", "search", "subn"):
            raise AttributeError(name)
        compiled = re.compile(self.source, self.flags)
        self.match, self.search = compiled.match, compiled.search
        self.findall, self.subn = compiled.findall, compiled.subn
        return getattr(self, name)

    def sub(self, replacement: str, text: str) -> str:
        """The text with every match replaced."""
        return str(self.subn(replacement, text)[0])
