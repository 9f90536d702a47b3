"""The implementation plan: the steps that the notes list, else their commands and code; how to verify; what keeps it from coming back."""

import re
from collections.abc import Iterator, Sequence

from assistant.results.cues import PREVENTS, PROPOSES, SOLVES
from assistant.results.drafted import Said
from assistant.results.material import Material, best_of
from assistant.results.passages import Form
from assistant.results.ranking import Ranked
from assistant.results.shown import clipped

CONNECTIVE = re.compile(r"^(?:ok(?:ay)?,? )?(?:(?:then|first|next|finally|now|so|and|afterwards)\b,? )?(?:just |simply )?(?=\S)", re.I)
"""How a step begins that stood in a row; the row is numbered here."""
TOLD = re.compile(r"\b(?:for me|in my case|(?:fixed|solved|cured) (?:it|this|that|the))\b", re.I)
"""What somebody did and tells of is no step."""
MAX_STEPS, MAX_COMMANDS, MAX_LINES, MAX_NAMED_TESTS, MAX_STEP = 7, 3, 4, 3, 240


def plan_steps(
    material: Material, prose: Sequence[Ranked], code: Sequence[Ranked], solving: Sequence[Ranked], parts: Sequence[Ranked]
) -> Iterator[Said]:
    """The steps of an implementation plan.

    Args:
        material: what is drafted from.
        prose: passages to read.
        code: code that answers.
        solving: the passages that propose the way out.
        parts: the code that is shown whole.
    """
    notes = {one.passage.note for one in (*solving, *code)}
    listed = [one for one in prose if one.is_step and one.passage.note in notes and one.usable and not one.asks]
    ordered = [one for one in solving if PROPOSES.search(one.said) or not TOLD.search(one.said)] or solving
    shown = [_with_code(material, one, parts) for one in listed[:MAX_STEPS] or ordered]
    yield from shown
    told = {one for step in shown for one in step.ids}
    mine = [one for one in code if one.passage.note in notes]
    if not any(material.id_of(one) in told for one in mine if not one.is_test):
        yield from _from_code([one for one in mine if not one.is_test], "\n".join(step.text for step in shown))
    checks = [one for one in mine if one.is_test and one.passage.form is Form.COMMAND and material.id_of(one) not in told]
    yield from (Said(f"Check with `{line}`", (material.id_of(one),)) for one in checks[:1] for line in _command_lines(one.passage.text)[:1])
    if tests := material.asked.tests[:MAX_NAMED_TESTS]:
        yield Said(f"Verify: run {', '.join(f'`{test}`' for test in tests)}")
    elif material.asked.criteria:
        yield Said(f"Verify: {material.asked.criteria[0].rstrip('.')}")
    preventing = best_of(((one.prevention, one) for one in prose if one not in solving and one not in listed), 1)
    yield from (_telling(one, PREVENTS) for one in preventing)


def _from_code(code: Sequence[Ranked], said: str) -> Iterator[Said]:
    """The commands and the changes that no step names yet."""
    commands = [one for one in code if one.passage.form is Form.COMMAND][:MAX_COMMANDS]
    lines = {line: one.passage.evidence.id for one in commands for line in _command_lines(one.passage.text) if line not in said}
    yield from (Said(f"Run `{line}`", (where,)) for line, where in list(lines.items())[:MAX_LINES])
    changes = [one for one in code if one.passage.form is not Form.COMMAND and one.said not in said]
    if changes:
        yield Said("Make the change that stands under Code Changes Required", (changes[0].passage.evidence.id,))


def _with_code(material: Material, one: Ranked, parts: Sequence[Ranked]) -> Said:
    """What a passage says to do; with the line of code that it announces, or with where longer code stands."""
    said = _telling(one, PROPOSES, SOLVES)
    bare = Said(said.text.rstrip(":"), said.ids)
    after = next((other for other in material.ranked if one.leads_to(other)), None)
    if after is None:
        return bare
    lines, where = _command_lines(after.passage.text), (*said.ids, material.id_of(after))
    if after in parts and ("\n" in after.passage.text.strip() or not lines):
        shown = f"see {material.id_of(after)}"
    else:
        shown = ", ".join(f"`{line}`" for line in lines)
    return Said(f"{bare.text.rstrip('.')}: {shown}", where)


def _telling(one: Ranked, *cues: re.Pattern[str]) -> Said:
    """The sentences of a passage that have the first of these cues that any has, as many as fit."""
    parts = one.sentences or (one.said,)
    telling = next((found for cue in cues if (found := [part for part in parts if cue.search(part)])), parts[:1])
    text = clipped(CONNECTIVE.sub("", " ".join(telling)), MAX_STEP)
    return Said(text[:1].upper() + text[1:], (one.passage.evidence.id,))


def _command_lines(text: str) -> list[str]:
    lines = [re.sub(r"^\s*(?:\$|❯|>)\s+", "", line).strip() for line in text.split("\n")]
    return [line for line in lines if line and not line.startswith("#") and "`" not in line and len(line) < MAX_STEP][:MAX_COMMANDS]
