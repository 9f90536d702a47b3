"""Which of many regular expressions may match a line: one pass of an automaton instead of one search each."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.mining.patterns import Lazy

if TYPE_CHECKING:
    import re2

MEMORY = 64 << 20
"""In bytes, for the states of one automaton."""

_LOOKAROUND = re.compile(r"\(\?<?[!=](?:\[(?:\\.|[^\]\\])*\]|\\.|[^()\\\[])*\)")
_WIDE_REPEAT = re.compile(r"\{\d{0,3},\d{2,4}\}")


class Screen:
    """Asks all patterns at once, in a form that matches at least what they match; what may match is then asked itself.

    The automaton has no lookaround and counts no long repeats, so these are left out of it.

    Args:
        patterns: what may match; none holds a lookaround with a group inside.
    """

    __slots__ = ("_all", "_patterns", "_set")

    def __init__(self, patterns: Sequence[Lazy]) -> None:
        self._patterns = patterns
        self._all = range(len(patterns))
        self._set: re2.Set | None = None

    def candidates(self, line: str) -> Sequence[int]:
        """The indices of the patterns that may match, in their order.

        Args:
            line: without a line end; where it is not ASCII, letters and digits are more than the automaton knows, and all may match.
        """
        if not line.isascii():
            return self._all
        return sorted((self._set or self._made()).Match(line) or ())

    def _made(self) -> "re2.Set":
        # late: a log without a suspicious line needs none
        import re2

        options = re2.Options()
        options.max_mem = MEMORY
        self._set = re2.Set.SearchSet(options)
        for pattern in self._patterns:
            self._set.Add(_relaxed(pattern))
        self._set.Compile()
        return self._set


def _relaxed(pattern: Lazy) -> str:
    source = _WIDE_REPEAT.sub("*", _LOOKAROUND.sub("", pattern.source))
    return f"(?i){source}" if pattern.flags & re.I else source
