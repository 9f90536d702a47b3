"""`assistant draft-export`, from the command line to the files it leaves."""

import json
import os
import random
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.document import edit, parse
from assistant.record import load_record

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "orders-service"
LOG = EXAMPLE / "failing-test.log"
SAID = ("--offline", "--date", "2026-11-25", "--exported-by", "Ada")
TRACEBACK = b"""Traceback (most recent call last):
  File "/srv/app/billing.py", line 12, in total
    return price * quantity
TypeError: can't multiply sequence by non-int of type 'str'
"""

Runner = Callable[..., Any]


def test_an_export_and_its_record_are_written_and_the_next_step_is_told(run: Runner, tmp_path: Path) -> None:
    got = run("draft-export", LOG, "--repo", EXAMPLE, *SAID, "-o", tmp_path / "export.md")
    assert got.code == 0
    assert got.out == ""
    assert sorted(os.listdir(tmp_path)) == ["export.md", "export.run.json"]
    assert "0 problems; see: assistant check" in got.err


def test_the_same_input_gives_the_same_bytes(run: Runner, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run("draft-export", LOG, "--repo", EXAMPLE, *SAID, "-o", tmp_path / f"{name}.md")
    assert (tmp_path / "a.md").read_bytes() == (tmp_path / "b.md").read_bytes()
    assert (tmp_path / "a.run.json").read_bytes() == (tmp_path / "b.run.json").read_bytes()


def test_running_again_over_the_export_changes_nothing(run: Runner, tmp_path: Path) -> None:
    run("draft-export", LOG, "--repo", EXAMPLE, *SAID, "-o", tmp_path / "export.md")
    first = (tmp_path / "export.md").read_bytes(), (tmp_path / "export.run.json").read_bytes()
    run("draft-export", LOG, "--repo", EXAMPLE, *SAID, "-o", tmp_path / "export.md")
    assert ((tmp_path / "export.md").read_bytes(), (tmp_path / "export.run.json").read_bytes()) == first


def test_what_a_person_wrote_survives_a_second_run_and_force_starts_over(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "export.md"
    run("draft-export", LOG, "--repo", EXAMPLE, *SAID, "-o", path)
    path.write_text(edit(path.read_text(), {"notes_for_future_reference.lessons_learned": "Never on a Friday."}))
    run("draft-export", LOG, *SAID, "-o", path)
    assert "Never on a Friday." in path.read_text()
    run("draft-export", LOG, *SAID, "-o", path, "--force")
    assert "Never on a Friday." not in path.read_text()


def test_ids_given_in_the_first_run_keep_their_meaning_in_the_second(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "export.md"
    (tmp_path / "other.log").write_bytes(TRACEBACK)
    run("draft-export", LOG, "--repo", EXAMPLE, *SAID, "-o", path)
    first = load_record(path)
    run("draft-export", tmp_path / "other.log", *SAID, "-o", path)
    second = load_record(path)
    assert first
    assert second
    assert second.ledger[: len(first.ledger)] == first.ledger
    assert len(second.ledger) > len(first.ledger)


def test_standard_input_and_standard_output(run: Runner) -> None:
    got = run("draft-export", "-", *SAID, stdin=TRACEBACK)
    assert got.code == 0
    assert got.out.startswith("# Research Export: `TypeError: can't multiply")
    assert "`stdin:1-4`" in got.out


def test_json_holds_the_sections_and_the_ledger(run: Runner) -> None:
    got = run("draft-export", "-", *SAID, "--format", "json", stdin=TRACEBACK)
    export = json.loads(got.out)
    assert export["format_version"] == 1
    assert export["evidence"][0]["text"].startswith("Traceback")
    assert export["evidence"][0]["origin"] == {"path": "stdin", "first": 1, "last": 4, "revision": ""}
    assert len(export["hypotheses"]) >= 2
    assert {"theory", "evidence", "test", "if_true", "if_false"} == set(export["hypotheses"][0])
    assert export["hypotheses"][0]["evidence"][0].keys() == {"id", "quote", "stance"}


def test_json_keys_are_the_sections_in_order(run: Runner) -> None:
    export = json.loads(run("draft-export", "-", *SAID, "--format", "json", stdin=TRACEBACK).out)
    assert list(export)[2:-2] == [
        "export_information",
        "problem_statement",
        "context",
        "what_we_tried",
        "error_messages",
        "current_code",
        "research_questions",
        "hypotheses",
        "documentation_references",
        "environment_details",
        "constraints_and_requirements",
        "success_criteria",
        "additional_context",
        "next_steps_after_research",
        "notes_for_future_reference",
        "research_results",
    ]


@pytest.mark.parametrize(
    "log", [b"", b"all is well\n", b"===== 12 passed in 0.3s =====\n", b"\n\n\n"], ids=["empty", "prose", "green run", "blank lines"]
)
def test_a_log_without_a_failure_gives_a_document_that_says_so_and_drafts_nothing(run: Runner, tmp_path: Path, log: bytes) -> None:
    (tmp_path / "green.log").write_bytes(log)
    got = run("draft-export", tmp_path / "green.log", *SAID, "-o", tmp_path / "export.md")
    text = (tmp_path / "export.md").read_text()
    assert got.code == 0
    assert "no failure found" in got.err
    assert parse(text).body("error_messages.primary_error").startswith("no failure found in")
    assert "Drafted by" not in text
    assert parse(text).body("hypotheses.hypothesis_1").startswith("**Theory:**\n[REVIEW:")
    assert run("check", "--allow-drafts", tmp_path / "export.md").code == 0


def test_a_missing_file_is_named(run: Runner, tmp_path: Path) -> None:
    got = run("draft-export", tmp_path / "nothing.log", *SAID, "-o", tmp_path / "export.md")
    assert got.code == 3
    assert "nothing.log" in got.err
    assert os.listdir(tmp_path) == []


def test_a_folder_without_logs_is_refused(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    got = run("draft-export", tmp_path / "photos", *SAID)
    assert got.code == 3
    assert "photos" in got.err


def test_fifty_megabytes_of_binary_are_refused(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "core.log").write_bytes(random.Random(1).randbytes(1_000_000) * 50)
    got = run("draft-export", tmp_path / "core.log", *SAID, "-o", tmp_path / "export.md")
    assert got.code == 3
    assert "core.log" in got.err
    assert not (tmp_path / "export.md").exists()


def test_invalid_utf_8_is_shown_not_dropped(run: Runner) -> None:
    got = run("draft-export", "-", *SAID, stdin="grün\n".encode() + TRACEBACK.replace(b"'str'", b"'str\xff\xfe'"))
    assert got.code == 0
    assert r"'str\xff\xfe'" in got.out


def test_another_encoding_is_read_and_told(run: Runner) -> None:
    got = run("draft-export", "-", *SAID, stdin=TRACEBACK.replace(b"'str'", "'größe'".encode("cp1252")))
    assert "'größe'" in got.out
    assert "it was read as Windows-1252" in got.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--repo", "nowhere"], "--repo nowhere: is no folder"),
        (["--templates", "nowhere"], "--templates nowhere: is no folder"),
        (["-o", "."], "-o .: is a folder"),
        (["-o", "nowhere/export.md"], "the folder nowhere does not exist"),
        (["--cause", "7"], "--cause 7: the input has 1 cause"),
        (["--date", "yesterday"], "--date yesterday: is no day"),
        (["--all"], "--all needs -o PATH"),
        (["--frobnicate"], "No such option"),
    ],
)
def test_wrong_use_is_told_in_a_line_and_exits_with_2(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.log").write_bytes(TRACEBACK)
    got = run("draft-export", "a.log", "--offline", *arguments)
    assert got.code == 2
    assert said in got.err
    assert got.out == ""


def test_a_folder_that_may_not_be_written_is_told(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(TRACEBACK)
    got = run("draft-export", tmp_path / "a.log", *SAID, "-o", "/proc/export.md")
    assert got.code == 2
    assert "/proc/export.md: cannot be written" in got.err


def test_a_file_that_is_no_export_is_never_overwritten(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(TRACEBACK)
    (tmp_path / "notes.md").write_text("my notes\n")
    got = run("draft-export", tmp_path / "a.log", *SAID, "-o", tmp_path / "notes.md")
    assert got.code == 3
    assert "no Research Export" in got.err
    assert (tmp_path / "notes.md").read_text() == "my notes\n"


def test_a_json_file_that_exists_is_not_overwritten(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(TRACEBACK)
    (tmp_path / "export.json").write_text("{}")
    got = run("draft-export", tmp_path / "a.log", *SAID, "--format", "json", "-o", tmp_path / "export.json")
    assert got.code == 2
    assert (tmp_path / "export.json").read_text() == "{}"


def test_a_broken_record_stops_before_anything_is_written(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "export.md"
    run("draft-export", LOG, *SAID, "-o", path)
    (tmp_path / "export.run.json").write_text('{"tool": 1}')
    before = path.read_bytes()
    got = run("draft-export", LOG, *SAID, "-o", path)
    assert got.code == 3
    assert "export.run.json: is no run record" in got.err
    assert path.read_bytes() == before


def test_a_device_is_written_straight_and_gets_no_record(run: Runner, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()), daemon=True)
    reader.start()
    assert run("draft-export", LOG, *SAID, "-o", pipe).code == 0
    reader.join(5)
    assert got[0].startswith("# Research Export: ")
    assert os.listdir(tmp_path) == ["pipe"]


def test_several_causes_are_listed_and_each_can_be_drafted(run: Runner, tmp_path: Path) -> None:
    other = TRACEBACK.replace(b"billing", b"stock").replace(
        b"TypeError: can't multiply sequence by non-int of type 'str'", b"KeyError: 'sku'"
    )
    (tmp_path / "two.log").write_bytes(TRACEBACK + b"next request\n" + other)
    got = run("draft-export", tmp_path / "two.log", *SAID, "-o", tmp_path / "export.md")
    assert "the input has 2 causes; number 1 was drafted" in got.err
    assert "--cause 2" in got.err
    assert run("draft-export", tmp_path / "two.log", *SAID, "-o", tmp_path / "all.md", "--all").code == 0
    titles = {(tmp_path / name).read_text().partition("\n")[0] for name in ("all.md", "all-2.md")}
    assert len(titles) == 2


def test_values_from_dotenv_never_leave_even_where_the_log_prints_them(run: Runner, tmp_path: Path) -> None:
    secret = "".join(random.Random(7).choices("abcdefghjkmnpqrstuvwxyz23456789", k=24))
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / ".env").write_text(f"SIGNING_SECRET={secret}\nLOG_LEVEL=info\n")
    (tmp_path / "a.log").write_bytes(TRACEBACK.replace(b"'str'", secret.encode()))
    run("draft-export", tmp_path / "a.log", "--repo", tmp_path / "repo", *SAID, "-o", tmp_path / "export.md")
    written = (tmp_path / "export.md").read_text() + (tmp_path / "export.run.json").read_text()
    assert secret not in written
    assert "SIGNING_SECRET\nLOG_LEVEL" in (tmp_path / "export.md").read_text()


def test_reports_of_tests_are_read_alone_or_beside_logs(run: Runner, tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text(
        '<testsuite name="pytest"><testcase classname="tests.test_a" name="test_b"><failure message="KeyError: 1">'
        "E   KeyError: 1\n\ntests/test_a.py:5: KeyError</failure></testcase></testsuite>"
    )
    (tmp_path / "run.log").write_bytes(TRACEBACK)
    alone = run("draft-export", "--junit", report, *SAID)
    assert (alone.code, "tests/test_a.py::test_b" in alone.out) == (0, True)
    both = run("draft-export", tmp_path / "run.log", "--junit", report, *SAID)
    assert "the input has 2 causes" in both.err
    wrong = run("draft-export", "--junit", tmp_path / "run.log", *SAID)
    assert (wrong.code, "this is no report of tests" in wrong.err) == (3, True)
    nothing = run("draft-export", *SAID)
    assert (nothing.code, "no log was given" in nothing.err) == (2, True)


def test_a_run_archive_is_read_without_extracting_it(run: Runner, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "run.zip", "w") as archive:
        archive.writestr("0_build.txt", TRACEBACK)
        archive.writestr("build/1_Test.txt", TRACEBACK)
    got = run("draft-export", tmp_path / "run.zip", *SAID)
    assert got.code == 0
    assert "`run.zip!0_build.txt:1-4`" in got.out
    assert "1 log of single steps" in got.err


def test_a_dash_after_o_is_standard_output(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.log").write_text("Traceback (most recent call last):\nValueError: no\n")
    assert run("draft-export", "x.log", "--offline", "-o", "-").out.startswith("# Research Export: ")
    assert [path.name for path in tmp_path.iterdir()] == ["x.log"]
