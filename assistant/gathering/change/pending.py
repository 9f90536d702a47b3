"""What is not committed yet: files of HEAD that differ in the working tree."""

from assistant.gathering.change.git import Git
from assistant.gathering.change.history import Commit, Touch, tree
from assistant.gathering.collection import Collection
from assistant.gathering.repository import is_private

PENDING = Commit("", "", "not committed yet", 1)
COMPARED_LIMIT = 400


def pending(git: Git, collection: Collection) -> tuple[tuple[Touch, ...], dict[str, str]]:
    """The changes to tracked files that are not committed, and the text that each has now.

    Args:
        git: the objects.
        collection: where the working tree is read; git itself never reads it, for its filters could run programs.
    """
    repository = collection.repository
    out = git.run(f"--work-tree={repository.root}", "diff-index", "--raw", "-z", "--no-abbrev", "--ignore-submodules=all", "HEAD") if repository else None
    fields = (out or b"").decode("utf-8", "surrogateescape").split("\0")
    dirty = [path for head, path in zip(fields[::2], fields[1::2], strict=False) if head.startswith(":")]
    if repository is None or not dirty:
        return (), {}
    held = tree(git, "HEAD")
    wanted = [path for path in dirty if path in held and path.isprintable() and not is_private(path)][:COMPARED_LIMIT]
    texts = git.texts({held[path] for path in wanted})
    found: list[Touch] = []
    now: dict[str, str] = {}
    for path in wanted:
        file = repository.read(path)
        if held[path] not in texts or (file is None and repository.holds(path)):
            continue
        if file is None or file.source != texts[held[path]]:
            found.append(Touch(PENDING, path, held[path], f"now:{path}" if file else ""))
            now |= {path: file.source} if file else {}
    return tuple(found), now
