"""A document, its record and the rules: what is wrong, what is blank, what waits for a person."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checking import Problem, Severity
from assistant.checking.grounding import Vocabulary, is_verbatim, unsupported
from assistant.checking.items import (
    MIN_HYPOTHESES,
    Item,
    date_problem,
    distinct_theories,
    query_problems,
    question_problems,
    severity_problem,
    syntax_problem,
)
from assistant.checking.structure import DRAFTED, INVISIBLE, REVIEW, draft_line, progress_problems, structure_problems
from assistant.document import Document, Line, Region, parse
from assistant.evidence import CITATION, Evidence, Kind, Ledger
from assistant.record import RunRecord

BULLET = re.compile(r"^\s*(?:[-*+]|[0-9]{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$")
BLOCK_HEAD = re.compile(r"^\*\*(?P<id>[ER][0-9]+)\*\* · (?P<kind>\w+) · (`+)\s?(?P<origin>.*?)\s?\3(?=$| ·)")
FILE_HEAD = re.compile(r"^\*\*File:\*\* (`+)\s?(?P<file>.*?)\s?\1 \((?P<id>E[0-9]+)")
LINES_HEAD = re.compile(r"^\*\*Lines:\*\* (?P<first>[0-9]+)(?:-(?P<last>[0-9]+))?\s*$")
QUOTE = re.compile(r"^\s*[-*+] (For|Against) \(([ER][0-9]+)\): (`+)\s?(.*?)\s?\3\s*$")
FIELD = re.compile(r"^- (Date|Severity): (.*?)\s*$")
LABEL = re.compile(r"^\*\*([A-Z][^*:]{2,40}):\*\*\s*(.*)$")
OUTCOME = re.compile(r"^\s*- (If true|If false): (.*)$")
NO_FAILURE = "no failure found"
LINK = re.compile(r"!?\[[^\]\n]{0,500}\]\(|<[a-zA-Z/!?][^>\n]{0,500}>|\[[^\]\n]{1,200}\]:\s")
QUESTION_PLACES = tuple(f"research_questions.{key}" for key in ("primary_questions", "technical_questions", "architecture_questions"))


@dataclass(frozen=True, slots=True)
class Review:
    """What the rules say of one document.

    Args:
        problems: in the order of their lines.
    """

    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many problems there are of each severity."""
        return {severity.value: sum(problem.severity is severity for problem in self.problems) for severity in Severity}

    def counted(self, *, allow_drafts: bool) -> tuple[Problem, ...]:
        """The problems that make `check` fail."""
        counts = {Severity.ERROR} if allow_drafts else {Severity.ERROR, Severity.BLANK, Severity.DRAFT}
        return tuple(problem for problem in self.problems if problem.severity in counts)


def review(text: str, record: RunRecord | None) -> Review:
    """Hold a document against all rules.

    Args:
        text: the document.
        record: its run record; without it nothing that needs the ledger is checked, and that is said.
    """
    document = parse(text)
    ledger = record.evidence if record else None
    problems = [*structure_problems(document), *progress_problems(document), *_item_problems(document, ledger)]
    if ledger is None:
        message = "there is no run record beside the export: evidence ids, quotes, versions, paths and lines cannot be checked"
        problems.append(Problem("record", "", message, Severity.NOTE, 1))
    else:
        problems += _evidence_problems(document, ledger)
    return Review(tuple(sorted(problems, key=lambda problem: (problem.line, problem.rule, problem.message))))


def _item_problems(document: Document, ledger: Ledger | None) -> Iterator[Problem]:
    yield from _fields(document)
    yield from _questions(document, ledger)
    queries = document.find("research_questions.search_queries")
    if queries:
        yield from _as_problems(queries.place, query_problems(_items(document, queries)))
    yield from _hypotheses(document)
    yield from _acceptance(document)
    for region in _drafted(document):
        for line in document.lines(region):
            if not line.fenced and not DRAFTED.match(line.text) and (found := LINK.search(_without_code(line.text))):
                yield Problem("live-link", region.place, f"a draft holds a link, image or HTML: {found[0][:40]}", line=line.number)


def _fields(document: Document) -> Iterator[Problem]:
    region = document.find("export_information")
    for line in document.lines(region) if region else []:
        found = FIELD.match(line.text)
        if not found or REVIEW.search(found[2]) or found[2].startswith("["):
            continue
        check, rule = (date_problem, "date") if found[1] == "Date" else (severity_problem, "severity")
        if message := check(found[2]):
            yield Problem(rule, "export_information", message, line=line.number)


