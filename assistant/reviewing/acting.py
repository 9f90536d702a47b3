"""What a person does at one place of a document: answer, confirm, edit, drop. Text in, text out."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.checking.structure import draft_line
from assistant.document import NEWLINE, Document, bodies, edit, parse, trim
from assistant.errors import AssistantError, UsageError
from assistant.evidence import Ledger
from assistant.merging import INFORMATION, NUMBERED, TITLE_PLACE
from assistant.outline import ADDED
from assistant.pages.blanks import answered, find_blanks, removed, without_draft_line
from assistant.record import body_digest
from assistant.rendering import TITLE_PREFIX, renderer
from assistant.sections import ResearchExport

Changes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a form asks for.

    Args:
        kind: `answer`, `skip`, `confirm`, `edit` or `drop`.
        place: where.
        base: digest of the body that the person saw.
        text: what the person wrote.
        question: of the blank that is answered or skipped.
        blank: its number within the place.
    """

    kind: str
    place: str
    base: str
    text: str = ""
    question: str = ""
    blank: int = 0


class MeanwhileError(AssistantError):
    """Somebody else changed the place since the person saw it.

    Args:
        place: where.
        theirs: what stands there now.
        mine: what the person wrote or wanted.
    """

    def __init__(self, place: str, *, theirs: str, mine: str) -> None:
        super().__init__("somebody else changed this place meanwhile", hint="nothing was overwritten; choose what shall stand")
        self.place = place
        self.theirs = theirs
        self.mine = mine


def act(text: str, action: Action) -> str:
    """Do what a form asks for.

    Args:
        text: the document as it stands.
        action: what is asked for.

    Returns:
        The changed document: every byte outside the place stays.

    Raises:
        MeanwhileError: the place is not what the person saw.
        UsageError: it cannot be done.
        DocumentError: what was written would break the document.
    """
    document = parse(text)
    if document.find(action.place) is None:
        raise MeanwhileError(action.place, theirs="", mine=action.text)
    body = document.body(action.place)
    if body_digest(body) != action.base and not _still_asks(body, action):
        return _unless_done(text, body, action)
    return edit(text, _changes(document, action))


def _still_asks(body: str, action: Action) -> bool:
    """Whether a changed place still asks what a person answers, so that nobody's text is touched."""
    return action.kind in ("answer", "skip") and _blank_number(body, action) > 0


def _blank_number(body: str, action: Action) -> int:
    """The number of the blank with the action's question: the one of its number, else the only one."""
    asked = [blank.number for blank in find_blanks(body) if blank.question == action.question]
    if action.blank in asked:
        return action.blank
    return asked[0] if len(asked) == 1 else 0


def _unless_done(text: str, body: str, action: Action) -> str:
    """The text itself where somebody did the same already."""
    if action.kind == "edit" and trim(action.text) == trim(body):
        return text
    raise MeanwhileError(action.place, theirs=body, mine=action.text)


def _changes(document: Document, action: Action) -> Changes:
    place, body = action.place, document.body(action.place)
    if action.kind in ("answer", "skip"):
        return _answer(place, body, action)
    if action.kind == "confirm":
        if draft_line(body) is None:
            raise UsageError("there is no draft to confirm here")
        return {place: without_draft_line(body)}
    if action.kind == "edit":
        return _rewrite(place, action.text)
    if action.kind == "drop":
        return _drop(document, place)
    raise UsageError("this page knows no such action")


def _answer(place: str, body: str, action: Action) -> Changes:
    number = _blank_number(body, action)
    blank = next((one for one in find_blanks(body) if one.number == number), None)
    if blank is None:
        raise UsageError("the question that this answers is not there")
    return {place: removed(body, blank) if action.kind == "skip" else answered(body, blank, action.text)}


def _rewrite(place: str, text: str) -> Changes:
    if place == TITLE_PLACE:
        return {place: TITLE_PREFIX + " ".join(text.split()).removeprefix(TITLE_PREFIX.strip()).strip()}
    body = without_draft_line(NEWLINE.sub("\n", text))
    if not body:
        raise UsageError("nothing is left of the text", hint="drop the draft instead, or write something")
    return {place: body}


def _drop(document: Document, place: str) -> Changes:
    """A place as if nobody had drafted it; a numbered one goes, and those behind it count down."""
    if place in ADDED:
        return {place: None}
    number = NUMBERED.match(place)
    stem = re.sub(r"[0-9]+$", "", place)
    later = [region.place for region in document.regions if region.place.startswith(stem)] if number else []
    if number and len(later) > 1:
        behind = later[later.index(place) :]
        moved: dict[str, str | None] = {to: document.body(source) for to, source in itertools.pairwise(behind)}
        return {**moved, behind[-1]: None}
    if place == INFORMATION:
        return _drop_information(document)
    blank = blank_bodies().get(re.sub(r"[0-9]+$", "1", place) if number else place)
    if blank is None:
        raise UsageError("the template has no such place")
    return {place: blank}


def _drop_information(document: Document) -> Changes:
    """Title and severity are drafted there; what evidence says stays."""
    asks = {line.partition(":")[0]: line for line in blank_bodies()[INFORMATION].split("\n") if line.startswith("- Severity:")}
    lines = without_draft_line(document.body(INFORMATION)).split("\n")
    return {INFORMATION: "\n".join(asks.get(line.partition(":")[0], line) for line in lines), TITLE_PLACE: blank_title()}


@cache
def blank_bodies() -> dict[str, str]:
    """The bodies of a document that nobody filled."""
    return bodies(renderer()(ResearchExport(), Ledger()))


def blank_title() -> str:
    """The title of one."""
    return blank_bodies()[TITLE_PLACE]
