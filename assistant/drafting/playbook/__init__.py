"""The playbook: drafts without a model, from rules (data) and lenses (general reasoning)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.drafting import Case, Drafted
from assistant.drafting.playbook.facts import Facts, facts_of
from assistant.drafting.playbook.lenses import general_proposals
from assistant.drafting.playbook.matching import Match, matching
from assistant.drafting.playbook.proposal import BY_CHANGE, Proposal
from assistant.drafting.playbook.proposing import proposals_of
from assistant.drafting.playbook.questions import (
    architecture_questions,
    information_needed,
    primary_questions,
    search_queries,
    technical_questions,
)
from assistant.drafting.playbook.rules import Rule, rules_for
from assistant.drafting.playbook.summary import acceptance_test, brief_description, severity, success_criteria, title
from assistant.evidence import CITATION, Evidence, Kind, Ledger, Origin, skimmed
from assistant.redaction import Redactor
from assistant.sections import Draft, Hypothesis

MOST_HYPOTHESES = 4
LEAST, WEAKEST = 2, 2.1
ENOUGH, WEAK = 3, 3.3
"""From so many hypotheses on, those below that score are left out: they would only fill the list."""

MOST_SOLUTIONS = 5
MOST_RULES = 4
TESTS_NOTED = 12

ALIKE = 0.6
"""Two theories that share more than this part of their words say the same."""

WORD = re.compile(r"[A-Za-z_][\w.]{3,}")


class Playbook:
    """Drafts a case by rules and general reasoning; needs no model and no network."""

    name = "playbook"

    def draft(self, case: Case) -> Drafted:
        """Draft all sections of the case that evidence alone cannot fill."""
        facts = facts_of(case)
        matches = _giving_way(matching(rules_for(_words(case)), facts))[:MOST_RULES]
        ledger, notes = _with_notes(_with_tests(case), [match.rule for match in matches])
        facts = facts._replace(case=replace(case, ledger=ledger))
        known = [proposal for match in matches for proposal in proposals_of(match, facts)]
        chosen = chosen_proposals([*known, *_of_the_change(facts), *general_proposals(facts)])
        drafted = _drafted(facts, matches, chosen, notes)
        return replace(drafted, drafts=_places(drafted, facts))


def _of_the_change(facts: Facts) -> tuple[Proposal, ...]:
    """What changed since the green state, as hypotheses."""
    if not facts.case.change.suspects:
        return ()
    # late: only a run with a history pays for it
    from assistant.drafting.playbook.change import change_proposals

    return change_proposals(facts)


def _giving_way(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """The rules without families, where rules that know the very message have enough to say."""
    told = sum(len(match.rule.hypotheses) for match in matches if not match.rule.family)
    return tuple(match for match in matches if told < ENOUGH or not match.rule.family)


def chosen_proposals(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """The best few, none of which says what a better one says already."""
    kept: list[Proposal] = []
    for proposal in sorted(proposals, key=lambda one: -one.score):
        if len(kept) == MOST_HYPOTHESES or any(
            len(kept) >= many and proposal.score < low for many, low in ((ENOUGH, WEAK), (LEAST, WEAKEST))
        ):
            break
        if not any(_alike(proposal, other) for other in kept):
            kept.append(proposal)
    return tuple(kept)


def _alike(one: Proposal, other: Proposal) -> bool:
    if one.key == other.key or (one.key.startswith(BY_CHANGE) and other.key.startswith(BY_CHANGE)):
        return one.key == other.key  # commits differ, however alike the words are
    words, held = set(WORD.findall(one.theory.lower())), set(WORD.findall(other.theory.lower()))
    return len(words & held) > ALIKE * max(1, min(len(words), len(held)))


def _words(case: Case) -> str:
    """All that rules may look at, to choose the topics that are read at all."""
    failure = case.failure
    return "\n".join([failure.exception, *map(skimmed, (failure.text, *(piece.text for piece in case.ledger)))])


def _with_tests(case: Case) -> Ledger:
    """The ledger with the names of the failing tests, where cutting left some of them out of the evidence."""
    tests = case.failure.test_ids[:TESTS_NOTED]
    held = "\n".join(piece.text for piece in case.ledger)
    if all(test in held for test in tests):
        return case.ledger
    text = Redactor().mask("\n".join(["Tests that fail in this way:", *tests]))
    return case.ledger.add(Evidence(kind=Kind.NOTE, origin=Origin(f"test names in {case.failure.origin.path}"), text=text, weight=0.3))[0]


def _with_notes(ledger: Ledger, rules: Sequence[Rule]) -> tuple[Ledger, dict[str, Evidence]]:
    """The rules' backgrounds in the ledger, so that what they know can be cited and checked."""
    notes: dict[str, Evidence] = {}
    for rule in rules:
        text = Redactor().mask(" ".join(rule.background.split()))
        ledger, notes[rule.id] = ledger.add(Evidence(kind=Kind.NOTE, origin=Origin(f"playbook rule {rule.id}"), text=text, weight=0.3))
    return ledger, notes