def _questions(document: Document, ledger: Ledger | None) -> Iterator[Problem]:
    questions: list[tuple[str, Item]] = []
    for place in QUESTION_PLACES:
        region = document.find(place)
        questions += [(place, item) for item in _items(document, region)] if region else []
    where = {item.line: place for place, item in questions}
    drafted = {region.place for region in _drafted(document)}
    for rule, message, line in question_problems([item for _, item in questions]):
        yield Problem(rule, where[line], message, line=line)
    if ledger is not None:
        own = [item for place, item in questions if place in drafted]
        for rule, message, line in question_problems(own, vocabulary_holds=Vocabulary(ledger).holds):
            if rule == "question-evidence":
                yield Problem(rule, where[line], message, line=line)


def _hypotheses(document: Document) -> Iterator[Problem]:
    regions = [region for region in document.regions if re.fullmatch(r"hypotheses\.hypothesis_[0-9]+", region.place)]
    failed = not _no_failure(document)
    filled = [region for region in regions if not _is_open(document.body(region.place))]
    if failed and len(filled) < MIN_HYPOTHESES and regions:
        yield Problem(
            "hypothesis-count",
            "hypotheses",
            f"there are {len(filled)} hypotheses; a failure needs at least {MIN_HYPOTHESES}",
            line=regions[-1].line,
        )
    theories = []
    for region in filled:
        parts = _parts(document.lines(region))
        theories.append(Item(" ".join(line.text for line in parts.get("Theory", [])), region.line))
        yield from _hypothesis(region, parts)
    yield from _as_problems("hypotheses", distinct_theories(theories))


def _hypothesis(region: Region, parts: dict[str, list[Line]]) -> Iterator[Problem]:
    outcomes = {found[1]: found[2].strip() for line in parts.get("Test", []) if (found := OUTCOME.match(line.text))}
    for label in ("Theory", "Evidence", "Test"):
        said = [line for line in parts.get(label, []) if line.text.strip() and not OUTCOME.match(line.text)]
        if not said:
            yield Problem("hypothesis-part", region.place, f"'{region.heading}' has no {label.lower()}", line=region.line)
    for outcome in ("If true", "If false"):
        if not outcomes.get(outcome) and draft_is_ours(parts):
            yield Problem(
                "hypothesis-part",
                region.place,
                f"'{region.heading}' does not say what its test shows: '{outcome}:' is missing",
                line=region.line,
            )
    if draft_is_ours(parts):
        yield from _quotes(region, [line for line in parts.get("Evidence", []) if line.text.strip()])


def _quotes(region: Region, lines: list[Line]) -> Iterator[Problem]:
    """Every line of evidence in a draft is a quote with its id, and one at least speaks for the theory."""
    quotes = [(line, QUOTE.match(line.text)) for line in lines]
    for line, quote in quotes:
        if not quote:
            yield Problem("hypothesis-evidence", region.place, f"this is no quote with an id: {line.text.strip()[:80]}", line=line.number)
    if lines and not any(quote and quote[1] == "For" for _, quote in quotes):
        yield Problem("hypothesis-evidence", region.place, f"'{region.heading}' quotes no evidence for its theory", line=lines[0].number)


def draft_is_ours(parts: dict[str, list[Line]]) -> bool:
    """Whether the parts of a hypothesis still carry the line that says who drafted them."""
    return any(DRAFTED.match(line.text) for line in parts.get("", []))


def _acceptance(document: Document) -> Iterator[Problem]:
    region = document.find("success_criteria.acceptance_tests")
    if region is None or _is_open(document.body(region.place)):
        return
    lines = {line.number: line.text for line in document.lines(region)}
    for start, end, language in document.fences:
        if start in lines and language in ("python", "py"):
            code = "\n".join(lines.get(number, "") for number in range(start + 1, end))
            if problem := syntax_problem(code):
                yield Problem("acceptance-test", region.place, problem[0], line=start + problem[1])


def _evidence_problems(document: Document, ledger: Ledger) -> Iterator[Problem]:
    vocabulary = Vocabulary(ledger)
    drafted = {region.place for region in _drafted(document)}
    for region in document.regions:
        if region.place == "title" or region.place.startswith("research_results"):
            continue
        lines = document.lines(region)
        yield from _blocks(region, lines, ledger, document)
        for line in lines:
            if not line.fenced:
                yield from _line_problems(region, line, ledger, vocabulary, drafted=region.place in drafted)


