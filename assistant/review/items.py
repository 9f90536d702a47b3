"""Single entries of a document: its date and severity, questions, queries, hypotheses, the acceptance test."""

import re
from collections.abc import Iterator, Sequence

from assistant.checking import Problem
from assistant.checking.citing import QUOTE, without_code
from assistant.checking.grounding import LINK
from assistant.checking.items import (
    MIN_HYPOTHESES,
    Item,
    date_problem,
    distinct_theories,
    query_problems,
    question_problems,
    severity_problem,
    syntax_problem,
    title_problem,
)
from assistant.checking.structure import placeholder, read_draft_line
from assistant.document import Document, Line, Region
from assistant.review.subject import Hand, Subject, as_problems, labelled

BULLET = re.compile(r"^(\s*)(?:[-*+]|[0-9]{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$")
FIELD = re.compile(r"^- (Date|Severity): (.*?)\s*$")
OUTCOME = re.compile(r"^\s*- (If true|If false): (.*)$")
NO_FAILURE = "no failure found"
OPEN = frozenset(["[What might be causing the problem]", "[Alternative explanation]"])
UNFILLED = "[Full error message including stack trace]"
QUESTION_PLACES = tuple(f"research_questions.{key}" for key in ("primary_questions", "technical_questions", "architecture_questions"))
HYPOTHESIS = re.compile(r"hypotheses\.hypothesis_[0-9]+")


def item_problems(subject: Subject) -> Iterator[Problem]:
    """Entries that do not say what their place asks for."""
    yield from _title(subject)
    yield from _fields(subject.document)
    yield from _questions(subject)
    if queries := subject.document.find("research_questions.search_queries"):
        yield from as_problems(queries.place, query_problems(list_items(subject.document.lines(queries))))
    yield from _hypotheses(subject)
    yield from _acceptance(subject.document)
    for region in subject.drafters:
        for line in subject.document.lines(region):
            if not line.fenced and not read_draft_line(line.text) and (found := LINK.search(without_code(line.text))):
                yield Problem("live-link", region.place, f"a draft holds a link, image or HTML: {found[0][:40]}", line=line.number)


def _title(subject: Subject) -> Iterator[Problem]:
    """A title is a draft as long as the line under Export Information stands."""
    title, information = subject.document.find("title"), subject.document.find("export_information")
    if title and information in subject.drafters and (message := title_problem(title.heading.partition(": ")[2].strip("` "))):
        yield Problem("title-length", "title", message, line=title.line)


def _fields(document: Document) -> Iterator[Problem]:
    region = document.find("export_information")
    for line in document.lines(region) if region else []:
        found = FIELD.match(line.text)
        if not found or placeholder(found[2]) or found[2].startswith("["):
            continue
        check, rule = (date_problem, "date") if found[1] == "Date" else (severity_problem, "severity")
        if message := check(found[2]):
            yield Problem(rule, "export_information", message, line=line.number)


def _questions(subject: Subject) -> Iterator[Problem]:
    regions = [region for place in QUESTION_PLACES if (region := subject.document.find(place))]
    questions = [(region, item) for region in regions for item in list_items(subject.document.lines(region))]
    where = {item.line: region for region, item in questions}
    for rule, message, line in question_problems([item for _, item in questions]):
        yield Problem(rule, where[line].place, message, line=line)
    own = [item for region, item in questions if subject.hands[region] is Hand.DRAFT and not subject.stands_on_lost(region)]
    for rule, message, line in question_problems(own, vocabulary_holds=subject.vocabulary.holds) if subject.record else ():
        if rule == "question-evidence":
            yield Problem(rule, where[line].place, message, line=line)


def list_items(lines: Sequence[Line]) -> list[Item]:
    """The entries of a list: what is wrapped belongs to its line, what is nested below an entry is none of its own."""
    found: list[Item] = []
    indent, running = 0, False
    for line in lines:
        bullet = None if line.fenced else BULLET.match(line.text)
        if bullet and (not found or len(bullet[1]) < indent + 2):
            indent = len(bullet[1])
            found.append(Item(bullet[2].strip(), line.number))
        elif running and not bullet and not line.fenced and line.text.strip() and not found[-1].text.endswith("?"):
            found[-1] = found[-1]._replace(text=f"{found[-1].text} {line.text.strip()}")
            continue
        running = bool(bullet) and found[-1].line == line.number
    return [item for item in found if not placeholder(item.text) and not re.fullmatch(r"\[[^\]]*\]", item.text)]


