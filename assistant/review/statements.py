"""What a document says of the evidence: ids, quotes, and the versions, paths, lines and names of drafts and facts."""

import re
from collections.abc import Iterator

from assistant.checking import Problem, Severity
from assistant.checking.citing import BLOCK_HEAD, FILE_HEAD, QUOTE, citations, cited_ids
from assistant.checking.grounding import URL, Vocabulary, is_verbatim, sentences, unsupported
from assistant.checking.headings import normal_place, parts
from assistant.checking.structure import REVIEW, read_draft_line
from assistant.document import Line, Region
from assistant.evidence import Evidence
from assistant.review.subject import TEST_ID, Hand, Subject
from assistant.sections import By, Shape

PLAYBOOK = "playbook"
PROPOSALS = re.compile(r"hypotheses\.|success_criteria\.|next_steps_after_research\.|research_results\.")
"""Places where a model proposes what to do, and may name versions that are new."""
TEST_FILE = re.compile(r"(?:^|[/\\])(?:test_[^/\\]*|[^/\\]*(?:_test|[._](?:test|spec)|Tests?))\.\w{1,5}$|(?:^|[/\\])tests?[/\\]")
MASKED = re.compile(r"\[SECRET:[\w-]{1,60}:([0-9]{1,9})\\?\]")
COUNTED_NAME = re.compile(r"\b[A-Z][A-Za-z]{2,40} ([0-9]{1,4})(?![\w.])")
"""`PostgreSQL 15`: a version of one number, behind its name."""


def statement_problems(subject: Subject) -> Iterator[Problem]:
    """Ids that do not exist, quotes that were altered, and statements that the evidence does not bear out."""
    lost: dict[str, int] = {}
    for region in subject.regions:
        checked = subject.hands[region] is Hand.DRAFT and not subject.stands_on_lost(region)
        for line in subject.document.lines(region):
            if line.fenced:
                continue
            ids = cited_ids(line.text)
            lost |= {one: line.number for one in ids if subject.is_lost(one) and one not in lost}
            unknown = [one for one in ids if subject.piece(one) is None]
            yield from _missing(region, line, [one for one in unknown if one not in lost])
            if quote := QUOTE.match(line.text):
                yield from _quote(region, line, subject.piece(quote["id"]), quote["quote"])
            elif not unknown or not all(one in lost for one in unknown):
                yield from _statement(subject, region, line, checked=checked)
    if lost:
        message = f"{', '.join(sorted(lost, key=lambda one: int(one[1:])))}: their run record is lost, so what cites them cannot be checked"
        yield Problem("evidence-id", "", message, Severity.NOTE, min(lost.values()))


def _missing(region: Region, line: Line, ids: list[str]) -> Iterator[Problem]:
    for evidence_id in ids:
        yield Problem("evidence-id", region.place, f"there is no evidence {evidence_id}", line=line.number)


def _quote(region: Region, line: Line, piece: Evidence | None, quote: str) -> Iterator[Problem]:
    if piece and not is_verbatim(quote, piece):
        yield Problem("quote", region.place, f"the quote does not stand in {piece.id}: {quote[:80]}", line=line.number)


def _statement(subject: Subject, region: Region, line: Line, *, checked: bool) -> Iterator[Problem]:
    if BLOCK_HEAD.match(line.text) or FILE_HEAD.match(line.text) or read_draft_line(line.text):
        return  # the rules for blocks look at these
    text = REVIEW.sub("", line.text)
    found: Iterator[tuple[str, str]] = iter(())
    where = "stands in no evidence, or not in what the sentence cites"
    if _is_fact(subject, region, line.text):
        found = _false_facts(subject, text, ours=subject.hands[region] is Hand.OURS)
        where = "does not stand in the evidence that the line cites"
    elif checked:
        found = _false_draft(subject, region, text)
    masks = MASKED.findall(text)  # `[SECRET:token:1]` names no line 1
    notes = subject.record.research_sources if subject.record else ()
    for rule, what in dict.fromkeys(found):
        if (rule, what) not in {*(("unsupported-line", mask) for mask in masks), *(("unsupported-path", note) for note in notes)}:
            yield Problem(rule, region.place, f"{what} {where}", line=line.number)


