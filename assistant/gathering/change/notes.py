"""Short notes of the project that speak of what was edited, and what the failing line calls."""

from collections.abc import Iterator, Sequence

from assistant.changes import Place
from assistant.evidence import Kind
from assistant.gathering.change.reach import COMMON, Code, reached_from
from assistant.gathering.change.roles import Role, role_of
from assistant.gathering.change.suspects import Found
from assistant.gathering.change.symbols import Symbol, words_of
from assistant.gathering.collection import Collection
from assistant.gathering.locating import clean_path

NOTE_LINES, NOTE_LIMIT, LOOKED_AT = 40, 2, 40
WEIGHT = 0.35
CALLED_DEPTH, CALLED_LIMIT = 2, 4


def tell_notes(found: Sequence[Found], collection: Collection) -> None:
    """Put short notes into the ledger that name what the likeliest changes edit.

    Args:
        found: suspected changes, best first.
        collection: where notes are read and added.
    """
    repository = collection.repository
    names = {name for one in found[:2] for name in _names(one)}
    paths = [
        path
        for path in (repository.files if repository else ())
        if role_of(path) is Role.WORDS and path.endswith((".md", ".rst", ".txt", ".adoc"))
    ]
    told = 0
    for path in paths[:LOOKED_AT]:
        file = collection.read(path)
        if file and file.count <= NOTE_LINES and words_of(file.source) & names and told < NOTE_LIMIT:
            collection.cite_file(file, 1, file.count, kind=Kind.NOTE, weight=WEIGHT)
            told += 1


def called_on_failing_line(failing: Sequence[Symbol], code: Code, collection: Collection) -> tuple[Place, ...]:
    """The functions that the failing line of the first failing test calls, and those that they call.

    Args:
        failing: the failing tests.
        code: the code of the repository.
        collection: tells the failing line.
    """
    for test in failing[:1]:
        line = next(
            (
                frame.line
                for frame in reversed(collection.failure.frames)
                if test.first <= frame.line <= test.last and test.path.endswith(clean_path(frame.path).rpartition("/")[2])
            ),
            0,
        )
        lines = code.sources.get(test.path, "").split("\n")
        if line and line <= len(lines):
            start = test._replace(name="", words=words_of(lines[line - 1]) - {test.name})
            near = reached_from((start,), code)
            found = [
                one
                for one, step in near.items()
                if 0 < step.depth <= CALLED_DEPTH and one.name and one.last > one.first and role_of(one.path) is Role.CODE
            ]
            return tuple(Place(path=one.path, name=one.shown) for one in found[:CALLED_LIMIT])
    return ()


def _names(one: Found) -> Iterator[str]:
    edited = [edit.name for edit in one.edits[:3] if edit.name] + [symbol.name for symbol in one.symbols[:3]]
    yield from (word for name in edited for word in (name, name.rpartition(".")[2]) if len(word) > 3 and word.lower() not in COMMON)
