"""A job ends, whatever happens to it, its worker or its export."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from asked_service import LOG, Asked, Start
from postgres import new_database, postgres, programs

from assistant.service import work
from assistant.service.documents import reviewed
from assistant.service.store import Store, open_store
from assistant.service.stored import ConflictError, Job, Query, State, new_id


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if programs() is None:
        pytest.skip("there is no PostgreSQL on this machine")
    with postgres(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'x.sqlite'}" if request.param == "sqlite" else new_database(request.getfixturevalue("server"))


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    opened = open_store(database)
    yield opened
    opened.close()


def test_an_export_is_drafted_found_changed_and_deleted_on_either_database(start: Start, database: str) -> None:
    asked = start(database_url=database)
    export = asked.drafted()
    assert asked.service.store.kept(export)
    assert [one["id"] for one in asked.client.get("/api/v1/exports?q=INDEX+out&state=blanks").json()["exports"]] == [export]
    asked.client.post(f"/api/v1/exports/{export}/results?name=note.md", content=b"IndexError: check the list before you index it.")
    asked.work()
    assert asked.client.get(f"/api/v1/exports/{export}").json()["version"] == 2
    assert 'assistant_jobs{kind="results",state="done"} 1.0' in asked.client.get("/metrics").text
    assert asked.client.delete(f"/api/v1/exports/{export}").status_code == 204


def test_two_people_at_once_the_second_gets_a_conflict_and_nothing_is_lost(asked: Asked) -> None:
    store = asked.service.store
    export = store.export(asked.drafted())
    mine = store.save(replace(export, text=export.text + "mine\n"))
    assert mine.version == 2
    with pytest.raises(ConflictError, match="it has version 2 now, yours was made from 1"):
        store.save(replace(export, text=export.text + "theirs\n"))
    assert store.export(export.id).text.endswith("mine\n")


def test_a_reviewed_text_has_its_state_and_counts_made_new(asked: Asked) -> None:
    export = asked.service.store.export(asked.drafted())
    fewer = export.text.replace("[REVIEW: Who exports this and answers questions about it?]", "Ada")
    changed = reviewed(export, fewer, None)
    assert changed.blanks <= export.blanks
    assert (changed.state, changed.title) == (State.BLANKS, export.title)


def test_a_crowd_is_accepted_in_one_transaction_and_one_that_is_known_already_harms_no_other(store: Store) -> None:
    first, second, third = (Job(id=name, export_id=name) for name in (new_id(), new_id(), new_id()))
    assert store.accept([first, second]) == [None, None]
    refused, taken = store.accept([second, third])
    assert isinstance(refused, ConflictError)
    assert taken is None
    assert {one.id for one in store.exports(Query())} == {first.id, second.id, third.id}


def test_results_of_an_export_that_is_gone_are_not_accepted(store: Store) -> None:
    (refused,) = store.accept([Job(id=new_id(), export_id=new_id(), kind="results")])
    assert isinstance(refused, ConflictError)


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "x.sqlite"
    open_store(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE service_about SET format_version = 99")
    connection.close()
    with pytest.raises(work.AssistantError, match="format 99"):
        open_store(f"sqlite:///{path}")


def test_an_input_that_kills_its_workers_is_given_up(asked: Asked) -> None:
    export = asked.client.post("/api/v1/exports", content=LOG).json()["export"]
    store = asked.service.store
    for _ in range(work.MOST_BEGUN):
        job = store.job(export)
        assert job is not None
        store.begin(job)  # and then the worker dies
    asked.work()
    assert asked.client.get(f"/api/v1/exports/{export}").json()["job"]["error"] == "the program died 5 times over this input"


def test_a_fault_of_the_program_ends_the_job_and_its_message_is_not_logged(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: object) -> None:
        raise RuntimeError("password=hunter2hunter2")

    monkeypatch.setattr(work, "read_material", fails)
    url = asked.client.post("/api/v1/exports", content=LOG).json()["url"]
    with caplog.at_level(logging.INFO):
        asked.work()
    job = asked.client.get(url).json()["job"]
    assert (job["state"], job["error"]) == ("failed", "this program failed (RuntimeError)")
    assert "RuntimeError (in tests.service.test_work:" in caplog.text
    assert "hunter2" not in caplog.text


def test_results_are_filled_into_what_somebody_changed_meanwhile(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    export = asked.drafted()
    asked.client.post(f"/api/v1/exports/{export}/results?name=note.md", content=b"IndexError: check the list before you index it.")
    store, fill, changes = asked.service.store, work.fill_results, []

    def slow_fill(*arguments: object, **named: object) -> object:
        if not changes:
            stored = store.export(export)
            changes.append(store.save(replace(stored, text=stored.text.replace("# Research Export: ", "# Research Export: Renamed "))))
        return fill(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "fill_results", slow_fill)
    asked.work()
    text = store.export(export).text
    assert text.startswith("# Research Export: Renamed ")
    assert "note.md" in text


def test_a_job_that_is_done_twice_gives_one_document(asked: Asked) -> None:
    export = asked.drafted()
    before = asked.service.store.export(export)
    asked.work()
    assert asked.service.store.export(export) == before
