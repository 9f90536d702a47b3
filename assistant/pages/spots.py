"""Which lines of evidence does a citation mean? What is said before it is sought in the piece."""

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from assistant.checking.grounding import folded
from assistant.evidence import CUT_NOTE, Evidence, Kind
from assistant.pages.views import EvidenceView, Row, Spot

VERSION = re.compile(r"(?<![\w.])[0-9]{1,9}(?:\.[0-9]{1,9}){1,5}[\w.+-]{0,20}")
LEAST = 4
"""Characters that a text must have to be sought."""
Range = tuple[int, int]


@dataclass(frozen=True)
class Spots:
    """Gathers which lines are pointed to while a document is written, and marks them in the evidence afterwards.

    Args:
        ledger: all pieces that may be cited.
    """

    ledger: tuple[Evidence, ...]
    _pieces: dict[str, Evidence] = field(default_factory=dict, repr=False)
    _marked: dict[str, set[Range]] = field(default_factory=lambda: defaultdict(set), repr=False)
    _cited: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict), repr=False)

    def __post_init__(self) -> None:
        self._pieces.update((piece.id, piece) for piece in self.ledger)

    def anchor(self, evidence_id: str, said: tuple[str, ...] = (), *, place: tuple[str, str] = ("", "")) -> str:
        """Where a citation jumps to: the lines that hold the first of the texts found there, else the whole piece.

        Args:
            evidence_id: the cited id.
            said: texts to seek in it, best first.
            place: place and heading of what cites.

        Returns:
            The anchor's name; empty where there is no such piece.
        """
        piece = self._pieces.get(evidence_id)
        if piece is None:
            return ""
        if place[0]:
            self._cited[evidence_id].setdefault(*place)
        rows = next((found for text in said if (found := find_rows(piece, text))), None)
        if rows is None:
            return evidence_id
        self._marked[evidence_id].add(rows)
        return _name(evidence_id, rows)

    def views(self) -> tuple[EvidenceView, ...]:
        """All pieces with their lines, those pointed to under the anchors given out."""
        return tuple(
            EvidenceView(
                id=piece.id,
                kind=piece.kind.value,
                origin=str(piece.origin),
                spots=tuple(_spots(piece, self._marked[piece.id])),
                masked=len(piece.masked),
                cut=piece.cut,
                cited=tuple(self._cited[piece.id].items()),
            )
            for piece in self.ledger
        )


def texts_said(codes: list[str], text: str) -> tuple[str, ...]:
    """What to seek of a statement: its code spans, long ones first, then the versions that it names."""
    wanted = sorted((code for code in codes if len(code) >= LEAST), key=len, reverse=True)
    return (*wanted, *VERSION.findall(text))


def find_rows(piece: Evidence, text: str) -> Range | None:
    """The lines, counted from 0, that hold a text, white space folded; of an error the last ones, else the first."""
    wanted = folded(text)
    if len(wanted) < LEAST:
        return None
    parts = ["" if CUT_NOTE.fullmatch(row) else folded(row) for row in piece.text.split("\n")]
    starts, end = [], 0
    for part in parts:
        starts.append(end)
        end += len(part) + 1 if part else 0
    joined = " ".join(filter(None, parts))
    at = joined.rfind(wanted) if piece.kind is Kind.ERROR else joined.find(wanted)
    if at < 0:
        return None
    return bisect_right(starts, at) - 1, bisect_right(starts, at + len(wanted) - 1) - 1


def _name(evidence_id: str, rows: Range) -> str:
    first, last = rows[0] + 1, rows[1] + 1
    return f"{evidence_id}-{first}" if first == last else f"{evidence_id}-{first}-{last}"


def _spots(piece: Evidence, marked: set[Range]) -> list[Spot]:
    """The lines in order, in groups; ranges that overlap share the lines: the later one begins behind the earlier."""
    texts = piece.text.split("\n")
    rows = [Row(number, text) for number, text in zip(numbers(piece, texts), texts, strict=True)]
    found, at = [], 0
    for first, last in sorted(marked):
        anchor = _name(piece.id, (first, last))
        first = max(first, at)
        if first > at:
            found.append(Spot("", tuple(rows[at:first])))
        found.append(Spot(anchor, tuple(rows[first : last + 1])))
        at = max(at, last + 1)
    if at < len(rows):
        found.append(Spot("", tuple(rows[at:])))
    return found


def numbers(piece: Evidence, texts: list[str]) -> list[str]:
    """The number in the origin of each line; empty ones where they cannot be told."""
    origin = piece.origin
    cut = next((at for at, text in enumerate(texts) if CUT_NOTE.fullmatch(text)), len(texts))
    shown = len(texts) - (cut < len(texts))
    if not origin.first or shown + piece.cut != origin.last - origin.first + 1:
        return [""] * len(texts)
    before = [str(origin.first + at) for at in range(cut)]
    after = [str(origin.last - (len(texts) - 1 - at)) for at in range(cut + 1, len(texts))]
    return [*before, *([""] if cut < len(texts) else []), *after]
