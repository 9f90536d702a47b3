"""Results without a model: the passages, code and links of the notes that answer, ranked and quoted; nothing is made up."""

import re
from collections.abc import Iterable, Sequence

from assistant.checking.grounding import sentences
from assistant.evidence import Evidence
from assistant.results.asked import Asked
from assistant.results.conflicts import find_conflicts
from assistant.results.cues import CONFIRMS, EXPLAINS, FAILS, PROPOSES, SOLVES, VERIFIES, strength
from assistant.results.drafted import CodePart, NoteRead, ResultsDraft, Said
from assistant.results.material import Material, best_of
from assistant.results.passages import Form
from assistant.results.plan import plan_steps
from assistant.results.ranking import Ranked
from assistant.results.shown import MAX_QUOTED, addresses, clipped, is_quotable
from assistant.results.terms import terms_of
from assistant.results.verdicts import answers_of, deciding_ids, verdicts_of
from assistant.results.versions import OtherVersion, differing, other_versions

MAX_SOLUTIONS, MAX_REASONS, MAX_CODE, MAX_TESTS, MAX_LINKS, MAX_DOCUMENTS, MAX_VERSIONS = 3, 3, 4, 2, 6, 3, 4

MIN_CODE_SCORE = 0.3
LOCAL = re.compile(
    r"\w+://(?:localhost|[^/:]{1,100}\.(?:local|localhost|internal|test)|127\.|0\.0\.0\.0|10\.|192\.168\.|\[|[^./:]{1,100}(?:[:/]|$))", re.I
)
"""An address that nobody else can open."""
CODE_PARTS = ("code_changes_required", "testing_strategy", "implementation_plan", "solution_found")


def extract(material: Material) -> ResultsDraft:
    """Draft results by quoting what answers.

    Args:
        material: ranked passages with ids, and what is asked.
    """
    prose = [one for one in material.ranked if one.passage.form in (Form.PROSE, Form.STEP) and is_quotable(one.passage.text)]
    solving = _solving(prose)
    code = _answering_code(material, solving)
    verdicts = verdicts_of(material.asked, material.ranked)
    found = bool(solving or any(not one.is_test for one in code))
    answering = solving or [one for one in code if not one.is_test][:1]
    reasons = _reasons(material, prose, solving, deciding_ids(verdicts)) if found else []
    tests = [one for one in code if one.is_test][:MAX_TESTS]
    changes = _by_note([one for one in code if not one.is_test and _is_shown(one, prose)][:MAX_CODE])
    shown = [*changes, *tests]
    testing = _by_note(best_of(((one.verification, one) for one in prose if one not in solving), 2) if found else [])
    conflicts = find_conflicts([one for one in material.ranked if one.usable])
    return ResultsDraft(
        found=found,
        solution=tuple(_with_code(_quote(one, PROPOSES, SOLVES), one, shown) for one in solving),
        why=tuple(_quote(one, EXPLAINS) for one in reasons),
        steps=tuple(plan_steps(material, prose, code, solving, shown)) if found else (),
        code=tuple(_part(one) for one in changes) if found else (),
        tests=tuple(_part(one) for one in tests) if found else (),
        testing=tuple(_with_code(_checking(one), one, shown) for one in testing),
        documentation=tuple(_quote(one) for one in best_of(((one.documentation, one) for one in prose), MAX_DOCUMENTS)) if found else (),
        links=tuple(_links(material, answering)) if found else (),
        answers=answers_of(material.asked, material.ranked, verdicts),
        verdicts=verdicts,
        conflicts=conflicts,
        versions=tuple(_version_notes(material, [*solving, *reasons])),
        read=notes_read(material, [*solving, *reasons, *changes, *tests]),
    )


