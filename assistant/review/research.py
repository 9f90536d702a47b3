"""What drafted results say of the research notes: every quoted passage stands in the note that it cites, every address in some note."""

import re
from collections.abc import Iterator

from assistant.checking import Problem
from assistant.checking.citing import citations
from assistant.checking.grounding import URL, folded
from assistant.checking.structure import read_draft_line
from assistant.document import Line, Region
from assistant.markup import unescaped
from assistant.review.subject import Hand, Subject, is_result

ANSWERS = "research_questions.answers"
QUOTED = re.compile(r"^\s{0,6}> (?P<quote>.{1,3000}) \((?P<ids>[ER][^()]{0,400}(?:\([^()]{0,200}\)[^()]{0,200})?)\)\s*$")
LETTERS = re.compile(r"[^\w]+")


def research_problems(subject: Subject) -> Iterator[Problem]:
    """Quotes that were altered and addresses that no note has, in results that wait for a person."""
    for region in subject.regions:
        if subject.hands[region] is Hand.DRAFT and (is_result(region) or region.place == ANSWERS):
            for line in subject.document.lines(region):
                if not line.fenced and not read_draft_line(line.text):
                    yield from _quote(subject, region, line)


def _quote(subject: Subject, region: Region, line: Line) -> Iterator[Problem]:
    found = QUOTED.match(line.text)
    cited = citations(line.text)
    if not found or not cited:
        return
    pieces = [piece for one in cited[-1].ids if (piece := subject.piece(one))]
    if pieces and not any(is_quoted(unescaped(found["quote"]), piece.text) for piece in pieces):
        yield Problem("quote", region.place, f"the quote does not stand in {pieces[0].id}: {folded(found['quote'])[:80]}", line=line.number)


def is_quoted(quote: str, text: str) -> bool:
    """Whether the words of a quote stand in a text in a row; what is between words (marks, links, white space) is not looked at."""
    said, wanted = (LETTERS.sub(" ", URL.sub(" ", part)).strip() for part in (text, quote))
    return bool(wanted) and f" {wanted} " in f" {said} "
