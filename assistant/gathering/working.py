"""Working code: another function of the repository that makes the same calls as the failing line and stands in no traceback."""

import ast
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.evidence import Failure
from assistant.gathering.code import Shown, is_test, ordered_causes, show
from assistant.gathering.collection import Collection
from assistant.gathering.locating import Place
from assistant.gathering.repository import SourceFile
from assistant.gathering.syntax import Function, functions, span_of, tree_of
from assistant.sections import CodeBlock

FILE_LIMIT = 200
WEIGHT = 0.45
FEWEST, LEAST = 2, 1.5
"""So many names must be shared, and they must tell so much: two names that stand everywhere tell nothing."""

FAILING = 2.0
"""How much more a name of the failing line counts than one of its function."""

TOLD = 4


class Candidate(NamedTuple):
    """A function and the names that it calls or reads as attributes."""

    file: SourceFile
    function: Function
    names: frozenset[str]


def working_code(collection: Collection, others: Sequence[Failure], shown: Sequence[Shown]) -> tuple[CodeBlock, ...]:
    """The function that shares most with the failing one; nothing where none shares a name of the failing line.

    Args:
        collection: where to read from and add to.
        others: the other failures of the same input, whose code does not work either.
        shown: the code that stands in the document already, the innermost frame first.
    """
    failing = _failing(collection, shown)
    if failing is None or collection.repository is None:
        return ()
    line, body = failing
    known = list(_candidates(collection))
    common = Counter(name for one in known for name in one.names)
    broken = {frame.function for failure in (collection.failure, *others) for cause in ordered_causes(failure) for frame in cause.frames}

    def told(one: Candidate) -> float:
        shared = one.names & body
        if len(shared) < FEWEST or not shared & line:
            return 0.0
        return sum((FAILING if name in line else 1.0) * math.log(len(known) / common[name]) for name in shared)

    usable = [one for one in known if one.function.name.rpartition(".")[2] not in broken and not any(_overlap(one, span) for span in shown)]
    best = max(usable, key=told, default=None)
    if best is None or told(best) < LEAST:
        return ()
    shared = sorted(best.names & body, key=lambda name: (name not in line, common[name], name))[:TOLD]
    note = f"uses {', '.join(f'`{name}`' for name in shared)} as the failing function does, and stands in no traceback of the log"
    block, _ = show(Place(best.file, best.function.first), span_of(best.function), note, collection, WEIGHT)
    return (replace(block, lines=""),)


def _overlap(one: Candidate, span: Shown) -> bool:
    return one.file.path == span.path and one.function.first <= span.last and span.first <= one.function.last


def _failing(collection: Collection, shown: Sequence[Shown]) -> tuple[frozenset[str], frozenset[str]] | None:
    """The names of the failing line and of its function: the innermost frame of ours that is no test."""
    for one in shown:
        file = collection.read(one.path) if one.path.endswith(".py") and not is_test(one.path) else None
        tree = tree_of(file.source) if file else None
        if tree is None:
            continue
        frames = [frame for cause in ordered_causes(collection.failure) for frame in cause.frames if frame.ours]
        lines = {frame.line for frame in frames if frame.line and one.first <= frame.line <= one.last}
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and one.first <= node.lineno <= one.last]
        at = [node for node in nodes if any(node.lineno <= line <= (node.end_lineno or node.lineno) for line in lines)]
        innermost = max(at, key=lambda node: node.lineno, default=None)
        if innermost is not None:
            return frozenset(_names(innermost)), frozenset(name for node in nodes for name in _names(node))
    return None


def _candidates(collection: Collection) -> Iterator[Candidate]:
    paths = [path for path in collection.repository.files if path.endswith(".py") and not is_test(path)] if collection.repository else []
    for path in paths[:FILE_LIMIT]:
        file = collection.read(path)
        tree = tree_of(file.source) if file else None
        if file is None or tree is None:
            continue
        by_line = [(getattr(node, "lineno", 0), name) for node in ast.walk(tree) for name in _name(node)]
        for function in functions(file):
            names = frozenset(name for line, name in by_line if function.body <= line <= function.last)
            yield Candidate(file, function, names)


def _names(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        yield from _name(inner)


def _name(node: ast.AST) -> Iterator[str]:
    """An attribute that is read or called, or a function that is called."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        yield node.attr
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.func.id
