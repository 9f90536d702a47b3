"""From a rule that fits to proposals: its texts with the case's values, its quotes found in the ledger."""

from assistant.drafting.playbook.facts import FOREIGN, Facts
from assistant.drafting.playbook.matching import ELSEWHERE, Match
from assistant.drafting.playbook.proposal import NOTHING_ASKED, Asked, Proposal
from assistant.drafting.playbook.quoting import distinct, message_quote, quote_of
from assistant.drafting.playbook.wording import MESSAGE_LIMIT, Values, clean, fill, fill_each, fill_whole
from assistant.sections import Stance

RULE_BASE, FAMILY_BASE = 10.0, 5.8
BESIDE = 4.0
"""How much less a rule counts of which nothing stands in the failure itself, only in the log around."""
ASKED_LIMIT = 90
"""How long a message may be inside a question; it stands whole above."""

STEP_DOWN = 1.5
"""How much less each further hypothesis of one rule counts, so that other rules get their turn."""

CONTRADICTED = 6.0
"""How much less a hypothesis counts that the evidence speaks against."""


def proposals_of(match: Match, facts: Facts) -> tuple[Proposal, ...]:
    """The hypotheses of a rule that fits.

    Args:
        match: the rule and the groups it found.
        facts: the case.
    """
    asked = _asked(match, values_of(facts, match.groups, message_limit=ASKED_LIMIT), values_of(facts, match.groups))
    made = (_proposal(match, number, facts) for number in range(len(match.rule.hypotheses)))
    found = [proposal for proposal in made if proposal]
    return tuple(proposal._replace(asked=asked if number == 0 else NOTHING_ASKED) for number, proposal in enumerate(found))


def values_of(facts: Facts, groups: dict[str, str] | None = None, *, message_limit: int = MESSAGE_LIMIT) -> Values:
    """The placeholders' values for a case; named groups first."""
    frame = facts.ours or facts.innermost
    held = {
        "exception": clean(facts.exception),
        "message": clean(facts.headline, message_limit),
        "test": clean(facts.failure.test_id, MESSAGE_LIMIT),
        "file": clean(frame.path) if frame else "",
        "line": str(frame.line) if frame and frame.line else "",
        "function": clean(frame.function) if frame and not frame.function.startswith("<") else "",
        "library": clean(facts.library.package) if facts.library else clean(raised_by(facts)),
    }
    held.update({name: clean(value) for name, value in (groups or {}).items()})

    def value(name: str, argument: str) -> str:
        if name != "version":
            return held.get(name, "")
        known = facts.version(argument)
        return f"{argument} {known.value}" if known else argument

    return value


def raised_by(facts: Facts) -> str:
    """The package that a dotted exception belongs to, where it is none of ours: `pydantic` of `pydantic.errors.PydanticUserError`."""
    top, _, rest = facts.failure.exception.partition(".")
    ours = {part for frame in facts.failure.frames if frame.ours for part in frame.path.split("/")}
    return top if rest and top not in ours and top not in FOREIGN and top in facts.error else ""


def _proposal(match: Match, number: int, facts: Facts) -> Proposal | None:
    theory = match.rule.hypotheses[number]
    values = values_of(facts, match.groups)
    texts = {key: fill(getattr(theory, key), values) for key in ("theory", "if_true", "if_false", "solution")}
    test = fill_whole(theory.test, values) or fill(theory.test, values)
    quotes = [quote_of(facts, sought.match, kind=sought.kind) for sought in theory.quotes]
    if not any(quotes):
        quotes = [message_quote(facts)]
    against = [quote_of(facts, sought.match, kind=sought.kind, stance=Stance.AGAINST) for sought in theory.against]
    refuted = {quote.quote for quote in against if quote}
    if not (texts["theory"] and test and any(quotes)):
        return None
    return Proposal(
        key=f"{match.rule.id}:{number}",
        score=(FAMILY_BASE if match.rule.family else RULE_BASE)
        - (BESIDE if match.weight <= ELSEWHERE else 0.0)
        + match.weight
        - STEP_DOWN * number
        - (CONTRADICTED if any(against) else 0.0),
        theory=texts["theory"],
        quotes=distinct([*(quote for quote in quotes if quote and quote.quote not in refuted), *against]),
        test=test,
        if_true=texts["if_true"],
        if_false=texts["if_false"],
        solution=texts["solution"],
    )


def _asked(match: Match, values: Values, whole: Values) -> Asked:
    rule = match.rule
    return Asked(
        primary=fill_each(rule.questions["primary"], values),
        technical=fill_each(rule.questions["technical"], values),
        architecture=fill_each(rule.questions["architecture"], values),
        queries=fill_each(rule.queries, whole),
        information=fill_each(rule.information, values),
        criteria=fill_each(rule.criteria, values),
    )
