"""`--use-batch-api`: submit, poll, collect, resume, played from cassettes.

`pytest tests/batch/test_batch_api.py --record-mode=rewrite` records them anew; see cassettes/README.md.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fake_batches import FakeBatches, task_of
from pytest_logs import block, log
from scrubbed import vcr_cassette_dir as vcr_cassette_dir, vcr_config as scrubbed_config
from vcr.cassette import Cassette

from assistant.assembly import Stated
from assistant.batch.index import Index
from assistant.batch.request import BatchRequest
from assistant.batch.run import draft_batch
from assistant.drafting import batch_api
from assistant.settings import Settings

NOBODY = "http://127.0.0.1:9/v1"
QUOTE = "E       ValueError: no price for 17 items"
GOOD: dict[str, Any] = {
    "hypotheses": {
        "hypotheses": [
            {
                "theory": f"`price_of` is asked for items that have no price ({number} of two ways) (E1).",
                "evidence": [{"id": "E1", "quote": QUOTE, "stance": "for"}],
                "test": "pytest tests/test_a.py::test_price",
                "if_true": "It fails with the same `ValueError`.",
                "if_false": "It passes.",
                "solution": "Give `price_of` the price list",
            }
            for number in ("one", "another")
        ]
    },
    "summary": {"title": "No price for 17 items in price_of", "brief_description": "`price_of` raises `ValueError` (E1). Wanted: why there is no price.", "severity": "High"},
    "questions": {"primary_questions": ["Why does `price_of` raise `ValueError` (E1)?"], "technical_questions": ["For which items does `price_of` have no price (E1)?"], "architecture_questions": ["Should `price_of` raise at all (E1)?"]},
    "search_queries": {"exact": ["ValueError: no price for 17 items"], "general": ["price list without entry"], "version_change": []},
    "criteria": {"success_criteria": ["`tests/test_a.py::test_price` passes (E1)"], "acceptance_test": ""},
    "next_steps": {"information_needed": ["Which 17 items are meant (E1)?"]},
}  # fmt: skip


def good(body: Mapping[str, Any]) -> str | None:
    return json.dumps(GOOD[task_of(body)])


def false_at_first(body: Mapping[str, Any]) -> str | None:
    if task_of(body) == "hypotheses" and "You answered this task before" not in body["messages"][-1]["content"]:
        return json.dumps(GOOD["hypotheses"]).replace(json.dumps(QUOTE), '"this stands nowhere"')
    return good(body)


def broken_summary(body: Mapping[str, Any]) -> str | None:
    return None if task_of(body) == "summary" else good(body)


SCRIPTS: dict[str, FakeBatches | Callable[[], FakeBatches]] = {
    "batch_api_good": lambda: FakeBatches(good, polls=2),
    "batch_api_repaired": lambda: FakeBatches(false_at_first),
    "batch_api_one_line_fails": lambda: FakeBatches(broken_summary),
    "batch_api_expired": lambda: FakeBatches(good, status="expired"),
    "batch_api_resumed": lambda: FakeBatches(good, polls=2),
}


@pytest.fixture(scope="module")
def vcr_config() -> dict[str, Any]:
    """The file's bytes hold a border that is drawn anew each time, and what is asked depends on prompts: places in the file count."""
    return scrubbed_config.__wrapped__() | {"match_on": ["method", "path"]}  # type: ignore[attr-defined]


@pytest.fixture
def address(request: pytest.FixtureRequest, record_mode: str) -> Iterator[str]:
    if record_mode == "none":
        yield NOBODY
        return
    with SCRIPTS[request.node.name.removeprefix("test_")]() as fake:  # type: ignore[operator]
        yield fake.url


@pytest.fixture(autouse=True)
def _fully_played(record_mode: str, vcr: Cassette) -> Iterator[None]:
    yield
    assert record_mode != "none" or vcr.all_played


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_api, "FIRST_POLL_S", 0.0)


@pytest.fixture
def night(tmp_path: Path, address: str) -> Callable[..., Index]:
    """Draft one cause by the Batch endpoint; gives the index."""
    (tmp_path / "unit.log").write_text(
        log(block("tests/test_a.py::test_price", "ValueError: no price for 17 items", "shop/price.py:10:price_of"))
    )

    def call(*, resume: bool = False, tell: Callable[[str], None] = lambda _: None) -> Index:
        settings = Settings(model="gpt-5-mini", base_url=address, pii=False, retries=0, price_input=2.0, price_output=10.0)
        request = BatchRequest(
            paths=(str(tmp_path / "unit.log"),),
            folder=tmp_path / "out",
            stated=Stated(date="2026-11-25", exported_by="tester"),
            settings=settings,
            resume=resume,
            use_batch_api=True,
        )
        return draft_batch(request, tell=tell).index

    return call


def drafted(index: Index, folder: Path) -> str:
    return (folder / "out" / index.clusters[0].export).read_text()


@pytest.mark.vcr
def test_batch_api_good(night: Callable[..., Index], tmp_path: Path) -> None:
    """One batch answers everything; the export is the model's and its price is half."""
    told: list[str] = []
    index = night(tell=told.append)
    assert [line for line in told if "batch_1" in line] == [
        "round 1: batch_1: in_progress, 0 of 6 answered",
        "round 1: batch_1: in_progress, 0 of 6 answered",
        "round 1: batch_1: completed, 6 of 6 answered",
    ]
    assert "# Research Export: `No price for 17 items in price_of`" in drafted(index, tmp_path)
    assert (index.clusters[0].status, index.clusters[0].note) == ("drafted", "")
    assert index.cost_usd == 6 * (1000 * 2.0 + 200 * 10.0) / 1_000_000 / 2


@pytest.mark.vcr
def test_batch_api_repaired(night: Callable[..., Index], tmp_path: Path) -> None:
    """A false quote is sent back in a second batch and comes back mended."""
    told: list[str] = []
    index = night(tell=told.append)
    assert "round 2: batch_2: completed, 1 of 1 answered" in told
    assert "- For (E1): `E ValueError: no price for 17 items`" in drafted(index, tmp_path)


@pytest.mark.vcr
def test_batch_api_one_line_fails(night: Callable[..., Index], tmp_path: Path) -> None:
    """What one line does not give, the playbook drafts, and that is said."""
    index = night()
    assert index.clusters[0].note == "the model failed for some parts: they were drafted without it"
    assert "### Hypothesis 1\n> *Drafted by gpt-5-mini" in drafted(index, tmp_path)


@pytest.mark.vcr
def test_batch_api_expired(night: Callable[..., Index], tmp_path: Path) -> None:
    """A batch that is not answered within its day leaves the exports to the playbook."""
    index = night()
    assert "> *Drafted by playbook" in drafted(index, tmp_path)
    assert index.complete


@pytest.mark.vcr
def test_batch_api_resumed(night: Callable[..., Index], tmp_path: Path) -> None:
    """Interrupted while it waits, it goes on with the batch that was handed in: nothing is handed in again."""

    def interrupt(step: str) -> None:
        if "in_progress" in step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        night(tell=interrupt)
    told: list[str] = []
    index = night(resume=True, tell=told.append)
    assert [line for line in told if "batch" in line][-1] == "round 1: batch_1: completed, 6 of 6 answered"
    assert "No price for 17 items in price_of" in drafted(index, tmp_path)
