"""Is what a model replies true to the evidence? Faults for the repair, and the reply without what stays faulty."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from assistant.checking.grounding import Vocabulary, folded
from assistant.checking.items import (
    MIN_HYPOTHESES,
    Item,
    acceptance_problem,
    distinct_theories,
    query_problems,
    question_problems,
    title_problem,
)
from assistant.checking.private import Private
from assistant.checking.terms import Kind, false_parts, unfenced
from assistant.drafting.replies import (
    AttemptsReply,
    CriteriaReply,
    HypothesesReply,
    HypothesisReply,
    NextStepsReply,
    QueriesReply,
    QuestionsReply,
    QuoteReply,
    Reply,
    SingleReply,
    SummaryReply,
)
from assistant.evidence import Ledger

QUOTE_LIMIT = 200
MOST_ITEMS = 20
HYPOTHESIS_PARTS: dict[str, Kind] = {
    "theory": "statement",
    "test": "test",
    "if_true": "proposal",
    "if_false": "proposal",
    "solution": "proposal",
}
R = TypeVar("R", bound=Reply)


class Fault(NamedTuple):
    """Something in a reply that the evidence does not bear out.

    Args:
        path: where, as in `hypotheses[1].evidence[0].quote`.
        item: path of the smallest item that must go when it stays faulty; empty where something is missing.
        rule: the rule's name, a key of `assistant.checking.RULES`.
        message: one line that tells a model what to mend.
    """

    path: str
    item: str
    rule: str
    message: str


class Known(NamedTuple):
    """The evidence, as the checks look things up in it."""

    ledger: Ledger
    vocabulary: Vocabulary
    private: Private


Faults = Iterator[Fault]


def ground(reply: Reply, ledger: Ledger) -> tuple[Fault, ...]:
    """Hold a reply against the evidence.

    Args:
        reply: of any task.
        ledger: all that may be cited.
    """
    found = [*_check(_capped(reply), Known(ledger, Vocabulary(ledger), Private(ledger))), *_surplus(reply)]
    return tuple(dict.fromkeys(fault._replace(message=folded(fault.message)) for fault in found))


def without(reply: R, faults: Sequence[Fault]) -> R:
    """The reply without its faulty items; a text that is no part of a list becomes empty.

    Args:
        reply: as it was given to `ground`.
        faults: what `ground` found in it.
    """
    pruned: R = _pruned(reply, "", {fault.item for fault in faults if fault.item})
    return pruned


def merged(reply: R, repaired: R, faults: Sequence[Fault]) -> R:
    """The reply with its faulty items taken from a repaired reply; all others stay as they are.

    Args:
        reply: as it was given to `ground`.
        repaired: the model's second answer to the same task.
        faults: what `ground` found in the reply.
    """
    items = {fault.item for fault in faults if fault.item}
    short = {fault.path for fault in faults if not fault.item}
    mended: R = _mended(reply, repaired, "", items | short)
    return mended


def _capped(value: Any) -> Any:
    """A reply whose lists end where nobody reads on."""
    if isinstance(value, list):
        return [_capped(item) for item in value[:MOST_ITEMS]]
    if isinstance(value, BaseModel):
        return value.model_copy(update={name: _capped(getattr(value, name)) for name in type(value).model_fields})
    return value


def _surplus(value: Any, path: str = "") -> Faults:
    """What stands behind the end of a list that is too long; the rest of the reply is not held up by it."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            at = f"{path}[{number}]"
            if number >= MOST_ITEMS:
                yield Fault(at, at, "reply-length", f"at most {MOST_ITEMS} entries")
            else:
                yield from _surplus(item, at)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _surplus(getattr(value, name), _join(path, name))


def _check(reply: Reply, known: Known) -> Faults:
    if isinstance(reply, SingleReply):
        yield from _single(reply, known)
    else:
        yield from CHECKS[type(reply)](reply, known)


