"""When failures happened: pytest lists errors before failures, the progress of the run tells their true order."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Failure
from assistant.mining.lines import Log
from assistant.mining.patterns import Lazy
from assistant.mining.ranking import Found

_PROGRESS = Lazy(r"^(?:\S{1,500} )?([.FEsxXpuy,-]{1,500})(?: *\[ *\d+%\])?$")
_VERBOSE = Lazy(r"^(?:\[gw\d+\] \[ *\d+%\] )?(?:\S.{0,500} )?(FAILED|ERROR)\b(?: +\S.{0,500}?)?(?: +\[ *\d+%\])?$")
_SECTION = Lazy(r"^={1,200} (?:FAILURES|ERRORS|short test summary|warnings summary)")
SOURCE_STEP = 1e9
"""A later source's failures come after those of an earlier one."""


def in_order(log: Log, failures: Sequence[Failure], position: int) -> list[Found]:
    """Each failure with its place in the course of events."""
    base = position * SOURCE_STEP
    letters = list(_letters(log.bare))
    tests = [one for one in failures if one.phase in ("call", "setup", "teardown")]
    wanted = {"F": sum(one.phase == "call" for one in tests), "E": sum(one.phase != "call" for one in tests)}
    if not tests or any(letters.count(letter) != count for letter, count in wanted.items()):
        return [Found(one, base + one.origin.first) for one in failures]
    places = {letter: iter([place for place, other in enumerate(letters) if other == letter]) for letter in "FE"}
    first = min(one.origin.first for one in tests)
    found = []
    for one in failures:
        letter = {"call": "F", "setup": "E", "teardown": "E"}.get(one.phase)
        place = first + next(places[letter]) / len(letters) if letter else one.origin.first
        found.append(Found(one, base + place))
    return found


def _letters(lines: Sequence[str]) -> Iterator[str]:
    """`F` and `E` as the run printed them, until its report begins."""
    for line in lines:
        if line[:1] == "=" and _SECTION.match(line):
            return
        if (line[-1:] in ".FEsxXpuy,-]" or "F" in line or "E" in line) and len(line) < 600:
            if match := _PROGRESS.match(line.rstrip()):
                yield from ("E" if letter == "E" else "F" for letter in match.group(1) if letter in "FEu")
            elif match := _VERBOSE.match(line.rstrip()):
                yield match.group(1)[0]
