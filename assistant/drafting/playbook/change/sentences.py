"""Sentences about a change: which commit, what it did, what it brought, which tests feel it."""

from collections.abc import Sequence

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
    where, name = _where(suspect), clean(edit.name)
    before, after, line = clean(edit.before), clean(edit.after), _became(edit)
    match edit.kind:
        case EditKind.VALUE if name and before and after:
            return f"changed `{name}` in {where} from `{before}` to `{after}`"
        case EditKind.GIVEN if name and after:
            return f"gives `{name}` as `{after}` in {where}, which was not given before{line}"
        case EditKind.DROPPED if name:
            return f"no longer gives `{name}`{' (`' + before + '` before)' if before else ''} in {where}{line}"
        case EditKind.CALL if before and after:
            return f"calls `{after}` in place of `{before}` in {where}{line}"
        case EditKind.CALL:
            return f"{'newly calls' if after else 'no longer calls'} `{after or before}` in {where}{line}"
        case EditKind.CONDITION if before or after:
            return f"changed a condition in {where}{line}"
        case EditKind.VERSION:
            return _version(edit, suspect)
        case EditKind.MIGRATION:
            return f"changed the migration {where} that databases may have run already, so that they keep the older schema and new ones get another{line}"
        case EditKind.NAMES:
            return f"changed names of variables in {where}: {before or 'none'} before, {after or 'none'} after"
        case EditKind.IMPORTS:
            return f"imports other modules, or in another order, in {where}, so that what is set up or registered by importing happens at another moment{line}"
        case EditKind.REMOVED:
            return f"took `{clean(edit.removed, LINE_LIMIT)}` out of {where}" if clean(edit.removed, LINE_LIMIT) else f"took lines out of {where}"
        case EditKind.ADDED | EditKind.DEFINED:
            return f"put `{clean(edit.added, LINE_LIMIT)}` into {where}" if clean(edit.added, LINE_LIMIT) else f"added lines to {where}"
        case _:
            return f"changed {where}{line}"


def brought(suspect: Suspect) -> str:
    """Where the definitions stand that the edited lines newly use."""
    places = [f"`{clean(place.name)}` is made in `{clean(place.path)}`" for place in suspect.brings[:MOST_ALSO] if clean(place.name) and clean(place.path)]
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


def _version(edit: Edit, suspect: Suspect) -> str:
    name, path = clean(edit.name), clean(suspect.path)
    others = [clean(one.name) for one in suspect.edits if one.kind is EditKind.VERSION and one.name != edit.name]
    more = f" (and {sentence_list(others[:4])})" if others else ""
    if edit.before and edit.after:
        return f"moved `{name}` in `{path}` from {edit.before} to {edit.after}{more}, so that a default, a limit or a check of the newer release may refuse or do otherwise what the older one let pass"
    return f"{'added' if edit.after else 'dropped'} `{name}` {edit.after or edit.before} in `{path}`{more}"


def _where(suspect: Suspect) -> str:
    symbol = clean(suspect.symbols[0]) if suspect.symbols else ""
    return f"`{symbol}` in `{clean(suspect.path)}`" if symbol else f"`{clean(suspect.path)}`"


def _became(edit: Edit) -> str:
    removed, added = clean(edit.removed, LINE_LIMIT), clean(edit.added, LINE_LIMIT)
    if removed and added:
        return f": `{removed}` became `{added}`"
    return f": `{added or removed}`" if added or removed else ""
