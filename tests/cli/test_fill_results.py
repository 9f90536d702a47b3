"""`assistant fill-results` and `assistant brief` from the command line: what is printed, written, left alone, and with which exit code."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_endpoint import FakeEndpoint, refusal, reply
from good_research import TEXTS
from tiny_pdf import pdf_of

from assistant.document import edit, parse
from assistant.record import load_record, record_path

Runner = Callable[..., Any]
DATA = Path(__file__).parent.parent / "data"
NOTES = DATA / "notes"
EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "orders-service"


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stored export of format version 1, in the current folder."""
    for name in ("export.md", "export.run.json"):
        shutil.copy(DATA / "export_v1" / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "export.md"


@pytest.fixture
def fake() -> Iterator[FakeEndpoint]:
    with FakeEndpoint({task: reply(text) for task, text in TEXTS.items()}) as endpoint:
        yield endpoint


def test_the_document_is_filled_where_it_lies_and_its_record_with_it(run: Runner, export: Path) -> None:
    ran = run("fill-results", export, "--from", NOTES / "helpful.md", "--repo", EXAMPLE)
    assert (ran.code, ran.out) == (0, "")
    assert "Fetch the column within the flush" in parse(export.read_text("utf-8")).body("research_results.solution_found")
    assert ran.err.splitlines()[:2] == [f"{export}: drafted by extraction", "  helpful.md: answers"]
    assert "  questions: 0 answered, " in ran.err
    assert "hypotheses: 1 supported, 1 refuted, 1 untouched" in ran.err
    record = load_record(export)
    assert record
    assert [piece.id for piece in record.research] == [f"R{number}" for number in range(1, 9)]


def test_a_record_of_format_1_is_read_and_written_as_format_2(run: Runner, export: Path) -> None:
    assert json.loads(record_path(export).read_text("utf-8"))["format_version"] == 1
    run("fill-results", export, "--from", NOTES / "helpful.md")
    written = json.loads(record_path(export).read_text("utf-8"))
    assert written["format_version"] == 2
    assert len(written["ledger"]) == 23


def test_any_number_of_notes_may_follow_one_from(run: Runner, export: Path) -> None:
    ran = run("fill-results", export, "--from", NOTES / "refresh.md", NOTES / "no_refresh.md", NOTES / "off_topic.html")
    assert "  contradiction about the value of eager_defaults: R1, R2" in ran.err
    assert "  off_topic.html: off the topic" in ran.err


def test_notes_are_read_from_standard_input(run: Runner, export: Path) -> None:
    run("fill-results", export, "--from", "-", stdin=(NOTES / "helpful.md").read_bytes())
    assert "(R2, `stdin:3`)" in export.read_text("utf-8")


def test_a_dry_run_prints_a_diff_and_writes_nothing(run: Runner, export: Path) -> None:
    before = {path: path.read_bytes() for path in export.parent.iterdir()}
    ran = run("fill-results", export, "--from", NOTES / "helpful.md", "--dry-run")
    assert ran.out.startswith("--- a/export.md\n+++ b/export.md\n@@ ")
    assert "\n-[Describe the solution]\n" in ran.out
    assert "\n+> Fetch the column within the flush: " in ran.out
    assert {path: path.read_bytes() for path in export.parent.iterdir()} == before
    assert "nothing was written" in ran.err


def test_the_same_run_again_writes_the_same_bytes(run: Runner, export: Path) -> None:
    run("fill-results", export, "--from", NOTES / "helpful.md")
    first = export.read_bytes(), record_path(export).read_bytes()
    run("fill-results", export, "--from", NOTES / "helpful.md")
    assert (export.read_bytes(), record_path(export).read_bytes()) == first


def test_with_an_output_the_export_stays_as_it_is(run: Runner, export: Path) -> None:
    before = export.read_bytes()
    run("fill-results", export, "--from", NOTES / "helpful.md", "-o", "filled.md")
    assert export.read_bytes() == before
    assert Path("filled.md").exists()
    assert Path("filled.run.json").exists()


def test_a_check_of_filled_results_finds_nothing_against_them(run: Runner, export: Path) -> None:
    run("fill-results", export, "--from", NOTES / "helpful.md", NOTES / "injected.html", "--repo", EXAMPLE)
    assert run("check", export, "--allow-drafts").code == 0


def test_drafting_the_export_again_leaves_the_results_alone(run: Runner, export: Path) -> None:
    draft = ("draft-export", EXAMPLE / "failing-test.log", "--repo", EXAMPLE, "--date", "2026-11-25", "--exported-by", "Ada", "-o", export)
    run("fill-results", export, "--from", NOTES / "helpful.md")
    before = parse(export.read_text("utf-8"))
    assert run(*draft).code == 0
    after = parse(export.read_text("utf-8"))
    for place in ("research_results.solution_found", "research_results.code_changes_required", "research_questions.answers"):
        assert after.body(place) == before.body(place)
    record = load_record(export)
    assert record
    assert len(record.research) == 8
    run("fill-results", export, "--from", NOTES / "helpful.md")
    assert parse(export.read_text("utf-8")).body("research_results.solution_found") == before.body("research_results.solution_found")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nowhere.md", "--from", NOTES / "helpful.md"), 3, "nowhere.md: cannot be read: there is no such file"),
        (("export.md", "--from", "nowhere.md"), 3, "nowhere.md: cannot be read"),
        (("export.md", "--from", NOTES / "helpful.md", "--repo", "nowhere"), 2, "--repo nowhere: is no folder"),
        (("export.md", "--from", NOTES / "helpful.md", "-o", "nowhere/x.md"), 2, "-o nowhere/x.md"),
        (("export.md",), 2, "--from"),
        (("brief.txt", "--from", NOTES / "helpful.md"), 3, "expected the headings"),
    ],
)
def test_what_is_wrong_is_told_in_a_line_with_its_exit_code(
    run: Runner, export: Path, arguments: tuple[Any, ...], code: int, said: str
) -> None:
    Path("brief.txt").write_text("# Something else\n")
    before = export.read_bytes()
    ran = run("fill-results", *arguments)
    assert ran.code == code
    assert said in ran.err
    assert export.read_bytes() == before


