"""Gradle: failed tests as its logger prints them, and what it says went wrong with a build."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages import jvm
from assistant.mining.languages.scan import MAX_BLOCK, indent, message_of, read_frames, unexplained
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_TEST = Lazy(r"^(\S.{0,1500}) FAILED$")
_NOT_A_TEST = Lazy(r"^(?:> Task |:[\w:.-]+$|BUILD |Test \S+$|FAILURE|test )")
_GROUP = Lazy(r"^(?:Gradle suite|Gradle test|Gradle Test Run .{1,200}|Gradle Test Executor \d{1,4})$")
_SHORT = Lazy(r"^\s+([\w$.]{1,300}) at ([\w$-]{1,200}\.(?:java|kt|groovy|scala)):(\d{1,7})$")
_CAUSED = Lazy(r"^\s+Caused by:(?: ([\w$.]{1,300}) at ([\w$-]{1,200}\.\w{1,6}):(\d{1,7}))?$")
_RULER = Lazy(r"^(?:={10,}|-{10,})$")
_SECTION = Lazy(r"^\* (?:Try|Exception is|Get more help)\b")
_CONSEQUENCE = Lazy(
    r"[Tt]here were failing tests|Compilation (?:error|failed)|see the compiler (?:error )?output|non-zero exit value|[Tt]ests? failed|with exit code [1-9]"
    r"|violations were found|reported errors|Build completed with \d+ failures?"
)


def find_gradle(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failed tests of Gradle builds."""
    if " FAILED\n" not in log.text + "\n":
        return
    lines = log.bare
    for index in unexplained(log, taken, " FAILED"):
        match = _TEST.match(lines[index].rstrip())
        if match is None or _NOT_A_TEST.match(match.group(1)) or index + 1 >= len(lines):
            continue
        end = _end(lines, index + 1)
        causes = _causes(lines[index + 1 : end])
        if not causes:
            continue
        taken.take(index, end)
        test_id = _test_id(match.group(1))
        yield log.failure((index, end), jvm.owned(causes, test_id), language="java", test_id=test_id, phase="call")


def _end(lines: Sequence[str], start: int) -> int:
    """The block is indented; blank lines are part of it where it goes on behind them."""
    end = start
    while end < min(len(lines), start + MAX_BLOCK):
        if not lines[end].strip():
            if end + 1 >= len(lines) or indent(lines[end + 1]) < 4 or not lines[end + 1].strip():
                break
        elif indent(lines[end]) < 4:
            break
        end += 1
    return end


def _causes(body: Sequence[str]) -> tuple[Cause, ...]:
    """Exceptions with whole traces, or with one place each as the short format has them."""
    causes: list[Cause] = []
    for line in body:
        match = _SHORT.match(line) or _CAUSED.match(line)
        if match and match.group(1):
            causes.insert(0, Cause(match.group(1), "", (Frame(match.group(2), int(match.group(3))),)))
    if causes:
        return tuple(causes)
    thrown = jvm.parse(body, 0, len(body)) if body else None
    if thrown is None and body and (named := jvm.exception_in(body[0])):
        return (Cause(*named),)
    if thrown is None:
        frames = read_frames(body, jvm.read_frame)
        return (Cause("", message_of(body).partition("\n    at ")[0], frames),) if frames else ()
    return thrown.causes


def _test_id(title: str) -> str:
    """`pkg.Class.method`; what Gradle puts around suites is left out."""
    parts = [part for part in title.split(" > ") if not _GROUP.match(part)]
    owner = parts[0] if parts else title
    return f"{owner}.{parts[1]}" if len(parts) == 2 and " " not in owner else " > ".join(parts)


def find_gradle_builds(log: Log, taken: Taken) -> Iterator[Failure]:
    """What went wrong with a Gradle build, where it is not only that something failed before."""
    lines = log.bare
    for index in unexplained(log, taken, "* What went wrong:"):
        end = index + 1
        while end < min(len(lines), index + MAX_BLOCK) and not _SECTION.match(lines[end]) and not _RULER.match(lines[end]):
            end += 1
        message = message_of(lines[index + 1 : end])
        reason = message.rpartition("\n> ")[2] if "\n> " in message else message
        stop = _stack_end(lines, end)
        taken.take(end, stop)
        first = _with_banner(lines, index)
        if message and not _CONSEQUENCE.search(reason.replace("\n", " ")):
            taken.take(first, end)
            yield log.failure((first, end), (Cause("", message),), language="java", phase="collection")
        elif any(at in taken for at in range(first)):  # what failed is told above
            verdict = next((at for at in range(end, min(len(lines), end + 20)) if lines[at].startswith("BUILD FAILED")), stop - 1)
            taken.take(first, verdict + 1)


def _with_banner(lines: Sequence[str], index: int) -> int:
    """Where `FAILURE: Build failed …` or `1: Task failed …` starts, right above."""
    return next((at for at in range(index - 1, max(-1, index - 5), -1) if "failed with an exception" in lines[at]), index)


def _stack_end(lines: Sequence[str], end: int) -> int:
    """The end of Gradle's own stack trace, where the build ran with `--stacktrace`: it says nothing more."""
    at = next((at for at in range(end, min(len(lines), end + 12)) if lines[at].startswith("* Exception is:")), None)
    thrown = jvm.parse(lines, at + 1, len(lines)) if at is not None and at + 1 < len(lines) else None
    return thrown.end if thrown else end
