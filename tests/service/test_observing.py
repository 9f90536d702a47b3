"""What the service tells of itself: its log, its numbers, its traces; no secret in any of them."""

import logging

import pytest
from asked_service import LOG, Asked, Start
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from assistant.drafting.calls import Call, ModelUse
from assistant.service import exports
from assistant.service.telemetry import Telemetry


def test_the_access_log_has_neither_queries_nor_paths_that_are_not_ours(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "assistant.access"):
        asked.client.get("/api/v1/exports?q=sesame-open-now")
        asked.client.get("/sesame-open-now")
        asked.client.get("/api/v1/exports/sesame-open-now")
    lines = [record.getMessage().rpartition(" ")[0].rpartition(" ")[0] for record in caplog.records if record.name == "assistant.access"]
    assert lines == ["GET /api/v1/exports 200", "GET (no route) 404", "GET /api/v1/exports/{export_id} 422"]


def test_a_fault_is_answered_and_logged_without_what_it_says(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: object) -> None:
        raise RuntimeError("sesame-open-now")

    monkeypatch.setattr(exports, "Query", lambda **_: fails(None))
    answer = asked.client.get("/api/v1/exports")
    assert (answer.status_code, answer.json()["detail"]) == (500, "this is a fault of the program")
    assert "RuntimeError (in tests.service.test_observing:" in caplog.text
    assert "sesame" not in caplog.text


def test_numbers_are_told_to_prometheus(asked: Asked) -> None:
    asked.drafted()
    text = asked.client.get("/metrics").text
    assert 'assistant_http_requests_total{method="POST",route="/api/v1/exports",status="202"} 1.0' in text
    assert 'assistant_exports{state="blanks"} 1.0' in text
    assert 'assistant_jobs{kind="draft",state="done"} 1.0' in text
    assert f"assistant_upload_bytes_total {float(len(LOG))}" in text


def test_a_service_that_is_about_to_stop_is_not_ready(asked: Asked) -> None:
    asked.service.stage.stopping = True
    assert asked.client.get("/health/ready").status_code == 503
    assert asked.client.get("/health/live").status_code == 200


def test_a_service_whose_workers_die_at_once_is_not_ready(asked: Asked) -> None:
    asked.service.stage.dying = True
    assert "die as soon as they have begun" in asked.client.get("/health/ready").json()["detail"]


def test_a_database_that_is_gone_is_told(asked: Asked) -> None:
    from sqlalchemy import text

    with asked.service.store._engine.begin() as connection:
        connection.execute(text("DROP TABLE service_jobs"))
    assert asked.client.get("/health/ready").status_code == 503


def test_a_trace_goes_through_the_job_to_the_models_calls(start: Start) -> None:
    exporter = InMemorySpanExporter()
    telemetry = Telemetry(exporter)
    calls = (
        Call(task="hypotheses", attempt=1, outcome="ok", sent=900, received=120, began=1_700_000_000.0, seconds=2.5),
        Call(task="questions", attempt=1, outcome="no answer", began=1_700_000_003.0, seconds=1.0),
        Call(task="summary", attempt=1, outcome="ok", remembered=True),
    )
    with telemetry.span("POST /api/v1/exports"):
        parent = telemetry.context()
    with telemetry.span("job draft", parent=parent):
        telemetry.calls(ModelUse(model="some-model", endpoint="https://api.openai.com/v1", prompts={}, calls=calls))
    telemetry.close()
    spans = {
        span.name if not span.attributes.get("gen_ai.prompt.name") else span.attributes["gen_ai.prompt.name"]: span
        for span in exporter.get_finished_spans()
    }
    assert set(spans) == {"POST /api/v1/exports", "job draft", "hypotheses", "questions"}
    asked_for = spans["hypotheses"]
    assert asked_for.name == "chat some-model"
    assert dict(asked_for.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "some-model",
        "gen_ai.output.type": "json",
        "gen_ai.usage.input_tokens": 900,
        "gen_ai.usage.output_tokens": 120,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.reasoning.output_tokens": 0,
        "gen_ai.prompt.name": "hypotheses",
        "server.address": "api.openai.com",
    }
    assert (asked_for.end_time - asked_for.start_time) / 1e9 == 2.5
    assert spans["questions"].attributes["error.type"] == "model_call_failed"
    assert {span.context.trace_id for span in spans.values()} == {spans["job draft"].context.trace_id}


def test_what_an_exception_says_is_not_in_a_trace() -> None:
    exporter = InMemorySpanExporter()
    telemetry = Telemetry(exporter)
    with pytest.raises(RuntimeError), telemetry.span("job draft"):
        raise RuntimeError("sesame-open-now")
    telemetry.close()
    (span,) = exporter.get_finished_spans()
    assert span.attributes == {"error.type": "RuntimeError"}
    assert "sesame" not in span.to_json()


def test_the_access_log_names_the_routes_of_pages_too(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "assistant.access"):
        asked.client.get("/exports/sesame-open-now")
    assert "GET /exports/{key} 404" in caplog.text
    assert "sesame" not in caplog.text.replace("HTTP Request", "")