def _single(reply: SingleReply, known: Known) -> Faults:
    yield from _hypotheses(reply, known)
    for name in ("summary", "questions", "search_queries", "criteria", "next_steps"):
        for fault in _check(getattr(reply, name), known):
            yield fault._replace(path=f"{name}.{fault.path}", item=f"{name}.{fault.item}" if fault.item else "")


def _summary(reply: SummaryReply, known: Known) -> Faults:
    yield from _text("title", "title", reply.title, known, "title")
    yield from _text("brief_description", "brief_description", reply.brief_description, known)
    if message := title_problem(reply.title):
        yield Fault("title", "title", "title-length", message)


def _hypotheses(reply: HypothesesReply | SingleReply, known: Known) -> Faults:
    count = len(reply.hypotheses)
    if count < MIN_HYPOTHESES:
        message = f"there are {count} hypotheses: write at least {MIN_HYPOTHESES}, distinct in mechanism"
        yield Fault("hypotheses", "", "hypothesis-count", message)
    for number, hypothesis in enumerate(reply.hypotheses):
        yield from _hypothesis(f"hypotheses[{number}]", hypothesis, known)
    theories = [Item(hypothesis.theory, number) for number, hypothesis in enumerate(reply.hypotheses)]
    for rule, message, number in distinct_theories(theories):
        yield Fault(f"hypotheses[{number}].theory", f"hypotheses[{number}]", rule, message)


def _hypothesis(at: str, hypothesis: HypothesisReply, known: Known) -> Faults:
    for name, kind in HYPOTHESIS_PARTS.items():
        said = getattr(hypothesis, name)
        if not said.strip():
            yield Fault(f"{at}.{name}", at, "hypothesis-part", f"`{name}` is empty")
        yield from _text(f"{at}.{name}", at, said, known, kind)
    for number, quote in enumerate(hypothesis.evidence):
        yield from _quote(f"{at}.evidence[{number}]", quote, known)
    if not any(quote.stance == "for" for quote in hypothesis.evidence):
        yield Fault(f"{at}.evidence", at, "hypothesis-evidence", "no quote speaks `for` the theory: quote one at least")


def _quote(at: str, quote: QuoteReply, known: Known) -> Faults:
    piece = known.ledger.get(quote.id)
    if piece is None:
        yield Fault(f"{at}.id", at, "evidence-id", f"there is no evidence {_shown(quote.id)}")
    wanted = folded(quote.quote)
    if not 1 <= len(wanted) <= QUOTE_LIMIT:
        yield Fault(f"{at}.quote", at, "quote", f"a quote has 1 to {QUOTE_LIMIT} characters, this one has {len(wanted)}")
    elif piece and not known.vocabulary.quotes(piece.id, wanted):
        elsewhere = [other.id for other in known.ledger if known.vocabulary.quotes(other.id, wanted)]
        hint = f"it stands in {elsewhere[0]}" if elsewhere else "copy a line of it letter by letter"
        yield Fault(f"{at}.quote", at, "quote", f"this does not stand in {quote.id} ({hint}): {_shown(wanted)}")


def _questions(reply: QuestionsReply, known: Known) -> Faults:
    places = [(f"{name}[{number}]", text) for name in QuestionsReply.model_fields for number, text in enumerate(getattr(reply, name))]
    for at, text in places:
        yield from _text(at, at, text, known)
    items = [Item(text, number) for number, (_, text) in enumerate(places)]
    for rule, message, number in question_problems(items, vocabulary_holds=known.vocabulary.holds):
        yield Fault(places[number][0], places[number][0], rule, message)


def _queries(reply: QueriesReply, known: Known) -> Faults:
    for name in QueriesReply.model_fields:
        for number, query in enumerate(getattr(reply, name)):
            at = f"{name}[{number}]"
            yield from (Fault(at, at, rule, message) for rule, message, _ in query_problems([Item(query)]))
            for rule, message in false_parts(query, known.ledger, known.vocabulary, kind="query"):
                yield Fault(at, at, rule, message)
            for what, text in known.private.parts(query):
                yield Fault(at, at, "query-private", f"a search query leaves the house: it holds {what}: {_shown(text)}")


