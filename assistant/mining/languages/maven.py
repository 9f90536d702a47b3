"""What stopped a Maven build: goals that failed, projects that could not be read."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure
from assistant.mining.languages.scan import MAX_MESSAGE_LINES, span_end, unexplained
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_GOAL = Lazy(
    r"^\[ERROR\] Failed to execute goal (?:(\S{1,300}) )?(?:\(.{1,100}?\) )?on project ([^\s:]{1,200}): ?(.*?)(?: -> \[Help \d\])?$"
)
_FATAL = Lazy(r"^\[FATAL\] (.*)$")
_HELP = Lazy(r"^\[ERROR\] \[Help 1\] \S*/(\w{3,80})$")
_BOILERPLATE = Lazy(
    r"^\[ERROR\] *(?:$|-> \[Help|To see the full stack|Re-run Maven|For more information|After correcting|  mvn <|\[Help \d\])"
)
_CONSEQUENCE = Lazy(
    r"^There (?:are|were) test failures|^Compilation failure|^There are some test failures|^Compilation error|^Please refer to |^$"
)
_DETAILS = ("<<< FAILURE!", "<<< ERROR!", "COMPILATION ERROR", "Failed tests:", "Tests in error:", "[ERROR] Failures:", "[ERROR] Errors:")


def find_maven(log: Log, taken: Taken) -> Iterator[Failure]:
    """The goals that failed for a reason that stands nowhere else, and broken project files."""
    detailed = any(mark in log.text for mark in _DETAILS)
    lines = log.bare
    for index in unexplained(log, taken, "[ERROR] Failed to execute goal ", "[FATAL] "):
        match = _GOAL.match(lines[index])
        fatal = None if match else _FATAL.match(lines[index])
        if match is None and fatal is None:
            continue
        end = span_end(lines, index + 1, lambda line: line.startswith("[ERROR]"), index + 400)
        taken.take(index, end)
        message = [match.group(3) if match else lines[index][8:], *_more(lines[index + 1 : end])]
        if not match or not (detailed and _CONSEQUENCE.match("\n".join(message).strip())):
            first = index - 1 if fatal and index and lines[index - 1].startswith("[ERROR] [ERROR]") else index
            told = next((at for at in range(index + 1, end) if _BOILERPLATE.match(lines[at])), end)
            cause = Cause(_exception(lines[index:end]), "\n".join(message).strip())
            yield log.failure((first, max(told, index + 1)), (cause,), language="java", phase="collection")


def _more(lines: Sequence[str]) -> list[str]:
    """The message's further lines, until the advice that always follows."""
    kept: list[str] = []
    for line in lines[:MAX_MESSAGE_LINES]:
        if _BOILERPLATE.match(line):
            break
        kept.append(line.removeprefix("[ERROR]").strip())
    return kept


def _exception(lines: Sequence[str]) -> str:
    """The exception whose help page Maven names."""
    return next((match.group(1) for line in lines if (match := _HELP.match(line))), "")
