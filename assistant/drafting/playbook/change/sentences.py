"""Sentences about a change: which commit, what it did, what it brought, which tests feel it."""

from collections.abc import Callable, Mapping, Sequence

from assistant.changes import Change, Edit, EditKind, Suspect
from assistant.drafting.playbook.wording import clean, sentence_list

LINE_LIMIT, SUBJECT_LIMIT = 110, 90
MOST_ALSO, MOST_ROUTE = 2, 4


def commit_named(suspect: Suspect) -> str:
    """The commit with its day and its own words, as the beginning of a sentence."""
    if not suspect.commit:
        return "A change that is not committed yet"
    subject = clean(suspect.subject, SUBJECT_LIMIT)
    return f"Commit `{suspect.commit}` of {suspect.date}" + (f" (“{subject}”)" if subject else "")


def did(edit: Edit, suspect: Suspect) -> str:
    """What an edit did, as the rest of a sentence."""
    tell = TOLD.get(edit.kind)
    return (tell(edit, suspect) if tell else "") or f"changed {_where(suspect)}{_became(edit)}"


def brought(suspect: Suspect) -> str:
    """Where the definitions stand that the edited lines newly use."""
    places = [
        f"`{clean(place.name)}` is made in `{clean(place.path)}`"
        for place in suspect.brings[:MOST_ALSO]
        if clean(place.name) and clean(place.path)
    ]
    return f"The newly used {' and '.join(places)} by the same commit." if places else ""


def also(others: Sequence[tuple[Edit, Suspect]]) -> str:
    """What else the commit did."""
    told = [did(edit, suspect) for edit, suspect in others[:MOST_ALSO]]
    return f"It also {'; it '.join(told)}." if told else ""


def felt(suspect: Suspect, change: Change) -> str:
    """Who uses what was edited, and how many failing tests get there."""
    readers = [f"{clean(place.name)} in {clean(place.path)}" for place in suspect.readers[:2] if clean(place.name)]
    used = f"It is used by {sentence_list(readers)}" if readers else ""
    if not suspect.failing:
        return f"{used}." if used else ""
    route = [clean(step) for step in suspect.reached[-MOST_ROUTE:] if clean(step)]
    way = f" (by {', '.join(f'`{step}`' for step in route)})" if len(route) > 1 else ""
    count = f"{suspect.failing} of {change.tests} failing tests reach it{way}" if change.tests > 1 else f"the failing test reaches it{way}"
    return f"{used}, and {count}." if used else f"{count[0].upper()}{count[1:]}."


def _value(edit: Edit, suspect: Suspect) -> str:
    name, before, after = clean(edit.name), clean(edit.before), clean(edit.after)
    if not (name and before and after):
        return ""
    return f"changed `{name}` in {_where(suspect, name)} from `{before}` to `{after}`"


def _given(edit: Edit, suspect: Suspect) -> str:
    name, after = clean(edit.name), clean(edit.after)
    return f"gives `{name}` as `{after}` in {_where(suspect)}, which was not given before{_became(edit)}" if name and after else ""


def _dropped(edit: Edit, suspect: Suspect) -> str:
    name, before = clean(edit.name), clean(edit.before)
    was = f" (`{before}` before)" if before else ""
    return f"no longer gives `{name}`{was} in {_where(suspect)}{_became(edit)}" if name else ""


def _call(edit: Edit, suspect: Suspect) -> str:
    before, after = clean(edit.before), clean(edit.after)
    if before and after:
        return f"calls `{after}` in place of `{before}` in {_where(suspect)}{_became(edit)}"
    return f"{'newly calls' if after else 'no longer calls'} `{after or before}` in {_where(suspect)}{_became(edit)}"


def _condition(edit: Edit, suspect: Suspect) -> str:
    return f"changed a condition in {_where(suspect)}{_became(edit)}"


def _migration(edit: Edit, suspect: Suspect) -> str:
    kept = "databases may have run already, so that they keep the older schema and new ones get another"
    return f"changed the migration {_where(suspect)} that {kept}{_became(edit)}"


def _names(edit: Edit, suspect: Suspect) -> str:
    return f"changed names of variables in {_where(suspect)}: {clean(edit.before) or 'none'} before, {clean(edit.after) or 'none'} after"


def _imports(edit: Edit, suspect: Suspect) -> str:
    otherwise = "so that what is set up or registered by importing happens at another moment"
    return f"imports other modules, or in another order, in {_where(suspect)}, {otherwise}{_became(edit)}"


def _removed(edit: Edit, suspect: Suspect) -> str:
    line = clean(edit.removed, LINE_LIMIT)
    return f"took `{line}` out of {_where(suspect)}" if line else f"took lines out of {_where(suspect)}"


def _added(edit: Edit, suspect: Suspect) -> str:
    line = clean(edit.added, LINE_LIMIT)
    return f"put `{line}` into {_where(suspect)}" if line else f"added lines to {_where(suspect)}"


def _version(edit: Edit, suspect: Suspect) -> str:
    name, path = clean(edit.name), clean(suspect.path)
    others = [clean(one.name) for one in suspect.edits if one.kind is EditKind.VERSION and one.name != edit.name]
    more = f" (and {sentence_list(others[:4])})" if others else ""
    if edit.before and edit.after:
        return f"moved `{name}` in `{path}` from {edit.before} to {edit.after}{more}, so that a default, a limit or a check of the newer release may refuse or do otherwise what the older one let pass"
    return f"{'added' if edit.after else 'dropped'} `{name}` {edit.after or edit.before} in `{path}`{more}"


def _where(suspect: Suspect, told: str = "") -> str:
    """The definition and the file; a definition that was told already is not told again."""
    symbol = clean(suspect.symbols[0]) if suspect.symbols else ""
    return f"`{symbol}` in `{clean(suspect.path)}`" if symbol and symbol.rpartition(".")[2] != told else f"`{clean(suspect.path)}`"


def _became(edit: Edit) -> str:
    removed, added = clean(edit.removed, LINE_LIMIT), clean(edit.added, LINE_LIMIT)
    if removed and added:
        return f": `{removed}` became `{added}`"
    return f": `{added or removed}`" if added or removed else ""


TOLD: Mapping[EditKind, Callable[[Edit, Suspect], str]] = {
    EditKind.VALUE: _value,
    EditKind.GIVEN: _given,
    EditKind.DROPPED: _dropped,
    EditKind.CALL: _call,
    EditKind.CONDITION: _condition,
    EditKind.VERSION: _version,
    EditKind.MIGRATION: _migration,
    EditKind.NAMES: _names,
    EditKind.IMPORTS: _imports,
    EditKind.REMOVED: _removed,
    EditKind.ADDED: _added,
    EditKind.DEFINED: _added,
}
"""How each kind of edit is told."""
