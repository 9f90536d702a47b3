"""Results without a model: the passages, code and links of the notes that answer, ranked and quoted; nothing is made up."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.checking.grounding import sentences
from assistant.evidence import Evidence, Ledger
from assistant.results.asked import Asked
from assistant.results.conflicts import find_conflicts
from assistant.results.cues import DOCUMENTS, EXPLAINS, PREVENTS, PROPOSES, SOLVES, strength
from assistant.results.drafted import CodePart, NoteRead, ResultsDraft, Said
from assistant.results.passages import Form
from assistant.results.ranking import MIN_SCORE, Ranked
from assistant.results.shown import MAX_QUOTED, addresses, clipped, is_quotable, readable
from assistant.results.terms import terms_of
from assistant.results.verdicts import answers_of, negated, verdicts_of
from assistant.results.versions import OtherVersion, other_versions

MAX_SOLUTIONS, MAX_REASONS, MAX_STEPS, MAX_CODE, MAX_TESTS, MAX_LINKS = 3, 3, 7, 4, 2, 6
NEAR_BEST = 0.5
"""A passage is shown beside the best one if it has at least this share of its score."""
SAME = 0.75
"""Passages that share so many terms say the same."""


@dataclass(frozen=True, slots=True)
class Material:
    """What results are drafted from.

    Args:
        names: of the notes.
        ranked: the passages that have an id, in order.
        others: numbers of notes with the versions that they are for.
        ledger: the research notes as evidence.
        evidence: the export's own evidence.
        asked: what the export asks.
        left_out: how many passages got no id.
    """

    names: tuple[str, ...]
    ranked: tuple[Ranked, ...]
    others: tuple[OtherVersion, ...]
    ledger: Ledger
    evidence: Ledger
    asked: Asked
    left_out: int = 0

    def id_of(self, one: Ranked) -> str:
        """The id of a passage."""
        return one.passage.evidence.id


def extract(material: Material) -> ResultsDraft:
    """Draft results by quoting what answers.

    Args:
        material: ranked passages with ids, and what is asked.
    """
    prose = [one for one in material.ranked if one.passage.form in (Form.PROSE, Form.STEP) and is_quotable(one.passage.text)]
    solving = _by_note(_best(((one.solution, one) for one in prose), MAX_SOLUTIONS) or _best(((one.hint, one) for one in prose), 1))
    code = _answering_code(material, solving)
    found = bool(solving or any(not one.is_test for one in code))
    answering = solving or [one for one in code if not one.is_test][:1]
    reasons = _best(((one.explanation, one) for one in prose if one not in solving), MAX_REASONS) if found else []
    reasons = reasons or [one for one in solving if strength(EXPLAINS, one.passage.text)][:1] or _best(_beside(prose, solving), 1)
    tests = [one for one in code if one.is_test][:MAX_TESTS]
    changes = [one for one in code if not one.is_test and one.passage.form is not Form.COMMAND][:MAX_CODE]
    testing = _best(((one.verification, one) for one in prose if one not in solving), 2) if found else []
    conflicts = find_conflicts([one for one in material.ranked if one.usable])
    return ResultsDraft(
        found=found,
        solution=tuple(_quote(one, PROPOSES, SOLVES) for one in solving),
        why=tuple(_quote(one, EXPLAINS) for one in reasons),
        steps=tuple(_steps(material, prose, code, solving)) if found else (),
        code=tuple(_part(one) for one in changes) if found else (),
        tests=tuple(_part(one) for one in tests) if found else (),
        testing=tuple(_quote(one) for one in testing),
        documentation=tuple(_quote(one) for one in _best(((one.relevance, one) for one in prose if strength(DOCUMENTS, one.passage.text) and one.usable), 2)) if found else (),
        links=tuple(_links(material, answering)) if found else (),
        answers=answers_of(material.asked, material.ranked),
        verdicts=verdicts_of(material.asked, material.ranked),
        conflicts=conflicts,
        versions=tuple(_version_notes(material)),
        read=notes_read(material, [*solving, *reasons, *changes, *tests]),
    )


def _best(scored: Iterable[tuple[float, Ranked]], count: int) -> list[Ranked]:
    """The best passages, none of which says what another says."""
    ordered = sorted(((score, one) for score, one in scored if score >= MIN_SCORE), key=lambda pair: (-pair[0], pair[1].passage.order))
    best: list[Ranked] = []
    for score, one in ordered:
        if len(best) == count or score < ordered[0][0] * NEAR_BEST:
            break
        if not any(_is_same(one, other) for other in best):
            best.append(one)
    return best


def _by_note(best: Sequence[Ranked]) -> list[Ranked]:
    """The passages of the best note first; those of one note in its order, since one leads to the next."""
    notes = list(dict.fromkeys(one.passage.note for one in best))
    return sorted(best, key=lambda one: (notes.index(one.passage.note), one.passage.order))


def _beside(prose: Sequence[Ranked], solving: Sequence[Ranked]) -> Iterable[tuple[float, Ranked]]:
    """What a short answer says besides its way out is most often why."""
    notes = {one.passage.note for one in solving}
    return ((one.relevance, one) for one in prose if one.passage.note in notes and one not in solving and one.usable and not one.asks)


def _is_same(one: Ranked, other: Ranked) -> bool:
    if negated(one.passage.text) != negated(other.passage.text):
        return False
    shared = len(one.terms & other.terms)
    return shared >= SAME * max(1, min(len(one.terms), len(other.terms)))


def _quote(one: Ranked, *cues: re.Pattern[str]) -> Said:
    """A passage, or where it is long its sentences from the first telling one on."""
    text = readable(one.passage.text)
    if len(text) > MAX_QUOTED and cues:
        parts = sentences(text)
        first = next((number for number, part in enumerate(parts) if any(cue.search(part) for cue in cues)), 0)
        text = " ".join(parts[max(0, first - 1) :]) if len(" ".join(parts[max(0, first - 1) : first])) < MAX_QUOTED // 2 else " ".join(parts[first:])
    return Said(clipped(text), (one.passage.evidence.id,), is_quote=True)


def _answering_code(material: Material, solving: Sequence[Ranked]) -> list[Ranked]:
    """Code of notes that are about this: what stands beside a solution first, then what shares the export's names."""
    beside = {(one.passage.note, one.passage.headings) for one in solving}
    near = {(one.passage.note, one.passage.order + step) for one in solving for step in (-1, 1, 2)}
    scored = []
    for one in material.ranked:
        if one.passage.is_code and one.usable:
            place = 0.4 if (one.passage.note, one.passage.order) in near else 0.25 if (one.passage.note, one.passage.headings) in beside else 0.0
            scored.append((one.relevance * 0.6 + place + (0.3 if one.passage.form is Form.DIFF else 0.0), one))
    ordered = sorted(((score, one) for score, one in scored if score >= 2 * MIN_SCORE), key=lambda pair: (-pair[0], pair[1].passage.order))
    best: list[Ranked] = []
    for _, one in ordered:
        if all(one.passage.text != other.passage.text for other in best):
            best.append(one)
    return best