def _criteria(reply: CriteriaReply, known: Known) -> Faults:
    yield from _list("success_criteria", reply.success_criteria, known)
    at = "acceptance_test"
    if problem := acceptance_problem(unfenced(reply.acceptance_test)):
        yield Fault(at, at, "acceptance-test", problem)
    for rule, message in false_parts(reply.acceptance_test, known.ledger, known.vocabulary, kind="code"):
        yield Fault(at, at, rule, message)


def _next_steps(reply: NextStepsReply, known: Known) -> Faults:
    yield from _list("information_needed", reply.information_needed, known)


def _attempts(reply: AttemptsReply, known: Known) -> Faults:
    for number, attempt in enumerate(reply.attempts):
        yield from _text(f"attempts[{number}].why_it_didnt_work", f"attempts[{number}]", attempt.why_it_didnt_work, known)


def _list(name: str, texts: Sequence[str], known: Known) -> Faults:
    for number, text in enumerate(texts):
        if not re.search(r"\w", text):
            yield Fault(f"{name}[{number}]", f"{name}[{number}]", "markup", "this says nothing: leave it out")
        yield from _text(f"{name}[{number}]", f"{name}[{number}]", text, known, "proposal")


def _text(path: str, item: str, text: str, known: Known, kind: Kind = "statement") -> Faults:
    for rule, message in false_parts(text, known.ledger, known.vocabulary, kind=kind):
        yield Fault(path, item, rule, message)


CHECKS: dict[type[Reply], Callable[[Any, Known], Faults]] = {
    SummaryReply: _summary,
    HypothesesReply: _hypotheses,
    QuestionsReply: _questions,
    QueriesReply: _queries,
    CriteriaReply: _criteria,
    NextStepsReply: _next_steps,
    AttemptsReply: _attempts,
}
"""The check of each reply by its type; a reply of several tasks is checked part by part."""


def _pruned(value: Any, path: str, dropped: Collection[str]) -> Any:
    if isinstance(value, BaseModel):
        return value.model_copy(
            update={name: _pruned(getattr(value, name), _join(path, name), dropped) for name in type(value).model_fields}
        )
    if isinstance(value, list):
        kept = [(item, _pruned(item, at, dropped)) for number, item in enumerate(value) if (at := f"{path}[{number}]") not in dropped]
        return [after for before, after in kept if not _lost_its_ground(before, after)]
    return "" if path in dropped else value


def _lost_its_ground(before: Any, after: Any) -> bool:
    """Whether a hypothesis lost quotes and has none left that speaks for it."""
    if not isinstance(before, HypothesisReply) or len(before.evidence) == len(after.evidence):
        return False
    return not any(quote.stance == "for" for quote in after.evidence)


def _mended(value: Any, other: Any, path: str, faulty: Collection[str]) -> Any:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return value.model_copy(update={n: _mended(getattr(value, n), getattr(other, n), _join(path, n), faulty) for n in fields})
    if isinstance(value, list):
        items = [_mended_item(number, value, other, path, faulty) for number in range(len(value))]
        return items + [item for item in other[len(value) :] if path in faulty and item not in items]
    return other if path in faulty else value


def _mended_item(number: int, value: list[Any], other: list[Any], path: str, faulty: Collection[str]) -> Any:
    """One entry of a list: from the repaired list where it is faulty, unless that has moved another entry there."""
    mine, at = value[number], f"{path}[{number}]"
    if number >= len(other):
        return mine
    if at in faulty:
        return mine if other[number] in value else other[number]
    same = other[number]
    if isinstance(mine, HypothesisReply):
        same = next((one for one in other if folded(one.theory) == folded(mine.theory)), mine)
    return _mended(mine, same, at, faulty) if isinstance(mine, BaseModel) else mine


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _shown(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:80]
