"""Package managers of JavaScript: npm, pnpm, yarn; and Node running out of memory."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure
from assistant.mining.languages import javascript
from assistant.mining.languages.scan import MAX_MESSAGE_LINES, span_end, unexplained
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_LINE = Lazy(r"^(?:npm (?:ERR!|error))(?: (.*)|$)")
_CODE = Lazy(r"^code ([A-Z]\w{1,60})$")
_DETAIL = Lazy(r"^(?:code|errno|syscall|path|dest|cwd|command|signal|spawn) |^A complete log|^ *\S*/_logs/|^$|^file ")
_CONSEQUENCE = Lazy(
    r"^(?:Lifecycle script|Test failed\.|Exit status|Failed at the|command failed|Missing script)|@\S{1,60} \w[\w:-]{0,60}: `"
)
_PNPM = Lazy(r"^\s*\[?(ERR_PNPM_\w{2,60})\]?\s+(.*)$")
_FIRST_FAIL = ("ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL", "ERR_PNPM_RECURSIVE_EXEC_FIRST_FAIL", "ERR_PNPM_RECURSIVE_FAIL")
_BERRY = Lazy(r"^(?:➤ )?(YN\d{4}): (?:[│┌└] ?)?(.*)$")
_BERRY_ERROR = Lazy(
    r"(?:can't be|couldn't|isn't|doesn't|would have been|failed|Invalid|No candidates|Error|error|not found|forbidden|mismatch)"
)
_BERRY_GOOD = ("YN0000", "YN0002", "YN0007", "YN0009", "YN0013", "YN0019", "YN0060", "YN0061", "YN0086")
_YARN = Lazy(
    r"^error (An unexpected error occurred: .*|Couldn't find .*|Received .*|Your lockfile needs .*|.* (?:is|are) incompatible .*|Found incompatible .*|Integrity check .*|.*: The engine \".*|https?://.*|Package \".*)$"
)
_MEMORY = Lazy(r"^.{0,40}FATAL ERROR: (.{1,200}JavaScript heap out of memory.{0,100})$")


def find_npm(log: Log, taken: Taken) -> Iterator[Failure]:
    """What package managers refused; that a script of theirs failed is left to what the script said."""
    yield from _npm(log, taken)
    yield from _coded(log, taken)
    lines = log.bare
    for index in unexplained(
        log,
        taken,
        "error An ",
        "error Couldn",
        "error Your ",
        "error Found ",
        "error Received ",
        "incompatible",
        "error https",
        "error Integrity",
        "error Package",
    ):
        if match := _YARN.match(lines[index]):
            end = span_end(lines, index + 1, lambda line: line.startswith("error ") and "Command failed" not in line, index + 10)
            taken.take(index, end)
            yield log.failure((index, end), (Cause("", match.group(1)),), language="javascript", phase="collection")
    for index in unexplained(log, taken, "JavaScript heap out of memory"):
        if match := _MEMORY.match(lines[index]):
            first = next((at for at in range(index - 1, max(-1, index - 14), -1) if "<--- Last few GCs --->" in lines[at]), index)
            end = span_end(lines, index + 1, lambda line: line.strip() != "", index + 30)
            taken.take(first, end)
            yield log.failure((first, end), (Cause("FATAL ERROR", match.group(1)),), language="javascript")


def _npm(log: Log, taken: Taken) -> Iterator[Failure]:
    lines, done = log.bare, 0
    for index in unexplained(log, taken, "npm ERR!", "npm error"):
        if index < done or not _LINE.match(lines[index]):
            continue
        done = end = span_end(lines, index + 1, _goes_on)
        said = [match.group(1) or "" for line in lines[index:end] if (match := _LINE.match(line))]
        code = next((match.group(1) for text in said if (match := _CODE.match(text))), "")
        message = _message(said)
        if code == "ELIFECYCLE" or any(_CONSEQUENCE.search(text) for text in said[:8] if not text.startswith("Missing script")):
            continue
        if code or message:
            taken.take(index, end)
            cause = Cause(f"npm {code}".strip() if code else "npm", message)
            yield log.failure((index, end), (cause,), language="javascript", phase="collection")


def _goes_on(line: str) -> bool:
    """Whether a line belongs to the same error; the next one begins with its code."""
    match = _LINE.match(line)
    return match is not None and not _CODE.match(match.group(1) or "")


def _message(said: Sequence[str]) -> str:
    """What npm says without the code, paths and advice around it."""
    kept = [text for text in said if not _DETAIL.match(text)]
    return "\n".join(line.rstrip() for line in kept[:MAX_MESSAGE_LINES]).strip()


def _coded(log: Log, taken: Taken) -> Iterator[Failure]:
    """Errors of pnpm and of yarn 2 and newer, which carry codes."""
    lines = log.bare
    for index in unexplained(log, taken, "ERR_PNPM_", "YN0", "YN1"):
        match = _PNPM.match(lines[index])
        berry = None if match else _BERRY.match(lines[index])
        if berry and (berry.group(1) in _BERRY_GOOD or not _BERRY_ERROR.search(berry.group(2))):
            continue
        found = match or berry
        if found is None or found.group(1) in _FIRST_FAIL:
            continue
        end = index + 1
        if match:
            end = span_end(
                lines, end, lambda line: line.strip() != "" and not javascript.is_trace(line) and not line.startswith("["), index + 4
            )
        taken.take(index, end)
        message = "\n".join([found.group(2), *(line.strip() for line in lines[index + 1 : end])]).strip()
        yield log.failure((index, end), (Cause(found.group(1), message),), language="javascript", phase="collection")
