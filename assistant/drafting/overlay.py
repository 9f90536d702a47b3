"""A model's replies laid over the playbook's draft: each place says who drafted it; what the model lacks, the playbook has."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from assistant.checking.items import MIN_HYPOTHESES
from assistant.drafting import Case, Drafted
from assistant.drafting.replies import (
    CriteriaReply,
    HypothesesReply,
    HypothesisReply,
    NextStepsReply,
    QueriesReply,
    QuestionsReply,
    Reply,
    SingleReply,
    SummaryReply,
)
from assistant.evidence import CITATION
from assistant.sections import Draft, Hypothesis, Quote, Stance

R = TypeVar("R", bound=Reply)
MAX_HYPOTHESES = 4
QUESTION_GROUPS = ("primary_questions", "technical_questions", "architecture_questions")
SINGLE_PARTS = {
    "summary": "summary",
    "questions": "questions",
    "search_queries": "search_queries",
    "criteria": "criteria",
    "next_steps": "next_steps",
}


def overlay(base: Drafted, replies: Mapping[str, Reply], case: Case, *, name: str) -> Drafted:
    """Put a model's replies in the place of what the playbook drafted.

    Args:
        base: the playbook's draft.
        replies: task -> reply, faultless by now.
        case: what is drafted.
        name: the model's name.
    """
    if isinstance(single := replies.get("single"), SingleReply):
        parts: dict[str, Reply] = {task: getattr(single, field) for task, field in SINGLE_PARTS.items()}
        replies = parts | {"hypotheses": HypothesesReply(hypotheses=single.hypotheses)}
    drafted = base
    for task, lay in LAYERS.items():
        if task in replies:
            drafted = lay(drafted, replies[task], case, name)
    return drafted


def _summary(base: Drafted, reply: Reply, case: Case, name: str) -> Drafted:
    summary = _as(reply, SummaryReply)
    title, description = summary.title.strip(), summary.brief_description.strip()
    drafts = dict(base.drafts)
    if title:
        drafts["export_information"] = Draft(by=name, evidence=(case.failure.evidence,))
    if description:
        drafts["problem_statement.brief_description"] = _draft(name, (description,), case)
    return replace(
        base,
        title=title or base.title,
        severity=summary.severity if title else base.severity,
        brief_description=description or base.brief_description,
        drafts=drafts,
    )


def _hypotheses(base: Drafted, reply: Reply, case: Case, name: str) -> Drafted:
    theirs = _as(reply, HypothesesReply).hypotheses[:MAX_HYPOTHESES]
    if not theirs:
        return base
    ours = base.hypotheses[: max(0, MIN_HYPOTHESES - len(theirs))]
    drafts = {place: draft for place, draft in base.drafts.items() if not place.startswith("hypotheses.")}
    chosen = [*((_hypothesis(item), name) for item in theirs), *((item, base.drafts["hypotheses.hypothesis_1"].by) for item in ours)]
    for number, (hypothesis, by) in enumerate(chosen, 1):
        drafts[f"hypotheses.hypothesis_{number}"] = Draft(by=by, evidence=tuple(dict.fromkeys(quote.id for quote in hypothesis.evidence)))
    solutions = tuple(f"{item.solution.rstrip('.')} (Hypothesis {number})" for number, item in enumerate(theirs, 1) if item.solution)
    if solutions:
        drafts["next_steps_after_research.potential_solutions_to_test"] = _draft(name, solutions, case)
    return replace(
        base,
        hypotheses=tuple(hypothesis for hypothesis, _ in chosen),
        potential_solutions=solutions or base.potential_solutions,
        drafts=drafts,
    )


def _questions(base: Drafted, reply: Reply, case: Case, name: str) -> Drafted:
    questions = _as(reply, QuestionsReply)
    return _lists(base, {group: getattr(questions, group) for group in QUESTION_GROUPS}, "research_questions", case, name)


def _queries(base: Drafted, reply: Reply, case: Case, name: str) -> Drafted:
    queries = _as(reply, QueriesReply)
    return _lists(base, {"search_queries": [*queries.exact, *queries.general, *queries.version_change]}, "research_questions", case, name)


def _criteria(base: Drafted, reply: Reply, case: Case, name: str) -> Drafted:
    criteria = _as(reply, CriteriaReply)
    drafted = base
    drafts = dict(base.drafts)
    if criteria_said := _said(criteria.success_criteria):
        drafts["success_criteria.how_well_know_its_fixed"] = _draft(name, criteria_said, case)
        drafted = replace(drafted, success_criteria=criteria_said)
    if (code := _unfenced(criteria.acceptance_test)).strip():
        drafts["success_criteria.acceptance_tests"] = _draft(name, (code,), case)
        drafted = replace(drafted, acceptance_test=code)
    return replace(drafted, drafts=drafts)


def _next_steps(base: Drafted, reply: Reply, case: Case, name: str) -> Drafted:
    needed = _as(reply, NextStepsReply).information_needed
    return _lists(base, {"information_needed": needed}, "next_steps_after_research", case, name)


LAYERS = {
    "summary": _summary,
    "hypotheses": _hypotheses,
    "questions": _questions,
    "search_queries": _queries,
    "criteria": _criteria,
    "next_steps": _next_steps,
}


def _lists(base: Drafted, lists: Mapping[str, list[str]], section: str, case: Case, name: str) -> Drafted:
    """Lists that replace the playbook's where they hold anything."""
    filled: dict[str, Any] = {key: said for key, items in lists.items() if (said := _said(items))}
    drafts = dict(base.drafts) | {f"{section}.{key}": _draft(name, items, case) for key, items in filled.items()}
    return replace(base, **filled, drafts=drafts)


def _hypothesis(item: HypothesisReply) -> Hypothesis:
    quotes = tuple(Quote(id=quote.id, quote=quote.quote, stance=Stance(quote.stance)) for quote in item.evidence)
    return Hypothesis(theory=item.theory, evidence=quotes, test=item.test, if_true=item.if_true, if_false=item.if_false)


def _said(items: list[str]) -> tuple[str, ...]:
    """The entries of a list that say anything."""
    return tuple(item for item in items if item.strip())


def _draft(name: str, texts: tuple[str, ...] | list[str], case: Case) -> Draft:
    """Who drafted some texts: the ids they cite, else the failure's own evidence."""
    cited = dict.fromkeys(found[0] for text in texts for found in CITATION.finditer(text) if case.ledger.get(found[0]))
    return Draft(by=name, evidence=tuple(cited) or (case.failure.evidence,))


def _unfenced(code: str) -> str:
    found = re.fullmatch(r"\s*```(?:python|py)?\n(.*?)\n?```\s*", code, re.S)
    return (found[1] if found else code).strip("\n")


def _as(reply: Reply, model: type[R]) -> R:
    if not isinstance(reply, model):
        raise TypeError(f"a {type(reply).__name__} came where a {model.__name__} was asked for")
    return reply
