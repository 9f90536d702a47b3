"""A model's replies over the playbook's draft: each place says who drafted it, and nothing is lost where a reply is empty."""

import json
from typing import Any

import pytest
from good_replies import GOOD, texts

from assistant.drafting import Case, Drafted
from assistant.drafting.overlay import overlay
from assistant.drafting.playbook import Playbook
from assistant.drafting.replies import REPLIES, Reply
from assistant.sections import Stance

EMPTY: dict[str, Any] = {
    "summary": {"title": "", "brief_description": "", "severity": "Low"},
    "hypotheses": {"hypotheses": []},
    "questions": {"primary_questions": [], "technical_questions": [], "architecture_questions": []},
    "search_queries": {"exact": [], "general": [], "version_change": []},
    "criteria": {"success_criteria": [], "acceptance_test": ""},
    "next_steps": {"information_needed": []},
}


@pytest.fixture(scope="module")
def base(case: Case) -> Drafted:
    return Playbook().draft(case)


def made(task: str, data: Any) -> Reply:
    return REPLIES[task].model_validate(data)


def changed_places(before: Drafted, after: Drafted) -> set[str]:
    return {place for place in {*before.drafts, *after.drafts} if before.drafts.get(place) != after.drafts.get(place)}


@pytest.mark.parametrize("task", EMPTY)
def test_an_empty_reply_changes_nothing(base: Drafted, case: Case, task: str) -> None:
    assert overlay(base, {task: made(task, EMPTY[task])}, case, name="m") == base


@pytest.mark.parametrize("task", [task for task in EMPTY if task != "hypotheses"])
def test_a_reply_of_blanks_changes_nothing(base: Drafted, case: Case, task: str) -> None:
    blank = {name: [" ", ""] if isinstance(value, list) else value or " \n" for name, value in EMPTY[task].items()}
    assert overlay(base, {task: made(task, blank)}, case, name="m") == base


@pytest.mark.parametrize(
    ("task", "places"),
    [
        ("summary", {"export_information", "problem_statement.brief_description"}),
        ("questions", {f"research_questions.{group}_questions" for group in ("primary", "technical", "architecture")}),
        ("search_queries", {"research_questions.search_queries"}),
        ("criteria", {"success_criteria.how_well_know_its_fixed", "success_criteria.acceptance_tests"}),
        ("next_steps", {"next_steps_after_research.information_needed"}),
    ],
)
def test_a_reply_takes_its_own_places_and_no_others(base: Drafted, case: Case, task: str, places: set[str]) -> None:
    laid = overlay(base, {task: made(task, GOOD[task])}, case, name="m")
    assert changed_places(base, laid) == places
    assert {laid.drafts[place].by for place in places} == {"m"}


def test_hypotheses_bring_their_solutions_and_their_evidence(base: Drafted, case: Case) -> None:
    laid = overlay(base, {"hypotheses": made("hypotheses", GOOD["hypotheses"])}, case, name="m")
    assert laid.drafts["hypotheses.hypothesis_1"].evidence == ("E12", "E5", "E1", "E13")
    assert laid.hypotheses[0].evidence[-1].stance is Stance.AGAINST
    assert [solution.rpartition(" (")[2] for solution in laid.potential_solutions] == ["Hypothesis 1)", "Hypothesis 2)"]
    assert "hypotheses.hypothesis_3" not in laid.drafts


def test_no_more_than_four_hypotheses_are_taken(base: Drafted, case: Case) -> None:
    many = [GOOD["hypotheses"]["hypotheses"][0] | {"theory": f"Theory {number}."} for number in range(6)]
    laid = overlay(base, {"hypotheses": made("hypotheses", {"hypotheses": many})}, case, name="m")
    assert [item.theory for item in laid.hypotheses] == ["Theory 0.", "Theory 1.", "Theory 2.", "Theory 3."]


def test_a_place_cites_what_its_texts_cite_and_else_the_failure(base: Drafted, case: Case) -> None:
    reply = made("next_steps", {"information_needed": ["See (E4), then (E6).", "And E999, E4."]})
    laid = overlay(base, {"next_steps": reply}, case, name="m")
    assert laid.drafts["next_steps_after_research.information_needed"].evidence == ("E4", "E6")
    plain = overlay(base, {"next_steps": made("next_steps", {"information_needed": ["The SQL."]})}, case, name="m")
    assert plain.drafts["next_steps_after_research.information_needed"].evidence == (case.failure.evidence,)


def test_without_a_title_the_playbooks_severity_stays_too(base: Drafted, case: Case) -> None:
    laid = overlay(base, {"summary": made("summary", GOOD["summary"] | {"title": "", "severity": "Low"})}, case, name="m")
    assert (laid.title, laid.severity) == (base.title, base.severity)
    assert laid.drafts["export_information"] == base.drafts["export_information"]


def test_a_test_in_a_fence_is_taken_out_of_it(base: Drafted, case: Case) -> None:
    reply = made("criteria", {"success_criteria": [], "acceptance_test": "```python\ndef test_solution():\n    assert True\n```\n"})
    assert overlay(base, {"criteria": reply}, case, name="m").acceptance_test == "def test_solution():\n    assert True"


def test_a_single_reply_is_the_same_as_its_parts(base: Drafted, case: Case) -> None:
    single = made("single", json.loads(texts()["single"]))
    parts = {task: made(task, GOOD[task]) for task in GOOD}
    assert overlay(base, {"single": single}, case, name="m") == overlay(base, parts, case, name="m")


def test_a_single_reply_with_empty_parts_leaves_those_to_the_playbook(base: Drafted, case: Case) -> None:
    data = EMPTY | {"hypotheses": [], "summary": GOOD["summary"]}
    laid = overlay(base, {"single": made("single", data)}, case, name="m")
    assert laid == overlay(base, {"summary": made("summary", GOOD["summary"])}, case, name="m")