def _solving(prose: Sequence[Ranked]) -> list[Ranked]:
    """The passages that propose the way out; of a list of steps its first one, too, since whoever wrote it began with that."""
    best = best_of(((one.solution, one) for one in prose), MAX_SOLUTIONS) or best_of(((one.hint, one) for one in prose), 1)
    for one in [one for one in best if one.is_step][:1]:
        beside = (other for other in prose if other.is_step and other.passage.note == one.passage.note and other.solution > 0)
        first = next((other for other in beside if other.passage.headings == one.passage.headings), one)
        best = best if first in best else [*best[: MAX_SOLUTIONS - 1], first]
    return _by_note(best)


def _by_note(best: Sequence[Ranked]) -> list[Ranked]:
    """The passages of the best note first; those of one note in its order, since one leads to the next."""
    notes = list(dict.fromkeys(one.passage.note for one in best))
    return sorted(best, key=lambda one: (notes.index(one.passage.note), one.passage.order))


def _reasons(material: Material, prose: Sequence[Ranked], solving: Sequence[Ranked], deciding: frozenset[str]) -> list[Ranked]:
    """Why: what explains, above all where it supports a hypothesis; else what stands beside the way out."""
    scored = ((one.reason(decides=material.id_of(one) in deciding), one) for one in prose if one not in solving)
    explaining = [one for one in solving if strength(EXPLAINS, one.passage.text)][:1]
    return best_of(scored, MAX_REASONS) or explaining or best_of(_beside(prose, solving), 1)


def _with_code(said: Said, one: Ranked, shown: Sequence[Ranked]) -> Said:
    """A quote with the id of the code that it leads to, where that is shown too."""
    return said._replace(ids=(*said.ids, *(other.passage.evidence.id for other in shown if one.leads_to(other))))


def _is_shown(code: Ranked, prose: Sequence[Ranked]) -> bool:
    """Whether code stands under Code Changes Required: commands do where there are several that a proposal leads to."""
    if code.passage.form is not Form.COMMAND:
        return True
    return "\n" in code.passage.text.strip() and any(one.leads_to(code) for one in prose)


def _checking(one: Ranked) -> Said:
    """What a passage says from the sentence on that says how to check."""
    parts = one.sentences or (one.said,)
    first = next((number for number, part in enumerate(parts) if VERIFIES.search(part)), 0)
    return Said(clipped(" ".join(parts[first:])), (one.passage.evidence.id,), is_quote=True)


def _beside(prose: Sequence[Ranked], solving: Sequence[Ranked]) -> Iterable[tuple[float, Ranked]]:
    """What a short answer says besides its way out is most often why."""
    notes = {one.passage.note for one in solving}
    return ((one.relevance, one) for one in prose if one.passage.note in notes and one not in solving and one.usable and not one.asks)


def _quote(one: Ranked, *cues: re.Pattern[str]) -> Said:
    """A passage, or where it is long its sentences from the first telling one on."""
    text = one.said
    if len(text) > MAX_QUOTED and cues:
        parts = sentences(text)
        first = next((number for number, part in enumerate(parts) if any(cue.search(part) for cue in cues)), 0)
        text = (
            " ".join(parts[max(0, first - 1) :])
            if len(" ".join(parts[max(0, first - 1) : first])) < MAX_QUOTED // 2
            else " ".join(parts[first:])
        )
    return Said(clipped(text), (one.passage.evidence.id,), is_quote=True)


def _answering_code(material: Material, solving: Sequence[Ranked]) -> list[Ranked]:
    """Code of notes that are about this: what stands beside a solution first, then what shares the export's names."""
    scored = [(_worth(one, solving), one) for one in material.ranked if one.passage.is_code and one.usable]
    ordered = sorted((pair for pair in scored if pair[0] >= MIN_CODE_SCORE), key=lambda pair: (-pair[0], pair[1].passage.order))
    best: list[Ranked] = []
    for _, one in ordered:
        if all(one.passage.text != other.passage.text for other in best):
            best.append(one)
    return best


