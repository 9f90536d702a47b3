"""`draft-batch`: one export a cause, an index that says why, and what later batches make of it."""

import gzip
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from many_failures import write_reports
from pytest_logs import block, log

from assistant.batch.request import BatchRequest
from assistant.batch.run import draft_batch
from assistant.jsonschema import index_schema

Run = Callable[..., Any]
PRICE = block("tests/test_a.py::test_price", "ValueError: no price for 17 items", "shop/price.py:10:price_of")
ALSO_PRICE = block("tests/test_b.py::test_sum", "ValueError: no price for 4 items", "shop/price.py:10:price_of")
STOCK = block("tests/test_a.py::test_stock", "LookupError: nothing in stock", "shop/stock.py:20:take")


@pytest.fixture
def batch(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Run the command on logs given by name; gives the index."""
    monkeypatch.chdir(tmp_path)

    def call(logs: dict[str, str], *options: str, day: str = "2026-11-25", code: int = 0) -> dict[str, Any]:
        folder = tmp_path / f"night-{day}"
        folder.mkdir(exist_ok=True)
        for name, text in logs.items():
            (folder / name).write_text(text)
        done = run("draft-batch", folder, "-o", "out", "--date", day, "--exported-by", "tester", "--offline", *options)
        assert done.code == code, done.err
        found: dict[str, Any] = json.loads((tmp_path / "out" / "index.json").read_text())
        return found

    return call


def export_of(index: dict[str, Any], title: str) -> Path:
    return Path("out") / next(one["export"] for one in index["clusters"] if one["title"].startswith(title))


def test_each_cause_gets_one_export_that_names_all_its_failures(batch: Run, run: Run) -> None:
    index = batch({"unit.log": log(PRICE, ALSO_PRICE, STOCK)})
    assert [(one["count"], one["title"], one["status"]) for one in index["clusters"]] == [
        (2, "ValueError: no price for 17 items", "drafted"),
        (1, "LookupError: nothing in stock", "drafted"),
    ]
    text = export_of(index, "ValueError").read_text()
    assert "### Failures Of This Cause\n2 failures of 2 tests in 1 input; first seen 2026-11-25" in text
    assert "- `tests/test_b.py::test_sum` in `night-2026-11-25/unit.log:" in text
    assert run("check", "--allow-drafts", export_of(index, "ValueError")).code == 0


def test_the_index_keeps_to_its_schema_and_says_why_each_failure_is_where_it_is(batch: Run) -> None:
    index = batch({"unit.log": log(PRICE, ALSO_PRICE, STOCK)})
    jsonschema.validate(index, json.loads(index_schema()))
    assert [one["why"] for one in index["clusters"][0]["failures"]] == [
        "it is the cause's first kind of failure: ValueError: no price for 17 items",
        "it is the cause's first kind of failure: ValueError: no price for 17 items",
    ]


def test_a_cause_seen_before_only_updates_its_list(batch: Run) -> None:
    first = batch({"unit.log": log(PRICE)})
    path = export_of(first, "ValueError")
    path.write_text(path.read_text().replace("## Notes\n", "## Notes\nAda: the price list is empty on Mondays.\n", 1))
    before = path.read_text()
    index = batch({"unit.log": log(PRICE, ALSO_PRICE)}, day="2026-11-26")
    changed = [line for line in path.read_text().split("\n") if line not in before.split("\n")]
    assert changed[0] == "2 failures of 2 tests in 1 input; first seen 2026-11-25, last seen 2026-11-26."
    assert all(line.startswith("- `tests/") for line in changed[1:])
    assert (index["clusters"][0]["status"], index["clusters"][0]["new"], index["clusters"][0]["id"]) == (
        "known",
        False,
        first["clusters"][0]["id"],
    )


def test_a_list_that_a_person_changed_is_left_alone_and_that_is_said(batch: Run) -> None:
    path = export_of(batch({"unit.log": log(PRICE)}), "ValueError")
    path.write_text(path.read_text().replace("1 failure of 1 test", "Only one"))
    index = batch({"unit.log": log(PRICE, ALSO_PRICE)}, day="2026-11-26")
    assert "Only one in 1 input" in path.read_text()
    assert index["clusters"][0]["note"] == "a person changed the list in its export: it was left alone"


def test_a_cause_that_went_away_is_said_to_be_gone_and_one_that_comes_back_to_be_back(batch: Run) -> None:
    path = export_of(batch({"unit.log": log(PRICE, STOCK)}), "ValueError")
    gone = batch({"unit.log": log(STOCK)}, day="2026-11-26")
    assert [(one["title"], one["status"], one["last_seen"]) for one in gone["gone"]] == [
        ("ValueError: no price for 17 items", "gone", "2026-11-25")
    ]
    assert "Gone: not seen in the batch of 2026-11-26." in path.read_text()
    back = batch({"unit.log": log(PRICE, STOCK)}, day="2026-11-27")
    assert (
        next(one["note"] for one in back["clusters"] if one["title"].startswith("ValueError")) == "it is back: it was gone since 2026-11-25"
    )
    assert "Gone:" not in path.read_text()


def test_signatures_of_older_versions_still_match(batch: Run, tmp_path: Path) -> None:
    batch({"unit.log": log(PRICE)})
    path = tmp_path / "out" / "index.json"
    index = json.loads(path.read_text())
    old = [one for one in index["clusters"][0]["signatures"] if one.startswith("1:")]
    index["clusters"][0] |= {"signature": old[0], "signatures": old, "id": "c-from-before"}
    path.write_text(json.dumps(index))
    assert [one["id"] for one in batch({"unit.log": log(PRICE)}, day="2026-11-26")["clusters"]] == ["c-from-before"]


def test_a_test_that_passed_in_another_attempt_is_flaky(batch: Run) -> None:
    suite = '<testsuites><testsuite name="pytest" tests="1"><testcase classname="tests.test_a" name="test_a">{}</testcase></testsuite></testsuites>'
    failed = suite.format("<failure message=\"KeyError: 'a'\">E   KeyError: 'a'\n\nshop/a.py:4: KeyError</failure>")
    index = batch({"junit-attempt1.xml": failed, "junit-attempt2.xml": suite.format("")})
    assert [(one["flaky"], one["failures"][0]["flaky"]) for one in index["clusters"]] == [(True, True)]
    assert "Flaky: each of these tests passed in another attempt." in export_of(index, "KeyError").read_text()


def test_only_the_most_frequent_causes_are_drafted_where_a_number_is_given_and_the_next_batch_drafts_more(batch: Run) -> None:
    logs = {"unit.log": log(PRICE, ALSO_PRICE, STOCK)}
    index = batch(logs, "--max-drafts", "1")
    assert [(one["status"], bool(one["export"])) for one in index["clusters"]] == [("drafted", True), ("left out", False)]
    assert [one["status"] for one in batch(logs, "--max-drafts", "1", day="2026-11-26")["clusters"]] == ["known", "drafted"]


def test_causes_of_different_code_with_one_signature_are_two_with_an_export_each(batch: Run) -> None:
    logs = {
        f"{name}.log": log(
            block(
                f"{name}/tests/test_{name}.py::test_x",
                "ModuleNotFoundError: No module named 'yaml'",
                f"{name}/tests/test_{name}.py:1:<module>",
            )
        )
        for name in ("kombu", "webob")
    }
    index = batch(logs)
    assert [one["count"] for one in index["clusters"]] == [1, 1]
    assert len({one["id"] for one in index["clusters"]} | {one["export"] for one in index["clusters"]}) == 4


def test_no_failure_at_all_is_a_result(batch: Run) -> None:
    index = batch({"unit.log": "3 passed in 0.1s\n"})
    assert (index["failures"], index["clusters"], index["complete"]) == (0, [], True)


def test_the_page_needs_nothing_else(batch: Run, tmp_path: Path) -> None:
    batch({"py311.log": log(PRICE, STOCK), "py312.log": log(PRICE)})
    page = (tmp_path / "out" / "index.html").read_text()
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//|@import|url\(""", page)
    assert "default-src 'none'" in page
    assert page.count('<article class="cause"') == 2


