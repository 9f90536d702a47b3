"""Short definitions at module level that the shown functions use and that matter: the model whose attribute fails, constants, factories."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assistant.evidence import Failure
from assistant.gathering.code import Shown, is_test, ordered_causes, show
from assistant.gathering.collection import Collection
from assistant.gathering.locating import Place, clean_path
from assistant.gathering.modules import imported_from
from assistant.gathering.repository import SourceFile
from assistant.gathering.syntax import Span, tree_of
from assistant.sections import CodeBlock

LIMIT = 2
LONGEST = 12
HOPS = 3
WEIGHT = 0.6
MEMBER, FAILING, FACTORY, CONSTANT, CLASS = 5.0, 4.0, 3.0, 2.5, 2.0
FARTHER = 0.05
"""How much less a use counts in each further piece of code: the innermost frame comes first."""

IN_TEST = 2.5
"""How much less the failing line of a test counts where code that is no test is shown too."""

_FACTORY = re.compile(r"\b(?:async_sessionmaker|sessionmaker|scoped_session|create_engine|create_async_engine|\w{0,40}Settings)\(")

_Definition = ast.Assign | ast.AnnAssign | ast.ClassDef
_Scope = ast.FunctionDef | ast.AsyncFunctionDef


class Use(NamedTuple):
    """A name that shown code uses.

    Args:
        name: the name as the code has it.
        member: the attribute that the failing line reads of it; empty where it reads none.
        failing: whether it stands on a failing line.
        less: how much less it counts, the farther from the failure it stands.
    """

    name: str
    member: str
    failing: bool
    less: float = 0.0


class Definition(NamedTuple):
    """Where a name is defined; `member` are the first and last line of the attribute that is meant."""

    file: SourceFile
    node: _Definition
    member: tuple[int, int] | None = None


def definitions(collection: Collection, shown: tuple[Shown, ...]) -> tuple[CodeBlock, ...]:
    """The few definitions nearest to the failing line.

    Args:
        collection: where to read from and add to.
        shown: the code that stands in the document already, the innermost frame first.
    """
    found: dict[tuple[str, int], tuple[float, Span, SourceFile, str]] = {}
    for rank, one in enumerate(shown):
        file = collection.read(one.path) if one.path.endswith(".py") else None
        aside = is_test(one.path) and not is_test(shown[0].path)
        for use in dict.fromkeys(_uses(file, one, collection.failure)) if file else ():
            use = use._replace(less=rank * FARTHER + (IN_TEST if aside and use.failing else 0.0))
            rated = _rated(use, file, collection) if file else None
            if rated and not any(other.covers(rated[2].path, rated[1].first, rated[1].last) for other in shown):
                place = (rated[2].path, rated[1].first)
                found[place] = max(found.get(place, rated), rated, key=lambda entry: entry[0])
    best = sorted(found.values(), key=lambda entry: -entry[0])[:LIMIT]
    return tuple(show(Place(file, span.first), span, note, collection, WEIGHT)[0] for _, span, file, note in best)


def _uses(file: SourceFile, shown: Shown, failure: Failure) -> Iterator[Use]:
    tree = tree_of(file.source)
    name = file.path.rpartition("/")[2]
    frames = [frame for cause in ordered_causes(failure) for frame in cause.frames]
    failing = {frame.line for frame in frames if shown.first <= frame.line <= shown.last and clean_path(frame.path).endswith(name)}
    nodes = list(_nodes(tree, shown)) if tree else []
    types = dict(_annotated(nodes))
    for node in nodes:
        line = node.lineno
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and line in failing and node.value.id in types:
            yield Use(types[node.value.id], node.attr, True)
        elif isinstance(node, ast.Name):
            yield Use(node.id, "", line in failing)


def _nodes(tree: ast.Module, shown: Shown) -> Iterator[ast.Name | ast.Attribute | _Scope]:
    """The names, attributes and functions in the shown lines."""
    for top in tree.body:
        if top.lineno <= shown.last and shown.first <= (top.end_lineno or top.lineno):
            for node in ast.walk(top):
                if isinstance(node, ast.Name | ast.Attribute | _Scope) and shown.first <= node.lineno <= shown.last:
                    yield node


def _annotated(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """The parameters of the shown function and the class each is declared to be."""
    for node in nodes:
        if isinstance(node, _Scope):
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                kind = argument.annotation
                if isinstance(kind, ast.BinOp):
                    kind = kind.left
                if isinstance(kind, ast.Name):
                    yield argument.arg, kind.id


def _rated(use: Use, file: SourceFile, collection: Collection) -> tuple[float, Span, SourceFile, str] | None:
    """How much a definition matters, its lines and why it is shown; None where it tells nothing or is too long."""
    defined = _defined(use.name, file, collection)
    if defined and use.member and isinstance(defined.node, ast.ClassDef):
        defined = _holder(defined.file, defined.node, use.member, collection)
    if defined is None:
        return None
    span = _span(defined)
    text = "\n".join(defined.file.lines[defined.node.lineno - 1 : defined.node.end_lineno])
    if span is None:
        return None
    if defined.member:
        return MEMBER - use.less, span, defined.file, f"declares `{use.member}`"
    if isinstance(defined.node, ast.ClassDef):
        return (CLASS - use.less, span, defined.file, "named on the failing line") if use.failing else None
    if use.failing:
        return FAILING - use.less, span, defined.file, "named on the failing line"
    base = FACTORY if _FACTORY.search(text) else CONSTANT if use.name.isupper() else 0.0
    return (base - use.less, span, defined.file, "used by the code above") if base else None


def _defined(name: str, file: SourceFile, collection: Collection, hops: int = HOPS) -> Definition | None:
    """The definition of a name at the level of a module, followed through imports."""
    tree = tree_of(file.source)
    for node in tree.body if tree else ():
        if isinstance(node, _Definition) and name in _targets(node):
            return Definition(file, node)
        if isinstance(node, ast.ImportFrom) and hops:
            original = next((one.name for one in node.names if (one.asname or one.name) == name), "")
            source = imported_from(node, file, collection) if original else None
            if source:
                return _defined(original, source, collection, hops - 1)
    return None


def _targets(node: _Definition) -> tuple[str, ...]:
    if isinstance(node, ast.ClassDef):
        return (node.name,)
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return tuple(one.id for one in targets if isinstance(one, ast.Name))


def _holder(file: SourceFile, node: ast.ClassDef, member: str, collection: Collection, hops: int = HOPS) -> Definition | None:
    """The class that declares an attribute: the class itself or one of its bases."""
    for one in node.body:
        named = one.name if isinstance(one, _Scope) else member if isinstance(one, _Definition) and member in _targets(one) else ""
        if named == member:
            return Definition(file, node, (one.lineno, one.end_lineno or one.lineno))
    for base in node.bases if hops else ():
        above = _defined(base.id, file, collection) if isinstance(base, ast.Name) else None
        if above and isinstance(above.node, ast.ClassDef) and (found := _holder(above.file, above.node, member, collection, hops - 1)):
            return found
    return None


def _span(defined: Definition) -> Span | None:
    """The lines of a definition; of a long class its head and the attribute that is meant."""
    node = defined.node
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    last = node.end_lineno or node.lineno
    name = _targets(node)[0]
    if last - first < LONGEST:
        return Span(first, last, name)
    if defined.member is None or defined.member[1] - defined.member[0] >= LONGEST:
        return None
    if defined.member[0] - node.lineno < LONGEST:
        return Span(first, defined.member[1], name, note=f"a part of its {last - first + 1} lines")
    return Span(first, defined.member[1], name, (node.lineno + 1, defined.member[0] - 1), f"a part of its {last - first + 1} lines")
