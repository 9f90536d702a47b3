"""What the notes say to each question and of each hypothesis, by the words that they share; cautious, since words are not meaning."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.drafting.grounding import QUOTE_LIMIT
from assistant.results.asked import Asked, Question, Theory
from assistant.results.cues import EXPLAINS, FAILS, NEGATES, PREVENTS, PROPOSES, SOLVES
from assistant.results.drafted import Answered, QuestionAnswer, Said, TheoryVerdict, Verdict
from assistant.results.passages import Form
from assistant.results.ranking import Ranked
from assistant.results.shown import clipped, is_quotable, raw_sentences
from assistant.results.terms import is_identifier, terms_of
from assistant.sections import Quote, Stance

ANSWERED_SHARE, PARTLY_SHARE = 0.8, 0.4
MAX_ANSWER = 300
KIND_SHARE = NAMED_SHARE = 0.15
"""A passage of the kind that a question wants is worth so much more, and so much again if it names what the question names."""
DECIDES_SHARE = 0.1
SUPPORTED_SHARE, MIN_TELLING, NEAR_BEST, MOST_SHARED = 0.24, 2, 0.6, 9
LABELLED = re.compile(
    r"^\W{0,6}(?:(?:research )?question|q) ?(?P<number>[0-9]{1,2})\b(?:\W{1,4}(?P<status>answered|partly|open)\b)?[^\w`\"(]{0,6}", re.I
)
THEORY = re.compile(
    r"^\W{0,6}(?:hypothesis|theory|h) ?(?P<number>[0-9]{1,2})\b\W{1,6}(?:is |was )?(?P<status>supported|confirmed|right|true|correct|refuted|wrong|false|not supported|unsupported|ruled out|untouched|open)\b",
    re.I,
)
SUPPORTING = frozenset(["supported", "confirmed", "right", "true", "correct"])
REFUTING = frozenset(["refuted", "wrong", "false", "not supported", "unsupported", "ruled out"])
WANTED = (
    (
        re.compile(r"^(?:since )?(?:which|what|in which) (?:\w+ )?(?:release|version)s?\b|\bwhich releases?\b|\bwhich versions?\b", re.I),
        re.compile(
            r"[0-9]+\.[0-9x]+|\b(?!than|of|to|most|least|about|over|in|at)[A-Za-z]+ [0-9]{1,3}\b(?! ?(?:bytes|seconds|times|lines|ms|s)\b)"
        ),
    ),
    (
        re.compile(r"^(?:which|what) (?:\w+ )?(?:status|exit|return)?(?: ?code| ?status)s?\b|^how (?:many|long|much|often)\b", re.I),
        re.compile(r"(?<![\w.])[0-9]{1,6}(?![\w.]{0,20}[.][0-9])"),
    ),
    (
        re.compile(
            r"^which (?:\w+ )?(?:dependency|package|module|library|setting|option|propert\w+|variable|file|column|middleware|header)", re.I
        ),
        re.compile(r"`[^`\n]{2,80}`|\w_\w|\w(?:-\w{2,20}){2}|\w\.\w{2,20}\.\w|[a-z][A-Z][a-z]"),
    ),
    (re.compile(r"^why\b", re.I), EXPLAINS),
    (
        re.compile(r"^how\b|\bwhat replaces\b|^should\b|^what (?:should|must|has to|would)\b", re.I),
        re.compile(f"(?:{PROPOSES.pattern})|(?:{SOLVES.pattern})", re.I),
    ),
)
"""What kind of passage a kind of question wants."""


class Sentence(NamedTuple):
    """One sentence of a usable passage."""

    text: str
    terms: frozenset[str]
    ranked: Ranked


def answers_of(asked: Asked, ranked: Sequence[Ranked], verdicts: Sequence[TheoryVerdict]) -> tuple[QuestionAnswer, ...]:
    """How far each question is answered, with the passage that does.

    Args:
        asked: the questions.
        ranked: the passages with ids.
        verdicts: of the hypotheses; what supports one is likely to answer.
    """
    deciding = deciding_ids(verdicts)
    usable = [
        one
        for one in ranked
        if one.usable and not one.asks and one.passage.form in (Form.PROSE, Form.STEP) and is_quotable(one.passage.text)
    ]
    common = _rarity([terms_of(question.text) for question in asked.questions])
    known = terms_of("\n".join((asked.title, *asked.errors)))
    answers = [
        _labelled_answer(question, usable) or _answer(question, usable, _Weighing(common, known, deciding)) for question in asked.questions
    ]
    return tuple(_said_once(answers))


def _said_once(answers: Sequence[QuestionAnswer]) -> Iterator[QuestionAnswer]:
    """Answers that quote what an earlier one quotes say so instead."""
    before: dict[Said, int] = {}
    for answer in answers:
        said = tuple(Said(f"See question {before[one]}", one.ids) if one in before else one for one in answer.said)
        yield answer._replace(said=said)
        for one in answer.said:
            before.setdefault(one, answer.number)


def _labelled_answer(question: Question, usable: Sequence[Ranked]) -> QuestionAnswer | None:
    """An answer that says itself which question it answers, as the outgoing copy asks for it."""
    for one in usable:
        text = one.said
        found = LABELLED.match(text) or next((label for heading in one.passage.headings[-1:] if (label := LABELLED.match(heading))), None)
        if found and int(found["number"]) == question.number:
            said = text[found.end() :] if found.string == text else text
            status = Answered(found["status"].lower()) if found["status"] else Answered.ANSWERED
            return QuestionAnswer(
                question.number,
                question.text,
                status,
                (Said(clipped(said), (one.passage.evidence.id,), is_quote=True),) if said.strip() else (),
            )
    return None


class _Weighing(NamedTuple):
    """How much terms tell, which of them every answer knows, and the passages that support a hypothesis."""

    rarity: dict[str, float]
    known: frozenset[str]
    deciding: frozenset[str]


def _answer(question: Question, usable: Sequence[Ranked], weighing: _Weighing) -> QuestionAnswer:
    """The passage that shares most with a question, if it names what the question names, and is of the kind that it wants.

    An answer need not say again what the error is called.
    """
    rarity, known, deciding = weighing
    own = terms_of(question.text) - known
    asking = own if len(own) >= MIN_TELLING else terms_of(question.text)
    names = question.names & asking
    weights = {term: rarity.get(term, 1.0) * (2.0 if term in names else 1.0) for term in asking}
    whole = sum(weights.values()) or 1.0
    wanted = next((cue for asks, cue in WANTED if asks.search(question.text)), None)
    best: tuple[float, bool, Ranked] | None = None
    for one in usable:
        if names and not names & one.terms:
            continue
        share = sum(weights[term] for term in weights.keys() & one.terms) / whole
        fits = wanted is not None and bool(wanted.search(one.said))
        share += NAMED_SHARE * (fits and bool(question.names & one.terms)) + DECIDES_SHARE * (one.passage.evidence.id in deciding)
        if best is None or (share + KIND_SHARE * fits, one.relevance) > (best[0] + KIND_SHARE * best[1], best[2].relevance):
            best = (share, fits, one)
    if best is None or best[0] < PARTLY_SHARE + KIND_SHARE * (0 if wanted is None else -0.5 if best[1] else 1):
        return QuestionAnswer(question.number, question.text, Answered.OPEN)
    share, fits, one = best
    status = Answered.ANSWERED if share >= ANSWERED_SHARE and fits and question.names <= one.terms else Answered.PARTLY
    said = Said(clipped(_telling(one, weights, wanted), MAX_ANSWER), (one.passage.evidence.id,), is_quote=True)
    return QuestionAnswer(question.number, question.text, status, (said,))


def _telling(one: Ranked, weights: dict[str, float], wanted: re.Pattern[str] | None) -> str:
    """A passage from the sentence on that shares most with a question and is of the kind that it wants."""
    whole = sum(weights.values()) or 1.0
    parts = one.sentences

    def worth(part: str) -> float:
        shared = sum(weights[term] for term in weights.keys() & terms_of(part)) / whole
        return shared + 2 * KIND_SHARE * (wanted is not None and bool(wanted.search(part)))

    at = max(range(len(parts)), key=lambda number: worth(parts[number]))
    if at and len(parts[at - 1]) + len(parts[at]) < MAX_ANSWER:
        at -= 1  # the sentence before says what it is about
    return " ".join(parts[at:])


def verdicts_of(asked: Asked, ranked: Sequence[Ranked]) -> tuple[TheoryVerdict, ...]:
    """What the notes say of each hypothesis.

    Only what sets a hypothesis apart counts: words that the error has, or that every hypothesis has, decide nothing.

    Args:
        asked: the hypotheses.
        ranked: the passages with ids.
    """
    usable = [one for one in ranked if one.usable and not one.asks and one.passage.form in (Form.PROSE, Form.STEP)]
    said = [Sentence(part, terms_of(part), one) for one in usable for part in raw_sentences(one.passage.text) if not PREVENTS.search(part)]
    telling = _telling_terms(asked)
    found = {theory.number: _best_sentences(telling[theory.number], said) for theory in asked.theories}
    labelled = {theory.number: verdict for theory in asked.theories if (verdict := _labelled_verdict(theory, said))}
    untold = TheoryVerdict(0, Verdict.UNTOUCHED)  # who answers hypothesis by hypothesis has said all that there is to say of them
    verdicts = [
        labelled.get(theory.number) or (untold._replace(number=theory.number) if labelled else _verdict(theory, found))
        for theory in asked.theories
    ]
    return tuple(_with_replies(verdict, ranked) for verdict in verdicts)


def _with_replies(verdict: TheoryVerdict, ranked: Sequence[Ranked]) -> TheoryVerdict:
    """A verdict; where a reply decides it that says that a proposal did not help, with the reply as the quote."""
    replies = {
        one.passage.evidence.id: other
        for one in ranked
        if one.rejection
        for other in ranked
        if other.passage.order == one.rejection.order and is_quotable(other.passage.text)
    }
    quotes = [
        _quote(Sentence(raw_sentences(reply.passage.text)[0], reply.terms, reply), quote.stance)
        if quote.stance is Stance.AGAINST and (reply := replies.get(quote.id))
        else quote
        for quote in verdict.quotes
    ]
    return verdict._replace(quotes=tuple(quotes))


def deciding_ids(verdicts: Sequence[TheoryVerdict]) -> frozenset[str]:
    """The passages that support a hypothesis."""
    return frozenset(quote.id for verdict in verdicts if verdict.status is Verdict.SUPPORTED for quote in verdict.quotes)


def _labelled_verdict(theory: Theory, said: Sequence[Sentence]) -> TheoryVerdict | None:
    for sentence in said:
        found = THEORY.match(sentence.text)
        if found and int(found["number"]) == theory.number:
            word = found["status"].lower()
            status = Verdict.SUPPORTED if word in SUPPORTING else Verdict.REFUTED if word in REFUTING else Verdict.UNTOUCHED
            reason = sentence.text[found.end() :].lstrip(" .:,;-")
            decides = sentence._replace(text=reason) if re.search(r"\w", reason) else sentence
            return TheoryVerdict(theory.number, status, (_quote(decides, Stance.AGAINST if status is Verdict.REFUTED else Stance.FOR),))
    return None


def _telling_terms(asked: Asked) -> dict[int, dict[str, float]]:
    """What sets each hypothesis apart, by its number: its terms and those of its remedy, but for what the error says."""
    texts = {theory.number: terms_of(f"{theory.text} {theory.remedy}") for theory in asked.theories}
    rarity = _rarity(list(texts.values()))
    known = terms_of("\n".join((asked.title, *asked.errors, asked.shown)))
    return {
        number: {term: rarity[term] * (2.0 if is_identifier(term) or term[0].isdigit() else 1.0) for term in terms - known}
        for number, terms in texts.items()
    }


def _best_sentences(telling: dict[str, float], said: Sequence[Sentence]) -> dict[Stance, tuple[float, Sentence]]:
    """The sentence that shares most of what sets a hypothesis apart, for it and against it, with its share."""
    best: dict[Stance, tuple[float, Sentence]] = {}
    for sentence in said:
        shared = telling.keys() & sentence.terms
        around = telling.keys() & sentence.ranked.terms
        share = (sum(telling[term] for term in shared) + sum(telling[term] for term in around)) / 2 / _most(telling)
        against = bool(FAILS.search(sentence.text)) and not EXPLAINS.search(sentence.text)
        enough = any(is_identifier(term) for term in shared) if against else len(shared) >= MIN_TELLING and share >= SUPPORTED_SHARE
        side = Stance.AGAINST if against or sentence.ranked.rejection else Stance.FOR
        if enough and (side not in best or share > best[side][0]):
            best[side] = (share, sentence)
    return best


def _verdict(theory: Theory, found: dict[int, dict[Stance, tuple[float, Sentence]]]) -> TheoryVerdict:
    """The quotes that decide; a sentence that fits another hypothesis better decides nothing here."""
    most = max((share for other in found.values() for share, _ in other.values()), default=0.0)
    mine = {
        side: (share, sentence)
        for side, (share, sentence) in found[theory.number].items()
        if share == max(other[side][0] for other in found.values() if side in other and other[side][1] is sentence)
        and (side is Stance.AGAINST or share >= most * NEAR_BEST)
    }
    if not mine:
        return TheoryVerdict(theory.number, Verdict.UNTOUCHED)
    decides = max(mine, key=lambda side: mine[side][0])
    quotes = tuple(_quote(sentence, side) for side, (_, sentence) in sorted(mine.items(), reverse=True))
    return TheoryVerdict(theory.number, Verdict.REFUTED if decides is Stance.AGAINST else Verdict.SUPPORTED, quotes)


def _most(telling: dict[str, float]) -> float:
    """What a sentence can share of a long theory: its heaviest terms."""
    return sum(sorted(telling.values(), reverse=True)[:MOST_SHARED]) or 1.0


def _quote(sentence: Sentence, stance: Stance) -> Quote:
    return Quote(id=sentence.ranked.passage.evidence.id, quote=clipped(sentence.text, 150)[:QUOTE_LIMIT], stance=stance)


def _rarity(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    """How much a term tells one text of a list from the others: what all have tells nothing."""
    counts = Counter(term for terms in texts for term in terms)
    return {term: 0.3 + math.log((1 + len(texts)) / count) for term, count in counts.items()}


def negated(text: str) -> bool:
    """Whether a sentence warns of something or says that it did not help."""
    return bool(NEGATES.search(text) or FAILS.search(text))
