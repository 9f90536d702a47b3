"""Which lines of a source file belong together: the enclosing function, an import block, a window."""

import ast
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from assistant.gathering.repository import SourceFile

PARSE_LIMIT = 300_000
LONG_FUNCTION = 80
WHOLE_OUTER = 40
HEAD_LINES = 12
BEFORE, AFTER = 30, 15
BLANK_INDENT = 1_000

_Def = ast.FunctionDef | ast.AsyncFunctionDef


class Function(NamedTuple):
    """A function of a file, decorators included.

    Args:
        name: with its classes and outer functions, as in `Orders.create`.
        first: first line, of the first decorator where it has one.
        last: last line.
        body: first line of its body.
        arguments: the names of its parameters.
        decorators: the dotted names of its decorators.
    """

    name: str
    first: int
    last: int
    body: int
    arguments: tuple[str, ...]
    decorators: tuple[str, ...]


class Span(NamedTuple):
    """Lines that are shown together; `cut` are the first and last line left out between."""

    first: int
    last: int
    name: str = ""
    cut: tuple[int, int] | None = None
    note: str = ""


@lru_cache(maxsize=64)
def tree_of(source: str) -> ast.Module | None:
    """The syntax tree of Python text; None where it does not parse."""
    if len(source) > PARSE_LIMIT:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def functions(file: SourceFile) -> tuple[Function, ...]:
    """All functions of a Python file, outer before inner ones."""
    return _functions(file.source)


def span_around(file: SourceFile, line: int, function: str = "") -> Span | None:
    """The lines to show around a line.

    Args:
        file: where it stands.
        line: the line; 0 where only the function's name is known.
        function: the name the log gives, used where there is no line.
    """
    if not file.path.endswith((".py", ".pyi")):
        return (_block(file, line) or _window(file, line, 12)) if line else None
    tree = tree_of(file.source)
    if tree is None:
        return _window(file, line, 15) if line else None
    known = functions(file)
    if not line:
        named = [one for one in known if one.name.rpartition(".")[2] == function.rpartition(".")[2] != ""]
        return _of_function(named[0], named[0].first) if len(named) == 1 else None
    around = [one for one in known if one.first <= line <= one.last]
    if around:
        short = [one for one in around if one.last - one.first < WHOLE_OUTER]
        return _of_function(short[0] if short else around[-1], line)
    return _at_module_level(file, tree, line)


def dotted(node: ast.AST) -> str:
    """The dotted name that an expression begins with: `pytest.fixture` of `pytest.fixture(autouse=True)`."""
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def span_of(function: Function) -> Span:
    """The lines of a function, its end left out where it is long."""
    return _of_function(function, function.first)


@lru_cache(maxsize=64)
def _functions(source: str) -> tuple[Function, ...]:
    tree = tree_of(source)
    return tuple(_walk(tree, "")) if tree else ()


def _walk(node: ast.AST, prefix: str) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Def):
            yield _function(child, prefix)
        if isinstance(child, _Def | ast.ClassDef):
            yield from _walk(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _walk(child, prefix)


def _function(node: _Def, prefix: str) -> Function:
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    spec = node.args
    names = tuple(one.arg for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs))
    decorators = tuple(dotted(one) for one in node.decorator_list)
    return Function(f"{prefix}{node.name}", first, node.end_lineno or node.lineno, node.body[0].lineno, names, decorators)


def _of_function(function: Function, line: int) -> Span:
    first, last = function.first, function.last
    if last - first < LONG_FUNCTION:
        return Span(first, last, function.name)
    size = last - first + 1
    end = min(last, max(line + AFTER, first + HEAD_LINES))
    head_end = min(max(function.body - 1, first), first + HEAD_LINES - 1)
    start = line - BEFORE
    if start <= head_end + 2:
        return Span(first, min(last, first + LONG_FUNCTION - 1), function.name, note=f"the first {LONG_FUNCTION} of its {size} lines")
    return Span(first, end, function.name, (head_end + 1, start - 1), f"{size} lines long, cut around line {line}")


def _at_module_level(file: SourceFile, tree: ast.Module, line: int) -> Span:
    for position, node in enumerate(tree.body):
        if not node.lineno <= line <= (node.end_lineno or node.lineno):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            return _imports(tree, position)
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
        if (node.end_lineno or line) - first < WHOLE_OUTER:
            return _between_blanks(file, first, node.end_lineno or line, line)
    return _window(file, line, 8)


def _imports(tree: ast.Module, position: int) -> Span:
    first = last = position
    while first > 0 and isinstance(tree.body[first - 1], ast.Import | ast.ImportFrom):
        first -= 1
    while last + 1 < len(tree.body) and isinstance(tree.body[last + 1], ast.Import | ast.ImportFrom):
        last += 1
    here = tree.body[position].lineno
    start = max(tree.body[first].lineno, here - 20)
    return Span(start, min(tree.body[last].end_lineno or here, here + 20), "the imports")


def _between_blanks(file: SourceFile, first: int, last: int, line: int) -> Span:
    start, end = first, last
    while start > max(1, line - 8) and file.lines[start - 2].strip():
        start -= 1
    while end < min(file.count, line + 8) and file.lines[end].strip():
        end += 1
    return Span(start, end)


def _block(file: SourceFile, line: int) -> Span | None:
    """The largest block around a line, by indentation, that is not too long: for languages that are not parsed."""
    best: Span | None = None
    level = _indent(file, line)
    for start in range(line - 1, max(0, line - LONG_FUNCTION), -1):
        indent = _indent(file, start)
        if indent >= level:
            continue
        level = indent
        end = next((number for number in range(line + 1, min(file.count, start + LONG_FUNCTION) + 1) if _indent(file, number) <= level), 0)
        if not end:
            break
        closes = file.lines[end - 1].strip()[:1] in ("}", ")", "]") or file.lines[end - 1].strip() == "end"
        best = Span(start, end if closes else max(line, _last_full(file, end - 1)))
    return best


def _indent(file: SourceFile, line: int) -> int:
    """How deep a line is indented; a blank one is deeper than any."""
    text = file.lines[line - 1]
    return len(text) - len(text.lstrip()) if text.strip() else BLANK_INDENT


def _last_full(file: SourceFile, line: int) -> int:
    while line > 1 and not file.lines[line - 1].strip():
        line -= 1
    return line


def _window(file: SourceFile, line: int, reach: int) -> Span:
    first, last = max(1, line - reach), min(file.count, line + reach)
    while first < line and not file.lines[first - 1].strip():
        first += 1
    while last > line and not file.lines[last - 1].strip():
        last -= 1
    return Span(first, last)
