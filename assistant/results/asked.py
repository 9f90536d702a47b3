"""What an export asks, read from the document as it stands: people edit it, so the document is right and the record is not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.checking.items import Item
from assistant.checking.structure import REVIEW, outside_fences, read_draft_line, template_lines
from assistant.document import Document, Region
from assistant.markup import unescaped
from assistant.results.terms import STOP, identifiers_of, is_identifier, stem, terms_of
from assistant.results.versions import versions_in
from assistant.review.items import QUESTION_PLACES, list_items
from assistant.review.subject import labelled

CODE = re.compile(r"`([^`\n]{1,400})`")
HYPOTHESIS = re.compile(r"hypotheses\.hypothesis_[0-9]+")
EXCEPTION = re.compile(
    r"(?<![\w.])(?:[A-Za-z_]\w*\.){0,8}[A-Z]\w*(?:Error|Exception|Warning|Timeout|Greenlet|Interrupt)\b|(?<![\w])E[A-Z]{4,20}\b"
)
ERROR_LINE = re.compile(
    r"^(?:E\s{1,10})?[\w.]{0,120}(?:Error|Exception|Warning|error|ERR!|FATAL|fatal|failed)\b.*|^\s{0,8}E\s{2,8}\S.*", re.M
)
TEST_ID = re.compile(r"(?<![\w/])[\w./-]{1,200}\.py::[\w:]{1,200}(?:\[[^\]\n]{1,100}\])?")
NAME_WEIGHT, LIBRARY_WEIGHT, WORD_WEIGHT, BACKGROUND_WEIGHT = 3.0, 2.0, 1.0, 0.5
BACKGROUND = frozenset(
    [
        "problem_statement",
        "what_we_tried",
        "error_messages",
        "current_code",
        "research_questions",
        "hypotheses",
        "environment_details",
        "additional_context",
        "next_steps_after_research",
    ]
)
ANSWERS = "research_questions.answers"
MAX_BACKGROUND = 20_000
ENVIRONMENT_PLACES = ("context.system_state", "environment_details.python_environment", "error_messages.log_output")


@dataclass(frozen=True, slots=True)
class Question:
    """A research question.

    Args:
        number: as the outgoing copy numbers it, through all groups.
        text: as it stands in the document.
        names: the terms of what it sets in code, and of the identifiers and libraries that it names.
    """

    number: int
    text: str
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Theory:
    """A hypothesis of the document: its number, what it says, and the change that would mend it."""

    number: int
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an export asks and what is known of its surroundings.

    Args:
        title: what the problem is called.
        questions: in order.
        theories: in order.
        errors: the lines that say what went wrong.
        shown: all that the block of the primary error holds.
        tests: ids of tests that fail.
        criteria: what has to be seen when it is solved.
        versions: what runs there: normalised name -> versions.
        weights: how much each term says that a text is about this failure.
        anchors: the terms without which a text is about something else.
    """

    title: str
    questions: tuple[Question, ...]
    theories: tuple[Theory, ...]
    errors: tuple[str, ...]
    tests: tuple[str, ...]
    criteria: tuple[str, ...]
    versions: Mapping[str, frozenset[str]]
    weights: dict[str, float]
    anchors: frozenset[str]
    shown: str = ""


def read_asked(document: Document) -> Asked:
    """Read what a document asks.

    Args:
        document: a Research Export, filled by this program, by people, or both.
    """
    questions = tuple(Question(number, text, _named(text)) for number, text in enumerate(_questions(document), 1))
    theories = tuple(_theories(document))
    errors = _errors(document)
    title = re.sub(r"^Research Export:\s*", "", unescaped(document.body("title"))) if document.find("title") else ""
    versions = versions_in("\n".join(_body(document, place) for place in ENVIRONMENT_PLACES))
    asked = [title, *errors, *(question.text for question in questions)]
    weights = _weights(asked, _background(document), versions)
    anchors = frozenset(term for term, weight in weights.items() if weight >= LIBRARY_WEIGHT) | terms_of(title)
    criteria = [item.text for item in _items(document, "success_criteria.how_well_know_its_fixed")]
    tests = tuple(dict.fromkeys(TEST_ID.findall("\n".join((_body(document, "problem_statement.impact"), *criteria)))))
    return Asked(title, questions, theories, errors, tests, tuple(map(unescaped, criteria)), versions, weights, anchors, _shown(document))


