"""Definitions of the tables concerned, from migrations, SQL and models as they stand in the files; nothing is executed."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.evidence import Kind
from assistant.gathering.code import is_test
from assistant.gathering.collection import Collection
from assistant.gathering.repository import SourceFile
from assistant.gathering.syntax import dotted, tree_of
from assistant.sections import Block

FILE_LIMIT, TABLE_LIMIT, FEW = 400, 4, 4
LONGEST = 60
WEIGHT = 0.5
_WORD = re.compile(r"\w+")
_CREATE = re.compile(
    r"(?i)\bcreate\s{1,4}(?:temp(?:orary)?\s{1,4})?table\s{1,4}(?:if\s{1,4}not\s{1,4}exists\s{1,4})?[\"`\[]?(?:\w{1,60}[\"`\]]?\.[\"`\[]?)?(?P<name>\w{1,80})"
)
_ALTER = re.compile(r"(?i)\balter\s{1,4}table\s{1,4}(?:if\s{1,4}exists\s{1,4})?(?:only\s{1,4})?[\"`\[]?(?P<name>\w{1,80})")
_OPERATIONS = frozenset(
    {"create_table", "add_column", "alter_column", "drop_column", "rename_table", "create_unique_constraint", "create_foreign_key"}
)
_NAMED = re.compile(
    r"(?i)\b(?:from|into|update|join|table|relation|truncate)\s{1,4}(?:only\s{1,4})?[\"'`\[]?(?:\w{1,60}\.)?(?P<name>[a-z_]\w{1,80})|no such table: (?:\w{1,60}\.)?(?P<missing>\w{1,80})"
)


class Table(NamedTuple):
    """A place that defines or changes a table: its name, the file, the first and the last line."""

    name: str
    file: SourceFile
    first: int
    last: int


def table_definitions(collection: Collection) -> tuple[Block, ...]:
    """The definitions of the tables that the failure names, else of those that the shown code uses; all where there are few.

    Args:
        collection: where to read from and add to.
    """
    known = list(_tables(collection))
    if not known:
        return ()
    named = named_in(collection)
    chosen = [one for one in known if one.name.lower() in named] or _used(known, collection)
    pieces = [collection.cite_file(one.file, one.first, one.last, kind=Kind.SCHEMA, weight=WEIGHT) for one in chosen[:TABLE_LIMIT]]
    if len(chosen) > TABLE_LIMIT:
        collection.note(f"{len(chosen) - TABLE_LIMIT} more definitions of the tables concerned were left out")
    return tuple(Block(evidence=piece.id) for piece in dict.fromkeys(pieces))


def named_in(collection: Collection) -> set[str]:
    """The tables that the failure's text names, in small letters."""
    error = "\n".join([collection.failure.message, str(collection.failure.text)[:20_000]])
    return {(match["name"] or match["missing"]).lower() for match in _NAMED.finditer(error)}


def _used(known: list[Table], collection: Collection) -> list[Table]:
    shown = {word.lower() for piece in collection.ledger if piece.kind is Kind.CODE for word in _WORD.findall(piece.text)}
    used = [one for one in known if one.name.lower() in shown or one.name.lower().rstrip("s") in shown]
    return used or (known if len({one.name for one in known}) <= FEW else [])


def _tables(collection: Collection) -> Iterator[Table]:
    """Every table definition, SQL before models, migrations in the order of their names."""
    paths = [
        path
        for path in (collection.repository.files if collection.repository else ())
        if path.endswith((".sql", ".py")) and not is_test(path)
    ]
    for path in sorted(paths, key=lambda one: (not one.endswith(".sql"), one))[:FILE_LIMIT]:
        file = collection.read(path)
        if file is None:
            continue
        yield from _of_sql(file)
        if path.endswith(".py"):
            yield from _of_python(file)


def _of_sql(file: SourceFile) -> Iterator[Table]:
    for pattern in (_CREATE, _ALTER):
        for match in pattern.finditer(file.source):
            first = file.source.count("\n", 0, match.start()) + 1
            yield Table(match["name"], file, first, _statement_end(file, first))


def _statement_end(file: SourceFile, first: int) -> int:
    """The line on which a statement ends: with a semicolon, a closing quotation or the last closing bracket."""
    depth = 0
    for number in range(first, min(first + LONGEST, file.count) + 1):
        line = file.lines[number - 1]
        depth += line.count("(") - line.count(")")
        if (
            line.rstrip().endswith(";")
            or (depth <= 0 and number > first and (")" in line or line.strip().startswith(('"""', "'''"))))
            or (depth <= 0 and "(" in line)
        ):
            return number
    return min(first + LONGEST, file.count)


def _of_python(file: SourceFile) -> Iterator[Table]:
    if not any(sign in file.source for sign in ("__tablename__", "models.Model", "table=True", "create_table", "add_column", "Table(")):
        return
    tree = tree_of(file.source)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.ClassDef) and (name := _table_of(node)):
            yield Table(
                name,
                file,
                min([node.lineno, *(one.lineno for one in node.decorator_list)]),
                min(node.end_lineno or node.lineno, node.lineno + LONGEST),
            )
        elif isinstance(node, ast.Call) and _is_operation(node):
            name = str(node.args[0].value) if isinstance(node.args[0], ast.Constant) else ""
            yield Table(name, file, node.lineno, min(node.end_lineno or node.lineno, node.lineno + LONGEST))


def _is_operation(node: ast.Call) -> bool:
    name = dotted(node.func).rpartition(".")[2]
    return (
        name in _OPERATIONS | {"Table"}
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    )


def _table_of(node: ast.ClassDef) -> str:
    """The table of a model: what `__tablename__` says, else its own name for Django and SQLModel; empty for other classes."""
    for one in node.body:
        if (
            isinstance(one, ast.Assign)
            and isinstance(one.value, ast.Constant)
            and any(isinstance(target, ast.Name) and target.id == "__tablename__" for target in one.targets)
        ):
            return str(one.value.value)
    bases = {ast.unparse(base) for base in node.bases}
    keywords = {word.arg for word in node.keywords if isinstance(word.value, ast.Constant) and word.value.value is True}
    return node.name.lower() if "models.Model" in bases or "table" in keywords else ""