def _hypotheses(subject: Subject) -> Iterator[Problem]:
    regions = [region for region in subject.regions if HYPOTHESIS.fullmatch(region.place)]
    filled = [region for region in regions if not _is_open(subject, region)]
    if len(filled) < MIN_HYPOTHESES and regions and not _no_failure(subject.document):
        message = f"there are {len(filled)} hypotheses; a failure needs at least {MIN_HYPOTHESES}"
        yield Problem("hypothesis-count", "hypotheses", message, line=regions[-1].line)
    theories = []
    for region in filled:
        parts = labelled(subject.document.lines(region))
        theories.append(Item(" ".join(line.text for line in parts.get("Theory", [])), region.line))
        yield from _hypothesis(region, parts, drafted=region in subject.drafters)
    yield from as_problems("hypotheses", distinct_theories(theories))


def _hypothesis(region: Region, parts: dict[str, list[Line]], *, drafted: bool) -> Iterator[Problem]:
    outcomes = {found[1]: found[2].strip() for line in parts.get("Test", []) if (found := OUTCOME.match(line.text))}
    for label in ("Theory", "Evidence", "Test"):
        said = [line for line in parts.get(label, []) if line.text.strip() and not OUTCOME.match(line.text)]
        if not said:
            yield Problem("hypothesis-part", region.place, f"'{region.heading}' has no {label.lower()}", line=region.line)
    for outcome in ("If true", "If false") if drafted else ():
        if not outcomes.get(outcome):
            message = f"'{region.heading}' does not say what its test shows: '{outcome}:' is missing"
            yield Problem("hypothesis-part", region.place, message, line=region.line)
    if drafted:
        yield from _quotes(region, [line for line in parts.get("Evidence", []) if line.text.strip()])


def _quotes(region: Region, lines: list[Line]) -> Iterator[Problem]:
    """Every line of evidence in a draft is a quote with its id, and one at least speaks for the theory."""
    quotes = [(line, QUOTE.match(line.text)) for line in lines]
    for line, quote in quotes:
        if not quote:
            yield Problem("hypothesis-evidence", region.place, f"this is no quote with an id: {line.text.strip()[:80]}", line=line.number)
    if lines and not any(quote and quote["stance"] == "For" for _, quote in quotes):
        yield Problem("hypothesis-evidence", region.place, f"'{region.heading}' quotes no evidence for its theory", line=lines[0].number)


def _acceptance(document: Document) -> Iterator[Problem]:
    region = document.find("success_criteria.acceptance_tests")
    lines = {line.number: line for line in document.lines(region)} if region else {}
    for start, end, language in document.fences if region else ():
        if start in lines and language in ("python", "py"):
            code = "\n".join(lines[number].text for number in range(start + 1, end) if number in lines)
            if region and (problem := syntax_problem(code)):
                yield Problem("acceptance-test", region.place, problem[0], line=start + problem[1])


def _is_open(subject: Subject, region: Region) -> bool:
    """Whether a hypothesis still waits for somebody to write it."""
    if region in subject.drafters:
        return False
    return any(not line.fenced and (placeholder(line.text) or line.text.strip() in OPEN) for line in subject.document.lines(region))


def _no_failure(document: Document) -> bool:
    """Whether the document says that there is no error, or nobody has shown one yet."""
    region = document.find("error_messages.primary_error")
    lines = [line for line in document.lines(region) if line.text.strip()] if region else []
    if not region or not lines:
        return bool(region)
    first = lines[0]
    asks = any(line.text.strip() == UNFILLED for line in lines)
    return asks or (not first.fenced and (first.text.lower().startswith(NO_FAILURE) or placeholder(first.text) is not None))
