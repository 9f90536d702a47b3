"""The code that tests and changes have to do with, read lazily: what the tests import, and what was changed."""

from collections.abc import Iterable
from posixpath import dirname

from assistant.gathering.change.reach import Code, code_of, named_modules
from assistant.gathering.change.symbols import is_code
from assistant.gathering.collection import Collection
from assistant.gathering.related import conftests

FILE_LIMIT = 300
SMALL = 150
"""A repository with no more code files is read whole: imports need not be followed."""


def code_around(tests: Iterable[str], changed: Iterable[str], collection: Collection) -> Code:
    """Read and index code.

    Args:
        tests: the test files to begin with.
        changed: files that changed.
        collection: where to read from.
    """
    paths = [path for path in (collection.repository.files if collection.repository else ()) if is_code(path)]
    first = list(dict.fromkeys([*tests, *(one for test in tests for one in conftests(test)), *changed]))
    chosen = [path for path in first if path in set(paths)]
    chosen = list(dict.fromkeys([*chosen, *paths])) if len(paths) <= SMALL else _followed(chosen, paths, collection)
    sources = {path: file.source for path in chosen[:FILE_LIMIT] if (file := collection.read(path))}
    if len(chosen) > FILE_LIMIT:
        collection.note(f"only {FILE_LIMIT} code files were looked at to see what the failing tests reach")
    return code_of(sources)


def _followed(first: list[str], paths: list[str], collection: Collection) -> list[str]:
    """Files that are imported, directly or not, and those beside them where imports name no files."""
    ends: dict[str, list[str]] = {}
    for path in paths:
        ends.setdefault(path.rpartition("/")[2].partition(".")[0], []).append(path)
        ends.setdefault(dirname(path).rpartition("/")[2], []).append(path)
    found, queue = dict.fromkeys(first), list(first)
    while queue and len(found) <= FILE_LIMIT:
        file = collection.read(queue.pop(0))
        for name in named_modules(file.source) if file else ():
            for other in ends.get(name, ())[:20]:
                if other not in found:
                    found[other] = None
                    queue.append(other)
    return list(found)
