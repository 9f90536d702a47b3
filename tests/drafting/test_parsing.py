"""A model's text as a reply: found in whatever stands around it, validated, and of a cut one what is whole."""

import json

import pytest
from hypothesis import given, strategies as st

from assistant.drafting.parsing import ReplyError, parse_reply, salvage
from assistant.drafting.replies import AttemptsReply, HypothesesReply, NextStepsReply, QuestionsReply, SingleReply, SummaryReply

STEPS = {"information_needed": ["the SQL that ran"]}
TEXT = json.dumps(STEPS)
HYPOTHESIS = {
    "theory": "The row is expired.",
    "evidence": [{"id": "E1", "quote": "order.updated_at", "stance": "for"}],
    "test": "pytest",
    "if_true": "red",
    "if_false": "green",
    "solution": "refresh it",
}


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\n  {TEXT}\n",
        json.dumps(STEPS, indent=2),
        f"```json\n{TEXT}\n```",
        f"```\n{TEXT}\n```",
        f"Here is the answer:\n\n```json\n{TEXT}\n```\nI hope it helps.",
        f"Sure! {TEXT} Anything else?",
        f"<think>they want JSON</think>{TEXT}",
    ],
    ids=["bare", "blanks", "indented", "fence", "plain fence", "fence and words", "words", "thoughts"],
)
def test_a_reply_is_found_in_its_text(text: str) -> None:
    assert parse_reply(text, NextStepsReply).information_needed == ["the SQL that ran"]


@pytest.mark.parametrize(
    "text", ["", "No.", "{", '{"information_needed": ["a"', "```json\n```", "}{", "[" * 100_000, '{"a":' * 100_000, '"' * 1000]
)
def test_a_text_without_json_is_told_as_such(text: str) -> None:
    with pytest.raises(ReplyError) as caught:
        parse_reply(text, NextStepsReply)
    assert caught.value.faults == (("", "the answer is not one JSON object"),)
    assert not caught.value.is_json


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        ({}, "information_needed", "Field required"),
        ([], "", "Input should be an object"),
        (None, "", "Input should be an object"),
        ({"information_needed": "the SQL"}, "information_needed", "Input should be a valid array"),
        ({"information_needed": ["a", 7]}, "information_needed[1]", "Input should be a valid string"),
        ({"information_needed": [None]}, "information_needed[0]", "Input should be a valid string"),
        (STEPS | {"more": 1}, "more", "Extra inputs are not permitted"),
    ],
)
def test_json_that_does_not_fit_is_told_with_its_place(data: object, path: str, message: str) -> None:
    with pytest.raises(ReplyError) as caught:
        parse_reply(json.dumps(data), NextStepsReply)
    assert caught.value.faults == ((path, message),)
    assert caught.value.is_json


def test_half_a_surrogate_pair_is_replaced_and_the_rest_stays() -> None:
    assert parse_reply('{"information_needed": ["a \\ud800 b", "\\ud83d\\ude00"]}', NextStepsReply).information_needed == ["a ? b", "😀"]


def test_a_fault_deep_inside_is_told_with_its_whole_path() -> None:
    broken = HYPOTHESIS | {"evidence": [{"id": "E1", "quote": "x", "stance": "maybe"}]}
    with pytest.raises(ReplyError) as caught:
        parse_reply(json.dumps({"hypotheses": [HYPOTHESIS, broken]}), HypothesesReply)
    assert caught.value.faults == (("hypotheses[1].evidence[0].stance", "Input should be 'for' or 'against'"),)


def test_no_more_than_five_faults_are_told() -> None:
    with pytest.raises(ReplyError) as caught:
        parse_reply(json.dumps({"information_needed": [1] * 100}), NextStepsReply)
    assert len(caught.value.faults) == 5


def test_of_a_cut_list_the_whole_entries_stay() -> None:
    text = json.dumps({"hypotheses": [HYPOTHESIS, HYPOTHESIS]})
    assert salvage(text[: len(text) * 3 // 4], HypothesesReply) == HypothesesReply.model_validate({"hypotheses": [HYPOTHESIS]})


def test_of_a_list_with_one_broken_entry_the_others_stay_in_order() -> None:
    entries = [HYPOTHESIS, HYPOTHESIS | {"theory": 7}, HYPOTHESIS | {"theory": "Another one."}]
    kept = salvage(json.dumps({"hypotheses": entries}), HypothesesReply)
    assert kept
    assert [item.theory for item in kept.hypotheses] == ["The row is expired.", "Another one."]


def test_what_is_missing_is_empty_and_a_choice_is_the_first() -> None:
    kept = salvage('{"title": "It breaks", "severity": "Terrible"}', SummaryReply)
    assert kept == SummaryReply(title="It breaks", brief_description="", severity="Low")


def test_an_unknown_property_is_left_out() -> None:
    assert salvage('{"information_needed": ["a"], "more": 1}', NextStepsReply) == NextStepsReply(information_needed=["a"])


def test_parts_of_a_single_reply_stay_when_another_is_missing() -> None:
    kept = salvage(json.dumps({"hypotheses": [HYPOTHESIS], "next_steps": STEPS, "questions": None}), SingleReply)
    assert kept
    assert kept.next_steps == NextStepsReply(information_needed=["the SQL that ran"])
    assert kept.questions == QuestionsReply(primary_questions=[], technical_questions=[], architecture_questions=[])


@pytest.mark.parametrize("text", ["", "no", "{}", "[]", "{", '{"information_needed": []}', '{"information_needed": "a"}', "[" * 100_000])
def test_where_nothing_is_whole_there_is_no_reply(text: str) -> None:
    assert salvage(text, NextStepsReply) is None


@pytest.mark.parametrize("depth", [10, 100_000])
def test_nested_nonsense_is_no_reply(depth: int) -> None:
    assert salvage('{"information_needed":' + "[" * depth, NextStepsReply) is None


@given(st.text(max_size=200), st.integers(0, 400), st.sampled_from([HypothesesReply, SummaryReply, AttemptsReply, SingleReply]))
def test_whatever_a_text_is_it_gives_a_valid_reply_or_none(text: str, cut: int, model: type) -> None:
    whole = json.dumps({"hypotheses": [HYPOTHESIS], "title": text, "attempts": [{"attempt": 1, "why_it_didnt_work": text}]})
    for candidate in (text, whole[:cut], whole[:cut] + text):
        kept = salvage(candidate, model)
        assert kept is None or model.model_validate(kept.model_dump()) == kept