def _false_draft(subject: Subject, region: Region, text: str) -> Iterator[tuple[str, str]]:
    """What a draft says that no evidence says; a sentence of the playbook that cites is held to what it cites.

    A model's reply was held to all evidence before it became a draft, and may propose what is new.
    """
    yield from _unknown_tests(subject, text)
    if subject.drafters[region] != PLAYBOOK:
        yield from unsupported(text, subject.vocabulary, proposed=bool(PROPOSALS.match(region.place)))
        return
    for sentence in sentences(_without_tests(text)):
        ids = tuple(one for cited in citations(sentence) for one in cited.ids)
        if ids and all(subject.piece(one) for one in ids):
            yield from _unborne(subject, sentence, ids)
        else:
            yield from unsupported(sentence, subject.vocabulary)


def _is_fact(subject: Subject, region: Region, text: str) -> bool:
    """Whether a line states what evidence says, by citing it; a person may cite evidence for what they say themselves.

    Fields that evidence fills are facts whoever wrote them. Any other line is one as long as it is ours; where a person changed the
    subsection, those that cite what we cited there.
    """
    ids = [one for cited in citations(text) for one in cited.ids]
    if not ids:
        return False
    part = parts().get(normal_place(region.place) or "")
    fields = [slot for _, slot in part.slots if slot.shape is Shape.FIELD] if part else []
    slot = next((slot for slot in fields if text.startswith(f"- {slot.label}:")), None)
    if slot:
        return slot.by is By.EVIDENCE
    written = subject.written(region)
    if subject.hands[region] is Hand.PERSON:
        return bool(written and written.by == "evidence") and all(written and one in written.cites for one in ids)
    return subject.hands[region] is Hand.OURS


def _false_facts(subject: Subject, text: str, *, ours: bool) -> Iterator[tuple[str, str]]:
    """What the evidence cited behind it does not say, part by part: `SQLAlchemy 2.0.36 (E4), httpx 0.28.1 (E5)`.

    What we wrote, and nobody changed, may stand in the part that was cut from a piece. A person may add addresses.
    """
    yield from _unknown_tests(subject, text)
    start = 0
    for cited in citations(text):
        said, start = _without_tests(text[start : cited.end]), cited.end
        vocabulary = subject.vocabulary_of(cited.ids)
        if ours and any(piece.cut for piece in vocabulary.ledger):
            continue
        if not ours:
            said = URL.sub(" ", said)
        yield from _unborne(subject, said, cited.ids)
        yield from (("unsupported-version", pair) for pair in vocabulary.false_pairs(said) if not _on_one_line(vocabulary, pair))
        yield from (("unsupported-version", number) for number in COUNTED_NAME.findall(said) if number not in vocabulary.numbers)


def _unborne(subject: Subject, said: str, ids: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What the cited pieces do not say; of one that was cut, paths and lines that no piece has. Versions are never cut away."""
    cited = subject.vocabulary_of(ids)
    false = list(unsupported(said, cited))
    if false and any(piece.cut for piece in cited.ledger):
        nowhere = set(unsupported(said, subject.vocabulary))
        false = [one for one in false if one[0] == "unsupported-version" or one in nowhere]
    yield from ((rule, what) for rule, what in false if rule != "unsupported-path" or not _is_known_path(subject, what, cited))


def _is_known_path(subject: Subject, path: str, cited: Vocabulary) -> bool:
    """Whether a path stands glued to a word, or is a test's: those that fail the same way cite the one error that is shown."""
    return (path.startswith("/") and path in cited.text) or (bool(TEST_FILE.search(path)) and subject.vocabulary.holds(path))


def _on_one_line(vocabulary: Vocabulary, pair: str) -> bool:
    """Whether a line names both, as in `Requirement already satisfied: six>=1.5 in … (1.16.0)`."""
    name, _, version = pair.rpartition(" ")
    lines = (line.lower() for piece in vocabulary.ledger for line in piece.text.split("\n") if version in line)
    return any(name.lower() in line for line in lines)


def _unknown_tests(subject: Subject, text: str) -> Iterator[tuple[str, str]]:
    """Test ids that stand in no evidence: whole, or where none has the name whole, as a file and the names of its tests."""
    for test in dict.fromkeys(found[0] for found in TEST_ID.finditer(text)) if "::" in text else ():
        file, *names = test.partition("[")[0].split("::")
        base = re.split(r"[/\\]", file)[-1]
        files = subject.tests.get(names[-1])
        if not (any(one.endswith(base) for one in files) if files else any(_names(piece, [base, *names]) for piece in subject.ledger)):
            yield "unsupported-name", test
            return


def _without_tests(text: str) -> str:
    return TEST_ID.sub(" ", text) if "::" in text else text


def _names(piece: Evidence, wanted: list[str]) -> bool:
    text = f"{piece.origin}\n{piece.text}"
    return all(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text) for one in wanted)
