"""Edits that change nothing: comments, white space, names of constants, annotations, the project's own version."""

import ast
import re

from assistant.gathering.change.hunks import Hunk
from assistant.gathering.syntax import tree_of

_COMMENT = re.compile(
    r"^\s*(?:#(?!include|define|if|endif|\[)|//|/?\*+(?:/|\s|$)|--\s|;;|\"\"\".{0,300}\"\"\"\s*$|'''.{0,300}'''\s*$|<!--)"
)
_TAIL = re.compile(r"\s{1,20}(?:#|//) .{0,400}$")
_VERSION_LINE = re.compile(r"^\s*(?:__version__|VERSION|version|\"version\")\s*[:=]\s*[\"'][0-9]+\.[0-9][\w.+-]{0,30}[\"'],?\s*$")


FIXED_CALLS = frozenset({"Decimal", "timedelta", "Path", "compile", "frozenset", "date", "Fraction", "UUID"})
"""Calls that give an equal, unchangeable value each time."""


def says_nothing(hunk: Hunk) -> bool:
    """Whether only comments and white space differ."""
    return _plain(hunk.removed) == _plain(hunk.added)


def is_own_version(hunk: Hunk) -> bool:
    """Whether the hunk only counts the project's version up."""
    return len(hunk.removed) == len(hunk.added) > 0 and all(_VERSION_LINE.match(line) for line in (*hunk.removed, *hunk.added))


def same_program(before: str, after: str) -> bool:
    """Whether two Python texts are one program but for docstrings, annotations, names of variables and constants that were given a name."""
    one, other = tree_of(before), tree_of(after)
    if one is None or other is None:
        return False
    named = dict(_constants(other).items() - _constants(one).items())
    dropped = dict(_constants(one).items() - _constants(other).items())
    return _dump(before, dropped) == _dump(after, named)


def _plain(lines: tuple[str, ...]) -> list[str]:
    kept = (_TAIL.sub("", line) for line in lines if not _COMMENT.match(line))
    return [" ".join(line.split()) for line in kept if line.strip()]


def _constants(tree: ast.Module) -> dict[str, str]:
    """The names that a module gives to fixed values."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and _is_fixed(node.value):
            found[node.targets[0].id] = ast.unparse(node.value)
    return found


def _is_fixed(value: ast.expr) -> bool:
    """Whether an expression gives an equal, unchangeable value each time."""
    if isinstance(value, ast.Call):
        name = ast.unparse(value.func).rpartition(".")[2]
        return name in FIXED_CALLS and not value.keywords and all(map(_is_fixed, value.args))
    if isinstance(value, ast.Tuple):
        return all(map(_is_fixed, value.elts))
    return isinstance(value, ast.Constant) or (isinstance(value, ast.UnaryOp) and isinstance(value.operand, ast.Constant))


def _dump(source: str, constants: dict[str, str]) -> str:
    return ast.dump(_Plain(constants).visit(ast.parse(source)))


def _numbered(node: ast.AST) -> dict[str, str]:
    """The variables that a function binds, by the order in which it does."""
    shared = {name for one in ast.walk(node) if isinstance(one, ast.Global | ast.Nonlocal) for name in one.names}
    bound = [one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.id not in shared]
    return {name: f"variable {number}" for number, name in enumerate(dict.fromkeys(bound))}


class _Plain(ast.NodeTransformer):
    """A module without docstrings and annotations, its named constants put back where they are used."""

    def __init__(self, constants: dict[str, str]) -> None:
        self.constants = constants
        self.locals: dict[str, str] = {}

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:  # the name is ast's
        return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        gone = len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and node.targets[0].id in self.constants
        return None if gone else self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        outer, self.locals = self.locals, self.locals | _numbered(node)
        done = self.generic_visit(node)
        self.locals = outer
        return done

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.locals:
            return ast.Name(self.locals[node.id], node.ctx)
        if node.id not in self.constants:
            return node
        return ast.parse(self.constants[node.id], mode="eval").body
