"""Drafts played from cassettes: recorded exchanges with an endpoint, scrubbed, and played to their end.

`pytest tests/drafting/test_cassettes.py --record-mode=rewrite` records them anew; see cassettes/README.md.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fake_endpoint import Behaviour, FakeEndpoint, refusal, reply, status, without_schemas
from good_replies import GOOD, changed, texts
from scrubbed import vcr_cassette_dir as vcr_cassette_dir, vcr_config as vcr_config
from vcr.cassette import Cassette

from assistant.drafting import Case, Drafted
from assistant.drafting.model import ModelDrafter
from assistant.drafting.playbook import Playbook

NOBODY = "http://127.0.0.1:9/v1"
TEXTS = texts()
FALSE_QUOTE = changed("hypotheses", "hypotheses", 0, "evidence", 0, "quote", to="this stands nowhere")
SCRIPTS: dict[str, dict[str, Behaviour | list[Behaviour]]] = {
    "good": {task: reply(text) for task, text in TEXTS.items()},
    "repaired": {task: reply(text) for task, text in TEXTS.items()} | {"hypotheses": [reply(FALSE_QUOTE), reply(TEXTS["hypotheses"])]},
    "false_citations": {task: reply(text) for task, text in TEXTS.items()} | {"hypotheses": reply(FALSE_QUOTE)},
    "refusal": {"any": refusal("I cannot help with that.")},
    "length": {"any": reply(TEXTS["single"][:600], finish="length")},
    "rate_limited": {"any": [status(429, "slow down", headers={"Retry-After": "0"}), reply(TEXTS["single"])]},
    "no_schema": {"any": without_schemas(reply(TEXTS["single"]))},
}


@pytest.fixture
def address(request: pytest.FixtureRequest, record_mode: str) -> Iterator[str]:
    """Where drafts ask: nobody when a cassette is played, a scripted endpoint when it is recorded."""
    if record_mode == "none":
        yield NOBODY
        return
    with FakeEndpoint(SCRIPTS[request.node.name.removeprefix("test_")]) as fake:
        yield fake.url


@pytest.fixture
def draft(address: str, drafter: Callable[..., ModelDrafter], case: Case) -> Callable[..., Drafted]:
    def run(**profile: Any) -> Drafted:
        return drafter(base_url=address, **profile).draft(case)

    return run


@pytest.fixture(autouse=True)
def _fully_played(record_mode: str, vcr: Cassette) -> Iterator[None]:
    yield
    assert record_mode != "none" or vcr.all_played


@pytest.mark.vcr
def test_good(draft: Callable[..., Drafted]) -> None:
    """A good draft: every part is the model's, and nothing is said against it."""
    drafted = draft()
    assert drafted.title == GOOD["summary"]["title"]
    assert {by.by for place, by in drafted.drafts.items() if not place.startswith("additional_context")} == {"fake"}
    assert not [note for note in drafted.notes if "dropped" in note]


@pytest.mark.vcr
def test_repaired(draft: Callable[..., Drafted]) -> None:
    """A false quote is sent back once and comes back mended."""
    drafted = draft()
    assert drafted.use
    assert [call.attempt for call in drafted.use.calls if call.task == "hypotheses"] == [1, 2]
    assert drafted.hypotheses[0].evidence[0].quote == GOOD["hypotheses"]["hypotheses"][0]["evidence"][0]["quote"]


@pytest.mark.vcr
def test_false_citations(draft: Callable[..., Drafted]) -> None:
    """A quote that stays false is dropped, and that is said."""
    drafted = draft()
    assert "this stands nowhere" not in json.dumps([[quote.quote for quote in item.evidence] for item in drafted.hypotheses])
    assert any(note.startswith("hypotheses: dropped hypotheses[0].evidence[0]: ") for note in drafted.notes)


@pytest.mark.vcr
def test_refusal(draft: Callable[..., Drafted], case: Case) -> None:
    """A refusal leaves the playbook's draft."""
    drafted = draft(single_call=True)
    assert drafted.title == Playbook().draft(case).title
    assert "single: the model refused: I cannot help with that." in drafted.notes


@pytest.mark.vcr
def test_length(draft: Callable[..., Drafted]) -> None:
    """What is whole in a reply that was cut is used."""
    drafted = draft(single_call=True)
    assert drafted.use
    assert {call.outcome for call in drafted.use.calls} == {"cut at the length limit"}
    assert drafted.title == GOOD["summary"]["title"]


@pytest.mark.vcr
def test_rate_limited(draft: Callable[..., Drafted]) -> None:
    """A 429 is waited for and asked again."""
    drafted = draft(single_call=True, retries=1)
    assert drafted.use
    assert [call.outcome for call in drafted.use.calls] == ["ok"]
    assert drafted.title == GOOD["summary"]["title"]


@pytest.mark.vcr
def test_no_schema(draft: Callable[..., Drafted]) -> None:
    """An endpoint that refuses schemas gets the schema in the prompt."""
    drafted = draft(single_call=True)
    assert drafted.use
    assert [call.form for call in drafted.use.calls] == ["json_schema", "json_object"]
    assert drafted.title == GOOD["summary"]["title"]
