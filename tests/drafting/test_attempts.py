"""Why recorded attempts did not help: asked of the model from their logs, held against the evidence, and never made up."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_endpoint import FakeEndpoint, refusal, reply

from assistant.drafting import Case
from assistant.drafting.attempts import RecordedAttempt, explain_attempts
from assistant.drafting.model import ModelDrafter
from assistant.evidence import Evidence, Kind, Origin
from assistant.redaction import Redactor

Make = Callable[..., ModelDrafter]


@pytest.fixture(scope="module")
def tried(case: Case) -> tuple[Case, RecordedAttempt]:
    """The example's case with one attempt in its ledger: what was tried, and the log after it."""
    mask = Redactor().mask
    ledger, told = case.ledger.add(Evidence(Kind.HISTORY, Origin("attempts/1.json"), mask("expire_on_commit=False in app/db.py")))
    ledger, after = ledger.add(Evidence(Kind.LOG, Origin("attempts/1.log", 1, 1), mask("MissingGreenlet after 41 statements")))
    return replace(case, ledger=ledger), RecordedAttempt(source=told.id, before=(case.failure.evidence,), after=(after.id,))


def says(*entries: tuple[int, str]) -> str:
    return json.dumps({"attempts": [{"attempt": number, "why_it_didnt_work": why} for number, why in entries]})


def test_the_model_is_told_where_each_attempt_and_its_logs_stand(
    fake: FakeEndpoint, drafter: Make, tried: tuple[Case, RecordedAttempt]
) -> None:
    case, attempt = tried
    why = f"`MissingGreenlet` came again after 41 statements ({attempt.after[0]})."
    fake.script = {"attempts": reply(says((1, why)))}
    explained = explain_attempts(drafter(), case, [attempt])
    assert explained.why == (why,)
    assert explained.notes == ()
    assert [request.task for request in fake.requests] == ["attempts"]
    line = f"- Attempt 1: told in {attempt.source}; the log before it: E1; the log after it: {attempt.after[0]}."
    assert line in fake.requests[0].prompt
    assert explained.use
    assert [call.task for call in explained.use.calls] == ["attempts"]


def test_what_the_evidence_does_not_say_is_dropped_and_told(fake: FakeEndpoint, drafter: Make, tried: tuple[Case, RecordedAttempt]) -> None:
    case, attempt = tried
    fake.script = {"attempts": reply(says((1, "It failed after 977 statements.")))}
    explained = explain_attempts(drafter(), case, [attempt])
    assert explained.why == ("",)
    assert [note for note in explained.notes if "977" in note]


@pytest.mark.parametrize(
    "attempt",
    [RecordedAttempt(source="E1"), RecordedAttempt(source="E977", after=("E1",)), RecordedAttempt(source="E1", after=("E977",))],
    ids=["no log", "no source", "a log that is not there"],
)
def test_an_attempt_without_a_source_or_a_log_is_not_asked_about(
    fake: FakeEndpoint, drafter: Make, case: Case, attempt: RecordedAttempt
) -> None:
    explained = explain_attempts(drafter(), case, [attempt])
    assert explained.why == ("",)
    assert fake.requests == []


def test_texts_come_back_in_the_order_of_the_attempts_and_no_other_attempt_gets_one(
    fake: FakeEndpoint, drafter: Make, tried: tuple[Case, RecordedAttempt]
) -> None:
    case, attempt = tried
    entries = [(2, "The second failed."), (1, "The first failed."), (1, "Again."), (7, "Nobody made this one.")]
    fake.script = {"attempts": reply(says(*entries))}
    explained = explain_attempts(drafter(), case, [attempt, RecordedAttempt(source="E977"), attempt])
    assert explained.why == ("The first failed.", "", "The second failed.")


def test_a_refusal_leaves_the_question_to_a_person(fake: FakeEndpoint, drafter: Make, tried: tuple[Case, RecordedAttempt]) -> None:
    case, attempt = tried
    fake.script = {"attempts": refusal("no")}
    explained = explain_attempts(drafter(), case, [attempt])
    assert explained.why == ("",)
    assert "attempts: a person is asked instead" in explained.notes
    assert explained.use
    assert explained.use.failed
