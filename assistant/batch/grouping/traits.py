"""What a failure can share with failures of another signature that have the same cause."""

import re
import sys
from collections.abc import Iterator

from assistant.batch.grouping.captured import captured
from assistant.batch.grouping.missing import missing
from assistant.batch.grouping.services import unreachable
from assistant.batch.values import Trait
from assistant.evidence import Cause, Failure, Frame
from assistant.mining.normalising import normalised
from assistant.mining.signature import ALIASES

SIGNATURE = "signature"
OWN_FAULTS = ("TypeError", "NameError", "AttributeError", "SyntaxError", "ImportError")
"""Where one of these surfaced, the program is wrong, whatever it was handling."""

WORDS = 3
"""Messages with fewer words say too little to be a cause by themselves."""

_LACKS = re.compile(r"^(?:'(?P<instance>\w{1,120})' object|type object '(?P<type>\w{1,120})') has no attribute '\w{1,120}'")
_QUOTED = re.compile(r"'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"")
_DRIVER = re.compile(r"\s{0,20}\((?:\w{1,40}\.){1,5}(?P<type>\w{1,60})\)\s{1,3}(?P<message>[^\n]{5,500})")
"""How SQLAlchemy tells what a driver raised."""

_ORIGINAL = re.compile(r"[Oo]riginal exception was: (?P<rest>[^\n]{5,600})")
_TEST_FILE = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?)\.py$")
_PLAIN_TYPES = re.compile(r"'(?:NoneType|int|str|dict|list|tuple|set|float|bool|bytes|coroutine|function|method|type|object)'")


def traits_of(failure: Failure) -> tuple[Trait, ...]:
    """All that a failure can share, the most telling first; its chain begins with what went wrong, see `rooted`."""
    found = [*_known(failure), *_by_place(failure)]
    return tuple({(one.kind, one.key): one for one in found}.values())


def _known(failure: Failure) -> Iterator[Trait]:
    """Root causes that many messages have."""
    if behind := captured(failure):
        yield Trait(SIGNATURE, behind.signature, f"the same error was logged while the test ran: {_said(behind)}")
    service = "" if _kind(failure.chain[-1] if failure.chain else failure.cause) in OWN_FAULTS else unreachable(failure.chain)
    if service:
        yield Trait("service", service, f"the service {service} could not be reached")
        return
    for text in dict.fromkeys((failure.cause.message, failure.message)):
        for kind, name in missing(failure, text):
            what = f"names that {name} does not have" if kind == "name" else f"the {kind} {name} is missing"
            yield Trait("missing", f"{kind} {name}", f"they need the same: {what}")
            return
    if _setup_did_not_run(failure):
        yield Trait("setup", "test objects", "the test objects lack what the setup of their tests should have given them")
    for message in _database_messages(failure):
        yield Trait("database", message, f"the database said the same: {message}")


def _by_place(failure: Failure) -> Iterator[Trait]:
    """The same exception raised at the same place, whatever led there."""
    cause, kind = failure.cause, _kind(failure.cause)
    if kind in ("", "AssertionError") or not cause.frames:
        return
    last = cause.frames[-1]
    ours = [one for one in cause.frames if one.ours] or [one for one in failure.frames if one.ours]
    message = normalised(cause.message)
    # what came first may be an exception that the program lives with: what surfaced must be the same, too
    surfaced = f" {_kind(failure.chain[-1])} {_template(failure.message)}" if len(failure.chain) > 1 else ""
    kind_key = kind + surfaced
    if not last.ours and not _is_runtime(last.package) and _telling(cause.message):
        where = f"{last.package}:{last.function}"
        yield Trait(
            "raised",
            f"{kind_key}\n{message}\n{where}",
            f"{kind} with the same message was raised at the same place of {last.package or 'a library'}",
        )
    if last.ours and not _in_test(last):
        yield Trait(
            "line",
            f"{kind_key}\n{_template(cause.message)}\n{last.path}:{last.line}",
            f"{kind} was raised in the same line, {last.path}:{last.line}",
        )
    if ours and failure.phase in ("setup", "teardown"):
        at = ours[-1]
        yield Trait(
            "fixture",
            f"{kind_key}\n{_template(cause.message)}\n{at.path}:{at.function}",
            f"the same fixture failed, `{at.function}` in {at.path}",
        )
    if ours and failure.phase == "collection" and not _in_test(ours[-1]):
        at = ours[-1]
        yield Trait(
            "import", f"{kind_key}\n{_template(cause.message)}\n{at.path}:{at.line}", f"the same import failed, at {at.path}:{at.line}"
        )


def _setup_did_not_run(failure: Failure) -> bool:
    """Whether a test object has no attribute that the tests of its class count on."""
    match = _LACKS.match(failure.message)
    name = failure.test_id.partition("[")[0]
    return match is not None and (match["instance"] or match["type"]) in re.split(r"[.:/]+", name)[:-1]


def _database_messages(failure: Failure) -> Iterator[str]:
    """What a database said, as its driver's exception or as one that came before has it."""
    for text in (failure.message[:3000], failure.cause.message[:3000]):
        if original := _ORIGINAL.search(text):
            text = original["rest"]
        if match := _DRIVER.match(text):
            yield normalised(match["message"])
            return


def _kind(cause: Cause) -> str:
    name = cause.exception.rpartition(".")[2]
    return ALIASES.get(name, name)


def _is_runtime(package: str) -> bool:
    """Whether a package comes with the language: what it raises, it raises for everybody."""
    top = package.partition(".")[0]
    return top in sys.stdlib_module_names or top in (
        "java",
        "javax",
        "jdk",
        "sun",
        "kotlin",
        "scala",
        "System",
        "std",
        "core",
        "runtime",
        "internal",
    )


def _telling(message: str) -> bool:
    """Whether a message is about something of its own and not only about types that every program has."""
    return len(message.split()) >= WORDS and not _PLAIN_TYPES.search(message)


def _template(message: str) -> str:
    """A message without what it quotes and what varies."""
    return normalised(_QUOTED.sub("<quoted>", message[:2000]))


def _in_test(frame: Frame) -> bool:
    return bool(_TEST_FILE.search(frame.path.replace("\\", "/")))


def _said(failure: Failure) -> str:
    return f"{failure.exception}: {failure.message}".partition("\n")[0][:120]
