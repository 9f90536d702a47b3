"""Which file of the repository an import names."""

import ast
from collections.abc import Iterator

from assistant.gathering.collection import Collection
from assistant.gathering.repository import Repository, SourceFile
from assistant.gathering.syntax import tree_of


def import_names(file: SourceFile) -> Iterator[str]:
    """The dotted names that a file imports, modules and what is taken out of them."""
    tree = tree_of(file.source)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{one.name}" for one in node.names)
            yield node.module


def module_file(name: str, repository: Repository) -> str:
    """The path of the module of that dotted name; empty where the repository has none."""
    path = name.replace(".", "/")
    choices = (f"{prefix}{path}{end}" for prefix in ("", "src/") for end in (".py", "/__init__.py"))
    return next((one for one in choices if one in repository.by_name.get(one.rpartition("/")[2], ())), "")


def imported_from(node: ast.ImportFrom, file: SourceFile, collection: Collection) -> SourceFile | None:
    """The module that a `from … import` names, relative or absolute; None where it is not the repository's.

    Args:
        node: the statement.
        file: where it stands.
        collection: where to read from.
    """
    if collection.repository is None:
        return None
    folders = file.path.split("/")[: -node.level] if node.level else []
    name = ".".join(filter(None, [*folders, node.module]))
    path = module_file(name, collection.repository) if name else ""
    return collection.read(path) if path and path != file.path else None
