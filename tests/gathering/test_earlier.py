"""Similar Issues: earlier exports of the same or a like failure, from an index that is made anew when it is missing."""

import json

import pytest

from assistant.gathering.earlier import INDEX, similar_exports

MESSAGE = "ValueError: cannot parse basket total"


def export(root, name, *, signature, error=MESSAGE, solution="[Describe the solution]"):
    (root / "exports").mkdir(exist_ok=True)
    (root / "exports" / f"{name}.run.json").write_text(json.dumps({"signature": signature, "ledger": [{"kind": "error", "text": error}]}))
    text = f"# Research Export: `{error}`\n\n## Research Results (To Be Filled After External Research)\n\n### Solution Found\n{solution}\n\n### Why It Works\nx\n"
    (root / "exports" / f"{name}.md").write_text(text)


@pytest.fixture
def search(tmp_path, failure, collect):
    def run(own=""):
        collection = collect(failure(MESSAGE, signature="1:aa"), tmp_path)
        return similar_exports(collection, own), collection

    return run


def test_an_export_of_the_same_failure_is_named_with_its_solution(tmp_path, search):
    export(tmp_path, "old", signature="1:aa", solution="Strip the currency first.")
    found, collection = search()
    assert found == ("`exports/old` is about the same failure (E2); its solution: Strip the currency first.",)
    assert collection.ledger.get("E2").text.endswith("solution: Strip the currency first.")


def test_a_like_failure_is_named_after_it_and_an_unlike_one_not_at_all(tmp_path, search):
    export(tmp_path, "same", signature="1:aa")
    export(tmp_path, "like", signature="1:bb", error="ValueError: cannot parse order total")
    export(tmp_path, "other", signature="1:cc", error="KeyError: 'a'")
    assert search()[0] == (
        "`exports/same` is about the same failure (E2); its solution: not told yet",
        "`exports/like` is about a like failure (E3); its solution: not told yet",
    )


def test_an_export_is_not_similar_to_itself(tmp_path, search):
    export(tmp_path, "own", signature="1:aa")
    assert search(own=str(tmp_path / "exports" / "own.md"))[0] == ()


def test_the_index_is_made_anew_and_follows_the_exports(tmp_path, search):
    export(tmp_path, "old", signature="1:aa", solution="First.")
    search()
    (tmp_path / INDEX).unlink()
    assert search()[0][0].endswith("First.")
    export(tmp_path, "old", signature="1:aa", solution="Second, and better.")
    assert search()[0][0].endswith("Second, and better.")
    (tmp_path / "exports" / "old.run.json").unlink()
    assert search()[0] == ()


def test_a_broken_index_is_told_and_stops_nothing(tmp_path, search):
    export(tmp_path, "old", signature="1:aa")
    (tmp_path / INDEX).parent.mkdir()
    (tmp_path / INDEX).write_text("no database at all, but long enough to be read as one" * 20)
    found, collection = search()
    assert found == ()
    assert collection.notes == [f"earlier exports were not searched: `{INDEX}` cannot be used (DatabaseError)"]


def test_a_folder_that_is_a_link_is_not_written_through(tmp_path, search):
    export(tmp_path, "old", signature="1:aa")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".assistant").symlink_to(tmp_path / "elsewhere")
    assert search()[0] == ()
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("text", ["", "[]", '{"signature": 3}', "{"])
def test_a_broken_record_is_no_export(tmp_path, search, text):
    export(tmp_path, "old", signature="1:aa")
    (tmp_path / "exports" / "old.run.json").write_text(text)
    assert search()[0] == ()
