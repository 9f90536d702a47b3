"""Maven's test reports (Surefire, Failsafe): a block a failed test, and the closing lists where blocks were switched off."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.evidence import Cause, Failure
from assistant.mining.languages import jvm
from assistant.mining.languages.scan import MAX_BLOCK, MAX_MESSAGE_LINES, unexplained
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_TITLE = Lazy(r"^(?:\[ERROR\]\s{1,3})?(\S.{0,1500}?)(?: --)?\s+Time elapsed: .{1,20}? +<<< (?:FAILURE|ERROR)!")
_OLD = Lazy(r"^(.{1,1000}?)\(([\w$.\[\]-]{1,300})\)$")
_LIST = Lazy(r"^(?:\[ERROR\] )?(?:Failed tests|Tests in error|Failures|Errors): ?(.*)$")
_ITEM = Lazy(
    r"^(?:\[ERROR\]\s{1,4}|\s{1,4})((?:[\w$\[\]]{1,200}\.){1,12}\S.{0,300}?)(?::\d{1,7}|(?=->)|(?= Â?»))(?:->\S{1,400})?(?: (?:Â?» ?)?(.*))?$"
)
_PLAIN = Lazy(r"^\[ERROR\] ((?:[\w$]{1,200}\.){1,12}[\w$]{1,200})$")
_INSTANCE = Lazy(r"^(?:\[ERROR\]\s{1,4}|\s{1,4})(\S.{0,200}?)(?: on instance .{1,600}?)?\(([\w.$]{1,300})\)(?:: (.*))?$")
_PARAMETERS = Lazy(r"[\[(].{0,300}[\])]$")
_COUNTS = Lazy(r"^(?:\[\w{4,7}\] )?Tests run: \d")
_ENDS = Lazy(r"^(?:\[(?:INFO|ERROR|WARNING|WARN)\]|Running |Tests run: |Results ?:)")


class Listed(NamedTuple):
    """One failed test of a closing list; indices from 0, `end` exclusive."""

    first: int
    end: int
    test_id: str
    message: str


def find_surefire(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failed tests of Maven builds."""
    if "Tests run: " not in log.text:
        return
    seen: set[str] = set()
    for index in unexplained(log, taken, "<<< FAILURE!", "<<< ERROR!"):
        match = _TITLE.match(log.bare[index])
        if match is None or _COUNTS.match(log.bare[index]):
            taken.take(index, index + 1 if _COUNTS.match(log.bare[index]) else index)
            continue
        test_id = _test_id(match.group(1))
        end, causes = _body(log.bare, index + 1)
        taken.take(index, end)
        seen.add(_short(test_id))
        causes = jvm.owned(causes, test_id)
        yield log.failure((index, end), causes or (Cause("", log.bare[index].strip()),), language="java", test_id=test_id, phase="call")
    for listed in _lists(log, taken):
        taken.take(listed.first, listed.end)
        if _short(listed.test_id) not in seen:
            cause = Cause(*(jvm.exception_in(listed.message) or ("", listed.message or log.bare[listed.first].strip())))
            yield log.failure((listed.first, listed.end), (cause,), language="java", test_id=listed.test_id, phase="call")


def _test_id(title: str) -> str:
    """`pkg.Class.method` of a title, old style or new."""
    match = _OLD.match(title)
    return f"{match.group(2)}.{match.group(1)}" if match else title


def _short(test_id: str) -> str:
    """Class and method without packages and parameters, as the closing lists have them."""
    return ".".join(_PARAMETERS.sub("", test_id).split(".")[-2:])


def _body(lines: Sequence[str], start: int) -> tuple[int, tuple[Cause, ...]]:
    """Where the block of a test ends, and what was thrown."""
    limit = start
    for limit in range(start, min(len(lines), start + MAX_BLOCK)):
        if _ENDS.match(lines[limit]) or _TITLE.match(lines[limit]):
            break
    else:
        limit = min(len(lines), start + MAX_BLOCK)
    thrown = jvm.parse(lines, start, limit) if start < limit else None
    if thrown is None:
        end = next((at for at in range(start, min(limit, start + MAX_MESSAGE_LINES)) if not lines[at].strip()), limit)
        return end, ()
    end = thrown.end
    while end < limit and lines[end].strip() and not lines[end][:1].isupper():
        end += 1
    return end, thrown.causes


def _lists(log: Log, taken: Taken) -> Iterator[Listed]:
    """The items of the lists under `Results:`, each test once."""
    lines = log.bare
    for index in unexplained(log, taken, "Failed tests:", "Tests in error:", "Failures:", "Errors:"):
        if not (match := _LIST.match(lines[index])):
            continue
        end = index + 1
        marked = lines[index].startswith("[ERROR]")
        while end < min(len(lines), index + MAX_BLOCK) and not (_closes(lines[end]) or (not marked and not lines[end].strip())):
            end += 1
        items = [(at, item) for at in range(index + 1, end) if (item := _item(lines[at]))]
        if match.group(1).strip() and (item := _item(f"  {match.group(1)}")):
            items.insert(0, (index, item))
        if items:
            taken.take(index, index + 1)
        for (at, item), (following, _) in zip(items, [*items[1:], (end, None)], strict=False):
            message = "\n".join([item[1], *(line.strip() for line in lines[at + 1 : following])]).strip()
            yield Listed(at, following, item[0], message)


def _closes(line: str) -> bool:
    """Whether a line ends a closing list."""
    return _COUNTS.match(line) is not None or _LIST.match(line) is not None or line.startswith(("[INFO]", "[WARNING]"))


def _item(line: str) -> tuple[str, str] | None:
    """Test id and message of a list's line."""
    if match := _ITEM.match(line):
        return match.group(1), (match.group(2) or "").strip()
    if match := _PLAIN.match(line):
        return match.group(1), ""
    match = _INSTANCE.match(line)
    return (f"{match.group(2)}.{match.group(1)}", (match.group(3) or "").strip()) if match else None
