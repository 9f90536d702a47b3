"""What stands around a passage says what it is: who asks, which proposal a reply rejects, what leads to some code."""

from collections.abc import Sequence

from assistant.checking.grounding import sentences
from assistant.results.cues import ASKS, CHECKS, FAILS, PROPOSES, REJECTS, SOLVES
from assistant.results.passages import Form, Passage
from assistant.results.shown import readable

MAX_REPLY, MAX_BETWEEN = 300, 4
"""Characters of a reply that only says that something did not help, and how many passages it may stand behind it."""
MAX_SKIMMED = 2500
"""Characters of a passage that are looked at."""


def with_askers(passages: Sequence[Passage]) -> list[Passage]:
    """The passages, those marked that stand in a post which only asks: its code is what fails."""
    asking: set[tuple[int, tuple[str, ...]]] = set()
    answering: set[tuple[int, tuple[str, ...]]] = set()
    for passage in passages:
        if passage.form in (Form.PROSE, Form.STEP):
            text = passage.text[:MAX_SKIMMED]
            if SOLVES.search(text) or PROPOSES.search(text):
                answering.add((passage.note, passage.headings))
            elif ASKS.search(text.strip()):
                asking.add((passage.note, passage.headings))
    only = asking - answering
    return [passage._replace(is_question=passage.is_question or (passage.note, passage.headings) in only) for passage in passages]


def rejections(passages: Sequence[Passage]) -> dict[int, Passage]:
    """The proposals to which the next reply of the same post or conversation says that they did not help, with that reply."""
    found: dict[int, Passage] = {}
    for at, passage in enumerate(passages):
        text = readable(passage.text[:MAX_REPLY]) if passage.form in (Form.PROSE, Form.STEP) and len(passage.text) < MAX_REPLY else ""
        if FAILS.search(text) and REJECTS.search(text):
            before = range(max(0, at - MAX_BETWEEN), at)
            proposals = [one for one in before if stand_together(passages[one], passage) and _proposes(passages[one].text[:MAX_SKIMMED])]
            found |= dict.fromkeys(proposals[-1:], passage)
    return found


def _proposes(text: str) -> bool:
    return bool(PROPOSES.search(text) or SOLVES.search(text))


def announcement(passages: Sequence[Passage], at: int) -> str:
    """What stands right before some code, if that is no code."""
    if at == 0 or not passages[at].is_code or not stand_together(passages[at - 1], passages[at]) or passages[at - 1].is_code:
        return ""
    return readable(passages[at - 1].text[-MAX_REPLY:])


def is_check(passage: Passage, announced: str) -> bool:
    """Whether a command is there to check something, by the sentence that leads to it."""
    return passage.form is Form.COMMAND and bool(announced) and bool(CHECKS.search(sentences(announced)[-1]))


def stand_together(one: Passage, other: Passage) -> bool:
    """Whether two passages stand in one note under the same headings."""
    return one.note == other.note and one.headings == other.headings
