"""Research notes as text: what each format gives, and what a note that cannot be read says."""

import builtins
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from tiny_pdf import pdf_of

from assistant.errors import InputError, UsageError
from assistant.sources.notes import Format, Note, read_notes, speaker

PAGE = """<!DOCTYPE html>
<html><head><title>Locks — Queue 2.1 Documentation</title><style>p { color: red }</style></head><body>
<nav><a href="/">Home</a></nav>
<h1>Locks</h1>
<p>Call <code>acquire()</code> <b>once</b>, see <a href="https://queue.example.org/locks">the guide</a>.</p>
<pre><code class="language-python">lock.acquire()
</code></pre>
<p hidden>hidden words</p><div aria-hidden="true">more hidden words</div><p style="display:none">and more</p>
<script>alert("script words")</script><footer>footer words</footer>
</body></html>"""


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def call(name: str, data: bytes | str) -> Note:
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        (note,) = read_notes((str(tmp_path / name),), base=tmp_path)
        return note

    return call


def test_a_page_becomes_what_a_reader_would_see_of_it(read: Any) -> None:
    note = read("locks.html", PAGE)
    assert note.format is Format.HTML
    assert note.text == (
        "Locks — Queue 2.1 Documentation\n\n# Locks\n\nCall `acquire()` **once**, see [the guide](https://queue.example.org/locks).\n\n"
        "```python\nlock.acquire()\n```\n"
    )
    assert note.notes == ("3 hidden parts of the page were left out",)


def test_a_page_nested_beyond_reason_is_read_as_plain_text(read: Any) -> None:
    note = read("deep.html", "<html><body>" + "<div>" * 5000 + "<p>Pin it.</p>" + "</div>" * 5000)
    assert "Pin it." in note.text
    assert note.notes == ("the page is nested too deeply: only its text was read",)


@pytest.mark.parametrize(
    ("name", "data", "wanted"),
    [
        ("answer.md", "Pin it.", Format.MARKDOWN),
        ("answer", "Pin it.", Format.TEXT),
        ("saved", PAGE, Format.HTML),
        ("fix.txt", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", Format.PATCH),
        ("fix.patch", "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n", Format.PATCH),
        ("talk.txt", "User: why?\n\nAssistant: because.\n", Format.CHAT),
        ("talk.txt", "[10:01] ada: why?\n[10:02] bob: pin it\n[10:03] ada: thanks\n[10:04] bob: fine\n", Format.CHAT),
        ("talk.json", '[{"role": "user", "content": "why?"}, {"role": "assistant", "content": "because"}]', Format.CHAT),
        ("settings.json", '{"answer": 42}', Format.TEXT),
        ("list.txt", "Fix: pin it.\nWhy: it moved.\n", Format.TEXT),
    ],
)
def test_the_format_is_seen_by_what_a_note_holds(read: Any, name: str, data: str, wanted: Format) -> None:
    assert read(name, data).format is wanted


def test_a_saved_conversation_keeps_who_said_what(read: Any) -> None:
    note = read("talk.json", '{"messages": [{"role": "user", "content": "why?"}, {"role": "assistant", "content": "because"}, 7]}')
    assert note.text == "user:\n\nwhy?\n\nassistant:\n\nbecause"


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("User: hello", "user"),
        ("**Assistant:** hello", "assistant"),
        ("[10:31] ada: hello", "ada"),
        ("no turn here", ""),
        ("https://x.org/a", ""),
    ],
)
def test_a_turn_begins_where_somebody_is_named(line: str, who: str) -> None:
    assert speaker(line) == who


def test_a_pdf_is_read_page_by_page(read: Any) -> None:
    note = read("paper.pdf", pdf_of(["Pin httpx below 0.28."], ["Because Client lost app."]))
    assert note.format is Format.PDF
    assert "Pin httpx below 0.28." in note.text
    assert len(note.pages) == 2


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.4\nnot a pdf at all", pdf_of(["x"])[:200]], ids=["head only", "garbage", "cut"])
def test_a_pdf_that_is_none_is_told(read: Any, data: bytes) -> None:
    with pytest.raises(InputError, match=r"paper\.pdf: the PDF cannot be read") as caught:
        read("paper.pdf", data)
    assert caught.value.hint


def test_the_missing_extra_is_named_with_the_command_that_installs_it(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "assistant.sources.notes.pdf", raising=False)
    real = builtins.__import__

    def without_pypdf(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("pypdf"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_pypdf)
    with pytest.raises(UsageError, match="needs the package pypdf") as caught:
        read("paper.pdf", pdf_of(["x"]))
    assert "pip install 'research-export-assistant[pdf]'" in caught.value.hint


def test_standard_input_is_a_note(tmp_path: Path) -> None:
    (note,) = read_notes(("-",), stdin=io.BytesIO(b"Pin it.\n"), base=tmp_path)
    assert (note.name, note.text) == ("stdin", "Pin it.\n")


def test_an_empty_note_is_a_note(read: Any) -> None:
    assert read("empty.md", "").text == ""


@pytest.mark.parametrize(("name", "data"), [("x.bin", bytes(range(32)) * 20), ("x.png", b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 400)])
def test_binary_data_is_no_note(read: Any, name: str, data: bytes) -> None:
    with pytest.raises(InputError, match="this is binary data"):
        read(name, data)


@pytest.mark.parametrize("path", ["nowhere.md", "."])
def test_what_cannot_be_opened_is_told_with_its_path(path: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_notes((path,))


def test_nothing_invisible_or_obeyed_by_a_terminal_comes_through(read: Any) -> None:
    text = read("x.md", "a\x1b[31mb\u202ec\r\nd\x00").text
    assert text == "ab\\u202ec\nd\\x00"


def test_notes_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    outside = tmp_path / "base"
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "answer.md").write_text(folder)
    notes = read_notes((str(tmp_path / "a" / "answer.md"), str(tmp_path / "b" / "answer.md")), base=outside)
    assert [note.name for note in notes] == ["answer.md", "answer.md (2)"]
