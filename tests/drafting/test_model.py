"""Drafting with a model, over a real connection: what is asked, what is kept of the answers, and what stands there when there are none."""

import json
from collections.abc import Callable, Mapping
from os.path import commonprefix  # of texts, letter by letter
from pathlib import Path
from typing import Any

import pytest
from fake_endpoint import (
    Behaviour,
    FakeEndpoint,
    answer,
    dripping,
    dropped,
    endless,
    raw,
    refusal,
    reply,
    silent,
    slow,
    status,
    without_field,
    without_schemas,
)
from good_replies import GOOD, changed, texts

from assistant.drafting import Case, Drafted
from assistant.drafting.asking import GROUPS
from assistant.drafting.caps import Limits
from assistant.drafting.memory import Memory
from assistant.drafting.model import ModelDrafter
from assistant.drafting.playbook import Playbook

Make = Callable[..., ModelDrafter]
TEXTS = texts()
FALSE_QUOTE = changed("hypotheses", "hypotheses", 0, "evidence", 1, "quote", to="await session.flash()")
FALSE_ID = changed("next_steps", "information_needed", 0, to="The log (E99) of `session.flush()`")


def good(**instead: Behaviour | list[Behaviour]) -> dict[str, Any]:
    """The script of a good model, with other behaviour for some tasks."""
    return {task: reply(text) for task, text in TEXTS.items()} | instead


@pytest.fixture(scope="module")
def base(case: Case) -> Drafted:
    """What the playbook drafts."""
    return Playbook().draft(case)


def outcomes(drafted: Drafted, task: str) -> list[str]:
    assert drafted.use
    return [call.outcome for call in drafted.use.calls if call.task == task]


def flags(drafted: Drafted) -> tuple[bool, bool]:
    assert drafted.use
    return drafted.use.failed, drafted.use.capped