def test_what_logs_say_cannot_become_part_of_the_page(batch: Run, tmp_path: Path) -> None:
    batch({"unit.log": log(block("tests/test_a.py::test_x", "ValueError: <script>alert(1)</script> in the name", "shop/a.py:3:a"))})
    assert "<script>alert" not in (tmp_path / "out" / "index.html").read_text()
    assert "`ValueError: <script>" in (tmp_path / "out" / "index.md").read_text()


def test_a_folder_in_which_another_batch_is_at_work_is_refused(batch: Run, run: Run, tmp_path: Path) -> None:
    from assistant.batch.plan import locked

    batch({"unit.log": log(PRICE)})
    with locked(tmp_path / "out"):
        done = run("draft-batch", tmp_path / "night-2026-11-25", "-o", "out")
    assert (done.code, done.err) == (2, "error: out: another batch is at work in it\n  wait for it, or give another -o\n")


def test_a_model_that_cannot_be_used_is_told_before_anything_is_read(run: Run, tmp_path: Path) -> None:
    done = run("draft-batch", tmp_path / "nowhere.log", "-o", tmp_path / "out", "--model", "m", "--base-url", "nonsense")
    assert (done.code, "base_url 'nonsense' is no address" in done.err) == (2, True)


def test_inputs_that_cannot_be_read_are_told(run: Run, tmp_path: Path) -> None:
    done = run("draft-batch", tmp_path / "nowhere.log", "-o", tmp_path / "out")
    assert done.code == 3
    assert "nowhere.log: no such file or folder" in done.err


