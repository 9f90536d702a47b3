"""Compilers, linters and bundlers of JavaScript: tsc, ESLint, webpack, esbuild, Vite, Rollup, Next."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure
from assistant.mining.languages import javascript
from assistant.mining.languages.scan import indent, message_of, past_blanks, plain, span_end, split_type, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_TSC = Lazy(
    r"^\s{0,12}(?:[\w@./-]{1,40}: )?(?:(\S.{0,400}?)(?:\((\d{1,7}),\d{1,7}\)|:(\d{1,7}):\d{1,7})(?: -|:) )?error (TS\d{1,6}): (.*)$"
)
_LOADER = Lazy(r"^(?:\[tsl\] )?ERROR in (\S.{0,400}?)(?:\((\d{1,7}),\d{1,7}\)|:(\d{1,7}):\d{1,7})?$")
_TS = Lazy(r"^\s*(TS\d{1,6}): (.*)$")
_SQUIGGLE = Lazy(r"^\s*(?:\d{1,7}\s|~+|[\s~]*$)")
_LINT_FILE = Lazy(r"^((?:[A-Za-z]:)?[^\s:](?:[^:\n]{0,400})?\.(?:[cm]?[jt]sx?|vue|svelte|json|html|mdx?|astro|css|ya?ml))$")
_LINT = Lazy(r"^\s{1,8}(\d{1,7}):(\d{1,7})\s{1,4}error\s{1,6}(\S.*?)(?:\s{2,}(@?[\w./-]{1,120}))?$")
_LINT_ROW = Lazy(r"^\s{1,8}\d{1,7}:\d{1,7}\s{1,4}(?:error|warning)\s")
_UNIX = Lazy(
    r"^(\S.{0,400}?\.[cm]?[jt]sx?)(?::(\d{1,7}):\d{1,7}|: line (\d{1,7}), col \d{1,7}, Error -):? (.{1,1000}?) (?:\[Error/(\S{1,120})\]|\(([@\w./-]{1,120})\))$"
)
_WEBPACK = Lazy(r"^\s{0,4}(?:ERROR in|Error in|ERROR|error {1,2}in) {1,2}(\.{0,2}/?\S{1,400}?)(?:[: ](\d{1,7}):\d{1,7}(?:-\d{1,7})?)?:?$")
_ESBUILD = Lazy(r"^\s*(?:✘ \[ERROR\]|\[ERROR\]) (\S.{0,1000})$")
_ESBUILD_PLACE = Lazy(r"^\s{2,8}(\S{1,400}?):(\d{1,7}):\d{1,7}:$")
_NEXT = Lazy(r"^(\./\S{1,400}?)(?::(\d{1,7}):\d{1,7})?$")
_VITE = Lazy(r"^(?:\[vite\]:? |\[\w[\w:-]{1,60}\] |\[!\] |error during build:$|RollupError: )(.{0,1000})$")
_SYNTAX = Lazy(
    r"^(?:Module (?:build failed|not found|parse failed)|Error|SyntaxError|TypeError|Type error|Failed to compile|Can't resolve|Syntax error|export |\w{1,60}Error)"
)


def find_typescript(log: Log, taken: Taken) -> Iterator[Failure]:
    """The errors of the TypeScript compiler, in any of its formats."""
    lines = log.bare
    for index in unexplained(log, taken, "error TS", "error^[["):
        match = _TSC.match(plain(lines[index]))
        if match is None:
            continue
        path, bracket, colon, code, message = match.groups()
        pretty = colon is not None
        end = span_end(lines, index + 1, lambda line: line.startswith("  ") and not _TSC.match(plain(line)), index + 30)
        more = lines[index + 1 : end]
        code_at = past_blanks(lines, end)
        if pretty and code_at < len(lines) and code_at - end < 2 and _SQUIGGLE.match(plain(lines[code_at])):
            end = span_end(lines, code_at, lambda line: line.strip() != "" and _SQUIGGLE.match(plain(line)) is not None, code_at + 30)
        taken.take(index, end)
        frames = (frame(path, int(bracket or colon)),) if path else ()
        cause = Cause(code, message_of([message, *more]), frames)
        yield log.failure((index, end), (cause,), language="typescript", phase="collection")


def find_eslint(log: Log, taken: Taken) -> Iterator[Failure]:
    """The errors of ESLint in its stylish, unix and compact formats; warnings are no failures."""
    yield from _stylish(log, taken)
    for index in unexplained(log, taken, "[Error/", ", Error - "):
        if match := _UNIX.match(log.bare[index]):
            path, colon, line, message, unix, compact = match.groups()
            taken.take(index, index + 1)
            cause = Cause(unix or compact, message, (frame(path, int(colon or line)),))
            yield log.failure((index, index + 1), (cause,), language="javascript", phase="collection")


def _stylish(log: Log, taken: Taken) -> Iterator[Failure]:
    lines, path, row = log.bare, "", -2
    for index in unexplained(log, taken, "  error  "):
        match = _LINT.match(lines[index])
        if match is None:
            continue
        if row != index - 1:
            head = next((at for at in range(index - 1, max(-1, index - 400), -1) if not _LINT_ROW.match(lines[at])), -1)
            found = _LINT_FILE.match(lines[head].strip()) if head >= 0 else None
            path = found.group(1) if found else path if row >= 0 and head < row else ""
            first = head if found and head == index - 1 else index
        else:
            first = index
        row = index
        if path:
            line, _, message, rule = match.groups()
            taken.take(first, index + 1)
            cause = Cause(rule or "", message.strip(), (frame(path, int(line)),))
            yield log.failure((first, index + 1), (cause,), language="javascript", phase="collection")


def find_bundlers(log: Log, taken: Taken) -> Iterator[Failure]:
    """What webpack, Next, esbuild, Vite and Rollup could not build."""
    yield from _webpack(log, taken)
    yield from _esbuild(log, taken)
    lines = log.bare
    for index in unexplained(log, taken, "[vite]", "error during build:", "[!] "):
        match = _VITE.match(lines[index])
        if match is None:
            continue
        end = span_end(lines, index + 1, lambda line: line.strip() != "", index + 30)
        causes = javascript.read_body([match.group(1), *lines[index + 1 : end]])
        if causes and ("rror" in lines[index] or "ailed" in lines[index] or causes[-1].exception):
            taken.take(index, end)
            yield log.failure((index, end), causes, language="javascript", phase="collection")


def _webpack(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    for index in unexplained(log, taken, "ERROR in ", "Error in ", "error  in ", "Failed to compile"):
        head = past_blanks(lines, index + 1) if "Failed to compile" in lines[index] else index
        match = (_NEXT if head > index else _WEBPACK).match(lines[head]) if head < len(lines) else None
        loader = _LOADER.match(lines[index]) if match is None else None
        if match is None and loader is None:
            continue
        path, line = match.groups() if match else (loader.group(1), loader.group(2) or loader.group(3)) if loader else ("", None)
        start = past_blanks(lines, head + 1)
        end = span_end(lines, start, lambda line: line.strip() != "" and not line.startswith(("ERROR in", "webpack ")), start + 60)
        if start >= len(lines) or not (_SYNTAX.match(lines[start].strip()) or _TS.match(lines[start])):
            continue
        taken.take(index, end)
        yield log.failure((index, end), _built(path, line, lines[start:end]), language="javascript", phase="collection")


def _built(path: str, line: str | None, body: Sequence[str]) -> tuple[Cause, ...]:
    """What went wrong with a module."""
    place = (frame(path, int(line or 0)),)
    if match := _TS.match(body[0]):
        return (Cause(match.group(1), message_of([match.group(2), *body[1:4]]), place),)
    causes = javascript.read_body(body)
    said = causes[-1] if causes else Cause("", message_of(body))
    return (Cause(said.exception, said.message, said.frames or place),)


def _esbuild(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    for index in unexplained(log, taken, "[ERROR] "):
        match = _ESBUILD.match(lines[index])
        at = past_blanks(lines, index + 1)
        place = _ESBUILD_PLACE.match(lines[at]) if match and at < min(len(lines), index + 3) else None
        if match is None or place is None:
            continue
        end = span_end(lines, at + 1, lambda line: indent(line) >= 4)
        exception, message = split_type(match.group(1))
        taken.take(index, end)
        cause = Cause(exception, message, (frame(place.group(1), int(place.group(2))),))
        yield log.failure((index, end), (cause,), language="javascript", phase="collection")
