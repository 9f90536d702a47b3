"""What is not committed yet: files of HEAD that differ in the working tree.

Git is not asked, for even its plumbing runs a repository's filters over files that seem to have changed.
"""

from assistant.gathering.change.git import Git
from assistant.gathering.change.history import Commit, Touch, tree
from assistant.gathering.change.roles import Role, role_of
from assistant.gathering.collection import Collection
from assistant.gathering.repository import Repository, is_private

PENDING = Commit("", "", "not committed yet", 1)
COMPARED_LIMIT = 1_500
PARTIAL = 20
"""So many files are not deleted by hand."""


def pending(git: Git, collection: Collection) -> tuple[tuple[Touch, ...], dict[str, str]]:
    """The changes to tracked files that are not committed, and the text that each has now.

    Args:
        git: the objects.
        collection: where the working tree is read, and what was left out is told.
    """
    if collection.repository is None:
        return (), {}
    touches, now, notes = pending_touches(git, collection.repository)
    for note in notes:
        collection.note(note)
    return touches, now


def pending_touches(git: Git, repository: Repository) -> tuple[tuple[Touch, ...], dict[str, str], tuple[str, ...]]:
    """The changes to tracked files, the text that each has now, and what was left out.

    Args:
        git: the objects.
        repository: the working tree.
    """
    notes: list[str] = []
    held = {path: blob for path, blob in tree(git, "HEAD").items() if _compared(path)}
    if len(held) > COMPARED_LIMIT:
        notes.append(f"uncommitted changes were looked for in the first {COMPARED_LIMIT:,} of {len(held):,} files")
    wanted = dict(list(held.items())[:COMPARED_LIMIT])
    texts = git.texts(set(wanted.values()))
    read = {path: _now(path, repository) for path, blob in wanted.items() if blob in texts}
    now = {path: text for path, text in read.items() if text is not None and text != texts[wanted[path]]}
    gone = [path for path in read if not (repository.root / path).exists()]
    if len(gone) > PARTIAL:
        notes.append(f"{len(gone)} files of HEAD are not there: a partial checkout, so files that went are not told")
        gone = []
    touches = [
        *(Touch(PENDING, path, wanted[path], f"now:{path}") for path in now),
        *(Touch(PENDING, path, wanted[path], "") for path in gone),
    ]
    return tuple(touches), now, tuple(notes)


def _compared(path: str) -> bool:
    return path.isprintable() and not is_private(path) and role_of(path) not in (Role.WORDS, Role.OTHER)


def _now(path: str, repository: Repository) -> str | None:
    file = repository.read(path) if repository.holds(path) else None
    return file.source if file else None
