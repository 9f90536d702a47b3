"""What is not committed yet, as one masked diff."""

from assistant.gathering.change.git import open_git
from assistant.gathering.change.history import tree
from assistant.gathering.change.hunks import hunks, shown_lines
from assistant.gathering.change.pending import pending_touches
from assistant.gathering.change.roles import Role, role_of
from assistant.gathering.repository import Repository
from assistant.redaction import Redactor
from assistant.sources.text import escape

NEW_FILE_LIMIT, NEW_FILE_LINES = 20, 200


def uncommitted_diff(repository: Repository, redactor: Redactor) -> str:
    """The changes to tracked files and the new files, masked; empty where there are none or there is no repository.

    Args:
        repository: the checkout.
        redactor: masks what is read.
    """
    git = open_git(repository.root)
    if git is None:
        return ""
    touches, now = pending_touches(git, repository)[:2]
    texts = git.texts({touch.before for touch in touches})
    parts = [_file(touch.path, texts.get(touch.before, ""), now.get(touch.path, ""), redactor) for touch in touches]
    held = tree(git, "HEAD")
    fresh = [path for path in repository.files if path not in held and role_of(path) not in (Role.OTHER, Role.WORDS, Role.NAMES)]
    for path in fresh[:NEW_FILE_LIMIT]:
        file = repository.read(path)
        if file and file.count <= NEW_FILE_LINES:
            parts.append(_file(path, "", file.source, redactor))
    return "\n".join(part for part in parts if part)


def _file(path: str, before: str, after: str, redactor: Redactor) -> str:
    old, new = (str(redactor.mask(escape(text.removesuffix("\n"))[0])).split("\n") if text else [] for text in (before, after))
    body = [line for hunk in hunks(old, new) for line in shown_lines(hunk, old, new)]
    head = [f"--- {'a/' + path if before else '/dev/null'}", f"+++ {'b/' + path if after else '/dev/null'}"]
    return "\n".join([*head, *body]) if body else ""
