"""From notes to what results are drafted from: masked, cut, ranked against what the export asks, and numbered."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.document import parse
from assistant.evidence import Ledger
from assistant.merging import Previous, last_cited
from assistant.record import Noted
from assistant.redaction import Redactor
from assistant.results.asked import read_asked
from assistant.results.extraction import other_versions_of
from assistant.results.material import Material
from assistant.results.passages import Form, Passage, cut_notes
from assistant.results.ranking import Ranked, rank
from assistant.sources.notes import Note

MAX_PASSAGES = 300
"""So many passages of the notes of a run get an id; of longer notes the most relevant ones."""


def material_of(previous: Previous, notes: Sequence[Note], redactor: Redactor) -> tuple[Material, tuple[str, ...]]:
    """Read notes for an export; those of earlier runs are taken along.

    Args:
        previous: the export and its record.
        notes: the notes of this run; one of the same name as an earlier one takes its place.
        redactor: masks them.

    Returns:
        The material, and what was cut or left out.
    """
    asked = read_asked(parse(previous.text))
    before = previous.record.notes_ledger if previous.record else Ledger(offset=last_cited(previous.text, "R"), prefix="R")
    earlier, names = _earlier(previous, {note.name for note in notes})
    fresh = cut_notes(notes, redactor.mask_all([note.text for note in notes]))
    shifted = [one._replace(note=one.note + len(names), order=one.order + len(earlier)) for one in fresh]
    ranked = rank([*earlier, *shifted], asked)
    chosen, left_out = _chosen(ranked)
    ledger, numbered = before.extend(one.passage.evidence for one in chosen)
    known = tuple(replace(one, passage=one.passage._replace(evidence=piece)) for one, piece in zip(chosen, numbered, strict=True))
    told = [f"{note.name}: {said}" for note in notes for said in note.notes]
    if left_out:
        kept = len(chosen)
        told.append(f"the notes have {left_out + kept} passages; the {kept} most relevant were looked at, {left_out} left out")
    if names:
        told.append(f"read in an earlier run and taken along: {', '.join(names)}")
    evidence = previous.record.evidence if previous.record else Ledger()
    every = (*names, *(note.name for note in notes))
    return Material(every, known, other_versions_of(known, asked), ledger, evidence, asked, left_out), tuple(told)


def noted(material: Material) -> dict[str, Noted]:
    """How each passage of some material stood in its note, for the record."""
    return {
        material.id_of(one): Noted(
            note=material.names[one.passage.note],
            form=one.passage.form.value,
            headings=one.passage.headings,
            is_question=one.passage.is_question,
        )
        for one in material.ranked
    }


def _earlier(previous: Previous, given: set[str]) -> tuple[list[Passage], list[str]]:
    """The passages of notes that earlier runs read and this one does not, and the names of these notes."""
    record = previous.record
    if record is None:
        return [], []
    held = [(piece, record.noted[piece.id]) for piece in record.research if piece.id in record.noted]
    held = [(piece, how) for piece, how in held if how.note not in given]
    names = list(dict.fromkeys(how.note for _, how in held))
    passages = [
        Passage(
            replace(piece, id=""),
            Form(how.form),
            names.index(how.note),
            how.headings[-1] if how.headings else "",
            how.headings,
            how.is_question,
            order,
        )
        for order, (piece, how) in enumerate(held)
    ]
    return passages, names


def _chosen(ranked: Sequence[Ranked]) -> tuple[list[Ranked], int]:
    """The passages that get an id, in order, and how many do not."""
    if len(ranked) <= MAX_PASSAGES:
        return list(ranked), 0
    likely = sorted(ranked, key=lambda one: (not one.is_hostile, -one.own, one.passage.order))[: MAX_PASSAGES * 2]
    worth = sorted(
        likely, key=lambda one: (-max(one.solution, one.explanation, one.verification, one.relevance * one.passage.is_code), -one.own)
    )
    kept = {one.passage.order for one in worth[:MAX_PASSAGES]}
    return [one for one in ranked if one.passage.order in kept], len(ranked) - MAX_PASSAGES
