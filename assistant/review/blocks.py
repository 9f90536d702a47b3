"""Evidence shown whole: a block that carries an id must be that evidence, and what was shown must not vanish unseen."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.checking import Problem, Severity
from assistant.checking.citing import BLOCK_HEAD, FILE_HEAD
from assistant.checking.headings import normal_place, parts
from assistant.checking.structure import is_blank
from assistant.document import Line, Region
from assistant.evidence import Evidence, Kind
from assistant.review.subject import LABEL, LINES_HEAD, Hand, Subject
from assistant.sections import Shape

CODE_KINDS = (Kind.CODE, Kind.CONFIG, Kind.HISTORY)


class Shown(NamedTuple):
    """A head line with the lines of the block below it; a block without a head has an empty id, a head without a block no lines."""

    id: str
    head: Line
    lines: tuple[Line, ...] = ()
    place_lines: Line | None = None
    is_file: bool = False


def block_problems(subject: Subject) -> Iterator[Problem]:
    """Blocks that are not the evidence that they claim to be, and evidence that was taken away."""
    for region in subject.regions:
        shown = list(_shown(subject, region))
        for block in shown:
            yield from _block(subject, region, block)
        yield from _taken(subject, region, shown)


def _shown(subject: Subject, region: Region) -> Iterator[Shown]:
    fences = {start: end for start, end, _ in subject.document.fences}
    lines = subject.document.lines(region)
    head: Shown | None = None
    for number, line in enumerate(lines):
        if line.fenced:
            if line.number in fences:
                inner = tuple(one for one in lines[number:] if line.number < one.number < fences[line.number])
                yield (head or Shown("", line))._replace(lines=(line, *inner))
                head = None
        elif found := BLOCK_HEAD.match(line.text) or FILE_HEAD.match(line.text):
            if head:
                yield head
            head = Shown(found["id"], line, is_file=found.re is FILE_HEAD)
        elif head and LINES_HEAD.match(line.text):
            head = head._replace(place_lines=line)
        elif head and LABEL.match(line.text):
            yield head
            head = None
    if head:
        yield head


def _block(subject: Subject, region: Region, block: Shown) -> Iterator[Problem]:
    piece = subject.piece(block.id) if block.id else None
    if piece is None:
        return
    for line in (block.head, block.place_lines):
        if line and (message := _false_origin(subject, line.text, piece, block)):
            yield Problem("evidence-block", region.place, message, line=line.number)
    if block.lines:
        yield from _altered(region, block, piece)
    elif not block.is_file or piece.kind in CODE_KINDS:
        yield Problem("evidence-block", region.place, f"no block stands below the line that announces {piece.id}", line=block.head.number)


def _altered(region: Region, block: Shown, piece: Evidence) -> Iterator[Problem]:
    """Blanks at the end of a line may go: editors strip them."""
    want = piece.text.split("\n")
    shown = block.lines[1:]
    for line, wanted in zip(shown, want, strict=False):
        if line.text.rstrip() != wanted.rstrip():
            yield Problem("evidence-block", region.place, f"this line of {piece.id} was changed", line=line.number)
            return
    if len(shown) != len(want):
        message = f"{piece.id} has {len(want)} lines, {len(shown)} stand here"
        yield Problem("evidence-block", region.place, message, line=block.lines[0].number)


def _false_origin(subject: Subject, text: str, piece: Evidence, block: Shown) -> str | None:
    """What a line above a block says falsely of where its evidence comes from."""
    if head := BLOCK_HEAD.match(text):
        same = (" ".join(str(piece.origin).split()), str(piece.kind)) == (" ".join(head["origin"].split()), head["kind"])
        return None if same else f"{piece.id} is {piece.kind} from {piece.origin}, not {head['kind']} from {head['origin']}"
    if head := FILE_HEAD.match(text):
        if piece.kind in CODE_KINDS:
            same = " ".join(piece.origin.path.split()) == head["file"]
            return None if same else f"{piece.id} comes from {piece.origin.path}, not from {head['file']}"
        named = piece.cut or re.split(r"[/\\]", head["file"])[-1] in " ".join(piece.text.split())
        return None if named else f"{piece.id} names no file {head['file']}"
    if not (head := LINES_HEAD.match(text)):
        return None
    first, last = int(head["first"]), int(head["last"] or head["first"])
    if piece.kind in CODE_KINDS:
        same = (piece.origin.first, piece.origin.last) == (first, last)
        return None if same else f"{piece.id} covers {piece.origin}, not lines {first}-{last}"
    known = subject.vocabulary_of((piece.id,)).line_numbers
    return None if piece.cut or {first, last} <= known else f"{piece.id} names no lines {first}-{last}"


def _taken(subject: Subject, region: Region, shown: Sequence[Shown]) -> Iterator[Problem]:
    """Evidence that the record says we showed here and that is gone.

    A block that lost its head line is a fault, and so is a place where nothing stands any more. A person may cut a whole block that
    does not matter, or show something else instead: that is noted.
    """
    written = subject.written(region)
    if not written or subject.hands[region] is Hand.OURS or not _shows_blocks(region):
        return
    heads = {block.id for block in shown}
    gone = [piece for one in written.cites if one not in heads and (piece := subject.piece(one))]
    rest = "\n".join(line.text for line in subject.document.lines(region))
    for piece in gone:
        bare = next((block for block in shown if not block.id and _is_like(block, piece)), None)
        if bare:
            message = f"this block is {piece.id}, and the line that says so is gone"
            yield Problem("evidence-block", region.place, message, line=bare.head.number)
        elif is_blank(rest):
            yield Problem("evidence-block", region.place, f"{piece.id} is gone and nothing stands in its place", line=region.line)
        else:
            yield Problem("evidence-block", region.place, f"{piece.id} was taken out", Severity.NOTE, region.line)


def _is_like(block: Shown, piece: Evidence) -> bool:
    """Whether most lines of a block stand in a piece of evidence."""
    known = {line.strip() for line in piece.text.split("\n")}
    lines = [line.text.strip() for line in block.lines[1:] if line.text.strip()]
    return sum(line in known for line in lines) * 2 >= max(len(lines), 1)


def _shows_blocks(region: Region) -> bool:
    part = parts().get(normal_place(region.place) or "")
    return part is not None and any(slot.shape in (Shape.BLOCKS, Shape.CODE_BLOCKS) for _, slot in part.slots)
