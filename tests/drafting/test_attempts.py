"""Why recorded attempts did not help: asked of the model from their logs, held against the evidence, and never made up."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_endpoint import FakeEndpoint, refusal, reply
from good_replies import texts

from assistant.drafting import Case, Drafted, RecordedAttempt
from assistant.drafting.attempts import recorded
from assistant.drafting.model import ModelDrafter
from assistant.evidence import Evidence, Kind, Ledger, Origin
from assistant.redaction import Redactor
from assistant.sections import Attempt

Make = Callable[..., ModelDrafter]


@pytest.fixture(scope="module")
def tried(case: Case) -> tuple[Case, RecordedAttempt]:
    """The example's case with one attempt in its ledger: what was tried, and the log after it."""
    mask = Redactor().mask
    ledger, told = case.ledger.add(Evidence(Kind.HISTORY, Origin("attempts/1.json"), mask("expire_on_commit=False in app/db.py")))
    ledger, after = ledger.add(Evidence(Kind.LOG, Origin("attempts/1.log", 1, 1), mask("MissingGreenlet after 41 statements")))
    return replace(case, ledger=ledger), RecordedAttempt(source=told.id, before=(case.failure.evidence,), after=(after.id,))


Draft = Callable[[Case, tuple[RecordedAttempt, ...], object], Drafted]


@pytest.fixture
def draft(fake: FakeEndpoint, drafter: Make) -> Draft:
    """Draft a case with attempts; the model answers every other task well."""

    def run(case: Case, attempts: tuple[RecordedAttempt, ...], answer: object) -> Drafted:
        fake.script = {task: reply(text) for task, text in texts().items()} | {"attempts": answer}
        return drafter().draft(replace(case, attempts=attempts))

    return run


def says(*entries: tuple[int, str]) -> object:
    return reply(json.dumps({"attempts": [{"attempt": number, "why_it_didnt_work": why} for number, why in entries]}))


def asked(fake: FakeEndpoint) -> list[str]:
    return [request.prompt for request in fake.requests if request.task == "attempts"]


def test_the_model_is_told_where_each_attempt_and_its_logs_stand(
    fake: FakeEndpoint, draft: Draft, tried: tuple[Case, RecordedAttempt]
) -> None:
    case, attempt = tried
    why = f"`MissingGreenlet` came again after 41 statements ({attempt.after[0]})."
    drafted = draft(case, (attempt,), says((1, why)))
    assert drafted.why_it_didnt_work == (why,)
    assert (drafted.drafts["what_we_tried.attempt_1"].by, drafted.drafts["what_we_tried.attempt_1"].evidence) == ("fake", attempt.after)
    line = f"- Attempt 1: told in {attempt.source}; the log before it: E1; the log after it: {attempt.after[0]}."
    assert [line in prompt for prompt in asked(fake)] == [True]


def test_what_the_evidence_does_not_say_is_dropped_and_told(draft: Draft, tried: tuple[Case, RecordedAttempt]) -> None:
    case, attempt = tried
    drafted = draft(case, (attempt,), says((1, "It failed after 977 statements.")))
    assert drafted.why_it_didnt_work == ("",)
    assert "what_we_tried.attempt_1" not in drafted.drafts
    assert [note for note in drafted.notes if "977" in note]


@pytest.mark.parametrize(
    "attempt",
    [RecordedAttempt(source="E1"), RecordedAttempt(source="E977", after=("E1",)), RecordedAttempt(source="E1", after=("E977",))],
    ids=["no log", "no source", "a log that is not there"],
)
def test_an_attempt_without_a_source_or_a_log_is_not_asked_about(
    fake: FakeEndpoint, draft: Draft, case: Case, attempt: RecordedAttempt
) -> None:
    drafted = draft(case, (attempt,), says((1, "Because.")))
    assert drafted.why_it_didnt_work == ("",)
    assert asked(fake) == []


def test_texts_come_back_in_the_order_of_the_attempts_and_no_other_attempt_gets_one(
    draft: Draft, tried: tuple[Case, RecordedAttempt]
) -> None:
    case, attempt = tried
    entries = [(2, "The second failed."), (1, "The first failed."), (1, "Again."), (7, "Nobody made this one.")]
    drafted = draft(case, (attempt, RecordedAttempt(source="E977"), attempt), says(*entries))
    assert drafted.why_it_didnt_work == ("The first failed.", "", "The second failed.")


def test_a_refusal_leaves_the_question_to_a_person(draft: Draft, tried: tuple[Case, RecordedAttempt]) -> None:
    case, attempt = tried
    drafted = draft(case, (attempt,), refusal("no"))
    assert drafted.why_it_didnt_work == ("",)
    assert "attempts: a person is asked instead" in drafted.notes
    assert drafted.use
    assert drafted.use.failed


def test_of_an_attempt_in_the_document_its_source_and_log_are_those_that_it_cites() -> None:
    mask = Redactor().mask
    ledger, told = Ledger().add(Evidence(Kind.HISTORY, Origin("attempts/1.json"), mask("approach: raise the timeout")))
    ledger, note = ledger.add(Evidence(Kind.NOTE, Origin("notes.md", 1, 1), mask("we tried to restart it")))
    attempts = (
        Attempt(approach=f"raise the timeout ({told.id})", result=f"It ended with exit code 1 ({told.id})"),
        Attempt(
            approach=f"raise it again ({told.id})", result=f"It ended with exit code 1 ({told.id})", why_it_didnt_work="The same came back."
        ),
        Attempt(approach=f"restart it ({note.id})", result=f"nothing ({note.id})"),
    )
    nothing = RecordedAttempt(source="")
    assert recorded(attempts, "E9", ledger) == (RecordedAttempt(source=told.id, before=("E9",), after=(told.id,)), nothing, nothing)