def test_a_renamed_heading_is_told_and_nothing_written(run: Runner, export: Path) -> None:
    export.write_text(export.read_text("utf-8").replace("### Testing Strategy", "### Tests"), "utf-8")
    before = {path: path.read_bytes() for path in export.parent.iterdir()}
    ran = run("fill-results", export, "--from", NOTES / "helpful.md")
    assert ran.code == 3
    assert "expected the heading '### Testing Strategy'; found '### Tests' (line " in ran.err
    assert {path: path.read_bytes() for path in export.parent.iterdir()} == before


def test_a_document_saved_meanwhile_is_not_overwritten(run: Runner, export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant import filling

    real = filling.fill_results

    def meanwhile(*given: Any, **options: Any) -> Any:
        export.write_text("saved meanwhile", "utf-8")
        return real(*given, **options)

    monkeypatch.setattr(filling, "fill_results", meanwhile)
    ran = run("fill-results", export, "--from", NOTES / "helpful.md")
    assert ran.code == 2
    assert "was changed while this ran" in ran.err
    assert export.read_text("utf-8") == "saved meanwhile"


def test_what_a_person_wrote_is_named_and_stays(run: Runner, export: Path) -> None:
    export.write_text(edit(export.read_text("utf-8"), {"research_results.solution_found": "We set it by hand."}), "utf-8")
    ran = run("fill-results", export, "--from", NOTES / "helpful.md")
    assert "  a person wrote in 1 place, which stays: research_results.solution_found" in ran.err
    assert parse(export.read_text("utf-8")).body("research_results.solution_found").startswith("We set it by hand.\n\n> *Drafted by")


def test_a_pdf_is_read_like_any_note(run: Runner, export: Path) -> None:
    Path("paper.pdf").write_bytes(
        pdf_of(["Set eager_defaults in the mapper arguments of Timestamped, because the flush expires updated_at."])
    )
    assert "  paper.pdf: answers" in run("fill-results", export, "--from", "paper.pdf").err


def test_a_model_is_used_only_where_one_is_configured(
    run: Runner, export: Path, fake: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_API_KEY", "k")
    ran = run("fill-results", export, "--from", NOTES / "helpful.md")
    assert "hint: a key is set but no model is configured" in ran.err
    assert fake.requests == []
    ran = run("fill-results", export, "--from", NOTES / "helpful.md", "--model", "fake", "--base-url", fake.url, "--fresh")
    assert ran.code == 0
    assert ran.err.splitlines()[0] == f"drafting with fake at {fake.url}; notes and evidence are masked, --dry-run sends nothing"
    assert "  2 calls: 2000 tokens sent" in ran.err
    assert "> *Drafted by fake from R2, R3, R4, R5." in export.read_text("utf-8")


def test_a_dry_run_with_a_model_sends_nothing_and_shows_what_it_would(run: Runner, export: Path, fake: FakeEndpoint) -> None:
    ran = run("fill-results", export, "--from", NOTES / "helpful.md", "--model", "fake", "--base-url", fake.url, "--dry-run")
    assert fake.requests == []
    assert ran.out.startswith("--- a/export.md")
    assert "nothing was sent. 2 calls to" in ran.err
    assert '"model": "fake"' in ran.err


def test_where_the_model_fails_the_results_are_written_all_the_same_with_exit_4(run: Runner, export: Path, fake: FakeEndpoint) -> None:
    fake.script = {"any": refusal("no")}
    ran = run("fill-results", export, "--from", NOTES / "helpful.md", "--model", "fake", "--base-url", fake.url, "--fresh")
    assert ran.code == 4
    assert "> *Drafted by extraction from R2, R3." in export.read_text("utf-8")


def test_a_cap_gives_exit_5(run: Runner, export: Path, fake: FakeEndpoint) -> None:
    ran = run(
        "fill-results", export, "--from", NOTES / "helpful.md", "--model", "fake", "--base-url", fake.url, "--max-tokens", 10, "--fresh"
    )
    assert ran.code == 5
    assert fake.requests == []


def test_the_brief_goes_to_standard_output_and_what_stays_at_home_is_told(run: Runner, export: Path) -> None:
    ran = run("brief", export)
    assert ran.code == 0
    assert ran.out.startswith("# A failure that we cannot explain\n")
    assert "not confirmed, so left at home: Export Information, Brief Description" in ran.err


def test_the_brief_may_be_written_to_a_file_within_a_budget(run: Runner, export: Path) -> None:
    ran = run("brief", export, "--include-drafts", "--budget", 1500, "-o", "brief.md")
    assert (ran.code, ran.out) == (0, "")
    assert "left out for lack of room: " in ran.err
    assert "## How to Answer" in Path("brief.md").read_text("utf-8")


def test_an_answer_in_the_form_of_the_brief_is_read_back(run: Runner, export: Path) -> None:
    run("brief", export, "--include-drafts", "-o", "brief.md")
    run("fill-results", export, "--from", NOTES / "form.md")
    answers = parse(export.read_text("utf-8")).body("research_questions.answers")
    assert "1. Answered: Which columns does the flush" in answers
    assert "- Hypothesis 2: refuted" in answers


@pytest.mark.parametrize(("arguments", "code"), [(("nowhere.md",), 3), (("export.md", "--budget", "10"), 2)])
def test_a_brief_that_cannot_be_made_says_why(run: Runner, export: Path, arguments: tuple[str, ...], code: int) -> None:
    assert run("brief", *arguments).code == code


def test_the_users_patterns_hold_for_notes_and_for_the_outgoing_copy(run: Runner, export: Path) -> None:
    (export.parent / "pyproject.toml").write_text("[tool.assistant]\nmask = ['ACME-[0-9]+']\n")
    note = export.parent / "note.md"
    note.write_text((NOTES / "helpful.md").read_text("utf-8").replace("Fetch the column", "Fetch the ACME-17 column"))
    run("fill-results", export, "--from", note)
    assert "ACME-17" not in export.read_text("utf-8")
    assert "Fetch the `[SECRET:custom:1]` column" in export.read_text("utf-8")
    export.write_text(export.read_text("utf-8").replace("# Research Export: ", "# Research Export: ACME-18 "))
    assert "ACME-18" not in run("brief", export, "--include-drafts").out
