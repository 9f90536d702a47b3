"""Replies remembered on disk: only whole ones, only for exactly the same request, only for 30 days."""

import json
import os
import time
from pathlib import Path

import pytest

from assistant.drafting.memory import KEPT_S, Memory
from assistant.drafting.requests import Answer, Usage

BODY = {"model": "m", "messages": [{"role": "user", "content": "why?"}], "max_tokens": 10}
ANSWER = Answer(text='{"a": "ü"}', usage=Usage(sent=5, received=2), seconds=1.5, form="json_object")


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "replies")


def entry(folder: Path) -> Path:
    (path,) = folder.rglob("*.json")
    return path


def test_an_answer_comes_back_for_the_same_request_and_is_marked_as_remembered(memory: Memory) -> None:
    assert memory.recall(BODY) is None
    assert memory.keep(BODY, ANSWER) == ""
    assert memory.recall(BODY) == Answer(text='{"a": "ü"}', usage=Usage(sent=5, received=2), form="json_object", remembered=True)


def test_the_order_of_fields_does_not_matter(memory: Memory) -> None:
    memory.keep(BODY, ANSWER)
    assert memory.recall(dict(reversed(BODY.items()))) is not None


@pytest.mark.parametrize("change", [{"model": "n"}, {"max_tokens": 11}, {"messages": []}, {"temperature": 0}])
def test_any_other_request_is_not_known(memory: Memory, change: dict[str, object]) -> None:
    memory.keep(BODY, ANSWER)
    assert memory.recall(BODY | change) is None


@pytest.mark.parametrize("answer", [Answer(failure="status 500: no"), Answer(text="half", cut=True), Answer(text="x", failure="why")])
def test_what_is_no_whole_answer_is_not_kept(memory: Memory, tmp_path: Path, answer: Answer) -> None:
    assert memory.keep(BODY, answer) == ""
    assert not list(tmp_path.rglob("*.json"))


def test_after_30_days_an_answer_is_forgotten(memory: Memory, tmp_path: Path) -> None:
    memory.keep(BODY, ANSWER)
    old = time.time() - KEPT_S - 1
    os.utime(entry(tmp_path), (old, old))
    assert memory.recall(BODY) is None


def test_fresh_ignores_what_is_remembered_and_still_keeps_the_new_answer(tmp_path: Path) -> None:
    Memory(tmp_path).keep(BODY, ANSWER)
    fresh = Memory(tmp_path, fresh=True)
    assert fresh.recall(BODY) is None
    fresh.keep(BODY, Answer(text="newer"))
    recalled = Memory(tmp_path).recall(BODY)
    assert recalled
    assert recalled.text == "newer"


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"null", b"\xff", b'{"format_version": 1}', b'{"format_version": 2, "text": "x", "usage": {}, "form": "text"}']
    + [json.dumps({"format_version": 1, "text": "x", "usage": usage, "form": "text"}).encode() for usage in ({"n": 1}, None, 3)]
    + [json.dumps({"format_version": 1, "text": text, "usage": {}, "form": "text"}).encode() for text in (7, None, ["x"])],
)
def test_a_damaged_entry_is_as_good_as_none(memory: Memory, tmp_path: Path, damage: bytes) -> None:
    memory.keep(BODY, ANSWER)
    entry(tmp_path).write_bytes(damage)
    assert memory.recall(BODY) is None


def test_a_folder_that_cannot_be_written_is_told_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "replies").write_text("a file where the folder should be")
    memory = Memory(tmp_path / "replies")
    assert memory.keep(BODY, ANSWER).startswith("a reply could not be remembered: ")
    assert memory.recall(BODY) is None


def test_without_a_folder_nothing_is_remembered() -> None:
    memory = Memory(None)
    assert memory.keep(BODY, ANSWER) == ""
    assert memory.recall(BODY) is None


@pytest.mark.skipif(os.name == "nt", reason="no permissions of this kind there")
def test_only_the_user_may_read_what_is_remembered(memory: Memory, tmp_path: Path) -> None:
    memory.keep(BODY, ANSWER)
    path = entry(tmp_path)
    assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0