def _part(one: Ranked) -> CodePart:
    piece: Evidence = one.passage.evidence
    return CodePart(piece.text, piece.language, (piece.id,), piece)


def _steps(material: Material, prose: Sequence[Ranked], code: Sequence[Ranked], solving: Sequence[Ranked]) -> Iterable[Said]:
    """Steps that the notes list, else their commands and code; then how to verify and what keeps it from coming back."""
    notes = {one.passage.note for one in (*solving, *code)}
    listed = [one for one in prose if one.passage.form is Form.STEP and one.passage.note in notes and one.usable and not one.asks]
    shown: list[Said] = [_with_code(material, one) for one in listed[:MAX_STEPS]] or [_with_code(material, one) for one in solving]
    said = "\n".join(step.text for step in shown)
    commands = [one for one in code if one.passage.form is Form.COMMAND and not one.is_test and one.passage.note in notes]
    lines = [(line, one.passage.evidence.id) for one in commands[:3] for line in _command_lines(one.passage.text) if line not in said]
    shown += [Said(f"Run `{line}`", (where,)) for line, where in dict(lines).items()][:4]
    changes = [one for one in code if one.passage.form is not Form.COMMAND and not one.is_test and readable(one.passage.text) not in said]
    if changes:
        shown.append(Said("Make the change that stands under Code Changes Required", tuple(one.passage.evidence.id for one in changes[:1])))
    yield from shown
    tests = material.asked.tests[:3]
    if tests:
        yield Said(f"Verify: run {', '.join(f'`{test}`' for test in tests)}")
    elif material.asked.criteria:
        yield Said(f"Verify: {material.asked.criteria[0].rstrip('.')}")
    preventing = _best(((one.prevention, one) for one in prose if one not in solving and one not in listed), 1)
    yield from (_telling(one, PREVENTS) for one in preventing)


