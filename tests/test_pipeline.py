"""The order of the stages, seen from its end: what an export of a real failing run holds."""

import random
import re
import string
from pathlib import Path

import pytest

from assistant import Outcome, Request, Stated, draft_export
from assistant.document import parse
from assistant.evidence import CUT_NOTE, Kind
from assistant.gathering import configuration
from assistant.pipeline import read_material
from assistant.sources.text import decode, escape

EXAMPLE = Path(__file__).parent.parent / "examples" / "orders-service"
LOG = EXAMPLE / "failing-test.log"


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return draft_export(Request(logs=(str(LOG),), repo=EXAMPLE, stated=Stated(date="2026-11-25", exported_by="Ada")))


def test_every_line_under_error_messages_is_in_order_a_line_of_the_input(outcome: Outcome) -> None:
    source = escape(decode(LOG.read_bytes()))[0].split("\n")
    shown = [piece for piece in outcome.record.ledger if piece.kind in (Kind.ERROR, Kind.LOG)]
    assert shown
    for piece in shown:
        lines = piece.text.split("\n")
        notes = [line for line in lines if CUT_NOTE.fullmatch(line)]
        rest = iter(source[piece.origin.first - 1 : piece.origin.last])
        assert all(line in rest for line in lines if line not in notes)
        assert len(notes) == (1 if piece.cut else 0)
        assert len(lines) - len(notes) + piece.cut == piece.origin.last - piece.origin.first + 1


def test_the_blocks_of_the_document_are_the_ledgers_texts(outcome: Outcome) -> None:
    for piece in outcome.record.ledger:
        if piece.kind is Kind.ERROR:
            assert f"\n{piece.text}\n" in outcome.text


def test_what_the_repository_answers_is_no_blank(outcome: Outcome) -> None:
    document = parse(outcome.text)
    state = document.body("context.system_state")
    assert re.search(r"- Python version: 3\.11\.7 \(E\d+\)", state)
    assert re.search(r"- FastAPI version: \d+\.\d+\.\d+ \(E\d+\)", state)
    assert re.search(r"- Database: PostgreSQL 15 \(image `postgres:15`", state)
    assert "def order_payload" in document.body("current_code.problematic_code")
    assert "async def test_ship_order" in document.body("current_code.related_code")
    assert "DATABASE_URL" in document.body("current_code.configuration")
    assert "local-only" not in outcome.text


def test_only_what_a_person_knows_is_asked(outcome: Outcome) -> None:
    asked = {problem.place for problem in outcome.review.problems if problem.rule == "blank"}
    assert not asked & {
        "error_messages.primary_error",
        "current_code.problematic_code",
        "current_code.related_code",
        "hypotheses.hypothesis_1",
    }
    assert {"what_we_tried.attempt_1", "notes_for_future_reference.lessons_learned", "context.related_phases"} <= asked


def test_there_are_two_to_four_hypotheses_and_each_quotes_evidence_for_it(outcome: Outcome) -> None:
    assert 2 <= len(outcome.export.hypotheses) <= 4
    for hypothesis in outcome.export.hypotheses:
        assert any(quote.stance == "for" for quote in hypothesis.evidence)


def test_research_results_stay_as_in_the_template(outcome: Outcome) -> None:
    template = (Path(__file__).parent.parent / "templates" / "research_export.md").read_text("utf-8")
    assert outcome.text.rpartition("## Research Results")[2].rstrip("\n") == template.rpartition("## Research Results")[2].rstrip("\n")


def _fake_secret(length: int = 18) -> str:
    return "q7" + "".join(random.Random(length).choices(string.ascii_letters + string.digits, k=length - 2))


TRACE = 'Traceback (most recent call last):\n  File "app/db.py", line 4, in connect\n    raise ValueError(dsn)\nValueError: cannot use {}\n'
TOLD = {
    "b.log": "DB_PASSWORD={}\n",
    "repo/docker-compose.yml": "services:\n  db:\n    image: postgres:15\n    environment:\n      POSTGRES_PASSWORD: {}\n",
    "repo/.env": "DB_PASSWORD={}\n",
    "repo/app/settings.py": 'DB_PASSWORD = "{}"\n',
    "repo/app/db.py": 'PASSWORD = "{}"\n\n\ndef connect(dsn):\n    raise ValueError(dsn)\n',
}


@pytest.mark.parametrize(("teller", "studied"), [*((teller, True) for teller in TOLD), ("repo/app/db.py", False)])
@pytest.mark.parametrize("logs", [("a.log", "b.log"), ("b.log", "a.log")], ids=" ".join)
def test_a_secret_is_masked_whatever_tells_it_and_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, teller: str, logs: tuple[str, str], studied: bool
) -> None:
    if not studied:  # then gathering is the first to read the code
        monkeypatch.setattr(configuration, "STUDY_LIMIT", 0)
    secret = _fake_secret()
    monkeypatch.chdir(tmp_path)
    for path, text in {"a.log": TRACE.format(secret), "b.log": "all fine\n", teller: TOLD[teller].format(secret)}.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    (tmp_path / "repo").mkdir(exist_ok=True)
    stated = Stated(date="2026-11-25", exported_by="Ada", title=f"{secret} is refused")
    request = Request(logs=logs, repo=tmp_path / "repo", stated=stated)
    material = read_material(request)
    for _ in ("the first export", "another export of the same material"):
        drawn = draft_export(request, material=material)
        assert "[SECRET:" in drawn.text
        assert not any(secret in text for text in (drawn.text, str(drawn.export), str(drawn.record), str(drawn.causes)))


def test_the_flush_that_expired_the_attribute_is_the_first_hypothesis_of_the_example(outcome: Outcome) -> None:
    first, *others = outcome.export.hypotheses
    assert (first.theory or "").startswith("A flush, not a commit, expired the attribute")
    assert {"await session.flush()"} <= {quote.quote for quote in first.evidence}
    assert any(quote.stance == "against" for hypothesis in others for quote in hypothesis.evidence)


def test_evidence_that_stands_under_error_messages_is_not_shown_again(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    log.write_text(
        "============ test session starts ============\nplatform linux -- Python 3.11.7, pytest-9.2.0\ncollected 1 item\n\n"
        "============ FAILURES ============\n____ test_a ____\n\n    def test_a():\n>       assert 1 == 2\nE       assert 1 == 2\n\ntests/test_a.py:2: AssertionError\n"
        "============ short test summary info ============\nFAILED tests/test_a.py::test_a - assert 1 == 2\n============ 1 failed in 0.10s ============\n"
    )
    document = parse(draft_export(Request(logs=(str(log),), stated=Stated(date="2026-11-25"))).text)
    assert document.body("environment_details.python_environment").strip() == "E2 under Log Output states the versions."
