"""Is what a model says of research notes true to them? Faults for the repair, in the form in which drafts are checked too."""

from collections.abc import Iterator, Sequence

from assistant.checking.grounding import Vocabulary, folded
from assistant.checking.items import parsed_python
from assistant.checking.terms import Kind, false_parts
from assistant.drafting.grounding import MOST_ITEMS, QUOTE_LIMIT, Fault
from assistant.drafting.replies import AnswersReply, CodeReply, QuoteReply, Reply, ResultsReply, SaidReply
from assistant.evidence import Ledger
from assistant.results.asked import Asked
from assistant.results.proofs import without_prompts
from assistant.results.shown import addresses

SAID: dict[str, Kind] = {"solution": "statement", "why": "statement", "steps": "proposal", "documentation": "proposal"}
CODE = ("code", "tests")


class Ground:
    """The notes and the evidence, as replies are held against them.

    Args:
        ledger: both together.
        asked: what the export asks.
    """

    def __init__(self, ledger: Ledger, asked: Asked) -> None:
        self._ledger = ledger
        self._vocabulary = Vocabulary(ledger)
        self._questions = {question.number for question in asked.questions}
        self._theories = {theory.number for theory in asked.theories}

    def faults(self, reply: Reply) -> tuple[Fault, ...]:
        """What in a reply the notes and the evidence do not bear out."""
        found = (
            self._results(reply)
            if isinstance(reply, ResultsReply)
            else self._answers(reply)
            if isinstance(reply, AnswersReply)
            else iter(())
        )
        return tuple(dict.fromkeys(fault._replace(message=folded(fault.message)) for fault in found))

    def _results(self, reply: ResultsReply) -> Iterator[Fault]:
        for name, kind in SAID.items():
            yield from self._list(name, getattr(reply, name), kind)
        for name in CODE:
            for number, part in enumerate(getattr(reply, name)):
                yield from self._code(f"{name}[{number}]", part)
        for number, link in enumerate(reply.links):
            at = f"links[{number}]"
            piece = self._ledger.get(link.id)
            if piece is None or not link.id.startswith("R") or link.url not in addresses(piece.text):
                yield Fault(
                    f"{at}.url", at, "research-link", f"this address does not stand in {link.id}: copy one that does, or leave it out"
                )
        if reply.answer_found != "no" and not reply.solution and not reply.code:
            yield Fault("solution", "", "research-citation", "there is no solution: write one, or say `no` in `answer_found`")

    def _list(self, name: str, items: Sequence[SaidReply], kind: Kind) -> Iterator[Fault]:
        for number, said in enumerate(items):
            at = f"{name}[{number}]"
            if number >= MOST_ITEMS:
                yield Fault(at, at, "reply-length", f"at most {MOST_ITEMS} entries")
                return
            yield from self._cites(f"{at}.ids", at, said.ids)
            if not said.text.strip():
                yield Fault(f"{at}.text", at, "markup", "this says nothing: leave it out")
            yield from self._text(f"{at}.text", at, said.text, kind)

    def _cites(self, path: str, item: str, ids: Sequence[str]) -> Iterator[Fault]:
        unknown = [one for one in ids if self._ledger.get(one) is None]
        if unknown:
            yield Fault(path, item, "evidence-id", f"there is no evidence {unknown[0]}")
        elif not any(one.startswith("R") for one in ids):
            yield Fault(path, item, "research-citation", "name the id of a research note, as in R1, that says this")

    def _code(self, at: str, part: CodeReply) -> Iterator[Fault]:
        yield from self._cites(f"{at}.ids", at, part.ids)
        if not part.code.strip():
            yield Fault(f"{at}.code", at, "markup", "this says nothing: leave it out")
        if part.language == "python":
            parsed = parsed_python(without_prompts(part.code))
            if isinstance(parsed, tuple):
                yield Fault(f"{at}.code", at, "acceptance-test", f"this is no Python that parses: {parsed[0]} (line {parsed[1]})")
        yield from self._text(f"{at}.code", at, part.code, "code")

    def _answers(self, reply: AnswersReply) -> Iterator[Fault]:
        for number, answer in enumerate(reply.questions):
            at = f"questions[{number}]"
            if answer.number not in self._questions:
                yield Fault(f"{at}.number", at, "research-number", f"there is no question {answer.number}")
            if answer.status != "open":
                yield from self._cites(f"{at}.ids", at, answer.ids)
                if not answer.answer.strip():
                    yield Fault(f"{at}.answer", at, "markup", "this says nothing: write the answer, or say `open`")
            yield from self._text(f"{at}.answer", at, answer.answer, "statement")
        for number, verdict in enumerate(reply.hypotheses):
            at = f"hypotheses[{number}]"
            if verdict.number not in self._theories:
                yield Fault(f"{at}.number", at, "research-number", f"there is no hypothesis {verdict.number}")
            if verdict.status != "untouched" and not any(quote.id.startswith("R") for quote in verdict.quotes):
                yield Fault(f"{at}.quotes", at, "hypothesis-evidence", "no quote of a research note decides: quote one, or say `untouched`")
            yield from self._quotes(at, verdict.quotes)
        for number, conflict in enumerate(reply.contradictions):
            at = f"contradictions[{number}]"
            if len({quote.id for quote in conflict.quotes}) < 2:
                yield Fault(f"{at}.quotes", at, "research-citation", "quote two different notes that contradict each other")
            yield from self._text(f"{at}.subject", at, conflict.subject, "statement")
            yield from self._quotes(at, conflict.quotes)

    def _quotes(self, at: str, quotes: Sequence[QuoteReply]) -> Iterator[Fault]:
        for number, quote in enumerate(quotes):
            path, wanted = f"{at}.quotes[{number}]", folded(quote.quote)
            if self._ledger.get(quote.id) is None:
                yield Fault(f"{path}.id", path, "evidence-id", f"there is no evidence {quote.id[:20]}")
            elif not 1 <= len(wanted) <= QUOTE_LIMIT or not self._vocabulary.quotes(quote.id, wanted):
                message = f"this does not stand in {quote.id} letter by letter, in at most {QUOTE_LIMIT} characters: {wanted[:80]}"
                yield Fault(f"{path}.quote", path, "quote", message)

    def _text(self, path: str, item: str, text: str, kind: Kind) -> Iterator[Fault]:
        for rule, message in false_parts(text, self._ledger, self._vocabulary, kind=kind):
            yield Fault(path, item, rule, message)
