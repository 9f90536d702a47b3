"""Results with a model: grounded in the notes, repaired, capped, remembered, and never without a result."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_endpoint import Behaviour, FakeEndpoint, refusal, reply, reply_with, status
from good_research import GOOD, TEXTS, changed
from grammar_model import sample

from assistant import Filled, check
from assistant.drafting.caps import Limits
from assistant.drafting.memory import Memory
from assistant.drafting.model import Options
from assistant.drafting.prompts import load_prompts
from assistant.drafting.requests import Profile
from assistant.results.drafted import Answered, Verdict
from assistant.results.model import ModelResults
from assistant.tokens import token_counter

Fill = Callable[..., Filled]
Body = Callable[[Any, str], str]
Drafter = Callable[..., ModelResults]
GOOD_SCRIPT: dict[str, Behaviour] = {task: reply(text) for task, text in TEXTS.items()}


@pytest.fixture
def fake() -> Iterator[FakeEndpoint]:
    with FakeEndpoint(GOOD_SCRIPT) as endpoint:
        yield endpoint


@pytest.fixture
def drafter(fake: FakeEndpoint) -> Drafter:
    def make(*, memory: Memory | None = None, limits: Limits | None = None, **profile: Any) -> ModelResults:
        return ModelResults(
            Profile(**({"model": "fake", "base_url": fake.url, "retries": 0, "timeout_s": 5.0} | profile)),
            load_prompts(),
            counter=token_counter(),
            memory=memory or Memory(None),
            options=Options(limits=limits or Limits()),
            tell=lambda _: None,
        )

    return make


def test_every_part_is_the_models_and_nothing_is_said_against_it(fill: Fill, body: Body, drafter: Drafter) -> None:
    filled = fill("helpful.md", drafter=drafter())
    assert [note for note in filled.notes if "left out of the prompt" not in note] == []
    solution = body(filled, "solution_found")
    assert solution.startswith("> *Drafted by fake from R2, R3, R4, R5. Confirm, then delete this line.*")
    assert "Set `eager_defaults` in the mapper arguments of `Timestamped`, so that the flush fetches `updated_at`. (R2, R3)" in solution
    assert "**R5** · note · `helpful.md:" in body(filled, "code_changes_required")
    assert "- Checked: parses as Python" in body(filled, "code_changes_required")
    assert [answer.status for answer in filled.draft.answers[:3]] == [Answered.ANSWERED, Answered.OPEN, Answered.OPEN]
    assert [verdict.status for verdict in filled.draft.verdicts] == [Verdict.SUPPORTED, Verdict.UNTOUCHED, Verdict.REFUTED]
    assert list(check(filled.text, filled.record).counted(allow_drafts=True)) == []


def test_the_calls_and_what_they_cost_go_into_the_record(fill: Fill, drafter: Drafter) -> None:
    filled = fill("helpful.md", drafter=drafter(price_input=1.0, price_output=2.0))
    assert [(call.task, call.attempt, call.outcome) for call in filled.record.calls] == [("results", 1, "ok"), ("answers", 1, "ok")]
    assert filled.use
    assert filled.use.cost_usd == pytest.approx(2 * (1000 * 1.0 + 200 * 2.0) / 1_000_000)


def test_both_calls_share_one_prefix_byte_for_byte(fill: Fill, drafter: Drafter, fake: FakeEndpoint) -> None:
    fill("helpful.md", drafter=drafter())
    first, second = fake.requests
    assert first.body["messages"][0] == second.body["messages"][0]
    prefix = first.body["messages"][1]["content"].partition("# Task")[0]
    assert second.body["messages"][1]["content"].startswith(prefix)
    assert "R1" in prefix
    assert "Question 1: Which columns does the flush" in prefix


@pytest.mark.parametrize(
    ("task", "path", "to", "told"),
    [
        ("results", ("solution", 0, "ids"), ["R99"], "there is no evidence R99"),
        ("results", ("solution", 0, "ids"), ["E1"], "name the id of a research note"),
        ("results", ("solution", 0, "text"), "Set `lazy_magic` of SQLAlchemy.", "lazy_magic stands in no evidence"),
        ("results", ("solution", 0, "text"), "See https://docs.sqlalchemy.org/", "no addresses"),
        ("results", ("links", 0, "url"), "https://docs.sqlalchemy.org/en/20/orm/session.html", "this address does not stand in R8"),
        ("results", ("code", 0, "code"), "await session.refresh(", "no Python that parses"),
        ("results", ("why", 0, "text"), "[REVIEW: Who knows?]", "no placeholders"),
        ("answers", ("questions", 0, "number"), 99, "there is no question 99"),
        ("answers", ("hypotheses", 0, "quotes", 0, "quote"), "SQLAlchemy forgets it", "does not stand in R1 letter by letter"),
        ("answers", ("hypotheses", 0, "quotes"), [], "no quote of a research note decides"),
        ("answers", ("hypotheses", 2, "number"), 9, "there is no hypothesis 9"),
        ("answers", ("contradictions",), [{"subject": "flushes", "quotes": []}], "quote two different notes"),
    ],
)
def test_what_the_notes_do_not_bear_out_is_sent_back_and_dropped_where_it_stays(
    fill: Fill, drafter: Drafter, fake: FakeEndpoint, task: str, path: tuple[Any, ...], to: Any, told: str
) -> None:
    fake.script[task] = reply(changed(task, *path, to=to))
    filled = fill("helpful.md", drafter=drafter())
    repairs = [request for request in fake.asked(task) if request.is_repair]
    assert told in repairs[0].prompt
    assert len(repairs) == 2
    assert any(note.startswith(f"{task}: dropped ") and told in note for note in filled.notes)


def test_a_mended_answer_is_taken(fill: Fill, body: Body, drafter: Drafter, fake: FakeEndpoint) -> None:
    fake.script["results"] = [reply(changed("results", "solution", 0, "ids", to=["R99"])), reply(TEXTS["results"])]
    filled = fill("helpful.md", drafter=drafter())
    assert [note for note in filled.notes if "left out of the prompt" not in note] == []
    assert "(R2, R3)" in body(filled, "solution_found")


def test_no_answer_found_is_a_result(fill: Fill, body: Body, drafter: Drafter, fake: FakeEndpoint) -> None:
    nothing = {name: [] for name in GOOD["results"]} | {"answer_found": "no"}
    fake.script["results"] = reply_with(lambda _: json.dumps(nothing))
    filled = fill("helpful.md", drafter=drafter())
    assert "No answer found in 1 note." in body(filled, "solution_found")
    assert filled.use
    assert not filled.use.failed


def test_where_the_model_refuses_extraction_drafts_and_says_so(fill: Fill, body: Body, drafter: Drafter, fake: FakeEndpoint) -> None:
    fake.script["results"] = refusal("I cannot help with that.")
    filled = fill("helpful.md", drafter=drafter())
    assert "results: the model refused: I cannot help with that." in filled.notes
    assert "results: drafted by extraction instead" in filled.notes
    assert body(filled, "solution_found").startswith("> *Drafted by extraction from R2, R3.")
    assert body(filled, "answers").startswith("> *Drafted by fake from R1.")
    assert filled.use
    assert filled.use.failed


def test_a_wrong_key_stops_after_one_call(fill: Fill, body: Body, drafter: Drafter, fake: FakeEndpoint) -> None:
    fake.script = {"any": status(401, "bad key")}
    filled = fill("helpful.md", drafter=drafter())
    assert len(fake.requests) == 1
    assert "answers: not asked for, drafted by extraction instead" in filled.notes
    assert body(filled, "answers").startswith("> *Drafted by extraction")


def test_a_cap_stops_the_call_before_it_is_made(fill: Fill, drafter: Drafter, fake: FakeEndpoint) -> None:
    filled = fill("helpful.md", drafter=drafter(limits=Limits(tokens=100)))
    assert fake.requests == []
    assert filled.use
    assert filled.use.capped
    assert not filled.use.failed


def test_the_same_run_again_is_remembered_and_changes_nothing(fill: Fill, drafter: Drafter, fake: FakeEndpoint, tmp_path: Path) -> None:
    first = fill("helpful.md", drafter=drafter(memory=Memory(tmp_path)))
    second = fill("helpful.md", drafter=drafter(memory=Memory(tmp_path)))
    assert len(fake.requests) == 2
    assert second.text == first.text


@pytest.mark.parametrize("name", ["off_topic.html", "empty.md"])
def test_notes_that_are_empty_or_off_the_topic_are_not_sent(
    fill: Fill, drafter: Drafter, fake: FakeEndpoint, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    filled = fill(tmp_path / name if name == "empty.md" else name, drafter=drafter())
    assert fake.requests == []
    assert filled.notes == ("no note is about this export: the model was not asked",)


def test_passages_that_give_orders_are_not_sent(fill: Fill, drafter: Drafter, fake: FakeEndpoint) -> None:
    fill("injected.html", drafter=drafter())
    assert fake.requests
    assert all("Ignore the above instructions" not in request.prompt for request in fake.requests)


def test_where_notes_contradict_each_other_the_model_says_so_with_both_quotes(
    fill: Fill, body: Body, drafter: Drafter, fake: FakeEndpoint
) -> None:
    both = [
        {"id": "R1", "quote": "Set `eager_defaults=True` in the mapper arguments", "stance": "for"},
        {"id": "R2", "quote": "Do not set `eager_defaults=True`", "stance": "against"},
    ]
    fake.script["results"] = reply(changed("results", "answer_found", to="no"))
    fake.script["answers"] = reply(
        json.dumps(
            {"questions": [], "hypotheses": [], "contradictions": [{"subject": "`eager_defaults`", "quotes": both}], "off_topic": []}
        )
    )
    filled = fill("refresh.md", "no_refresh.md", drafter=drafter())
    assert "- The notes contradict each other about `eager_defaults`:" in body(filled, "answers")
    assert "  - Do not set `eager_defaults=True` (R2)" in body(filled, "answers")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_a_model_says_within_the_schema_the_document_stays_whole_and_harmless(
    fill: Fill, drafter: Drafter, fake: FakeEndpoint, seed: int
) -> None:
    fake.script = {"any": reply_with(lambda request: sample(request.schema, seed=seed + len(fake.requests)))}
    filled = fill("helpful.md", drafter=drafter())
    assert list(check(filled.text, filled.record).counted(allow_drafts=True)) == []
