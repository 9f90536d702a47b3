"""The code that fails: the enclosing function of each frame that is ours, innermost first."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.evidence import Cause, Failure, Frame, Kind
from assistant.gathering.collection import Collection
from assistant.gathering.locating import Place, clean_path, locate
from assistant.gathering.syntax import Span, span_around
from assistant.sections import CodeBlock

BLOCK_LIMIT = 4
TOLD_LIMIT = 40
BELOW = 30
WEIGHT_FIRST, WEIGHT_NEXT = 0.95, 0.75
_TOLD = re.compile(r"(?<![\w./\\-])((?:file://)?(?:[A-Za-z]:)?[\w./\\@+-]{1,300}\.[A-Za-z]{1,5}):([1-9][0-9]{0,6})\b")
_TEST_NAME = re.compile(r"(?:^|/)(?:tests?|t|spec|__tests__)/|(?:^|/)(?:test_[^/]*|conftest|[^/]*(?:_test|\.test|\.spec))\.\w+$")


class Shown(NamedTuple):
    """A span of a file that stands in the document already, so that it is not shown twice."""

    path: str
    first: int
    last: int
    evidence: str

    def covers(self, path: str, first: int, last: int) -> bool:
        """Whether lines of a file lie in it."""
        return path == self.path and self.first <= first and last <= self.last


def is_test(path: str) -> bool:
    """Whether a path is that of a test or of what sets tests up."""
    return bool(_TEST_NAME.search(path.replace("\\", "/")))


def problematic_code(collection: Collection) -> tuple[tuple[CodeBlock, ...], tuple[Shown, ...]]:
    """The functions our frames stand in, innermost first, and which lines were shown.

    Args:
        collection: where to read from and add to.
    """
    frames = _frames_of_ours(collection)
    blocks: list[CodeBlock] = []
    shown: list[Shown] = []
    for frame, note in frames:
        if len(blocks) == BLOCK_LIMIT:
            break
        place = locate(frame, collection)
        span = span_around(place.file, place.line, frame.function) if place else None
        if place is None or span is None or any(one.covers(place.file.path, span.first, span.last) for one in shown):
            continue
        block, lines = show(place, span, note if blocks else _innermost(note), collection, WEIGHT_NEXT if blocks else WEIGHT_FIRST)
        blocks.append(block)
        shown.append(lines)
    if not blocks and frames and frames[0][0] in _all_frames(collection.failure):
        return (_from_trace(frames[0][0], collection),), ()
    return tuple(blocks), tuple(shown)


def show(place: Place, span: Span, note: str, collection: Collection, weight: float) -> tuple[CodeBlock, Shown]:
    """Make a span of a file evidence and a block of the document.

    Args:
        place: the file, and what differs from the log.
        span: the lines.
        note: why they are shown.
        collection: where to add it.
        weight: how much it matters.
    """
    piece = collection.cite_file(place.file, span.first, span.last, kind=Kind.CODE, weight=weight, cut=span.cut)
    told = "; ".join(
        part for part in (f"`{span.name}`" if span.name and " " not in span.name else span.name, note, span.note, place.note) if part
    )
    block = CodeBlock(file=place.file.path, lines=f"{span.first}-{span.last}", evidence=piece.id, note=told)
    return block, Shown(place.file.path, span.first, span.last, piece.id)


def ordered_causes(failure: Failure) -> tuple[Cause, ...]:
    """The innermost cause first, the exception that surfaced last."""
    surfaced = Cause(failure.exception, failure.message, failure.frames)
    chain = [one for one in failure.chain if one.frames and one.frames != failure.frames]
    return (*chain, surfaced)


def _frames_of_ours(collection: Collection) -> list[tuple[Frame, str]]:
    failure = collection.failure
    found: list[tuple[Frame, str]] = []
    seen: set[tuple[str, int]] = set()
    for cause in ordered_causes(failure):
        of = f" in the traceback of `{cause.exception}`" if len(failure.chain) > 1 and cause.exception else ""
        for number, frame in reversed(list(enumerate(cause.frames, 1))):
            if frame.ours and (frame.path, frame.line) not in seen:
                seen.add((frame.path, frame.line))
                found.append((frame, f"frame {number} of {len(cause.frames)}{of}"))
    if not found:
        found = [(frame, "named in the error") for frame in _told_frames(collection)]
    outside_tests = [one for one in found if not is_test(one[0].path)]
    return outside_tests or found


def _told_frames(collection: Collection) -> Iterator[Frame]:
    """Places as `lib/feed.js:35` in or right below the text of a failure whose language gave no frames."""
    origin = collection.failure.origin
    last = min([origin.last + BELOW, *(start - 1 for start in collection.starts if start > origin.last)])
    text = "\n".join(collection.log_lines(origin.path, origin.first, last)) or collection.failure.text
    seen: set[tuple[str, int]] = set()
    for match in _TOLD.finditer(text):
        place = (clean_path(match[1]), int(match[2]))
        if place not in seen and len(seen) < TOLD_LIMIT:
            seen.add(place)
            yield Frame(*place)


def _all_frames(failure: Failure) -> tuple[Frame, ...]:
    return (*failure.frames, *(frame for cause in failure.chain for frame in cause.frames))


def _innermost(note: str) -> str:
    return note if note.startswith("named") else f"innermost frame of ours, {note}"


def _from_trace(frame: Frame, collection: Collection) -> CodeBlock:
    why = "from the stack trace; give `--repo` for the code"
    if collection.repository is not None:
        why = "from the stack trace; its code was not found under `--repo`"
    return CodeBlock(file=frame.path, lines=str(frame.line), evidence=collection.failure.evidence, note=why)
