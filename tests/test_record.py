"""The run record: it comes back as it was written, and what is broken or newer is refused."""

import json
from pathlib import Path

import pytest

from assistant.checking import Problem, Severity
from assistant.errors import DocumentError
from assistant.evidence import Evidence, Kind, Origin
from assistant.record import RunRecord, Written, body_digest, dump_record, load_record, record_path
from assistant.redaction import Redactor

RECORD = RunRecord(
    tool="research-export-assistant 0.1.0",
    signature="1:abc",
    failures=2,
    sources=("t.log",),
    ledger=(Evidence(Kind.ERROR, Origin("t.log", 1, 2), Redactor().mask("a\nb"), id="E1", masked=("[SECRET:token:1]",), cut=3),),
    subsections={"title": Written(digest="sha256:00", by="playbook", evidence=("E1",))},
    problems=(Problem("quote", "title", "x", Severity.ERROR, 3),),
)


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    record_path(tmp_path / "export.md").write_text(dump_record(RECORD), "utf-8")
    assert load_record(tmp_path / "export.md") == RECORD


def test_the_record_lies_beside_the_export() -> None:
    assert record_path(Path("docs/export.md")) == Path("docs/export.run.json")


def test_no_record_is_no_error(tmp_path: Path) -> None:
    assert load_record(tmp_path / "export.md") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no run record"),
        ("{", "is no run record"),
        ('{"tool": "x", "ledger": [{"kind": "gossip"}]}', "ledger"),
        ("\udcff", "cannot be read"),
    ],
    ids=["empty", "cut", "unknown kind", "no UTF-8"],
)
def test_a_broken_record_is_named_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    record_path(tmp_path / "export.md").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DocumentError, match=rf"export\.run\.json: .*{said}"):
        load_record(tmp_path / "export.md")


def test_a_record_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    newer = json.loads(dump_record(RECORD)) | {"format_version": 99}
    record_path(tmp_path / "export.md").write_text(json.dumps(newer), "utf-8")
    with pytest.raises(DocumentError, match="has format 99"):
        load_record(tmp_path / "export.md")


def test_the_digest_of_a_body_does_not_depend_on_newlines_and_blank_lines_around_it() -> None:
    assert body_digest("a\r\nb\r\n\r\n") == body_digest("\na\nb")
    assert body_digest("a\nb") != body_digest("a\n b")
