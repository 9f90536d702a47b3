"""`check`, `evidence`, `redact`, `schema`, and what all commands share."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.cli.edge import exit_code, guarded
from assistant.errors import AssistantError, CapError, DocumentError, InputError, ModelError, SettingsError, TemplateError, UsageError

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "orders-service"
LOG = EXAMPLE / "failing-test.log"
Runner = Callable[..., Any]


@pytest.fixture
def export(run: Runner, tmp_path: Path) -> Path:
    run("draft-export", LOG, "--repo", EXAMPLE, "--offline", "--exported-by", "Ada", "-o", tmp_path / "export.md")
    return tmp_path / "export.md"


def test_blanks_and_drafts_count_unless_they_are_allowed(run: Runner, export: Path) -> None:
    assert run("check", export).code == 1
    got = run("check", "--allow-drafts", export)
    assert got.code == 0
    assert f"{export}:" in got.out
    assert ": unconfirmed: drafted by playbook" in got.out


def test_a_problem_is_told_with_file_line_and_rule(run: Runner, export: Path) -> None:
    text = export.read_text()
    export.write_text(text.replace("- Severity: ", "- Severity: Very "))
    line = text[: text.index("- Severity: ")].count("\n") + 1
    got = run("check", "--allow-drafts", export)
    assert got.code == 1
    assert f"{export}:{line}: severity: the severity 'Very" in got.out


def test_problems_as_json(run: Runner, export: Path) -> None:
    problems = json.loads(run("check", "--allow-drafts", "--format", "json", export).out)
    assert set(problems[0]) == {"file", "rule", "place", "message", "severity", "line"}


def test_problems_as_github_annotations_cannot_be_broken_out_of(run: Runner, tmp_path: Path) -> None:
    odd = tmp_path / "a,b:c%.md"
    odd.write_text("# Research Export:\n")
    got = run("check", "--format", "github", odd)
    assert got.out.startswith("::error file=")
    assert "a%2Cb%3Ac%25.md,line=1,title=" in got.out


def test_without_a_record_check_says_what_it_cannot_check(run: Runner, export: Path) -> None:
    export.with_name("export.run.json").unlink()
    got = run("check", "--allow-drafts", export)
    assert got.code == 0
    assert ": record: there is no run record beside the export" in got.out


@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), (b"\xff\xfe\x00", "is no UTF-8 text")])
def test_a_document_that_cannot_be_read_is_told(run: Runner, tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "export.md"
    if content is not None:
        path.write_bytes(content)
    got = run("check", path)
    assert got.code == 3
    assert said in got.err


def test_evidence_comes_best_first_within_the_budget(run: Runner) -> None:
    got = run("evidence", LOG, "--budget", 400)
    assert got.out.startswith("E1 error ")
    assert len(got.out.encode()) <= 400 * 2.5
    assert re.search(r"\n\[… \d+ of 261 lines not shown.* …\]\n$", got.out)


def test_evidence_says_why_each_part_was_chosen(run: Runner) -> None:
    assert re.search(
        r"^E\d+ error \S+:\d+-\d+ \(what pytest says, said 2 times\)$", run("evidence", LOG, "--budget", 1500).out, re.MULTILINE
    )


def test_evidence_against_a_green_log_shows_what_is_new(run: Runner, tmp_path: Path) -> None:
    green, red = tmp_path / "green.log", tmp_path / "red.log"
    green.write_text("retry: error\nready\n" * 50)
    red.write_text("retry: error\nready\n" * 50 + "clock wrong by hours\n" + "ready\n" * 9)
    assert run("evidence", red, "--baseline", green, "--budget", 90).out.startswith(
        "E1 error red.log:101 (not in the green run)\nclock wrong"
    )


def test_evidence_shows_ci_marks_as_they_are_but_not_to_an_agent_that_acts_on_them(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "a.log"
    log.write_text("2026-01-02T03:04:05.123Z ##[error]boom\n##[error]first\n2026-01-02T03:04:05.123Z ##[add-mask]x\n")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    out = run("evidence", log).out
    assert "Z ##[error]boom\n\\x23#[error]first\n" in out
    assert "\\x23#[add-mask]x" in out
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert "##[" not in run("evidence", log).out.replace("\\x23#[", "")


def test_evidence_as_json_has_origins(run: Runner) -> None:
    pieces = json.loads(run("evidence", LOG, "--format", "json").out)["evidence"]
    assert pieces[0]["id"] == "E1"
    assert pieces[0]["reason"] == "failed test"
    assert pieces[0]["origin"]["first"] > 1


def test_redact_is_a_filter_that_keeps_every_other_byte(run: Runner) -> None:
    secret = "".join(random.Random(3).choices("abcdefghijkmnpqrstuvwxyz23456789", k=20))
    got = run("redact", stdin=f"password={secret}\r\nplain \x1b[31mtext\n\n".encode())
    assert secret not in got.out
    assert got.out.startswith("password=[SECRET:")
    assert got.out.endswith("]\r\nplain \x1b[31mtext\n\n")


def test_the_schema_names_the_sections(run: Runner) -> None:
    schema = json.loads(run("schema").out)
    assert "research_questions" in schema["properties"]
    assert "evidence" in schema["properties"]


def test_the_version_is_printed(run: Runner) -> None:
    assert run("--version").out.startswith("research-export-assistant ")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (SettingsError("x"), 2),
        (TemplateError("x"), 2),
        (InputError("x"), 3),
        (DocumentError("x"), 3),
        (ModelError("x"), 4),
        (CapError("x"), 5),
    ],
)
def test_each_error_has_its_exit_code(error: AssistantError, code: int) -> None:
    assert exit_code(error) == code


def test_a_fault_of_the_program_is_told_in_two_lines(capfd: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise ZeroDivisionError("division by \x1b[31mzero")

    with pytest.raises(SystemExit) as stop:
        guarded(broken)
    err = capfd.readouterr().err
    assert stop.value.code == 70
    assert err.count("\n") == 2
    assert "ZeroDivisionError" in err
    assert "\x1b" not in err


def test_the_users_patterns_hold_for_the_filter_and_for_evidence(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.assistant]\nmask = ['ACME-[0-9]+']\n")
    monkeypatch.chdir(tmp_path)
    assert run("redact", stdin=b"see ACME-17\n").out == "see [SECRET:custom:1]\n"
    (tmp_path / "x.log").write_text("Traceback (most recent call last):\nValueError: no ACME-17\n")
    assert "ACME-17" not in run("evidence", "x.log").out


def test_redact_says_which_file_cannot_be_read(run: Runner, tmp_path: Path) -> None:
    got = run("redact", tmp_path / "missing.log")
    assert got.code == 3
    assert got.err == f"error: {tmp_path / 'missing.log'}: cannot be read: No such file or directory\n"


def test_redact_ends_quietly_where_nobody_reads_on(tmp_path: Path) -> None:
    long = tmp_path / "long.log"
    long.write_bytes(b"a line\n" * 200_000)
    command = [sys.executable, "-m", "assistant", "redact", str(long)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as filtering:
        assert filtering.stdout
        assert filtering.stderr
        assert filtering.stdout.readline() == b"a line\n"
        filtering.stdout.close()
        assert filtering.stderr.read() == b""
    assert filtering.returncode in (0, 1)
