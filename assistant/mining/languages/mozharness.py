"""The tests of Mozilla's harnesses: unexpected results, crashed processes, leaks."""

from collections.abc import Iterator

from assistant.evidence import Cause, Failure
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_UNEXPECTED = Lazy(r"(?:REFTEST )?(TEST-UNEXPECTED-[A-Z-]{2,20}|PROCESS-CRASH) \| (.{1,600}?)(?: \| (.{0,3000}))?$")
_MORE = Lazy(
    r"(?!(?:REFTEST )?TEST-|PROCESS-CRASH|GECKO)(?:\s{1,40}\S|@\S|[\w<>./*~]{1,200}@\S|Stack trace|Crash (?:dump|reason|address)|Operating system|CPU: |Thread \d{1,5})"
)
MOST_LINES = 60


def find_mozharness(log: Log, taken: Taken) -> Iterator[Failure]:
    """Unexpected results of tests, one a line, with the stack below each."""
    for index in sorted({*log.holding("TEST-UNEXPECTED-"), *log.holding("PROCESS-CRASH | ")}):
        match = _UNEXPECTED.match(log.bare[index])
        if index in taken or match is None:
            continue
        end = index + 1
        while end < min(len(log), index + MOST_LINES) and end not in taken and _MORE.match(log.bare[end]):
            end += 1
        taken.take(index, end)
        kind, one, other = match.groups()
        crashed = kind == "PROCESS-CRASH"
        test, message = (other or "", one) if crashed or one.startswith("leakcheck") else (one, other or "")
        yield log.failure((index, end), (Cause(kind, message.strip()),), language="mozharness", test_id=test.strip(), phase="call")
