"""Compilers and linkers that speak like gcc or like MSVC: C, C++, CUDA, Swift, mypy, C#, MSBuild."""

from collections.abc import Callable, Iterator, Sequence

from assistant.evidence import Cause, Failure
from assistant.mining.languages.scan import indent, message_of, span_end, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_GCC = Lazy(
    r"^\s{0,8}(?:\[[\w.-]{1,30}\] )?((?:[A-Za-z]:)?[^\s:()\"'|][^:()\n\"'|]{0,500}?\.([A-Za-z+]{1,8}|[ch]pp\.in)):(\d{1,7})(?::(\d{1,7}))?(?:-\d{1,7})?: (fatal error|error|internal compiler error): (.*)$"
)
_NOTED = Lazy(r"^\s{0,8}\S.{0,500}?:\d{1,7}(?::\d{1,7})?: (?:note|remark|help): ")
_OTHER = Lazy(
    r"^\s{0,8}(?:[A-Za-z]:)?[^\s:()\"'|][^:()\n\"'|]{0,500}?:\d{1,7}(?::\d{1,7})?: (?:fatal error|error|warning|internal compiler error): "
)
_LEADS = Lazy(
    r"^\s{0,8}(?:In file included from |\s{0,20}from .{1,400}:\d|\S.{0,400}: (?:In|At) .{0,400}:$|\S.{0,400}:\d{1,7}(?::\d{1,7})?: +required (?:from|by)|In module )"
)
_GOES_ON = Lazy(
    r"^\s{0,12}(?:\d{1,7})? {0,8}\||^\s+\S|^\s*[~^]|^compilation terminated\.$|^(?:Please submit|See <)|^\s+in (?:instantiation|expansion)"
)
_COUNTS = Lazy(
    r"^\s{0,8}(?:\d{1,6} (?:errors?|warnings? and \d{1,6} errors?) generated\.|compilation terminated\.|cc1(?:plus)?: all warnings being treated as errors|make(?:\[\d\])?: \*\*\* )"
)
_CODE = Lazy(r"\[((?:-W(?:error[=,])?)?[\w+=,-]{2,80}(?:=)?)\]$")
_FUNCTION = Lazy(r": In (?:\S{1,20} ){0,4}(?:function|constructor|destructor|method|instantiation of) ['‘](.{1,400})['’]:?$")
_FAILED = Lazy(r"^\s{0,8}FAILED: ")
_NOT_HERE = frozenset(("java", "kt", "kts", "scala", "groovy", "go", "ts", "tsx", "js", "jsx", "mjs", "cjs", "rs", "log", "vue"))
_LANGUAGES = {
    "py": "python",
    "pyi": "python",
    "swift": "swift",
    "hs": "haskell",
    "pyx": "python",
    "proto": "text",
    "tex": "text",
    "rst": "text",
}
_CSHARP = ("CS", "NU", "NETSDK", "CA", "IDE", "SA", "MC", "FS", "BC", "AD", "RZ", "xUnit", "MSB")

_MSVC = Lazy(
    r"^\s{0,8}(?:\d{1,4}>)?\s*(?:((?:[A-Za-z]:)?[^\s:()][^:()\n]{0,400}?)(?:\((\d{1,7})(?:,\d{1,7}){0,3}\))? ?: )(?:fatal |Command line )?error ([A-Za-z]{1,8}\d{2,6}) ?: (.*?)(?: \[(\S.{0,400}proj)(?:::.{0,100})?\])?$"
)
_MSB_CONSEQUENCE = ("MSB3073", "MSB3721", "MSB6006", "MSB4181", "MSB8066", "MSB8020X")
_NVCC = Lazy(
    r"^\s{0,8}((?:[A-Za-z]:)?[^\s:()][^:()\n]{0,400}?\.(?:cu|cuh|hpp?|cpp|inl|f90|F90|f))\((\d{1,7})\): (?:catastrophic )?error(?: #\d{1,6}(?:-D)?)?: (.*)$"
)