def _worth(one: Ranked, solving: Sequence[Ranked]) -> float:
    """What a code block is worth: by what it names, by where it stands, and most if it is a patch."""
    steps = [one.passage.order - other.passage.order for other in solving if other.passage.note == one.passage.note]
    if one.part:
        place = 0.4 if one.part in CODE_PARTS else -1.0
    elif any(step in (-1, 1, 2) for step in steps):
        place = 0.4
    else:
        place = (
            0.25
            if any(other.passage.note == one.passage.note and other.passage.headings == one.passage.headings for other in solving)
            else 0.0
        )
    return one.relevance * 0.6 + place + (0.3 if one.passage.form is Form.DIFF else 0.0)


def _part(one: Ranked) -> CodePart:
    piece: Evidence = one.passage.evidence
    return CodePart(piece.text, piece.language, (piece.id,), piece)


def _links(material: Material, answering: Sequence[Ranked]) -> Iterable[Said]:
    """The addresses that stand in notes on the topic, those of passages that answer first."""
    notes = {one.passage.note for one in answering}
    ordered = sorted(
        (one for one in material.ranked if one.usable and one.passage.note in notes),
        key=lambda one: (one not in answering, -one.relevance, one.passage.order),
    )
    seen: dict[str, str] = {}
    for one in ordered:
        for address in () if one.passage.is_code else addresses(one.passage.text):
            if _is_telling(address, one, material.asked) and not LOCAL.match(address):
                seen.setdefault(address, material.id_of(one))
    return [Said(address, (where,)) for address, where in list(seen.items())[:MAX_LINKS]]


def _is_telling(address: str, one: Ranked, asked: Asked) -> bool:
    """Whether an address is worth reading: it says of itself that it is about this, or stands in a sentence that is."""
    words = terms_of(re.sub(r"[/_#?&=.-]+", " ", address))
    return bool(words & asked.anchors) or one.own >= 2.0


def _version_notes(material: Material, shown: Sequence[Ranked]) -> Iterable[Said]:
    """Notes that are for another major version, and other versions that the shown passages name."""
    told = set()
    for other in material.others:
        ids = tuple(material.id_of(one) for one in material.ranked if one.passage.note == other.note)[:1]
        told.add(other.name)
        text = f"`{material.names[other.note]}` is for {other.name} {other.theirs}; the environment of this export has {other.name} {other.ours}"
        yield Said(text, ids)
    for one in shown:
        for name, version, ours in differing(one.said, material.asked.versions):
            if name not in told and len(told) < MAX_VERSIONS:
                told.add(name)
                text = f"the notes name {name} {version}; the environment of this export has {name} {ours}"
                yield Said(text, (material.id_of(one),))


def notes_read(material: Material, shown: Sequence[Ranked]) -> tuple[NoteRead, ...]:
    """What became of each note."""
    used = {one.passage.note for one in shown}
    found = []
    for number, name in enumerate(material.names):
        mine = [one for one in material.ranked if one.passage.note == number]
        ids = tuple(material.id_of(one) for one in mine)
        orders = [material.id_of(one) for one in mine if one.is_hostile]
        worth = (
            "holds no text"
            if not mine
            else "answers"
            if number in used
            else "on the topic, but it says no way out"
            if any(one.topic for one in mine)
            else "off the topic"
        )
        helped = [material.id_of(one) for one in mine if _is_confirmed(one)]
        if helped and number in used:
            worth += f"; who asked there says that it helped ({', '.join(helped[:3])})"
        if orders:
            worth += f"; {', '.join(orders[:3])} gives orders to a program that reads it, which were not followed"
        found.append(NoteRead(name, ids, worth))
    return tuple(found)


def _is_confirmed(one: Ranked) -> bool:
    """Whether somebody who asks says that an answer helped."""
    return one.passage.is_question and not one.is_hostile and bool(CONFIRMS.search(one.said)) and not FAILS.search(one.said)


def other_versions_of(ranked: Sequence[Ranked], asked: Asked) -> tuple[OtherVersion, ...]:
    """The notes on the topic that are for another major version."""
    texts = [
        (one.passage.note, text)
        for one in ranked
        if one.topic and not one.passage.is_question
        for text in (one.said, *one.passage.headings)
    ]
    return other_versions(texts, asked.versions)
