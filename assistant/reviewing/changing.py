"""A change of an export on its shelf: load, act, save, and once more where somebody else was faster."""

from dataclasses import replace

from assistant.document import edit, parse
from assistant.errors import UsageError
from assistant.record import body_digest
from assistant.reviewing.acting import Action, MeanwhileError, act
from assistant.reviewing.shelf import Held, Redraft, Shelf, StaleError

TRIES = 5


def change(shelf: Shelf, key: str, action: Action) -> Held:
    """Do what a form asks for.

    Args:
        shelf: where the export lies.
        key: which one.
        action: what is asked for.

    Returns:
        The export as it is now.

    Raises:
        LookupError: there is no such export.
        MeanwhileError: the place is not what the person saw.
        UsageError: it cannot be done.
        DocumentError: what was written would break the document.
        StaleError: others write all the time.
    """
    for tries_left in reversed(range(TRIES)):
        held = shelf.load(key)
        text = act(held.text, action)
        if text == held.text:
            return held
        try:
            return shelf.save(replace(held, text=text))
        except StaleError:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def proposed(held: Held, place: str, redraft: Redraft) -> Held:
    """The export with one place drafted anew, all else as it was.

    Raises:
        UsageError: there is nothing to draft from, or the new draft has no such place.
    """
    if parse(held.text).find(place) is None:
        raise UsageError("the part is not there any more")
    drafted = redraft(held, place)
    if parse(drafted.text).find(place) is None:
        raise UsageError("the new draft has nothing for this part", hint="keep the draft that is there, edit it, or drop it")
    body = parse(drafted.text).body(place)
    return replace(drafted, text=edit(held.text, {place: body}))


def take(shelf: Shelf, held: Held, new: Held, action: Action) -> Held:
    """Write a new draft that the person has seen beside the old one; only its place changes, and the evidence grows.

    Args:
        shelf: where the export lies.
        held: the export as it is now.
        new: as it was proposed.
        action: names the place, and what the person saw there.

    Raises:
        MeanwhileError: the place is not what the person saw.
        StaleError: somebody else wrote the export meanwhile.
    """
    document, drafted = parse(held.text), parse(new.text).body(action.place)
    body = document.body(action.place) if document.find(action.place) else ""
    if body_digest(body) != action.base:
        raise MeanwhileError(action.place, theirs=body, mine=drafted)
    return shelf.save(replace(held, text=edit(held.text, {action.place: drafted}), record=new.record))
