"""Exports as files: nothing of a person is lost, whatever happens while a run goes on."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assembly import Stated
from assistant.document import edit
from assistant.drafting import Case, Drafted
from assistant.drafting.playbook import Playbook
from assistant.errors import InputError, UsageError
from assistant.exporting import Target, read_document, write_all_exports, write_export
from assistant.pipeline import Request
from assistant.record import load_record, record_path

NOTHING = io.BytesIO()
STATED = Stated(date="2026-11-25", exported_by="Ada")


def traceback(function: str, error: str, times: int = 1) -> str:
    one = f'Traceback (most recent call last):\n  File "/srv/app/{function}.py", line 12, in {function}\n    work()\n{error}\n\n'
    return "".join(f"request {n}\n{one}" for n in range(times))


def request(folder: Path, text: str) -> Request:
    (folder / "app.log").write_text(text)
    return Request(logs=(str(folder / "app.log"),), stated=STATED)


class Interrupted(Playbook):
    """A drafter during whose work somebody saves the document."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def draft(self, case: Case) -> Drafted:
        self.path.write_text("# Research Export: mine\n\n## Problem Statement\n\n### Brief Description\nsaved meanwhile\n")
        return super().draft(case)


def test_what_a_person_saves_while_a_run_goes_on_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "export.md"
    asked = request(tmp_path, traceback("pay", "KeyError: 'sku'"))
    write_export(asked, Target(path=path), stdin=NOTHING)
    with pytest.raises(UsageError, match="was changed while this ran; nothing was written"):
        write_export(asked, Target(path=path), stdin=NOTHING, drafter=Interrupted(path))
    assert "saved meanwhile" in path.read_text()


def test_each_cause_keeps_its_file_when_the_order_of_causes_changes(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    first = request(tmp_path, traceback("pay", "KeyError: 'sku'", 3) + traceback("ship", "TimeoutError: no answer"))
    before = dict(write_all_exports(first, Target(path=path), stdin=NOTHING))
    titles = {name.name: name.read_text().partition("\n")[0] for name in before}
    second = request(tmp_path, traceback("pay", "KeyError: 'sku'") + traceback("ship", "TimeoutError: no answer", 5))
    list(write_all_exports(second, Target(path=path), stdin=NOTHING))
    assert {name.name: name.read_text().partition("\n")[0] for name in before} == titles
    assert sorted(titles) == ["x-2.md", "x.md"]


def test_a_new_cause_gets_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    list(write_all_exports(request(tmp_path, traceback("pay", "KeyError: 'sku'")), Target(path=path), stdin=NOTHING))
    both = request(tmp_path, traceback("load", "OSError: disk full", 9) + traceback("pay", "KeyError: 'sku'"))
    list(write_all_exports(both, Target(path=path), stdin=NOTHING))
    assert "KeyError" in path.read_text().partition("\n")[0]
    assert "OSError" in (tmp_path / "x-2.md").read_text().partition("\n")[0]


def test_a_confirmed_export_refuses_another_failure(tmp_path: Path) -> None:
    path = tmp_path / "export.md"
    write_export(request(tmp_path, traceback("pay", "KeyError: 'sku'")), Target(path=path), stdin=NOTHING)
    confirmed = edit(path.read_text(), {"problem_statement.brief_description": "The price list lacks a key."})
    path.write_text(confirmed)
    with pytest.raises(UsageError, match="are about another failure than the document"):
        write_export(request(tmp_path, traceback("ship", "TimeoutError: no answer")), Target(path=path), stdin=NOTHING)
    assert path.read_text() == confirmed


def test_other_file_endings_have_records_of_their_own(tmp_path: Path) -> None:
    asked = request(tmp_path, traceback("pay", "KeyError: 'sku'"))
    for name in ("export.md", "export.txt"):
        write_export(asked, Target(path=tmp_path / name), stdin=NOTHING)
    assert record_path(tmp_path / "export.txt").name == "export.txt.run.json"
    assert load_record(tmp_path / "export.md") == load_record(tmp_path / "export.txt")


def test_a_write_protected_export_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "export.md"
    asked = request(tmp_path, traceback("pay", "KeyError: 'sku'"))
    write_export(asked, Target(path=path), stdin=NOTHING)
    path.chmod(0o444)
    with pytest.raises(UsageError, match="is write-protected"):
        write_export(replace(asked, stated=replace(STATED, title="else")), Target(path=path), stdin=NOTHING)


def test_a_document_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_document(tmp_path / "nothing.md")