def find_compilers(log: Log, taken: Taken) -> Iterator[Failure]:
    """The errors of compilers, one a diagnostic; one that stands there again says nothing new."""
    yield from _gcc(log, taken)
    yield from _msvc(log, taken)
    for index in unexplained(log, taken, ": error: ", ": error #", ": catastrophic error"):
        if match := _NVCC.match(log.bare[index]):
            end = span_end(log.bare, index + 1, lambda line: indent(line) >= 4 and bool(line.strip()), index + 30)
            taken.take(index, end)
            cause = Cause("", match.group(3), (frame(match.group(1), int(match.group(2))),))
            yield log.failure((index, end), (cause,), language="c++", phase="collection")


def _gcc(log: Log, taken: Taken) -> Iterator[Failure]:
    lines, seen, found = log.bare, set[tuple[str, str, str]](), False
    for index in unexplained(log, taken, " error: "):
        match = _GCC.match(lines[index])
        if match is None or match.group(2) in _NOT_HERE:
            continue
        path, extension, number, column, kind, message = match.groups()
        depth = indent(lines[index])
        end = span_end(lines, index + 1, _goes_on(depth))
        first = _first(lines, index, taken)
        stop = end + 1 if end < len(lines) and _COUNTS.match(lines[end]) and "***" not in lines[end] else end
        taken.take(first, stop)
        if (path, f"{number}:{column}", message) in seen:
            continue
        seen.add((path, f"{number}:{column}", message))
        found = True
        code = _CODE.search(message.rstrip())
        exception = code.group(1) if code else kind if kind == "internal compiler error" else ""
        place = frame(path, int(number), _function(lines[first:index]))
        language = _LANGUAGES.get(extension, "c++")
        yield log.failure((first, end), (Cause(exception, message, (place,)),), language=language, phase="collection")
    if found:
        for index in unexplained(log, taken, "all warnings being treated as errors", "compilation terminated.", " generated."):
            taken.take(index, index + 1 if _COUNTS.match(lines[index]) else index)


def _goes_on(depth: int) -> Callable[[str], bool]:
    """Whether a line belongs to a diagnostic of that indentation: notes, code, carets."""
    return lambda line: bool(
        (_NOTED.match(line) or (line[:depth].strip() == "" and _GOES_ON.match(line[depth:])))
        and not _OTHER.match(line)
        and not _LEADS.match(line)
    )


def _first(lines: Sequence[str], index: int, taken: Taken) -> int:
    """The lines above that lead in: includes, the function, Ninja's `FAILED:` with the command."""
    first = index
    while first > max(0, index - 40) and first - 1 not in taken and _LEADS.match(lines[first - 1]):
        first -= 1
    failed = next((at for at in range(first - 1, max(-1, first - 3), -1) if at not in taken and _FAILED.match(lines[at])), None)
    return first if failed is None else failed


def _function(lines: Sequence[str]) -> str:
    return next((match.group(1) for line in reversed(lines) if (match := _FUNCTION.search(line))), "")


def _msvc(log: Log, taken: Taken) -> Iterator[Failure]:
    lines, seen = log.bare, set[tuple[str, str, str, str]]()
    for index in unexplained(
        log,
        taken,
        "error C",
        "error LNK",
        "error NU",
        "error MSB",
        "error NETSDK",
        "error CS",
        "error FS",
        "error BC",
        "error RZ",
        "error CA",
        "error IDE",
        "error SA",
        "error D",
        "error MC",
        "error xUnit",
        "error RC",
    ):
        match = _MSVC.match(lines[index])
        if match is None or match.group(3) in _MSB_CONSEQUENCE:
            continue
        path, number, code, message, _ = match.groups()
        end = span_end(lines, index + 1, lambda line: indent(line) >= 4 and bool(line.strip()) and not _MSVC.match(line), index + 30)
        end = end if code.startswith(("C", "LNK")) and not code.startswith(("CS", "CA")) else index + 1
        failed = next((at for at in range(index - 1, max(-1, index - 3), -1) if at not in taken and _FAILED.match(lines[at])), index)
        taken.take(failed, end)
        key = (path or "", number or "", code, message)
        if key not in seen:
            seen.add(key)
            frames = (frame(path, int(number)),) if number else ()
            language = "csharp" if code.startswith(_CSHARP) else "c++"
            yield log.failure((failed, end), (Cause(code, message, frames),), language=language, phase="collection")


