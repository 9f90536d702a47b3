"""Exports as the store holds them: their records, and what the rules say of a changed text."""

from dataclasses import replace
from pathlib import Path

from assistant.document import parse
from assistant.merging import Previous
from assistant.record import RunRecord, dump_record, parse_record
from assistant.rendering import TITLE_PREFIX
from assistant.review import Review, review
from assistant.service.stored import State, StoredExport


def record_of(stored: StoredExport) -> RunRecord | None:
    """The run record of a stored export, None where it has none.

    Raises:
        DocumentError: a newer version of this program wrote it.
    """
    return parse_record(stored.record, Path(stored.id)) if stored.record else None


def previous_of(stored: StoredExport) -> Previous:
    """A stored export as what a run goes on from."""
    return Previous(text=stored.text, record=record_of(stored))


def reviewed(stored: StoredExport, text: str, record: RunRecord | None) -> StoredExport:
    """A stored export with another text, counted and ready to be saved.

    Args:
        stored: the version that the text was made from.
        text: the document.
        record: its run record.
    """
    counts = review(text, record).counts
    document = parse(text)
    title = document.body("title").removeprefix(TITLE_PREFIX) if document.find("title") else ""
    return replace(
        stored,
        text=text,
        record=dump_record(record) if record else "",
        title=title.replace("`", "")[:500],
        signature=record.signature if record else "",
        blanks=counts["blank"],
        drafts=counts["draft"],
        problems=counts["error"],
        state=_state(counts),
    )


def review_of(stored: StoredExport) -> Review:
    """What the rules say of a stored export."""
    return review(stored.text, record_of(stored))


def _state(counts: dict[str, int]) -> State:
    """What has to be done next."""
    if counts["blank"]:
        return State.BLANKS
    if counts["draft"]:
        return State.DRAFTS
    return State.PROBLEMS if counts["error"] else State.READY
