"""The OpenAPI document is true: whatever is asked, nothing but a documented answer comes, and never a fault of the program."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from assistant.service import Limits, ServiceConfig, create_app
from assistant.settings import Secrets

DOCUMENT = "/api/v1/openapi.json"
TOKEN = "o" * 40
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
PLENTY = Limits(requests_per_s=1e6, burst=10**9, stream_s=0.05, upload_bytes=4096)
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


MISTAKEN = [negative_data_rejection, positive_data_acceptance]
"""They take values for sent that are not: our header goes over a wrong one, what has no text is left out of a query, and a binary body may
come out empty whatever its least length is."""
OPERATIONS = [
    "GET /api/v1/exports",
    "POST /api/v1/exports",
    "GET /api/v1/exports/{export_id}",
    "DELETE /api/v1/exports/{export_id}",
    "GET /api/v1/exports/{export_id}/check",
    "GET /api/v1/exports/{export_id}/events",
    "GET /api/v1/exports/{export_id}/export.{form}",
    "POST /api/v1/exports/{export_id}/results",
    "POST /api/v1/webhooks/github",
    "POST /api/v1/webhooks/log",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_documented_and_none_is_a_fault(name: str, tmp_path: Path) -> None:
    config = ServiceConfig(
        data=tmp_path, allowed_hosts=("testserver",), limits=PLENTY, secrets=Secrets(token=TOKEN, github_secret="g" * 20)
    )
    app = create_app(config)
    method, path = name.split()
    operation = schemathesis.openapi.from_asgi(DOCUMENT, app, headers=SHOWN)[path][method]

    @settings(max_examples=60, suppress_health_check=SLOW, database=None)
    @given(
        operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
        | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    )
    def ask(case: Any) -> None:
        case.call_and_validate(headers=SHOWN, excluded_checks=MISTAKEN)

    ask()
    app.state.service.store.close()


def test_every_operation_says_what_it_does_and_which_answers_it_gives(tmp_path: Path) -> None:
    document = create_app(ServiceConfig(data=tmp_path)).openapi()
    operations = {(method, path): one for path, methods in document["paths"].items() for method, one in methods.items()}
    assert {f"{method.upper()} {path}" for method, path in operations} == set(OPERATIONS)
    for operation in operations.values():
        assert operation["description"]
        assert {"401", "403", "421", "429", "500"} <= set(operation["responses"])
