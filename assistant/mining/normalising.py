"""Messages without what varies from run to run: machines, paths, ids, times, numbers, and the wording of interpreters' versions.

What is quoted stays, without its quotes: `KeyError: 'a'` and `KeyError: 'b'` are different failures, as a team would have to look at both.
Numbers go: `row 7 of 9` and `row 12 of 40` are one failure; numbers that are codes stay (`status 404`, `Errno 13`, `exit code 2`).
A file keeps its name and loses its folders.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from assistant.mining.patterns import Lazy

Mark = str | Callable[[re.Match[str]], str]

LENGTH, LINES, PASSES = 2000, 3, 4
"""So much of a message, and so many of its lines, tell which failure it is; so often it is gone over until nothing changes."""

_DIGITS = Lazy(r"\d")
_DETAIL = Lazy(r"\s*(?:LINE \d|\[SQL|\[parameters|\(Background on|DETAIL:|HINT:|CONTEXT:|[?+-] |[\W_]*$)")

DIGIT = "0"
"""A need of any digit."""


class Step(NamedTuple):
    """One replacement.

    Args:
        need: what a text holds where there is anything to replace, sought first because it is cheap; empty for anything.
        pattern: what is replaced.
        mark: what stands for it.
    """

    need: str
    pattern: str
    mark: Mark


_QUOTES = str.maketrans("", "", "\"'`‘’“”´")
_COLOUR = Lazy(r"(?:\x1b|\\x1b|\\u001b|\\033)?\[\d{1,3}(?:;\d{1,3}){0,4}[mK]")
_WORDINGS = (
    Step("[SECRET:", r"\[SECRET:[\w:-]{1,80}\]", "<secret>"),
    Step("Did you", r"\(?(?:\. |; )?Did you (?:mean|forget)\b[^\n]{0,300}", ""),
    Step("consider renaming", r" ?\(consider renaming [^\n]{0,400}", ""),
    Step("partially", r" from partially initialized module\b", " from"),
    Step("(", r" ?\((?:most likely due to a circular import|unknown location)\)", ""),
    Step("cannot import", r"(cannot import name [^\n]{1,200}? from [^\s(]{1,200}) \([^)\n]{1,400}\)", r"\1"),
    Step(
        "cannot access",
        r"cannot access (local|free) variable (\S{1,100}) where it is not associated with a value( in enclosing scope)?",
        r"\1 variable \2 referenced before assignment\3",
    ),
    Step("unhashable", r"cannot use \S{1,100} as a [\w ]{1,20} \((unhashable type: [^)\n]{1,100})\)", r"\1"),
    Step("property", r"property (\S{1,100}) of \S{1,100} object has no (?:setter|deleter)", r"cant set attribute \1"),
    Step("abstract", r"(abstract class \S{1,100}) with(?:out an implementation for)? abstract methods?", r"\1 with abstract methods"),
    Step("() ", r"\b(?:[\w<>]{1,80}\.){1,8}(\w{1,80}\(\) (?:missing|takes|got))\b", r"\1"),
    Step("WinError", r"\[WinError [23]\] The system cannot find the (?:file|path) specified", "[Errno 2] No such file or directory"),
    Step("WinError", r"\[WinError 5\] Access is denied", "[Errno 13] Permission denied"),
    Step("WinError", r"\[WinError 10061\] No connection could be made because the target machine actively refused it", "[Errno 111] Connection refused"),
    Step("[Errno 61]", r"\[Errno 61\] Connection refused", "[Errno 111] Connection refused"),
)  # fmt: skip
"""The same said otherwise: by other releases of Python, by other systems."""

_UNITS = r"(?:ns|us|µs|ms|s|m|h|d|min)"
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_BEFORE_PATHS = (
    Step("-", r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<id>"),
    Step(DIGIT, r"\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?)?", "<time>"),
    Step(
        ":",
        rf"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:\d{{1,2}}[ /])?{_MONTHS}[ /]{{1,2}}\d{{1,4}}[ :]\d\d:\d\d(?::\d\d)?(?: (?:UTC|GMT))?(?: [+-]?\d{{4}})?",
        "<time>",
    ),
    Step(":", r"\b\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?[AP]M)?\b", "<time>"),
    Step("://", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s\"'<>)\],]{1,2000}", "<url>"),
    Step(DIGIT, r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.]{0,20}\w)", "<host>"),
    Step(":", r"(?<![\w:])(?:\[?(?:[0-9a-f]{1,4}:){2,7}:?[0-9a-f]{1,4}\]?|\[?::1\]?)(?::\d{1,5})?(?![\w:])", "<host>"),
    Step("local", r"\blocalhost\b(?::\d{1,5})?", "<host>"),
    Step("ip-", r"\bip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}(?:\.[\w-]{1,40}){0,5}(?::\d{1,5})?", "<host>"),
    Step(".", r"(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:(?:internal|localdomain|svc|lan)\b(?::\d{1,5})?|[a-z]{2,12}:\d{2,5})(?![\w/.:]{0,20}\w)", "<host>"),
    Step("0x", r"\b0x[0-9a-fA-F]{1,16}\b", "<address>"),
)  # fmt: skip
"""What varies, sought before paths, and the mark that stands for it; no mark is noise itself."""

_PATH = r"(?:(?<!\w)[A-Za-z]:)?(?<![\w.@+~%-])(?:[\w.@+~%-]{1,255})?(?:[\\/]{1,2}[\w.@+~%-]{1,255}){1,60}[\\/]?"
_FILE = r"\.?(?!tmp\w{6,})[A-Za-z_][\w+-]{0,80}(?:\.[A-Za-z]\w{0,9}){1,3}|\.[a-z]\w{1,20}"
_BEHIND_PATHS = (
    Step("tmp", r"\btmp[a-z0-9_]{6,12}\b", "<tmp>"),
    Step("-", r"-(?=[a-z]{0,9}\d)[a-z0-9]{8,10}-[a-z0-9]{5}\b", "-<id>"),
    Step(DIGIT, r"(?i)\b(?=[a-f]{0,128}\d)(?=\d{0,128}[a-f])[0-9a-f]{7,128}\b", "<hex>"),
    Step(DIGIT, r"\b(?=[A-Za-z]{0,128}\d[A-Za-z]{0,128}\d)(?=\d{0,128}[A-Za-z])[A-Za-z0-9]{16,128}\b", "<id>"),
    Step(DIGIT, r"\b(?:req|run|job|msg|evt|call|task|sess|trace|span|cus|usr)[_-](?=[A-Za-z]{0,64}\d)[A-Za-z0-9]{6,64}\b", "<id>"),
    Step(DIGIT, rf"\b(?:\d{{1,9}}(?:\.\d{{1,9}})?{_UNITS}){{1,4}}\b", "<duration>"),
    Step(DIGIT, r"\b\d{1,9}(?:\.\d{1,9})? ?(?:(?:milli|micro|nano)?sec(?:ond)?s?|min(?:ute)?s?|hours?|days?)\b", "<duration>"),
    Step(DIGIT, r"\b\d{1,15}(?:\.\d{1,9})? ?(?:[kKMGT]i?[bB]|[KMGT]|bytes?|B)\b", "<size>"),
)  # fmt: skip
"""What varies, sought when paths are gone."""

_NUMBER = (
    r"(?P<code>\b(?:HTTP(?:/\d(?:\.\d)?)?|[Ss]tatus(?: [Cc]ode)?|[Ee]rrno|WinError|[Ee]xit(?:ed with)?(?: code| status)?|[Ss]ignal|SQLSTATE)[\s:=(\[]{1,3}\d{1,5}\b)"
    r"|[-+]?(?:\d{1,3}(?:,\d{3}){1,6}|\d+)(?:\.\d+)*(?:e[-+]?\d{1,4})?"
)
_TIDY = (
    Step("<", r"(<(?:n|hex|id|size|duration|time|address)>)(?:[,;] ?\1){1,500}", r"\1"),
    Step("<n>", r"(<n> [A-Za-z]{2,30}?)s{1,30}\b", r"\1"),
    Step("", r"\s+", " "),
    Step("", r"[\s.:;,]{1,50}$", ""),
)
"""Lists that only differ in length, plurals, blanks."""


@lru_cache(maxsize=4096)
def normalised(message: str) -> str:
    """A message without numbers, ids, times, addresses and folders; the same again when it is normalised again.

    Args:
        message: any text; its first lines count.
    """
    text = message[:LENGTH].translate(_QUOTES)
    text = _COLOUR.sub("", text) if "[" in text else text
    text = "\n".join([line for line in text.split("\n") if line.strip() and not _DETAIL.match(line)][:LINES])
    for _ in range(PASSES):
        before, text = text, _step(text)
        if text == before:
            break
    return text[:LENGTH].rstrip(" .:;,")


def _step(text: str) -> str:
    digits = _DIGITS.search(text) is not None
    for step in STEPS:
        if digits if step.need == DIGIT else step.need in text:
            text = _compiled(step.pattern).sub(step.mark, text)
    return text.strip()


def _path(match: re.Match[str]) -> str:
    """A file's name, or nothing of a folder; two words with a slash between them are no path."""
    path = match.group()
    *folders, name = re.split(r"[\\/]{1,2}", path)
    file = name if re.fullmatch(_FILE, name) else ""
    return f"<path>{file}" if file or len(folders) > 1 or not folders[0] else path


def _number(match: re.Match[str]) -> str:
    return match.group("code") or "<n>"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled when a message first needs it."""
    return re.compile(pattern)


STEPS = (
    *_WORDINGS,
    *_BEFORE_PATHS,
    Step("/", _PATH, _path),
    Step("\\", _PATH, _path),
    *_BEHIND_PATHS,
    Step(DIGIT, _NUMBER, _number),
    *_TIDY,
)
"""All that is replaced, in order."""
