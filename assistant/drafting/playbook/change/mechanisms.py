"""Mechanisms: how an edit of some kind makes something else fail. They are data, in mechanisms.yaml, which says what each key means."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from assistant.changes import Edit, EditKind
from assistant.drafting.playbook.pattern import compiled
from assistant.drafting.playbook.shape import Fields

FILE = Path(__file__).parent / "mechanisms.yaml"


class Mechanism(NamedTuple):
    """One way in which an edit can make something else fail; empty patterns are not asked for."""

    id: str
    went: str
    came: str
    moved: str
    name: str
    around: str
    kinds: tuple[str, ...]
    added: bool
    says: str
    look: str
    asks: str
    query: str


def telling(edits: Sequence[Edit], around: str) -> tuple[Edit, Mechanism | None]:
    """The edit that tells most and its mechanism: that of the first mechanism that fits one, else the first edit.

    Args:
        edits: what was edited, at least one.
        around: the names of the definition and the file they stand in.
    """
    found = ((edit, one) for one in mechanisms() for edit in edits if fits(one, edit, around))
    return next(found, (edits[0], None))


def fits(one: Mechanism, edit: Edit, around: str = "") -> bool:
    """Whether a mechanism speaks of an edit: its patterns find something on one side that is not on the other."""
    if edit.kind in (EditKind.ADDED, EditKind.DEFINED):
        if not one.added:
            return False
    elif one.kinds and edit.kind not in one.kinds:
        return False
    went, came = f"{edit.removed}", f"{edit.added}"
    if one.name and not (edit.name and compiled(one.name).search(edit.name)):
        return False
    if one.around and not compiled(one.around).search(around):
        return False
    if one.went and not _lost(one.went, went, came):
        return False
    if one.came and not _lost(one.came, came, went):
        return False
    return not one.moved or _found(one.moved, went) != _found(one.moved, came)


@cache
def mechanisms() -> tuple[Mechanism, ...]:
    """All mechanisms, in the order in which they are tried.

    Raises:
        TemplateError: the file does not keep the format.
    """
    return tuple(_mechanism(record) for record in _records())


def examples() -> dict[str, dict[str, list[list[str]]]]:
    """The examples and near misses of each mechanism, for tests."""
    return {str(held["id"]): {key: held[key] for key in ("examples", "near_misses")} for held in _records()}


def _records() -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return held


def _mechanism(record: dict[str, Any]) -> Mechanism:
    fields = Fields(record, f"{FILE.name}: {record.get('id', '?')}")
    for key in ("examples", "near_misses"):
        fields.anything(key)
    patterns = {key: fields.text(key, needed=False) for key in ("went", "came", "moved", "name", "around")}
    if not any(patterns.values()):
        raise fields.error("a mechanism needs a pattern: `went`, `came`, `moved`, `name` or `around`")
    kinds = fields.texts("kinds", needed=False)
    if unknown := set(kinds) - set(EditKind):
        raise fields.error(f"`kinds` holds {sorted(unknown)[0]!r}, which is no kind of edit")
    added = fields.one_of("added", ("yes",)) == "yes"
    texts = {key: fields.text(key) for key in ("says", "look", "asks", "query")}
    found = Mechanism(id=fields.text("id"), kinds=kinds, added=added, **patterns, **texts)
    fields.finish()
    return found


def _lost(pattern: str, one: str, other: str) -> bool:
    return bool(compiled(pattern).search(one)) and not compiled(pattern).search(other)


def _found(pattern: str, line: str) -> list[str]:
    return [match[0] for match in compiled(pattern).finditer(line)]
