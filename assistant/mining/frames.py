"""Where in a log the frames of our own code stand."""

from collections.abc import Sequence

from assistant.evidence import Failure
from assistant.mining.lines import Log

CODE_BELOW = 1
"""How many lines below a frame's place show its code."""
MOST = 40
"""Of so many failures, the gravest, the frames are sought."""


def our_lines(log: Log, failures: Sequence[Failure]) -> frozenset[int]:
    """The indices of the lines that name a place in our code, and of the code below it.

    Args:
        log: the log.
        failures: some of its failures, gravest first.
    """
    found: set[int] = set()
    for failure in failures[:MOST]:
        ours = [one for cause in failure.chain for one in cause.frames if one.ours]
        places = {*(f"{one.path}:{one.line}" for one in ours), *(f'"{one.path}", line {one.line}' for one in ours)}
        for index in range(failure.origin.first - 1, min(failure.origin.last, len(log))):
            if any(place in log.bare[index] for place in places):
                found.update(range(index, index + 1 + CODE_BELOW))
    return frozenset(found)