def test_an_interrupted_batch_leaves_an_index_and_goes_on_with_resume(tmp_path: Path, batch: Run) -> None:
    write_reports(tmp_path / "night-2026-11-25", files=2, failures=24, causes=6)

    def interrupt(step: str) -> None:
        if step.startswith("drafted 2 "):
            raise KeyboardInterrupt

    from assistant.assembly import Stated
    from assistant.settings import Settings

    paths = (str(tmp_path / "night-2026-11-25"),)
    request = BatchRequest(
        paths=paths, folder=tmp_path / "out", stated=Stated(date="2026-11-25", exported_by="tester"), settings=Settings(pii=False)
    )
    with pytest.raises(KeyboardInterrupt):
        draft_batch(request, tell=interrupt)
    states = [one["status"] for one in json.loads((tmp_path / "out" / "index.json").read_text())["clusters"]]
    assert (states.count("drafted"), states.count("waiting")) == (2, 4)
    index = batch({}, "--resume")
    assert (index["complete"], {one["status"] for one in index["clusters"]}) == (True, {"drafted"})


def test_archives_folders_and_reports_are_taken_mixed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("logs_17.zip", "w") as archive:
        archive.writestr("0_tests (3.11).txt", log(PRICE))
        archive.writestr("1_tests (3.12).txt", log(ALSO_PRICE))
        archive.writestr("tests (3.12)/2_Run tests.txt", log(ALSO_PRICE))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "nightly.log.gz").write_bytes(gzip.compress(log(STOCK).encode()))
    done = run("draft-batch", "logs_17.zip", "more", "-o", "out", "--offline", "--jobs", "2", "--max-drafts", "0")
    index = json.loads((tmp_path / "out" / "index.json").read_text())
    assert [[(one["source"], one["test_id"]) for one in cause["failures"]] for cause in index["clusters"]] == [
        [
            ("logs_17.zip!0_tests (3.11).txt", "tests/test_a.py::test_price"),
            ("logs_17.zip!1_tests (3.12).txt", "tests/test_b.py::test_sum"),
        ],
        [("more/nightly.log.gz", "tests/test_a.py::test_stock")],
    ]
    assert done.code == 0
