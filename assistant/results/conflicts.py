"""Sources that contradict each other: the same setting with two values, or what one proposes and another warns of."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from assistant.results.cues import FAILS, NEGATES, PROPOSES, SOLVES
from assistant.results.drafted import Conflict, Said
from assistant.results.passages import Form
from assistant.results.ranking import Ranked
from assistant.results.shown import clipped, is_quotable
from assistant.results.terms import identifiers_of

SETTING = re.compile(
    r"\b([A-Za-z_][\w.-]{2,50})\s?[=:]\s?(True|False|None|true|false|yes|no|on|off|[0-9]{1,6}(?:\.[0-9]+)?|\"[^\"\s]{1,40}\"|'[^'\s]{1,40}')(?!\w)"
)
VERSION_STEP = re.compile(
    r"\b(?P<what>fixed|introduced|removed|added|broken|works?|appeared|deprecated)\b[^.;\n]{0,20}?\b(?:in|since|with)\b\s(?P<name>[A-Za-z][\w-]{1,30})\s(?P<version>[0-9]+(?:\.[0-9]+){1,3})\b",
    re.I,
)
MOVE = re.compile(
    r"\b(?P<verb>upgrad\w*|updat\w*|bump\w*|downgrad\w*|pin\w*|hold\w* back|stay\w*)\b[^.;\n]{0,15}?\s`?(?P<name>[a-z][\w-]{1,40})`?", re.I
)
MAX_CONFLICTS = 4


class Claim(NamedTuple):
    """What a sentence says of one subject.

    Args:
        subject: what it is about.
        value: what it says of it; two claims of a subject with different values contradict each other.
        text: the sentence.
        ranked: where it stands.
    """

    subject: str
    value: str
    text: str
    ranked: Ranked


def find_conflicts(ranked: Sequence[Ranked]) -> tuple[Conflict, ...]:
    """Contradictions between different notes, or between different voices of one note.

    Args:
        ranked: usable passages with ids.
    """
    prose = [one for one in ranked if one.passage.form in (Form.PROSE, Form.STEP) and is_quotable(one.passage.text) and not one.asks]
    by_subject: dict[str, list[Claim]] = {}
    for one in prose:
        for sentence in one.sentences:
            for claim in _claims(sentence, one):
                by_subject.setdefault(claim.subject, []).append(claim)
    found = [conflict for subject, claims in by_subject.items() if (conflict := _conflict(subject, claims))]
    distinct: dict[tuple[str, ...], Conflict] = {}
    for conflict in found:
        distinct.setdefault(tuple(sorted(one for side in conflict.sides for one in side.ids)), conflict)
    return tuple(list(distinct.values())[:MAX_CONFLICTS])


def _claims(sentence: str, one: Ranked) -> Iterator[Claim]:
    warns = bool(NEGATES.search(sentence) or FAILS.search(sentence))
    proposes = bool(PROPOSES.search(sentence) or SOLVES.search(sentence))
    for name, value in SETTING.findall(sentence):
        if proposes or warns:
            yield Claim(f"the value of `{name}`", ("not " if warns else "") + value.strip("'\"").lower(), sentence, one)
    for step in VERSION_STEP.finditer(sentence):
        yield Claim(f"what {step['name']} release it was {step['what'].lower()} in", step["version"], sentence, one)
    for move in MOVE.finditer(sentence):
        up = move["verb"].lower().startswith(("upgrad", "updat", "bump"))
        yield Claim(f"the version of `{move['name'].lower()}`", "newer" if up != warns else "older", sentence, one)
    for name in identifiers_of(sentence) if proposes or warns else ():
        yield Claim(f"`{name}`", _stance(sentence, name), sentence, one)


def _stance(sentence: str, name: str) -> str:
    """Whether a sentence is for or against a name: the part of the sentence in which it stands decides."""
    parts = re.split(r"[,;:]| but | because | since | or | and (?:do|don't|never|use|set) ", sentence)
    part = next((part for part in parts if name in part.lower()), sentence)
    return "against" if NEGATES.search(part) or FAILS.search(part) else "for" if PROPOSES.search(part) or SOLVES.search(part) else ""


def _conflict(subject: str, claims: Sequence[Claim]) -> Conflict | None:
    for one, other in combinations(claims[:40], 2):
        if (
            one.value
            and other.value
            and one.value != other.value
            and _are_apart(one.ranked, other.ranked)
            and _is_opposed(one.value, other.value)
        ):
            return Conflict(subject, (_side(one), _side(other)))
    return None


def _is_opposed(one: str, other: str) -> bool:
    """`not true` and `false` agree."""
    if one.startswith("not ") or other.startswith("not "):
        return one.removeprefix("not ") == other.removeprefix("not ")
    return True


def _are_apart(one: Ranked, other: Ranked) -> bool:
    """Whether two passages come from different sources: notes, or posts of one page under headings of their own."""
    return one.passage.note != other.passage.note or (bool(one.passage.heading) and one.passage.headings != other.passage.headings)


def _side(claim: Claim) -> Said:
    return Said(clipped(claim.text, 250), (claim.ranked.passage.evidence.id,), is_quote=True)