class TestWhatIsAsked:
    def test_one_call_a_section_group_and_all_of_it_is_drafted_by_the_model(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good()
        drafted = drafter().draft(case)
        assert next(request.task for request in fake.requests) == "hypotheses"
        assert sorted(request.task for request in fake.requests) == sorted(GROUPS)
        assert flags(drafted) == (False, False)
        assert drafted.title == GOOD["summary"]["title"]
        assert [hypothesis.theory for hypothesis in drafted.hypotheses] == [item["theory"] for item in GOOD["hypotheses"]["hypotheses"]]
        assert drafted.primary_questions == tuple(GOOD["questions"]["primary_questions"])
        assert drafted.search_queries == tuple(query for kind in GOOD["search_queries"].values() for query in kind)
        assert drafted.acceptance_test == GOOD["criteria"]["acceptance_test"].strip("\n")
        assert drafted.information_needed == tuple(GOOD["next_steps"]["information_needed"])
        assert {draft.by for place, draft in drafted.drafts.items() if not place.startswith("additional_context")} == {"fake"}

    def test_all_calls_of_an_export_share_one_prefix_byte_for_byte(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good(hypotheses=[reply(FALSE_QUOTE), reply(TEXTS["hypotheses"])])
        drafter().draft(case)
        assert len(fake.requests) == len(GROUPS) + 1
        prefix = commonprefix([json.dumps(request.body["messages"], ensure_ascii=False) for request in fake.requests])  # noqa: RUF071
        evidence, mark, _ = fake.requests[0].body["messages"][1]["content"].partition("\n# Task\n")
        assert mark
        assert json.dumps(evidence, ensure_ascii=False)[1:-1] in prefix
        assert {request.body["messages"][0]["content"] for request in fake.requests} == {fake.requests[0].body["messages"][0]["content"]}

    def test_the_same_case_gives_the_same_bytes(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good()
        for _ in range(2):
            drafter().draft(case)
        first, second = fake.requests[: len(GROUPS)], fake.requests[len(GROUPS) :]
        assert {request.task: request.raw for request in first} == {request.task: request.raw for request in second}

    def test_the_first_call_is_alone_and_the_others_go_side_by_side_up_to_the_limit(
        self, fake: FakeEndpoint, drafter: Make, case: Case
    ) -> None:
        fake.script = {task: slow(reply(text), pause_s=0.08) for task, text in TEXTS.items()}
        drafter(concurrency=3).draft(case)
        assert fake.requests[0].beside == 1
        assert fake.requests[1].beside <= 3
        assert max(request.beside for request in fake.requests) == 3

    def test_with_a_limit_of_one_they_go_one_after_the_other(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = {task: slow(reply(text)) for task, text in TEXTS.items()}
        drafter(concurrency=1).draft(case)
        assert {request.beside for request in fake.requests} == {1}

    def test_a_single_call_asks_for_everything_at_once(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good()
        single = drafter(single_call=True).draft(case)
        assert [request.task for request in fake.requests] == ["single"]
        separate = drafter().draft(case)
        assert (single.title, single.hypotheses, single.search_queries, single.drafts) == (
            separate.title,
            separate.hypotheses,
            separate.search_queries,
            separate.drafts,
        )

    def test_what_is_shown_beforehand_is_what_is_sent(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good()
        shown = [body for body, _, _ in drafter().payloads(case)]
        assert fake.requests == []
        drafter().draft(case)
        assert sorted(map(json.dumps, shown)) == sorted(json.dumps(request.body) for request in fake.requests)

    def test_no_prompt_is_larger_than_the_models_window(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good()
        drafted = drafter(window=4000, reply_tokens=500).draft(case)
        for _, most, _ in drafter(window=4000, reply_tokens=500).payloads(case):
            assert most.sent + most.received <= 4000
        assert any("was left out of the prompt" in note for note in drafted.notes)

    @pytest.mark.parametrize("window", [1, 600, 1200])
    def test_a_window_that_holds_no_evidence_at_all_sends_none_of_it(
        self, fake: FakeEndpoint, drafter: Make, case: Case, window: int
    ) -> None:
        fake.script = good()
        drafted = drafter(window=window, reply_tokens=500).draft(case)
        assert drafted.title
        assert len(drafted.hypotheses) >= 2


class TestRepair:
    def test_only_what_is_faulty_is_replaced(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        mended = json.loads(TEXTS["hypotheses"])
        mended["hypotheses"][1]["theory"] = "Something else altogether."
        fake.script = good(hypotheses=[reply(FALSE_QUOTE), reply(json.dumps(mended))])
        drafted = drafter().draft(case)
        assert outcomes(drafted, "hypotheses") == ["ok", "ok"]
        first, second = drafted.hypotheses
        assert first.evidence[1].quote == "await session.flush()"
        assert second.theory == GOOD["hypotheses"]["hypotheses"][1]["theory"]
        assert flags(drafted) == (False, False)

    def test_the_repair_names_the_fault_and_shows_the_answer_under_the_same_nonce(
        self, fake: FakeEndpoint, drafter: Make, case: Case
    ) -> None:
        fake.script = good(hypotheses=[reply(FALSE_QUOTE), reply(TEXTS["hypotheses"])])
        drafter().draft(case)
        first, second = fake.asked("hypotheses")
        task = second.body["messages"][1]["content"].partition("\n# Task\n")[2]
        assert second.is_repair
        assert "`hypotheses[0].evidence[1].quote`: this does not stand in E5" in task
        assert FALSE_QUOTE in task
        nonce = first.prompt.partition("carry the code ")[2].partition(".")[0]
        assert f"<<{nonce} your answer>>" in task

    def test_a_repair_lists_twenty_faults_and_counts_the_rest(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        many = json.dumps({"information_needed": [f"What `ghost_{number}` is (E99)" for number in range(18)] + ["(E98) (E97)"] * 2})
        fake.script = good(next_steps=reply(many))
        drafter().draft(case)
        repair = fake.asked("next_steps")[1].body["messages"][1]["content"]
        listed = repair.partition("A program checked it")[2]
        assert listed.count("there is no evidence E") == 20
        assert "\n- and 2 more of these kinds, not listed.\n" in listed
        assert "Mend what is named above and what is wrong in the same way; keep" in listed

    def test_a_good_answer_is_not_asked_again(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good()
        drafter().draft(case)
        assert not any(request.is_repair for request in fake.requests)

    def test_what_stays_faulty_is_asked_for_twice_then_dropped_and_told(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good(next_steps=reply(FALSE_ID))
        drafted = drafter().draft(case)
        assert [request.is_repair for request in fake.asked("next_steps")] == [False, True, True]
        assert drafted.information_needed == (GOOD["next_steps"]["information_needed"][1],)
        (note,) = [note for note in drafted.notes if note.startswith("next_steps: dropped")]
        assert "E99" in note
        assert flags(drafted) == (False, False)

    def test_a_repair_that_fails_leaves_the_valid_items_in_place_and_is_told(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good(next_steps=[reply(FALSE_ID), status(500)])
        drafted = drafter().draft(case)
        assert outcomes(drafted, "next_steps") == ["ok", "status 500: no"]
        assert drafted.information_needed == (GOOD["next_steps"]["information_needed"][1],)
        assert "next_steps: repair: status 500: no" in drafted.notes
        assert flags(drafted) == (True, False)

    def test_a_repair_that_a_cap_refuses_leaves_the_valid_items_in_place_and_is_told(
        self, fake: FakeEndpoint, drafter: Make, case: Case
    ) -> None:
        fake.script = {"any": reply(TEXTS["single"].replace("await session.flush()", "await session.flash()"), usage=None)}
        ((_, most, _),) = drafter(single_call=True).payloads(case)
        drafted = drafter(single_call=True, limits=Limits(tokens=most.sent + most.received + 100)).draft(case)
        assert len(fake.requests) == 1
        assert drafted.title == GOOD["summary"]["title"]
        assert any(note.startswith("single: repair: --max-tokens") for note in drafted.notes)
        assert flags(drafted) == (False, True)

    def test_an_endpoint_that_refuses_the_form_only_of_the_repair_is_asked_otherwise(
        self, fake: FakeEndpoint, drafter: Make, case: Case
    ) -> None:
        fake.script = good(hypotheses=[reply(FALSE_QUOTE), without_schemas(reply(TEXTS["hypotheses"]))])
        drafted = drafter().draft(case)
        assert outcomes(drafted, "hypotheses") == ["ok", "form refused", "ok"]
        assert flags(drafted) == (False, False)

    def test_a_repair_that_answers_prose_leaves_the_valid_items_in_place(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good(next_steps=[reply(FALSE_ID), reply("I am sorry about that.")])
        drafted = drafter().draft(case)
        assert drafted.information_needed == (GOOD["next_steps"]["information_needed"][1],)
        assert len(fake.asked("next_steps")) <= 3

    def test_of_a_reply_cut_at_its_length_the_whole_items_stay_and_the_rest_is_asked_for(
        self, fake: FakeEndpoint, drafter: Make, case: Case
    ) -> None:
        cut = TEXTS["hypotheses"][: TEXTS["hypotheses"].index("`record` flushes")]
        fake.script = good(hypotheses=[reply(cut, finish="length"), reply(TEXTS["hypotheses"])])
        drafted = drafter().draft(case)
        assert outcomes(drafted, "hypotheses") == ["cut at the length limit", "ok"]
        assert "write less" in fake.asked("hypotheses")[1].prompt
        assert [item.theory for item in drafted.hypotheses] == [item["theory"] for item in GOOD["hypotheses"]["hypotheses"]]

    def test_a_broken_reply_is_sent_back_with_the_place_that_does_not_fit(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        broken = changed("questions", "primary_questions", to="Why?")
        fake.script = good(questions=[reply(broken), reply(TEXTS["questions"])])
        drafted = drafter().draft(case)
        assert "`primary_questions`: Input should be a valid array" in fake.asked("questions")[1].prompt
        assert drafted.primary_questions == tuple(GOOD["questions"]["primary_questions"])

    def test_prose_where_a_schema_was_sent_turns_to_json_mode_with_the_schema_in_the_prompt(
        self, fake: FakeEndpoint, drafter: Make, case: Case
    ) -> None:
        fake.script = good(hypotheses=[reply("The cause is a lazy load."), reply(TEXTS["hypotheses"])])
        drafted = drafter().draft(case)
        first, second = fake.asked("hypotheses")
        assert (first.form, second.form) == ("json_schema", "json_object")
        assert '"additionalProperties": false' in second.prompt
        assert {request.form for request in fake.requests[2:]} == {"json_object"}
        assert [item.theory for item in drafted.hypotheses] == [item["theory"] for item in GOOD["hypotheses"]["hypotheses"]]


class TestEndpointsThatKnowLess:
    def test_a_fenced_reply_is_taken(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = {task: reply(f"Here it is:\n```json\n{text}\n```\n") for task, text in TEXTS.items()}
        drafted = drafter().draft(case)
        assert drafted.title == GOOD["summary"]["title"]
        assert len(fake.requests) == len(GROUPS)

    @pytest.mark.parametrize(
        ("without", "refused", "form"),
        [
            (lambda then: without_schemas(then), 1, "json_object"),
            (lambda then: without_schemas(then, without_json_mode=True), 2, "text"),
            (lambda then: without_field("max_completion_tokens", then), 1, "json_schema"),
        ],
        ids=["no schemas", "no JSON mode", "no max_completion_tokens"],
    )
    def test_what_it_refuses_is_asked_otherwise_once_and_for_all(
        self, fake: FakeEndpoint, drafter: Make, case: Case, without: Callable[[Behaviour], Behaviour], refused: int, form: str
    ) -> None:
        fake.script = {task: without(reply(text)) for task, text in TEXTS.items()}
        drafted = drafter().draft(case)
        assert len(fake.requests) == len(GROUPS) + refused
        assert {request.form for request in fake.requests[refused:]} == {form}
        assert outcomes(drafted, "hypotheses") == ["form refused"] * refused + ["ok"]
        assert drafted.title == GOOD["summary"]["title"]
        assert flags(drafted) == (False, False)


FAILURES: Mapping[str, tuple[Behaviour, str]] = {
    "refusal": (refusal("I will not."), "the model refused: I will not."),
    "content filter": (reply("half", finish="content_filter"), "the reply was stopped by a content filter"),
    "cut before it began": (reply("", finish="length"), "the reply was cut before it began"),
    "429": (status(429, "slow down", headers={"Retry-After": "0"}), "status 429: slow down"),
    "500": (status(500), "status 500: no"),
    "401": (status(401), "status 401: no"),
    "dropped": (dropped(), "no connection: "),
    "dripping": (dripping(), "no whole answer within 0.15 s"),
    "silent": (silent(), "no "),
    "endless": (endless(), "the answer has more than 4000000 bytes"),
    "HTML": (raw(b"<html>", kind="text/html"), "the answer is no JSON"),
    "error with 200": (answer({"error": {"message": "overloaded"}}), "the answer holds no reply: overloaded"),
    "empty": (reply(""), "the reply is empty"),
    "prose": (reply("I think it is the database."), "no reply of the wanted form"),
    "wrong types": (reply('{"hypotheses": 1, "title": 2}'), "no reply of the wanted form"),
}


class TestFailure:
    @pytest.mark.parametrize("name", FAILURES)
    def test_where_the_model_fails_the_playbooks_draft_stands_and_says_so(
        self, fake: FakeEndpoint, drafter: Make, case: Case, base: Drafted, name: str
    ) -> None:
        behaviour, failure = FAILURES[name]
        fake.script = {"any": behaviour}
        drafted = drafter(timeout_s=0.15, single_call=True).draft(case)
        assert flags(drafted) == (True, False)
        assert (drafted.title, drafted.hypotheses, drafted.drafts) == (base.title, base.hypotheses, base.drafts)
        assert "single: drafted by the playbook instead" in drafted.notes
        if failure != "no reply of the wanted form":
            assert any(note.startswith(f"single: {failure}") for note in drafted.notes)

    def test_one_failed_task_costs_only_its_own_places(self, fake: FakeEndpoint, drafter: Make, case: Case, base: Drafted) -> None:
        fake.script = good(summary=refusal("no"))
        drafted = drafter().draft(case)
        assert drafted.title == base.title
        assert drafted.drafts["export_information"].by == "playbook"
        assert drafted.information_needed == tuple(GOOD["next_steps"]["information_needed"])
        assert drafted.drafts["next_steps_after_research.information_needed"].by == "fake"
        assert flags(drafted) == (True, False)

    def test_a_list_that_is_left_empty_falls_back_to_the_playbook_and_is_marked_as_its(
        self, fake: FakeEndpoint, drafter: Make, case: Case, base: Drafted
    ) -> None:
        fake.script = good(next_steps=reply(json.dumps({"information_needed": ["See (E98).", "See (E99)."]})))
        drafted = drafter().draft(case)
        assert drafted.information_needed == base.information_needed
        assert drafted.drafts["next_steps_after_research.information_needed"].by == "playbook"

    def test_with_one_hypothesis_left_the_playbooks_best_comes_second_and_is_marked_as_its(
        self, fake: FakeEndpoint, drafter: Make, case: Case, base: Drafted
    ) -> None:
        one = json.dumps({"hypotheses": GOOD["hypotheses"]["hypotheses"][:1]})
        fake.script = good(hypotheses=reply(one))
        drafted = drafter().draft(case)
        assert drafted.hypotheses[1:] == base.hypotheses[:1]
        assert [drafted.drafts[f"hypotheses.hypothesis_{number}"].by for number in (1, 2)] == ["fake", "playbook"]

    def test_429_with_retry_after_is_waited_for(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = {"single": [status(429, headers={"Retry-After-Ms": "1"}), reply(TEXTS["single"])]}
        drafted = drafter(single_call=True, retries=1).draft(case)
        assert (len(fake.requests), flags(drafted)) == (2, (False, False))
        assert drafted.title == GOOD["summary"]["title"]


class TestCaps:
    def most(self, make: Make, case: Case) -> list[int]:
        return [most.sent + most.received for _, most, _ in make().payloads(case)]

    def test_the_call_that_could_pass_the_cap_is_not_made(self, fake: FakeEndpoint, drafter: Make, case: Case, base: Drafted) -> None:
        fake.script = good()
        drafted = drafter(limits=Limits(tokens=10)).draft(case)
        assert fake.requests == []
        assert flags(drafted) == (False, True)
        assert (drafted.title, drafted.hypotheses) == (base.title, base.hypotheses)
        assert any("--max-tokens 10 would be passed" in note for note in drafted.notes)

    @pytest.mark.parametrize("calls", [1, 2, 3])
    def test_calls_side_by_side_keep_within_the_cap_together(self, fake: FakeEndpoint, drafter: Make, case: Case, calls: int) -> None:
        fake.script = {task: slow(reply(text)) for task, text in TEXTS.items()}
        most = self.most(drafter, case)
        limit = 1200 + max(most) * (calls - 1) if calls > 1 else most[0]
        drafted = drafter(limits=Limits(tokens=limit), concurrency=6).draft(case)
        assert drafted.use
        assert len(fake.requests) == calls
        assert drafted.use.tokens["sent"] + drafted.use.tokens["received"] <= limit
        assert flags(drafted) == (False, True)

    def test_failed_and_repairing_calls_count(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        fake.script = good(hypotheses=reply(FALSE_QUOTE))
        drafted = drafter(limits=Limits(cost_usd=0.02), price_input=1.0, price_output=0.0).draft(case)
        assert drafted.use
        assert drafted.use.cost_usd == pytest.approx(0.001 * len(fake.requests))
        assert len(drafted.use.calls) == len(fake.requests)

    @pytest.mark.parametrize(("behaviour", "more"), [(status(500), True), (dropped(), False), (reply("", usage=None), False)])
    def test_a_call_that_may_have_cost_something_counts_in_full_and_an_errors_status_does_not(
        self, fake: FakeEndpoint, drafter: Make, case: Case, behaviour: Behaviour, more: bool
    ) -> None:
        fake.script = good(hypotheses=behaviour)
        limit = int(max(self.most(drafter, case)) * 1.2)
        drafter(limits=Limits(tokens=limit), concurrency=1).draft(case)
        assert (len(fake.requests) > 1) == more

    def test_a_cap_on_cost_refuses_everything_where_the_price_is_not_known(self, fake: FakeEndpoint, drafter: Make, case: Case) -> None:
        drafted = drafter(limits=Limits(cost_usd=100.0)).draft(case)
        assert fake.requests == []
        assert any("the model's price is not known" in note for note in drafted.notes)


class TestMemory:
    def test_the_same_draft_again_sends_nothing_costs_nothing_and_is_the_same(
        self, fake: FakeEndpoint, drafter: Make, case: Case, tmp_path: Path
    ) -> None:
        fake.script = good(hypotheses=[reply(FALSE_QUOTE), reply(TEXTS["hypotheses"])])
        first = drafter(memory=Memory(tmp_path)).draft(case)
        sent = len(fake.requests)
        second = drafter(memory=Memory(tmp_path)).draft(case)
        assert len(fake.requests) == sent
        assert (second.title, second.hypotheses, second.drafts, second.notes) == (first.title, first.hypotheses, first.drafts, first.notes)
        assert second.use
        assert second.use.tokens == {"sent": 0, "cached": 0, "received": 0, "reasoning": 0}
        assert all(call.remembered for call in second.use.calls)
        assert second.use.calls[0].remembered

    def test_remembered_replies_pass_under_any_cap(self, fake: FakeEndpoint, drafter: Make, case: Case, tmp_path: Path) -> None:
        fake.script = good()
        drafter(memory=Memory(tmp_path)).draft(case)
        assert flags(drafter(memory=Memory(tmp_path), limits=Limits(tokens=0)).draft(case)) == (False, False)

    def test_fresh_asks_again(self, fake: FakeEndpoint, drafter: Make, case: Case, tmp_path: Path) -> None:
        fake.script = good()
        drafter(memory=Memory(tmp_path)).draft(case)
        drafter(memory=Memory(tmp_path, fresh=True)).draft(case)
        assert len(fake.requests) == 2 * len(GROUPS)

    def test_a_failed_call_is_made_again_next_time(self, fake: FakeEndpoint, drafter: Make, case: Case, tmp_path: Path) -> None:
        fake.script = good(summary=[status(500), reply(TEXTS["summary"])])
        drafter(memory=Memory(tmp_path)).draft(case)
        drafted = drafter(memory=Memory(tmp_path)).draft(case)
        assert len(fake.requests) == len(GROUPS) + 1
        assert drafted.title == GOOD["summary"]["title"]

    def test_replies_that_cannot_be_remembered_stop_nothing(self, fake: FakeEndpoint, drafter: Make, case: Case, tmp_path: Path) -> None:
        fake.script = good()
        (tmp_path / "replies").write_text("a file")
        drafted = drafter(memory=Memory(tmp_path / "replies")).draft(case)
        assert drafted.title == GOOD["summary"]["title"]
        assert any("could not be remembered" in note for note in drafted.notes)


def test_the_ledger_of_calls_holds_every_call_with_its_tokens_and_cost(fake: FakeEndpoint, drafter: Make, case: Case) -> None:
    fake.script = good(summary=[refusal("no")])
    drafted = drafter(price_input=1.0, price_output=10.0).draft(case)
    assert drafted.use
    assert {call.task for call in drafted.use.calls} == set(GROUPS)
    for call in drafted.use.calls:
        assert (call.attempt, call.sent, call.cached, call.received, call.reasoning) == (1, 1000, 900, 200, 50)
        assert call.cost_usd == pytest.approx(0.003)
    assert drafted.use.cost_usd == pytest.approx(0.018)
    assert drafted.use.counter
    assert drafted.use.prompts["hypotheses"].startswith("version ")
