"""Both sides of a change as masked lines; files for secrets give the names of their variables and nothing else."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from assistant.evidence import Masked
from assistant.gathering.change.git import Git
from assistant.gathering.change.history import Touch
from assistant.gathering.change.roles import Role, role_of
from assistant.gathering.collection import Collection
from assistant.redaction.masked import lines_of
from assistant.sources.text import escape

_VARIABLE = re.compile(r"^[ \t]{0,8}(?:export[ \t]{1,4})?([A-Za-z_][A-Za-z0-9_]{0,80})[ \t]{0,4}=(.{0,2000})", re.MULTILINE)


class Sides(NamedTuple):
    """A file before and after a change, masked; no lines where there was no file."""

    before: tuple[Masked, ...]
    after: tuple[Masked, ...]

    @property
    def texts(self) -> tuple[str, str]:
        """Both sides as text."""
        return "\n".join(self.before), "\n".join(self.after)


def sides_of(touches: Iterable[Touch], git: Git, now: Mapping[str, str], collection: Collection) -> dict[Touch, Sides]:
    """Read what changes touched; what is binary or too large is left out.

    Args:
        touches: the changes; one whose `after` is a path and no blob is not committed yet.
        git: where blobs are read.
        now: the text of files that differ from HEAD, by path.
        collection: masks what is read.
    """
    chosen = list(touches)
    texts = git.texts({blob for touch in chosen for blob in (touch.before, touch.after) if blob and not blob.startswith("now:")})
    texts |= {f"now:{path}": text for path, text in now.items()}
    masked: dict[tuple[str, bool], tuple[Masked, ...]] = {}
    found: dict[Touch, Sides] = {}
    values: dict[str, list[str]] = {}
    for touch in chosen:
        if any(blob and blob not in texts for blob in (touch.before, touch.after)):
            continue
        names = role_of(touch.path) is Role.NAMES
        pair = []
        for blob in (touch.before, touch.after):
            key = (blob, names)
            if key not in masked:
                text = texts.get(blob, "")
                masked[key] = _masked(_names(text, values) if names else text, collection)
            pair.append(masked[key])
        found[touch] = Sides(*pair)
    return found


def _names(text: str, values: dict[str, list[str]]) -> str:
    """The variables of a file for secrets; of their values only which are equal, by a number."""
    lines = []
    for name, value in _VARIABLE.findall(text):
        known = values.setdefault(name, [])
        if value not in known:
            known.append(value)
        lines.append(f"{name}=value {known.index(value) + 1}")
    return "\n".join(lines)


def _masked(text: str, collection: Collection) -> tuple[Masked, ...]:
    lines = lines_of(collection.redactor.mask(escape(text)[0])) if text else []
    return tuple(lines[:-1] if lines and not lines[-1] else lines)
