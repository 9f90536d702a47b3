"""The code around a suspected change: its diff, who uses what was edited, and what the edited lines newly use."""

from collections.abc import Iterator, Sequence

from assistant.changes import Change, Place, Suspect
from assistant.gathering.change.symbols import symbols_of
from assistant.gathering.code import Shown, show
from assistant.gathering.collection import Collection
from assistant.gathering.locating import Place as Line
from assistant.gathering.syntax import Span
from assistant.sections import CodeBlock

DIFFS, AROUND = 3, 2
READERS, BROUGHT = 1, 2
LONGEST = 45
WEIGHT = 0.72


def changed_code(change: Change, collection: Collection, shown: Sequence[Shown]) -> tuple[CodeBlock, ...]:
    """Blocks of the document for the likeliest changes.

    Args:
        change: what changed since the green state.
        collection: where to read from and add to.
        shown: the code that stands in the document already.
    """
    blocks = [block for suspect in change.suspects[:DIFFS] if (block := _diff(suspect, collection))]
    seen = list(shown)
    wanted = [pair for suspect in change.suspects[:AROUND] for pair in _around(suspect)]
    wanted += [(place, "called from the failing line") for place in change.called]
    for place, note in wanted:
        found = _line(place, collection)
        if found is None or any(one.covers(place.path, found[1].first, found[1].last) for one in seen):
            continue
        block, lines = show(*found, note, collection, WEIGHT)
        blocks.append(block)
        seen.append(lines)
    return tuple(blocks)


def _diff(suspect: Suspect, collection: Collection) -> CodeBlock | None:
    piece = collection.ledger.get(suspect.evidence)
    if piece is None:
        return None
    what = f"changed by commit {suspect.commit} of {suspect.date}" if suspect.commit else "changed and not committed yet"
    return CodeBlock(file=piece.origin.path, lines=f"{piece.origin.first}-{piece.origin.last}", evidence=piece.id, note=what)


def _around(suspect: Suspect) -> Iterator[tuple[Place, str]]:
    yield from ((place, "newly used by the changed lines") for place in suspect.brings[:BROUGHT])
    yield from ((place, f"uses what {suspect.path} changed") for place in suspect.readers[:READERS])


def _line(place: Place, collection: Collection) -> tuple[Line, Span] | None:
    """The lines of a definition as the file is now; None where it is long or gone."""
    file = collection.read(place.path)
    named = (
        [one for one in symbols_of(place.path, file.source) if one.name and one.shown in (place.name, place.name.rpartition(".")[2])]
        if file
        else []
    )
    if file is None or not named or named[0].last - named[0].first >= LONGEST:
        return None
    return Line(file, named[0].first), Span(named[0].first, named[0].last, place.name)
