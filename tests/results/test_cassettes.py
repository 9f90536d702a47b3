"""Results played from cassettes: hand-written replies about each kind of note, recorded over real HTTP and played to their end.

The export is a stored one of format version 1, so that a changed playbook changes no request.
`pytest tests/results/test_cassettes.py --record-mode=rewrite` records them anew; see cassettes/README.md.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from fake_endpoint import FakeEndpoint, refusal, reply
from good_research import ABOUT, TEXTS, changed
from scrubbed import vcr_cassette_dir as vcr_cassette_dir, vcr_config as vcr_config
from tiny_pdf import pdf_of
from vcr.cassette import Cassette

from assistant import Filled, Previous, ResultsRequest, check, fill_results, load_record
from assistant.document import parse
from assistant.drafting.memory import Memory
from assistant.drafting.model import Options
from assistant.drafting.prompts import load_prompts
from assistant.drafting.requests import Profile
from assistant.results.model import ModelResults
from assistant.tokens import token_counter

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "orders-service"
NOTES = ROOT / "tests" / "data" / "notes"
EXPORT = ROOT / "tests" / "data" / "export_v1" / "export.md"
NOBODY = "http://127.0.0.1:9/v1"
FALSE_ID = changed("results", "solution", 0, "ids", to=["R99"])
SCRIPTS: dict[str, dict[str, Any]] = {
    name: {task: reply(json.dumps(text)) for task, text in replies.items()} for name, replies in ABOUT.items()
} | {
    "repaired": {"results": [reply(FALSE_ID), reply(TEXTS["results"])], "answers": reply(TEXTS["answers"])},
    "refusal": {"any": refusal("I cannot help with that.")},
}
Run = Callable[..., Filled]


@pytest.fixture
def run(request: pytest.FixtureRequest, record_mode: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Fill the stored export: nobody is asked when a cassette is played, a scripted endpoint when it is recorded."""
    with FakeEndpoint(SCRIPTS[request.node.name.removeprefix("test_results_")]) as fake:
        drafter = ModelResults(
            Profile(model="fake", base_url=NOBODY if record_mode == "none" else fake.url, retries=0),
            load_prompts(),
            counter=token_counter(),
            memory=Memory(None),
            options=Options(),
            tell=lambda _: None,
        )

        def call(*notes: str | Path, **options: Any) -> Filled:
            previous = Previous(text=EXPORT.read_text("utf-8"), record=load_record(EXPORT))
            with chdir(NOTES):
                return fill_results(ResultsRequest(notes=tuple(map(str, notes)), **options), previous, drafter=drafter)

        yield call


@pytest.fixture(autouse=True)
def _fully_played(record_mode: str, vcr: Cassette) -> Iterator[None]:
    yield
    assert record_mode != "none" or vcr.all_played


def solution(filled: Filled) -> str:
    assert list(check(filled.text, filled.record).counted(allow_drafts=True)) == []
    return parse(filled.text).body("research_results.solution_found")


@pytest.mark.vcr
def test_results_helpful(run: Run) -> None:
    filled = run("helpful.md")
    assert "so that the flush fetches `updated_at`. (R2, R3)" in solution(filled)
    assert {verdict.status.value for verdict in filled.draft.verdicts} == {"supported", "untouched", "refuted"}


@pytest.mark.vcr
def test_results_repaired(run: Run) -> None:
    filled = run("helpful.md")
    assert [(call.task, call.attempt) for call in filled.record.calls] == [("results", 1), ("results", 2), ("answers", 1)]
    assert "(R2, R3)" in solution(filled)


@pytest.mark.vcr
def test_results_refusal(run: Run) -> None:
    filled = run("helpful.md")
    assert "results: drafted by extraction instead" in filled.notes
    assert solution(filled).startswith("> *Drafted by extraction")


@pytest.mark.vcr
def test_results_contradictory(run: Run) -> None:
    filled = run("refresh.md", "no_refresh.md")
    assert "The notes contradict each other about whether to set `eager_defaults`: see Answers." in solution(filled)


@pytest.mark.vcr
def test_results_injected(run: Run) -> None:
    filled = run("injected.html")
    assert "Set `eager_defaults` in the mapper arguments of `Timestamped`." in solution(filled)
    assert "canary-4711" not in filled.text


@pytest.mark.vcr
def test_results_other_version(run: Run) -> None:
    assert "- Other version: `other_version.html` is for sqlalchemy 1.4;" in solution(run("other_version.html"))


@pytest.mark.vcr
def test_results_diff_applies(run: Run) -> None:
    assert "which sets `eager_defaults`. (R3)" in solution(run("applies.patch", repo=EXAMPLE))


@pytest.mark.vcr
def test_results_diff_broken(run: Run) -> None:
    assert "which sets `eager_defaults`. (R3)" in solution(run("broken.patch", repo=EXAMPLE))


@pytest.mark.vcr
def test_results_five_megabytes(run: Run, tmp_path: Path) -> None:
    filler = [f"Paragraph {number} about prices and colours of customer {number}.\n" + "and more of it " * 3400 for number in range(100)]
    answer = "Set `eager_defaults` in the mapper arguments of `Timestamped`, because the flush expires `updated_at`."
    (tmp_path / "big.md").write_text("\n\n".join([*filler[:50], answer, *filler[50:]]), "utf-8")
    assert "Set `eager_defaults` in the mapper arguments of `Timestamped`." in solution(run(tmp_path / "big.md"))


@pytest.mark.vcr
def test_results_pdf(run: Run, tmp_path: Path) -> None:
    lines = ["The flush expires updated_at because of onupdate.", "Set eager_defaults in the mapper arguments of Timestamped."]
    (tmp_path / "paper.pdf").write_bytes(pdf_of(["About something else."], lines))
    assert "Set `eager_defaults` in the mapper arguments of `Timestamped`. (R2)" in solution(run(tmp_path / "paper.pdf"))