def _with_code(material: Material, one: Ranked) -> Said:
    """What a passage says to do; with the line of code that it announces."""
    text = _telling(one, PROPOSES, SOLVES).text
    after = next((other for other in material.ranked if other.passage.order == one.passage.order + 1 and other.passage.note == one.passage.note), None)
    if not text.endswith(":") or after is None or not after.passage.is_code:
        return Said(text.rstrip(":"), (one.passage.evidence.id,))
    lines = _command_lines(after.passage.text)
    if len(after.passage.text.strip().split("\n")) > 1 or not lines:
        return Said(text.rstrip(":"), (one.passage.evidence.id,))
    return Said(f"{text} `{lines[0]}`", (one.passage.evidence.id, after.passage.evidence.id))


def _telling(one: Ranked, *cues: re.Pattern[str]) -> Said:
    """The first sentence of a passage that has the first of these cues that any has."""
    parts = sentences(readable(one.passage.text))
    found = next((part for cue in cues for part in parts if cue.search(part)), parts[0])
    text = clipped(found, 240)
    return Said(text[0].upper() + text[1:], (one.passage.evidence.id,))


def _command_lines(text: str) -> list[str]:
    lines = [re.sub(r"^\s*(?:\$|❯|>)\s+", "", line).strip() for line in text.split("\n")]
    return [line for line in lines if line and not line.startswith("#") and "`" not in line and len(line) < 200][:3]


def _links(material: Material, answering: Sequence[Ranked]) -> Iterable[Said]:
    """The addresses that stand in notes on the topic, those of passages that answer first."""
    notes = {one.passage.note for one in answering}
    ordered = sorted((one for one in material.ranked if one.usable and one.passage.note in notes), key=lambda one: (one not in answering, -one.relevance, one.passage.order))
    seen: dict[str, str] = {}
    for one in ordered:
        for address in addresses(one.passage.text):
            if _is_telling(address, one, material.asked):
                seen.setdefault(address, material.id_of(one))
    return [Said(address, (where,)) for address, where in list(seen.items())[:MAX_LINKS]]


def _is_telling(address: str, one: Ranked, asked: Asked) -> bool:
    """Whether an address is worth reading: it says of itself that it is about this, or stands in a sentence that is."""
    words = terms_of(re.sub(r"[/_#?&=.-]+", " ", address))
    return bool(words & asked.anchors) or one.own >= 2.0


def _version_notes(material: Material) -> Iterable[Said]:
    for other in material.others:
        ids = tuple(material.id_of(one) for one in material.ranked if one.passage.note == other.note)[:1]
        yield Said(f"`{material.names[other.note]}` is for {other.name} {other.theirs}; the environment of this export has {other.name} {other.ours}", ids)


def notes_read(material: Material, shown: Sequence[Ranked]) -> tuple[NoteRead, ...]:
    """What became of each note."""
    used = {one.passage.note for one in shown}
    found = []
    for number, name in enumerate(material.names):
        mine = [one for one in material.ranked if one.passage.note == number]
        ids = tuple(material.id_of(one) for one in mine)
        orders = [material.id_of(one) for one in mine if one.is_hostile]
        worth = "holds no text" if not mine else "answers" if number in used else "on the topic, but it says no way out" if any(one.topic for one in mine) else "off the topic"
        if orders:
            worth += f"; {', '.join(orders[:3])} gives orders to a program that reads it, which were not followed"
        found.append(NoteRead(name, ids, worth))
    return tuple(found)


def other_versions_of(ranked: Sequence[Ranked], asked: Asked) -> tuple[OtherVersion, ...]:
    """The notes on the topic that are for another major version."""
    texts = [(one.passage.note, text) for one in ranked if one.topic and not one.passage.is_question for text in (readable(one.passage.text)[:2000], *one.passage.headings)]
    return other_versions(texts, asked.versions)
