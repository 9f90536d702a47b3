"""Files as a shelf: what others write meanwhile is never overwritten."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.document import parse
from assistant.errors import DocumentError, InputError
from assistant.record import body_digest, record_path
from assistant.reviewing.acting import Action
from assistant.reviewing.changing import change
from assistant.reviewing.files import FileShelf, refuse_documents
from assistant.reviewing.shelf import StaleError


def test_a_file_that_an_editor_changed_meanwhile_is_left_alone(export: Path) -> None:
    shelf = FileShelf([export])
    held = shelf.load("1")
    export.write_text(held.text + "\n", "utf-8")
    with pytest.raises(StaleError, match=r"export\.md: was changed meanwhile"):
        shelf.save(replace(held, text="mine"))
    assert export.read_text("utf-8") == held.text + "\n"


def test_a_review_changes_the_document_only(export: Path) -> None:
    shelf, before = FileShelf([export]), record_path(export).read_bytes()
    held = shelf.load("1")
    shelf.save(replace(held, text=held.text + "\n"))
    assert record_path(export).read_bytes() == before


def test_many_people_at_once_lose_nothing(export: Path) -> None:
    shelf = FileShelf([export])
    document = parse(export.read_text("utf-8"))
    places = [region.place for region in document.regions if "Drafted by" in document.body(region.place)]
    actions = [Action(kind="confirm", place=place, base=body_digest(document.body(place))) for place in places]

    def work(mine: list[Action]) -> None:
        for one in mine:
            while True:
                try:
                    change(shelf, "1", one)
                except StaleError:
                    continue
                break

    threads = [threading.Thread(target=work, args=(actions[at::4],)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "Drafted by" not in export.read_text("utf-8")


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"# Notes\n\ntext\n", DocumentError, "is no Research Export"),
        (b"no heading at all", DocumentError, "is no Research Export"),
        (b"", DocumentError, "is no Research Export"),
        (b"\xff\xfe\x00", InputError, "is no UTF-8"),
        (None, InputError, "there is no such file"),
    ],
)
def test_what_cannot_be_reviewed_is_refused_before_anything_is_served(
    tmp_path: Path, data: bytes | None, error: type[Exception], said: str
) -> None:
    path = tmp_path / "x.md"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(error, match=said):
        refuse_documents([path])