def _questions(document: Document) -> list[str]:
    return [item.text for place in QUESTION_PLACES for item in _items(document, place)]


def _named(question: str) -> frozenset[str]:
    """The terms that an answer to a question cannot do without: what it sets in code, and identifiers."""
    return frozenset(term for span in CODE.findall(question) for term in terms_of(span)) | identifiers_of(question)


def _items(document: Document, place: str) -> list[Item]:
    region = document.find(place)
    return [item for item in list_items(document.lines(region)) if item.text not in template_lines()] if region else []


def _theories(document: Document) -> list[Theory]:
    found = []
    solutions = [item.text for item in _items(document, "next_steps_after_research.potential_solutions_to_test")]
    for region in document.regions:
        if HYPOTHESIS.fullmatch(region.place) and (theory := _labelled(document, region, "Theory")):
            number = int(region.place.rpartition("_")[2])
            found.append(
                Theory(
                    number,
                    theory,
                    " ".join(text.replace(f"(Hypothesis {number})", "") for text in solutions if f"(Hypothesis {number})" in text),
                )
            )
    return found


def _labelled(document: Document, region: Region, label: str) -> str:
    lines = [line.text for line in labelled(document.lines(region)).get(label, [])]
    said = [line for line in lines if line.strip() and line.strip() not in template_lines() and not REVIEW.match(line.strip())]
    return unescaped("\n".join(said)).strip()


def _errors(document: Document) -> tuple[str, ...]:
    """The lines of the errors that say what went wrong: the last ones of each block say most."""
    region = document.find("error_messages.primary_error")
    lines = [line.text for line in document.lines(region) if line.fenced and not line.text.startswith("```")] if region else []
    said = [found[0].strip() for found in ERROR_LINE.finditer("\n".join(line[:1000] for line in lines))]
    said = [line for line in said if line not in template_lines()]
    return tuple(dict.fromkeys(said or [line.strip() for line in lines if line.strip() and line.strip() not in template_lines()][-3:]))[-6:]


def _shown(document: Document) -> str:
    """What stands in the block of the primary error."""
    region = document.find("error_messages.primary_error")
    return "\n".join(line.text for line in document.lines(region) if line.fenced)[:MAX_BACKGROUND] if region else ""


def _background(document: Document) -> list[str]:
    """All else that the document says of the failure: theories, code, logs, what was tried; never what an earlier run answered."""
    return [
        _body(document, region.place)[:MAX_BACKGROUND]
        for region in document.regions
        if region.place.partition(".")[0] in BACKGROUND and region.place != ANSWERS
    ]


def _weights(asked: list[str], background: list[str], versions: Mapping[str, frozenset[str]]) -> dict[str, float]:
    weights: dict[str, float] = {}

    def take(terms: frozenset[str], weight: float) -> None:
        for term in terms:
            weights[term] = max(weights.get(term, 0.0), weight)

    for text in background:
        take(terms_of(text), BACKGROUND_WEIGHT)
    for text in asked:
        take(terms_of(text), WORD_WEIGHT)
        take(frozenset(name for name in identifiers_of(text)), NAME_WEIGHT)
        take(
            frozenset(stem(span) for span in CODE.findall(text) if re.fullmatch(r"\w{2,40}", span) and span.lower() not in STOP),
            LIBRARY_WEIGHT,
        )
        take(frozenset(found.rpartition(".")[2].lower() for found in EXCEPTION.findall(text) if is_identifier(found)), NAME_WEIGHT)
    named = "\n".join((*asked, *background)).lower()
    for name in versions:
        if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", named):
            take(terms_of(name), LIBRARY_WEIGHT)
    return weights


def _body(document: Document, place: str) -> str:
    if document.find(place) is None:
        return ""
    return "\n".join(
        line for line in document.body(place).split("\n") if not read_draft_line(line) and line.strip() not in template_lines()
    )


def stated(document: Document, place: str) -> str:
    """What stands at a place outside of its fenced blocks, without placeholders and text of the template."""
    return "\n".join(line for line in outside_fences(_body(document, place)) if not REVIEW.search(line))
