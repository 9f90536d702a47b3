"""What a file defines and which words each definition uses: for Python by syntax, for other languages by their defining words."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from assistant.gathering.syntax import tree_of

WORD = re.compile(r"[A-Za-z_$][\w$]*")
MOST_LINES = 4_000
LONGEST_BLOCK = 400
MODULE = ""
"""The name of what stands outside of all definitions."""

CODE = (
    "py", "pyi", "js", "mjs", "cjs", "jsx", "ts", "tsx", "vue", "go", "rs", "java", "kt", "rb", "php", "c", "h", "cc", "cpp", "hpp", "cs",
    "scala", "swift", "ex", "exs", "lua", "sh", "sql",
)  # fmt: skip
_DEFINES = re.compile(
    r"^(?P<indent>[ \t]{0,40})(?:(?:export|default|public|private|protected|internal|static|final|async|abstract|override|open|pub(?:\([\w:]{1,20}\))?|unsafe|extern|virtual|inline|readonly|suspend|local|data|sealed) {1,4}){0,5}"
    r"(?:(?:function\*?|def|func|fn|class|interface|struct|trait|impl|enum|object|module|type|fun|defp|defmodule|record) {1,4}(?:\([^)\n]{0,80}\) {0,4})?(?:self\.)?(?P<named>[A-Za-z_$#][\w$]*)"
    r"|(?:const|let|var|val|static|define|final) {1,4}(?:mut {1,4})?(?P<bound>[A-Za-z_$][\w$]*)[^=\n]{0,80}="
    r"|CREATE (?:OR REPLACE )?(?:TABLE|VIEW|FUNCTION|INDEX|TRIGGER|PROCEDURE) (?:IF NOT EXISTS )?(?P<made>[\w.\"]{1,80})"
    r"|(?:[\w<>\[\],.?*&]{1,60} {1,4}){0,2}(?P<method>[A-Za-z_$#][\w$]*)\([^;\n]{0,200}\)[^;=\n]{0,60}\{ {0,4}$"
    r"|(?P<constant>[A-Z][A-Z0-9_]{2,60}) {0,4}:?=)"
)
_NO_METHOD = frozenset({"if", "for", "while", "switch", "catch", "return", "function", "with", "else", "elif", "match", "do", "try"})


class Symbol(NamedTuple):
    """A definition.

    Args:
        path: its file.
        name: the last part of its name; empty for what stands outside of all definitions.
        first: first line, decorators included.
        last: last line.
        words: the words it uses.
        outer: the class or function around it; empty at the top.
        decorators: the words of its decorators.
    """

    path: str
    name: str
    first: int
    last: int
    words: frozenset[str]
    outer: str = ""
    decorators: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        """The name with its class, as in `Store.purge`."""
        return f"{self.outer}.{self.name}" if self.outer else self.name


def is_code(path: str) -> bool:
    """Whether a file's name says that it is code."""
    return path.rpartition(".")[2].lower() in CODE and "." in path


@lru_cache(maxsize=512)
def symbols_of(path: str, source: str) -> tuple[Symbol, ...]:
    """The definitions of a file, outer before inner ones, then the one without a name for the rest.

    Args:
        path: the file.
        source: its text.
    """
    lines = source.split("\n")
    tree = tree_of(source) if path.endswith((".py", ".pyi")) else None
    found = list(_of_python(path, lines, tree)) if tree else list(_of_text(path, lines)) if len(lines) <= MOST_LINES else []
    inside = {number for one in found for number in range(one.first, one.last + 1)}
    rest = " ".join(
        line for number, line in enumerate(lines, 1) if number not in inside and not line.lstrip().startswith(("import ", "from "))
    )
    return (*found, Symbol(path, MODULE, 1, len(lines), words_of(rest)))


def words_of(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(WORD.findall(text))


def enclosing(known: tuple[Symbol, ...], line: int) -> Symbol | None:
    """The innermost definition that a line stands in."""
    around = [one for one in known if one.name and one.first <= line <= one.last]
    return min(around, key=lambda one: one.last - one.first) if around else None


def _of_python(path: str, lines: list[str], tree: ast.Module) -> Iterator[Symbol]:
    yield from _walk(path, lines, tree, "")


def _walk(path: str, lines: list[str], node: ast.AST, outer: str) -> Iterator[Symbol]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield _symbol(path, lines, child, child.name, outer)
            yield from _walk(path, lines, child, child.name)
        elif isinstance(child, ast.Assign | ast.AnnAssign) and isinstance(node, ast.Module | ast.ClassDef):
            for name in _targets(child):
                yield _symbol(path, lines, child, name, outer)
        elif isinstance(child, ast.If | ast.Try | ast.With):
            yield from _walk(path, lines, child, outer)


def _symbol(path: str, lines: list[str], node: ast.stmt, name: str, outer: str) -> Symbol:
    decorators = getattr(node, "decorator_list", [])
    first, last = min([node.lineno, *(one.lineno for one in decorators)]), node.end_lineno or node.lineno
    if isinstance(node, ast.ClassDef):  # its methods are reached by their own names
        inner = {
            n
            for one in node.body
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name != "__init__"
            for n in range(one.lineno, (one.end_lineno or 0) + 1)
        }
        text = " ".join(line for number, line in enumerate(lines[first - 1 : last], first) if number not in inner)
    else:
        text = " ".join(lines[first - 1 : last])
    marks = frozenset(word for one in decorators for word in WORD.findall(ast.unparse(one)))
    return Symbol(path, name, first, last, words_of(text), outer, marks)


def _targets(node: ast.Assign | ast.AnnAssign) -> tuple[str, ...]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return tuple(one.id for one in targets if isinstance(one, ast.Name))


def _of_text(path: str, lines: list[str]) -> Iterator[Symbol]:
    open_classes: list[tuple[int, str, int]] = []
    for number, line in enumerate(lines, 1):
        match = _DEFINES.match(line) if line.strip() else None
        name = (match["named"] or match["bound"] or match["made"] or match["method"] or match["constant"]) if match else None
        if match is None or name is None or name in _NO_METHOD:
            continue
        indent = len(match["indent"].expandtabs(4))
        last = _end(lines, number, indent)
        open_classes = [one for one in open_classes if one[2] >= number and one[0] < indent]
        outer = open_classes[-1][1] if open_classes else ""
        yield Symbol(path, name.strip('"#'), number, last, words_of(" ".join(lines[number - 1 : last])), outer)
        if re.search(r"\b(?:class|interface|struct|impl|trait|object|module|enum)\b", line):
            open_classes.append((indent, name, last))


def _end(lines: list[str], start: int, indent: int) -> int:
    """The last line of a block that begins at a line: the last one that is indented deeper, and the bracket that closes it."""
    last = start
    for number in range(start + 1, min(len(lines), start + LONGEST_BLOCK) + 1):
        text = lines[number - 1]
        if not text.strip():
            continue
        deep = len(text.expandtabs(4)) - len(text.expandtabs(4).lstrip())
        if deep > indent:
            last = number
        else:
            closes = text.strip()[0] in ")}]" or text.strip() in ("end", "end;")
            return number if closes and deep == indent else last
    return last