def _drafted(facts: Facts, matches: tuple[Match, ...], chosen: tuple[Proposal, ...], notes: dict[str, Evidence]) -> Drafted:
    primary = primary_questions(chosen, facts)
    technical = technical_questions(chosen, facts, primary)
    return Drafted(
        title=title(facts),
        severity=severity(facts, matches),
        brief_description=brief_description(facts, primary),
        hypotheses=tuple(_hypothesis(proposal) for proposal in chosen),
        primary_questions=primary,
        technical_questions=technical,
        architecture_questions=architecture_questions(chosen, facts, (*primary, *technical)),
        search_queries=search_queries(chosen, facts),
        similar_issues=tuple(f"Known pattern `{rule_id}`: {note.text} ({note.id})" for rule_id, note in notes.items()),
        success_criteria=success_criteria(facts, chosen),
        acceptance_test=acceptance_test(facts),
        information_needed=information_needed(chosen, facts),
        potential_solutions=_solutions(chosen),
        ledger=facts.case.ledger,
    )


def _hypothesis(proposal: Proposal) -> Hypothesis:
    return Hypothesis(
        theory=proposal.theory,
        evidence=proposal.quotes,
        test=proposal.test,
        if_true=proposal.if_true or None,
        if_false=proposal.if_false or None,
    )


def _solutions(chosen: tuple[Proposal, ...]) -> tuple[str, ...]:
    told = [f"{proposal.solution.rstrip('.')} (Hypothesis {number})" for number, proposal in enumerate(chosen, 1) if proposal.solution]
    return tuple(told[:MOST_SOLUTIONS])


def _places(drafted: Drafted, facts: Facts) -> dict[str, Draft]:
    """Who drafted what: every place that is filled, with the evidence it cites, else the failure's own."""
    own = (facts.failure.evidence,) if facts.failure.evidence else ()
    held: dict[str, Sequence[str]] = {
        "export_information": [drafted.title],
        "problem_statement.brief_description": [drafted.brief_description],
        "research_questions.primary_questions": drafted.primary_questions,
        "research_questions.technical_questions": drafted.technical_questions,
        "research_questions.architecture_questions": drafted.architecture_questions,
        "research_questions.search_queries": drafted.search_queries,
        "success_criteria.how_well_know_its_fixed": drafted.success_criteria,
        "success_criteria.acceptance_tests": [drafted.acceptance_test] if drafted.acceptance_test else [],
        "additional_context.similar_issues_encountered": drafted.similar_issues,
        "next_steps_after_research.information_needed": drafted.information_needed,
        "next_steps_after_research.potential_solutions_to_test": drafted.potential_solutions,
    }
    places = {place: Draft(by=Playbook.name, evidence=_cited(texts, drafted.ledger) or own) for place, texts in held.items() if texts}
    for number, hypothesis in enumerate(drafted.hypotheses, 1):
        quoted = tuple(dict.fromkeys(quote.id for quote in hypothesis.evidence))
        places[f"hypotheses.hypothesis_{number}"] = Draft(by=Playbook.name, evidence=quoted or own)
    return places


def _cited(texts: Sequence[str], ledger: Ledger) -> tuple[str, ...]:
    found = (cited for text in texts for cited in CITATION.findall(text))
    return tuple(dict.fromkeys(cited for cited in found if ledger.get(cited)))
