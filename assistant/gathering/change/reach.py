"""Which definitions a test can reach, by the names that code uses: an estimate that needs no run."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from assistant.gathering.change.symbols import MODULE, Symbol, symbols_of
from assistant.gathering.code import is_test

DEEPEST = 7
AMBIGUOUS = 8
"""A name that so many definitions share leads nowhere."""

OPEN_FOLDERS = (".go", ".java", ".kt", ".scala", ".cs", ".swift", ".rb", ".php", ".c", ".cc", ".cpp", ".rs")
"""Languages in which files of one folder see each other without an import."""

COMMON = frozenset(
    ["get", "set", "add", "put", "run", "close", "open", "read", "write", "name", "id", "key", "keys", "value", "values", "items", "data", "text", "line", "lines", "path", "file", "files", "day", "date", "time", "now", "user", "self", "cls", "str", "int", "float", "bool", "list", "dict", "tuple", "set", "type", "len", "min", "max", "sum", "print", "format", "join", "split", "append", "pop", "update", "copy", "index", "count", "sort", "main", "init", "args", "kwargs", "test", "tests", "result", "results", "error", "errors", "status", "code", "config", "settings", "options", "default", "e", "f", "i", "j", "k", "n", "x", "y", "main", "then", "this", "from", "import", "return", "def", "class", "if", "else", "for", "while", "in", "not", "and", "or", "is", "None", "True", "False", "null", "undefined", "true", "false", "new", "const", "let", "var", "function", "export", "await", "async", "try", "except", "catch", "finally", "raise", "throw", "with", "as", "public", "private", "static", "void", "string", "number", "object"]
)  # fmt: skip
"""Words that mean something else nearly everywhere: they lead on only to what their own file or a named import defines."""

_IMPORT = re.compile(
    r"^\s{0,20}(?:from\s{1,4}([\w.]{1,200})\s{1,4}import\b|import\s{1,4}([\w.]{1,200}))"
    r"|(?:from|import|require\(|import\()\s{0,4}['\"]([^'\"\n]{1,200})['\"]|^\s{0,20}(?:use|mod|require_relative|include|#include)\s{1,4}['\"<]?([\w./:]{1,200})",
    re.MULTILINE,
)
_WORD_PART = re.compile(r"\w+")


class Code(NamedTuple):
    """The code of the repository as it is now.

    Args:
        sources: the text of each file.
        by_name: the definitions of each name.
        imports: for each file those that it imports, directly.
    """

    sources: Mapping[str, str]
    by_name: Mapping[str, tuple[Symbol, ...]]
    imports: Mapping[str, frozenset[str]]


class Step(NamedTuple):
    """How a definition is reached: how many steps it is away, and which definition leads to it."""

    depth: int
    via: Symbol | None


Reached = dict[Symbol, Step]
"""Definitions that can be reached, nearest first."""


def code_of(sources: Mapping[str, str]) -> Code:
    """Index the code of a repository.

    Args:
        sources: the text of each code file, by path.
    """
    by_name: dict[str, list[Symbol]] = {}
    for path, source in sources.items():
        for symbol in symbols_of(path, source):
            by_name.setdefault(symbol.name, []).append(symbol)
    ends: dict[str, list[str]] = {}
    for path in sources:
        ends.setdefault(_module(path).rpartition("/")[2], []).append(path)
        if path.endswith(OPEN_FOLDERS):
            ends.setdefault(path.rpartition("/")[0].rpartition("/")[2], []).append(path)
    folders: dict[str, list[str]] = {}
    for path in sources:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    beside = {path: folders[path.rpartition("/")[0]] if path.endswith(OPEN_FOLDERS) else () for path in sources}
    imports = {path: frozenset([*_imported(path, source, ends), *beside[path]]) - {path} for path, source in sources.items()}
    return Code(sources, {name: tuple(found) for name, found in by_name.items()}, imports)


def reached_from(starts: Sequence[Symbol], code: Code) -> Reached:
    """What can be reached from some definitions, nearest first.

    Args:
        starts: where it begins: a test, its fixtures.
        code: the code of the repository.
    """
    near = _closure({one.path for one in starts}, code)
    found: Reached = {one: Step(0, starts[0] if one != starts[0] else None) for one in starts}
    row = list(starts)
    for depth in range(1, DEEPEST + 1):
        new: dict[Symbol, Step] = {}
        for symbol in row:
            new.update({one: Step(depth, symbol) for one in _next(symbol, code, near) if one not in found and one not in new})
        found.update(new)
        row = list(new)
    return found


def route_to(symbol: Symbol, reached: Reached) -> tuple[Symbol, ...]:
    """The definitions from the test to one that it reaches; what stands outside of definitions is left out."""
    found = [symbol]
    while (step := reached.get(found[-1])) and step.via and step.via not in found:
        found.append(step.via)
    return tuple(one for one in reversed(found) if one.name)


def _next(symbol: Symbol, code: Code, near: frozenset[str]) -> Iterable[Symbol]:
    beside = {symbol.path, *code.imports.get(symbol.path, ())}
    for word in symbol.words:
        held = code.by_name.get(word, ())
        if word == symbol.name or not held:
            continue
        close = [one for one in held if one.path in beside]
        if word in COMMON or len(word) < 3:
            yield from close
        elif close or len(held) <= AMBIGUOUS:
            yield from close or [one for one in held if one.path in near]
    if symbol.name:
        yield from (one for one in code.by_name.get(MODULE, ()) if one.path == symbol.path)


def _closure(paths: set[str], code: Code) -> frozenset[str]:
    """The files that some files import, directly or not; all of them where no import can be followed."""
    found, queue = set(paths), list(paths)
    while queue:
        for one in code.imports.get(queue.pop(), ()):
            if one not in found:
                found.add(one)
                queue.append(one)
    return frozenset(found if len(found) > len(paths) else code.sources)


def named_modules(source: str) -> Iterable[str]:
    """The last two parts of every module or path that a text imports, and what is imported from packages."""
    for match in _IMPORT.finditer(source):
        named = next(part for part in match.groups() if part)
        yield from _WORD_PART.findall(re.sub(r"\.(?:js|mjs|cjs|jsx|tsx?|py|rb|h|hpp)$", "", named))[-2:]
        if match[1]:  # `from package import module`
            end = source.find("\n", match.end())
            yield from _WORD_PART.findall(source[match.end() : end if end >= 0 else len(source)])


def _imported(path: str, source: str, ends: Mapping[str, list[str]]) -> Iterable[str]:
    for name in named_modules(source):
        yield from (one for one in ends.get(name, ()) if one != path)
    if is_test(path):
        yield from (one for one in ends.get("conftest", ()) if path.startswith(one.removesuffix("conftest.py")))


def _module(path: str) -> str:
    plain = path.rpartition(".")[0] or path
    return plain.removesuffix("/__init__").removesuffix("/index").removesuffix("/mod")