_UNDEFINED = Lazy(
    r"^\s{0,8}(?:.{0,400}?: )?((?:undefined reference to|multiple definition of|undefined symbol:|duplicate symbol:?) ?.{1,2000})$"
)
_LD = Lazy(r"^\s{0,8}(?:\S{0,300}[/\\-])?(?:ld(?:\.\w{1,6})?|lld|collect2|lld-link|mold)(?:\.exe)?: (?:fatal )?(?:error: )?(.*)$")
_LD_LEADS = Lazy(r"^\s{0,8}(?:\S{0,300}[/\\-])?ld(?:\.\w{1,6})?(?:\.exe)?: .{1,500}: in function [`'‘].{1,500}['’]:$")
_LD_CAUSE = Lazy(
    r"^(?:cannot find|library not found|can't|skipping incompatible|relocation|unrecognized|file not recognized|.*: (?:file not recognized|undefined|multiple definition|relocation)|undefined|duplicate|unable to find|final link failed|symbol|framework not found|building for)"
)
_APPLE = Lazy(r"^Undefined symbols for architecture \w{1,20}:$")
_LD_END = Lazy(
    r"^\s{0,8}(?:collect2: error: ld returned|clang(?:\+\+)?: error: linker command failed|ld: symbol\(s\) not found|ld: \d{1,6} duplicate symbols)"
)


def find_linkers(log: Log, taken: Taken) -> Iterator[Failure]:
    """What linkers could not resolve: one failure a link, with the first symbol as its message."""
    lines, done = log.bare, 0
    for index in unexplained(
        log,
        taken,
        "undefined reference to",
        "multiple definition of",
        "undefined symbol",
        "duplicate symbol",
        "Undefined symbols for",
        "ld: ",
        "ld.lld: ",
        "lld-link: ",
    ):
        if index < done or not (first := _link_message(lines[index])):
            continue
        start = index
        while start > max(0, index - 2) and start - 1 not in taken and _LD_LEADS.match(lines[start - 1]):
            start -= 1
        failed = next((at for at in range(start - 1, max(-1, start - 3), -1) if at not in taken and _FAILED.match(lines[at])), start)
        end = span_end(lines, index + 1, _goes_on_linking)
        done = end = span_end(lines, end, _LD_END.match, end + 3)
        taken.take(failed, end)
        yield log.failure(
            (failed, end),
            (Cause("", message_of(lines[index : index + 2]) if _APPLE.match(lines[index]) else first),),
            language="c++",
            phase="collection",
        )


def _goes_on_linking(line: str) -> bool:
    if _LD_END.match(line):
        return False
    return bool(
        _link_message(line) or _LD_LEADS.match(line) or _LD.match(line) or "error adding symbols" in line or line.startswith((">>> ", "  "))
    )


def _link_message(line: str) -> str:
    """What a linker says in a line; empty where it is none or says only that it failed."""
    if _APPLE.match(line):
        return line.strip()
    if match := _UNDEFINED.match(line):
        return match.group(1) if "undefined symbol" not in line or "ld" in line[:200] or ".so" in line else ""
    match = _LD.match(line)
    return message_of([match.group(1)]) if match and not _LD_END.match(line) and _LD_CAUSE.match(match.group(1)) else ""