def _line_problems(region: Region, line: Line, ledger: Ledger, vocabulary: Vocabulary, *, drafted: bool) -> Iterator[Problem]:
    cited = [found[0] for found in CITATION.finditer(_without_code(line.text))]
    for evidence_id in cited:
        if ledger.get(evidence_id) is None:
            yield Problem("evidence-id", region.place, f"there is no evidence {evidence_id}", line=line.number)
    if found := QUOTE.match(line.text):
        piece = ledger.get(found[2])
        if piece and not is_verbatim(found[4], piece):
            yield Problem("quote", region.place, f"the quote does not stand in {found[2]}: {found[4][:80]}", line=line.number)
        return
    if (head := FILE_HEAD.match(line.text)) and (piece := ledger.get(head["id"])) and piece.cut:
        return  # the frame may stand in the part of the stack trace that was cut
    if not (drafted or cited) or DRAFTED.match(line.text) or BLOCK_HEAD.match(line.text):
        return
    for rule, what in unsupported(REVIEW.sub("", line.text), vocabulary):
        yield Problem(rule, region.place, f"{what} stands in no evidence", line=line.number)


def _blocks(region: Region, lines: Sequence[Line], ledger: Ledger, document: Document) -> Iterator[Problem]:
    """Blocks that carry an id must be that evidence; file and lines above a block must be its origin."""
    claimed = ""
    fences = {fence[0]: fence for fence in document.fences}
    for line in lines:
        if line.fenced:
            if claimed and line.number in fences:
                yield from _block_text(region, lines, ledger, claimed, fences[line.number])
                claimed = ""
            continue
        if head := BLOCK_HEAD.match(line.text) or FILE_HEAD.match(line.text):
            claimed = head["id"]
        elif LABEL.match(line.text) and not LINES_HEAD.match(line.text):
            claimed = ""
        if claimed and (piece := ledger.get(claimed)) and (message := _false_origin(line.text, piece)):
            yield Problem("evidence-block", region.place, message, line=line.number)


def _false_origin(text: str, piece: Evidence) -> str | None:
    """What a line above a block says falsely of where its evidence comes from."""
    if head := BLOCK_HEAD.match(text):
        same = (str(piece.origin), str(piece.kind)) == (head["origin"], head["kind"])
        return None if same else f"{piece.id} is {piece.kind} from {piece.origin}, not {head['kind']} from {head['origin']}"
    if piece.kind not in (Kind.CODE, Kind.CONFIG):
        return None
    if (head := FILE_HEAD.match(text)) and piece.origin.path != head["file"]:
        return f"{piece.id} comes from {piece.origin.path}, not from {head['file']}"
    if head := LINES_HEAD.match(text):
        first, last = int(head["first"]), int(head["last"] or head["first"])
        return (
            None
            if (piece.origin.first, piece.origin.last) == (first, last)
            else f"{piece.id} covers {piece.origin}, not lines {first}-{last}"
        )
    return None


def _block_text(region: Region, lines: Sequence[Line], ledger: Ledger, evidence_id: str, fence: tuple[int, int, str]) -> Iterator[Problem]:
    piece = ledger.get(evidence_id)
    if piece is None:
        return
    shown = [line for line in lines if fence[0] < line.number < fence[1]]
    want = piece.text.split("\n")
    for line, wanted in zip(shown, want, strict=False):
        if line.text != wanted:
            yield Problem("evidence-block", region.place, f"this line of {evidence_id} was changed", line=line.number)
            return
    if len(shown) != len(want):
        yield Problem("evidence-block", region.place, f"{evidence_id} has {len(want)} lines, {len(shown)} stand here", line=fence[0])


def _drafted(document: Document) -> list[Region]:
    return [region for region in document.regions if region.place != "title" and draft_line(document.body(region.place))]


def _items(document: Document, region: Region) -> list[Item]:
    found = [(line, BULLET.match(line.text)) for line in document.lines(region) if not line.fenced]
    return [
        Item(match[1].strip(), line.number)
        for line, match in found
        if match and not REVIEW.search(match[1]) and not re.fullmatch(r"\[[^\]]*\]", match[1].strip())
    ]


def _parts(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The lines under each bold label; those before the first one under ''."""
    parts: dict[str, list[Line]] = {"": []}
    label = ""
    for line in lines:
        if not line.fenced and (found := LABEL.match(line.text)):
            label = found[1]
            parts[label] = [line._replace(text=found[2])] if found[2] else []
        else:
            parts[label].append(line)
    return parts


def _is_open(body: str) -> bool:
    return (
        (bool(REVIEW.search(body)) and not draft_line(body))
        or "[What might be causing the problem]" in body
        or "[Alternative explanation]" in body
    )


def _no_failure(document: Document) -> bool:
    region = document.find("error_messages.primary_error")
    if region is None:
        return False
    body = document.body(region.place)
    return body.lower().startswith(NO_FAILURE) or not body.strip() or bool(REVIEW.match(body)) or "[Full error message" in body


def _as_problems(place: str, found: Iterator[tuple[str, str, int]]) -> Iterator[Problem]:
    for rule, message, line in found:
        yield Problem(rule, place, message, line=line)


def _without_code(text: str) -> str:
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", " ", text)


__all__ = ["INVISIBLE", "NO_FAILURE", "Review", "review"]
