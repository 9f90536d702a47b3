"""Results into a document that lies on the disk: read, fill, write whole or not at all, record beside it."""

from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import BinaryIO

from assistant.document import NEWLINE
from assistant.errors import UsageError
from assistant.exporting import bytes_of, read_document
from assistant.merging import Previous
from assistant.record import dump_record, load_record, record_path
from assistant.results import Filled, ResultsDrafter, ResultsRequest, fill_results
from assistant.saving import save


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the export lies and where it goes.

    Args:
        export: the document that is read.
        output: where it is written; None for the same file.
        dry_run: whether nothing is written and a diff comes back instead.
    """

    export: Path
    output: Path | None = None
    dry_run: bool = False


def write_results(request: ResultsRequest, place: Place, *, stdin: BinaryIO, drafter: ResultsDrafter | None = None) -> tuple[str, Filled]:
    """Fill the results of an export and write it with its record.

    Returns:
        The text for standard output (a diff for a dry run, else empty), and what the run gave.

    Raises:
        InputError: the document, its record or a note cannot be read.
        UsageError: the document changed meanwhile, or cannot be written.
    """
    before = bytes_of(place.export)
    previous = Previous(text=read_document(place.export), record=load_record(place.export))
    filled = fill_results(request, previous, stdin=stdin, drafter=drafter)
    if place.dry_run:
        return _diff(previous.text, filled.text, place.export.name), filled
    if bytes_of(place.export) != before:
        raise UsageError(
            f"{place.export}: was changed while this ran; nothing was written",
            hint="run the same command again; replies of a model are remembered",
        )
    target = place.output or place.export
    if filled.text != previous.text or target != place.export:
        save(target, filled.text)
    save(record_path(target), dump_record(filled.record))
    return "", filled


def _diff(before: str, after: str, name: str) -> str:
    old, new = NEWLINE.sub("\n", before).splitlines(keepends=True), NEWLINE.sub("\n", after).splitlines(keepends=True)
    return "".join(unified_diff(old, new, f"a/{name}", f"b/{name}"))
