"""How logs word an error: which words mean one, how strongly, which only look like it, and what a line says."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.mining.lines import RECORD
from assistant.mining.patterns import Lazy
from assistant.mining.screening import Screen

HINTS = (
    "error", "fatal", "critical", "panic", "exception", "fail", "cannot", "can't", "could not", "couldn't", "unable to", "denied", "refused",
    "no such", "not found", "mismatch", "undefined", "exit", "killed", "abort", "segmentation", "err!", "e: ", "emerg", "severe", "timed out",
    "timeout", "unresolved", "invalid", "caused by", "crash", "out of memory", "oom", "conflict", "uncaught", "unhandled", "not recognized",
    "no space", "in use", "non-zero", "http", " 50", " 42", " 40", "unexpected", "missing", "not allowed", "rejected", "✖", "✗", "✘",
)  # fmt: skip
"""Lower-case pieces, one of which every line of trouble holds; named exceptions are found by `NAMED`."""

NAMED = Lazy(
    r"^\s{0,40}(?:Uncaught |Caused by: |Exception in thread \"[^\"]{1,80}\" |Error: )?"
    r"((?:[a-z_]\w{0,60}\.){0,12}(?:<locals>\.)?[A-Z]\w{0,80}(?:Error|Exception|Failure|Fault|Mismatch|Timeout|Interrupt|Warning)"
    r"|(?:[a-z_]\w{0,60}\.){0,12}(?:exc|exceptions?|errors?)\.(?:[a-z_]\w{0,60}\.){0,3}[A-Z]\w{0,80}"
    r"|(?:[A-Z]\w{0,60}::){1,8}[A-Z]\w{0,80})(?: \[\w{1,60}\])?(?:: (.*)|:?$)"
)
_NAMED_INSIDE = Lazy(
    r"\b((?:[a-z_]\w{0,60}\.){1,12}[A-Z]\w{0,80}(?:Error|Exception)|[A-Z][a-z]\w{0,80}(?:Error|Exception))(?: \[\w{1,60}\])?: (\S.*)"
)

_GOOD = Lazy(
    r"\b(?:0|no|without|zero|never) (?:\w{1,20} ){0,2}?(?:errors?|failures?|failed|failing|problems?|issues?|exceptions?|conflicts?)\b"
    r"|\b(?:errors?|failures?|fail(?:ed|ing)?|exit(?:ed)?(?: with)?(?: code| status)?)[\"']?\s?[:=( ]\s?[\"']?(?:0\b|none\b|null\b|false\b|nil\b)"
    r"|\b(?:PASS|PASSED|SKIPPED|XFAIL|xfailed|passed)\b|^\s*(?:ok|✓|√|✔)\b|\.\.\. ?ok$|[Dd]eprecat"
    r"|^\s*[\w.-]{1,80}: ?(?:true|false|yes|no|on|off)$|\bcache (?:is )?(?:not found|miss)",
    re.I,
)
_QUIET = Lazy(r"^.{0,80}?\b(?:INFO|DEBUG|TRACE|NOTICE|VERBOSE|info|debug)\b")
_CODE = Lazy(
    r"^\s*(?:(?:raise|except|return|def|class|import|from|if|elif|for|while|try|with|throw|catch|assert|await|async|export|const|let|var|func|fn)\b[^:]{0,200}[\w)\]\"':;{,]$"
    r"|(?:log|logger|logging|console|self|this)\.\w|echo |[$+>#] |\+{2,3} |//|/\*|\*/|@\w|\w[\w.]{0,60} ?= ?\S)"
)
_FATAL = Lazy(
    r"\b(?:FATAL|CRITICAL|PANIC|EMERG|ALERT)\b|^\s*(?:panic|fatal(?: error)?): |\bfatal error\b"
    r"|\b(?:[Ss]egmentation fault|core dumped|[Oo]ut of memory|OOMKilled|exec format error|SECURITY ERROR|FAILED TO START)\b"
)
_ERROR = Lazy(
    r"\bERROR\b(?!_)|\bSEVERE\b|\bERR!|\bFAILED\b(?!_)|\bFAILURE\b(?!_)|^\s*--- FAIL\b|[✖✗✘]|^E: |^\s*Error\b(?![\w.(/-])"
    r"|(?:^|[\s:(\]|])[Ee]rror(?: [A-Z]{1,8}\d{2,6}|\[\w{1,40}\])?: |npm error |\b(?:undefined reference|unresolved external|multiple definition)\b"
    r"|^(?:Caused by|Exception in thread|Unhandled|Uncaught)\b"
    r"|\b(?:No such file or directory|[Pp]ermission denied|command not found|Cannot allocate memory|[Cc]onnection refused"
    r"|[Aa]ddress already in use|No space left on device|not recognized as|checksum mismatch|access denied)\b"
    r"|(?:^|: |\] |- )(?:[Ff]ailed to|Cannot|Can't|Could not|Couldn't|Unable to) (?!\w+ed\b)"
    r"|(?:-> ?|HTTP/\d(?:\.\d)?\"? |[Ss]tatus(?: code)?:? ?)5\d\d\b"
)
_WEAK = Lazy(
    r"\b(?:fail(?:ed|ure|s)?|cannot|can't|could not|couldn't|unable to|denied|refused|timed out|timeout|not found|mismatch|conflict(?:ing)?"
    r"|unresolved|invalid|abort(?:ed)?|killed|crash(?:ed)?|not allowed|rejected|no such)\b|(?:-> ?|HTTP/\d(?:\.\d)?\"? )4\d\d\b",
    re.I,
)
_EXIT = Lazy(
    r"\b(?:exit(?:ed)?(?: with)?(?: (?:code|status|value))?:? ?\(?(?:[1-9]\d{0,2}|-\d+)\b|returned (?:a )?non-zero|returned [1-9]\d{0,2} exit status"
    r"|from up to crashed|ELIFECYCLE|recipe for target|finished with exit code [1-9])|\*\*\* \[.{1,200}\] Error \d",
    re.I,
)


class _Kind(NamedTuple):
    """A way to word something, and how surely an error is meant; None where none is."""

    pattern: Lazy
    strength: int | None


_KINDS = (
    _Kind(_GOOD, None), _Kind(_CODE, None), _Kind(_FATAL, 3), _Kind(_QUIET, None), _Kind(_EXIT, 0), _Kind(_ERROR, 2), _Kind(NAMED, 2),
    _Kind(_WEAK, 1),
)  # fmt: skip
"""The first that a line shows is what it counts for."""
_SCREEN = Screen([kind.pattern for kind in _KINDS])
_BOILERPLATE = Lazy(
    r"re-?run|\bsee (?:the |above|below)|run with|--(?:stacktrace|verbose|debug)|for more (?:info|details)|complete log|please (?:check|report)"
    r"|stack trace|this is probably not|errors? (?:occurred|above)|following exception",
    re.I,
)
_DETAIL = Lazy(r"[\"'`].{1,200}[\"'`]|/[\w.-]+/|\d|\b\w+\.\w+\b")
_MARK = Lazy(
    r"^(?:.{0,120}?(?:\b(?:FATAL|CRITICAL|PANIC|EMERG|ALERT|SEVERE|ERROR|FAILED|FAILURE)\b|\bERR!|\b[Ee]rror(?: [A-Z]{1,8}\d{2,6}|\[\w{1,40}\])?(?=: )))"
    r"(?:/\w{1,60}\])?[\s:\]\-]{0,20}"
)
_WHOLE = Lazy(r"\s*(?:panic|fatal): ")
_LOGGER = Lazy(r"^(?:\d{1,9} --- )?(?:\[[^\]]{1,100}\] ?){1,3}(?:[\w.$]{1,100} *: ?)?|^[\w.]{1,80}\.py:\d{1,6} ")
_NPM_CODE = Lazy(r"npm (?:ERR!|error) code (\w{2,40})")
_CODED = Lazy(r"\berror (?:([A-Z]{1,8}\d{2,6})|(\[\w{1,40}\])): |\berror(\[[A-Z]\d{4}\]): ")
_GOES_ON = Lazy(r"^(?:\s+\S|\s*at |\s*\^|Caused by|DETAIL:|HINT:|CONTEXT:|STATEMENT:|npm ERR!|npm error|\t|\s*\||\.\.\. \d+ more)")
_WELL = Lazy(
    r"^=+ .*\b\d+ passed\b(?!.*\b(?:failed|errors?)\b).*=+$|^\d+ passed\b(?!.*\b(?:failed|errors?)\b).* in \d|BUILD SUCCESS|^OK(?: \(.*\))?$|^All (?:tests|checks) passed"
    r"|\b(?:exit(?:ed with)?|finished with)(?: exit)? (?:code|status) 0\b|^test result: ok|[Jj]ob succeeded|^Done in \d",
)
_PYTHON = frozenset(
    [
        "ArithmeticError",
        "AttributeError",
        "BrokenPipeError",
        "BufferError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "EOFError",
        "FileExistsError",
        "FileNotFoundError",
        "FloatingPointError",
        "ImportError",
        "IndentationError",
        "IndexError",
        "IsADirectoryError",
        "KeyError",
        "KeyboardInterrupt",
        "LookupError",
        "MemoryError",
        "ModuleNotFoundError",
        "NameError",
        "NotImplementedError",
        "OSError",
        "OverflowError",
        "PermissionError",
        "RecursionError",
        "RuntimeError",
        "SystemExit",
        "TabError",
        "TimeoutError",
        "UnboundLocalError",
        "UnicodeDecodeError",
        "UnicodeEncodeError",
        "ValueError",
        "ZeroDivisionError",
    ]
)
_JVM_ROOTS = frozenset(("java", "javax", "jakarta", "jdk", "sun", "kotlin", "scala", "groovy", "org", "com", "io", "net", "android"))
_ENDING = 400


def strength(line: str) -> int | None:
    """How surely a line tells of an error: 3 fatal, 2 error, 1 perhaps, 0 only its consequence; None not at all."""
    text = line[:1000]
    found = next((_KINDS[number] for number in _SCREEN.candidates(text) if _KINDS[number].pattern.search(text)), None)
    if found is None:
        return None
    return 1 if found.strength == 2 and ("Warning:" in text or "WARN" in text) else found.strength


def telling(line: str, weight: int) -> int:
    """How much a line says of the cause."""
    message = said(line)[1]
    if not message:
        return -20
    score = 10 * weight + min(len(message.split()), 12)
    score += 6 if _DETAIL.search(message) else 0
    score += 8 if _WEAK.search(message) else 0
    score += 20 if NAMED.match(line) else 0
    score -= 40 if _BOILERPLATE.search(line) else 0
    return score - (12 if message.isupper() else 0)


def said(line: str) -> tuple[str, str]:
    """The exception that a line names, empty where it names none, and its message without what stands before it."""
    if code := _NPM_CODE.search(line):
        return f"npm {code.group(1)}", ""
    if named := NAMED.match(line):
        return named.group(1), (named.group(2) or "").strip()
    rest = line
    if mark := None if _WHOLE.match(rest) else _MARK.match(rest):
        rest = rest[mark.end() :]
    rest = rest[match.end() :] if (match := _LOGGER.match(rest)) else rest
    if inside := _NAMED_INSIDE.search(rest):
        return inside.group(1), inside.group(2).strip()
    coded = _CODED.search(line)
    return next((group for group in coded.groups() if group), "") if coded else "", rest.strip()


def goes_on(line: str) -> bool:
    """Whether a line continues the message above it."""
    return _GOES_ON.match(line) is not None and not starts_record(line)


def is_command(line: str) -> bool:
    """Whether a line is a command that a shell was given."""
    return line.startswith(("$ ", "+ ", "> ", "Run "))


def is_python(exception: str) -> bool:
    """Whether an exception's name tells that Python raised it."""
    if exception in _PYTHON:
        return True
    return "." in exception and exception.partition(".")[0] not in _JVM_ROOTS and "::" not in exception


def starts_record(line: str) -> bool:
    """Whether a line starts a log record of its own."""
    return RECORD.match(line) is not None


def ends_well(lines: Sequence[str]) -> bool:
    """Whether the last word of a log is that all went well."""
    for line in reversed(lines[-_ENDING:]):
        text = line.strip()[:1000]
        if text and _WELL.search(text):
            return True
        if text and _EXIT.search(text):
            return False
    return False
