"""A batch with a model: one cap on all of it, replies remembered for all of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from crashing import said
from fake_endpoint import FakeEndpoint, reply_with
from many_failures import write_reports

from assistant.assembly import Stated
from assistant.batch.request import BatchOutcome, BatchRequest
from assistant.batch.run import draft_batch
from assistant.settings import Settings

CAUSES = 4


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    with FakeEndpoint({"any": reply_with(said)}) as fake:
        yield fake


@pytest.fixture
def batch(tmp_path: Path, endpoint: FakeEndpoint) -> Callable[..., BatchOutcome]:
    write_reports(tmp_path / "reports", files=2, failures=12, causes=CAUSES)

    def call(**more: Any) -> BatchOutcome:
        settings = Settings(
            model="fake",
            base_url=endpoint.url,
            cache=str(tmp_path / "cache"),
            pii=False,
            price_input=1000.0,
            price_output=0.0,
            reply_tokens=10,
            **more,
        )
        return draft_batch(
            BatchRequest(
                paths=(str(tmp_path / "reports"),),
                folder=tmp_path / f"out-{len(endpoint.requests)}",
                stated=Stated(date="2026-11-25"),
                settings=settings,
                jobs=2,
            )
        )

    return call


def test_the_cap_holds_for_the_whole_batch(batch: Callable[..., BatchOutcome], endpoint: FakeEndpoint) -> None:
    outcome = batch(max_cost=12.0)
    assert outcome.capped
    assert 0 < outcome.index.cost_usd <= 12.0
    assert 0 < len(endpoint.requests) <= 12
    assert {one.status for one in outcome.index.clusters} == {"drafted"}
    assert any("a cap stopped some calls" in one.note for one in outcome.index.clusters)


def test_the_same_batch_again_asks_for_nothing(batch: Callable[..., BatchOutcome], endpoint: FakeEndpoint) -> None:
    batch()
    asked = len(endpoint.requests)
    assert asked > CAUSES
    batch()
    assert len(endpoint.requests) == asked


def test_calls_are_made_once_a_cause_and_not_once_a_failure(batch: Callable[..., BatchOutcome], endpoint: FakeEndpoint) -> None:
    outcome = batch()
    first = [request for request in endpoint.asked("summary") if not request.is_repair]
    assert (len(first), len(outcome.index.clusters), outcome.index.failures) == (CAUSES, CAUSES, 12)
