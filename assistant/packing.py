"""Which evidence fits a token budget: heavy pieces first, the last one cut, the rest told."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from assistant.evidence import Evidence, Masked
from assistant.redaction.masked import cut_note, joined, lines_of

BYTES_PER_TOKEN = 2.5
"""Of ordinary log text, measured with o200k_base (2.1 to 2.7)."""
HEAD_SHARE = 0.4
NOTE_BYTES = 40
MIN_BYTES = 200


class Packed(NamedTuple):
    """What fits.

    Args:
        pieces: the evidence that fits, best first.
        left_out: ids that do not fit, each with its size.
        notes: what was cut, skipped or fallen back to.
    """

    pieces: tuple[Evidence, ...]
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def estimated_tokens(text: str) -> int:
    """An estimate of a text's tokens from its UTF-8 length."""
    return int(len(text.encode("utf-8", "replace")) / BYTES_PER_TOKEN) + 1


def pack(pieces: Iterable[Evidence], *, token_budget: int) -> Packed:
    """Take pieces by weight while they fit; the first that does not fit is cut in its middle."""
    taken: list[Evidence] = []
    left_out: list[str] = []
    left = token_budget
    for piece in sorted(pieces, key=lambda item: -item.weight):
        cost = estimated_tokens(f"{piece.id} {piece.origin}\n{piece.text}")
        if cost > left and (shorter := cut_middle(piece, token_budget=left)):
            piece, cost = shorter, estimated_tokens(f"{piece.id} {piece.origin}\n{shorter.text}")
        if cost > left:
            left_out.append(f"{piece.id} ({cost} tokens)")
            continue
        taken.append(piece)
        left -= cost
    return Packed(pieces=tuple(taken), left_out=tuple(left_out))


def cut_middle(piece: Evidence, *, token_budget: int) -> Evidence | None:
    """A piece with its middle lines cut and counted, or None where not even a few lines fit.

    A piece that was cut before keeps one cut note, at the same place.
    """
    lines = lines_of(piece.text)
    room = int(token_budget * BYTES_PER_TOKEN) - len(f"{piece.id} {piece.origin}") - NOTE_BYTES
    if room < MIN_BYTES:
        return None
    note = lines.index(cut_note(piece.cut)) if piece.cut else None
    heads, tails = (lines, lines) if note is None else (lines[:note], lines[note + 1 :])
    whole = len(lines) - (note is not None)
    head, tail = _fitting(heads, tails, room, whole)
    if head + tail in (0, whole):
        return None
    left_out = whole - head - tail + piece.cut
    return replace(piece, text=joined([*heads[:head], cut_note(left_out), *tails[len(tails) - tail :]]), cut=left_out)


def _fitting(heads: list[Masked], tails: list[Masked], room: int, whole: int) -> tuple[int, int]:
    """How many lines from the front of `heads` and the back of `tails` fit into `room` bytes, `whole` in all at most."""
    head = tail = used = 0
    while head + tail < whole:
        front = tail >= len(tails) or (head < len(heads) and head * (1 - HEAD_SHARE) <= tail * HEAD_SHARE)
        used += len((heads[head] if front else tails[-1 - tail]).encode("utf-8", "replace")) + 1
        if used > room:
            break
        head, tail = (head + 1, tail) if front else (head, tail + 1)
    return head, tail
