"""Commits and what each did to which file, newest first, up to the state that is checked out."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.gathering.change.git import Git
from assistant.gathering.revision import SHORT

COMMIT_LIMIT = 300
FIELDS = "%H%x1f%P%x1f%cs%x1f%s"
NOTHING = "0" * 40
SUBJECT_LIMIT = 200


class Commit(NamedTuple):
    """A commit; one without an id stands for what is not committed yet.

    Args:
        id: full id.
        date: day of the commit, YYYY-MM-DD.
        subject: first line of its message, not masked.
        parents: how many parents it has.
    """

    id: str
    date: str = ""
    subject: str = ""
    parents: int = 1

    @property
    def short(self) -> str:
        """The id as it is shown."""
        return self.id[:SHORT]


class Touch(NamedTuple):
    """What one commit did to one file.

    Args:
        commit: the commit.
        path: the file after it.
        before: blob before; empty where the file is new.
        after: blob after; empty where the file is gone.
        old_path: the file before, where it was renamed.
    """

    commit: Commit
    path: str
    before: str
    after: str
    old_path: str = ""


def commits(git: Git, *, after: str = "", limit: int = COMMIT_LIMIT) -> tuple[Commit, ...]:
    """The newest commits that HEAD is made of, newest first.

    Args:
        git: the objects.
        after: a commit whose own past is left out.
        limit: how many at most.
    """
    revisions = ("HEAD", f"^{after}") if after else ("HEAD",)
    out = git.run("rev-list", "--topo-order", f"--max-count={limit}", "--no-commit-header", f"--format={FIELDS}", *revisions) or b""
    rows = (line.split("\x1f", 3) for line in out.decode("utf-8", "replace").split("\n"))
    return tuple(Commit(row[0], row[2], row[3][:SUBJECT_LIMIT], len(row[1].split())) for row in rows if len(row) == 4)


def touches(git: Git, chosen: Sequence[Commit]) -> tuple[Touch, ...]:
    """What commits did, in their order; a merge does nothing of its own."""
    plain = {commit.id: commit for commit in chosen if commit.id and commit.parents < 2}
    given = "".join(f"{commit}\n" for commit in plain).encode()
    out = git.run("diff-tree", "--stdin", "-r", "--root", "--raw", "-z", "-M", "--no-abbrev", given=given) if plain else None
    return tuple(_touches((out or b"").decode("utf-8", "surrogateescape").split("\0"), plain))


def tree(git: Git, commit: str) -> dict[str, str]:
    """The blobs of a commit by path."""
    out = git.run("ls-tree", "-r", "-z", "--full-tree", commit) or b""
    rows = (entry.partition("\t") for entry in out.decode("utf-8", "surrogateescape").split("\0"))
    return {path: head.split()[2] for head, _, path in rows if head.split()[1:2] == ["blob"]}


def _touches(fields: list[str], known: dict[str, Commit]) -> Iterator[Touch]:
    commit: Commit | None = None
    at = 0
    while at < len(fields):
        field = fields[at].lstrip("\n")
        at += 1
        if not field.startswith(":"):
            commit = known.get(field.strip(), commit)
            continue
        head = field.split()
        moved = head[4][0] in "RC"
        paths = fields[at : at + 1 + moved]
        at += 1 + moved
        if commit and paths and paths[-1].isprintable() and _is_file(head):
            before, after = ("" if blob == NOTHING[: len(blob)] or not blob.strip("0") else blob for blob in head[2:4])
            yield Touch(commit, paths[-1], before, after, paths[0] if moved else "")


def _is_file(head: list[str]) -> bool:
    """Whether both sides are regular files or nothing: no links, no submodules."""
    return all(mode.lstrip(":") in ("000000", "100644", "100755") for mode in head[:2])
