"""Test runs of unittest and Django: `ERROR:` and `FAIL:` blocks between their rulers."""

from collections.abc import Iterator

from assistant.evidence import Cause, Failure
from assistant.mining import python
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_TITLE = Lazy(r"^(ERROR|FAIL): (\S.{0,500}?)(?: \[.*\])?$")
_DOUBLE = Lazy(r"^={20,}$")
_SINGLE = Lazy(r"^-{20,}$")
_NAMED = Lazy(r"^(\w+) \(([\w.]+)\)(.*)$")
_SPECIAL = {"setUpClass": "setup", "setUpModule": "setup", "tearDownClass": "teardown", "tearDownModule": "teardown"}
MAX_DESCRIPTION = 6


def find_unittest(log: Log, taken: Taken) -> Iterator[Failure]:
    """The blocks of a unittest report."""
    if "\n======================================================================\n" not in log.text and log.bare is log.shown:
        return
    lines = log.bare
    starts = [index for index, line in enumerate(lines[:-1]) if line[:1] == "=" and _DOUBLE.match(line) and _TITLE.match(lines[index + 1])]
    for first, following in zip(starts, [*starts[1:], len(lines)], strict=False):
        if first in taken:
            continue
        ruler = next(
            (index for index in range(first + 2, min(first + 2 + MAX_DESCRIPTION, following)) if _SINGLE.match(lines[index])), None
        )
        if ruler is None:
            continue
        end = _end(lines, ruler + 1, following)
        start = next((index for index in range(ruler + 1, end) if python.HEADER in lines[index]), None)
        parsed = python.parse(lines, start, end) if start is not None else python.Parsed()
        taken.take(first, end)
        test_id, phase = _test(lines[first + 1])
        yield log.failure((first, end), parsed.causes or [Cause("", lines[first + 1])], language="python", test_id=test_id, phase=phase)
        if following == len(lines):
            taken.take(end, _verdict(lines, end))


def _end(lines: list[str], start: int, limit: int) -> int:
    for index in range(start, limit):
        if _SINGLE.match(lines[index]) and index + 1 < len(lines) and (not lines[index + 1].strip() or lines[index + 1].startswith("Ran ")):
            return index
    return limit


def _verdict(lines: list[str], start: int) -> int:
    """Where the closing `Ran … FAILED (…)` ends."""
    for index in range(start, min(len(lines), start + MAX_DESCRIPTION)):
        if lines[index].startswith("FAILED ("):
            return index + 1
    return start


def _test(title: str) -> tuple[str, str]:
    """Test id and phase from the line under the ruler."""
    match = _TITLE.match(title)
    name = match.group(2) if match else title
    named = _NAMED.match(name)
    if named is None:
        return name, "call"
    method, owner, rest = named.groups()
    if owner.startswith("unittest.loader._FailedTest"):
        return owner.removeprefix("unittest.loader._FailedTest.") if "." in owner[16:] and owner.count(".") > 2 else method, "collection"
    if method in _SPECIAL:
        return f"{owner}.{method}", _SPECIAL[method]
    full = owner if owner.endswith(f".{method}") else f"{owner}.{method}"
    return full + (rest if rest.strip().startswith(("(", "[")) else ""), "call"
