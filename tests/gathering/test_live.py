"""A running database is read and never changed: PostgreSQL and SQLite, with definitions, revision, counts, locks and settings."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from assistant.errors import UsageError
from assistant.gathering.live import _engine, live_database

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True) if Path("/usr/lib/postgresql").is_dir() else []
TABLES = (
    "CREATE TABLE jobs (id integer PRIMARY KEY, state text NOT NULL DEFAULT 'new', due timestamptz)",
    "CREATE INDEX jobs_due ON jobs (due)",
    "CREATE TABLE people (id integer PRIMARY KEY, secret text)",
    "CREATE TABLE alembic_version (version_num text)",
    "INSERT INTO alembic_version VALUES ('0042abcd')",
    "INSERT INTO jobs (id) VALUES (1), (2)",
    "INSERT INTO people VALUES (1, 'not to be shown')",
)


def as_other(folder: Path) -> dict[str, str | int]:
    """PostgreSQL does not start as root: then another user owns its data and runs it."""
    if os.getuid() != 0:
        return {}
    shutil.chown(folder, "nobody")
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o755)
    return {"user": "nobody"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A PostgreSQL of its own on a free port; its URL without a database."""
    binaries = BINARIES[0] if BINARIES else Path(shutil.which("initdb") or "/none").parent
    if not (binaries / "initdb").exists():
        pytest.skip("PostgreSQL's programs are not installed")
    folder = tmp_path_factory.mktemp("postgresql")
    user = as_other(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "tester", "-A", "trust", "--no-sync"], check=True, capture_output=True, cwd=folder, **user
    )
    options = ["-D", str(data), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    with subprocess.Popen(
        [binaries / "postgres", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **user
    ) as process:
        url = f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres"
        engine = create_engine(url, poolclass=NullPool)
        for _ in range(100):
            try:
                with engine.begin() as connection:
                    for statement in TABLES:
                        connection.execute(text(statement))
                break
            except DBAPIError:
                time.sleep(0.1)
        engine.dispose()
        yield url
        process.send_signal(signal.SIGINT)  # at once: it does not wait for clients


def told(collection) -> dict[str, str]:
    return {str(piece.origin): str(piece.text) for piece in collection.ledger}


def test_the_table_that_the_failure_names_is_told_as_it_is(server, failure, collect):
    collection = collect(failure('ProgrammingError: column "age" of relation "jobs" does not exist'))
    live = live_database(collection, server)
    assert collection.notes == []
    assert [block.evidence for block in (*live.schema, *live.state)] == ["E2", "E3"]
    ddl = told(collection)["live database (postgresql), table jobs"]
    assert "CREATE TABLE jobs (" in ddl
    assert "state TEXT DEFAULT 'new'::text NOT NULL" in ddl
    assert "CREATE INDEX jobs_due ON jobs (due);" in ddl
    assert "people" not in ddl


def test_revision_counts_and_settings_are_told_and_no_row_is(server, failure, collect):
    collection = collect(failure("ValueError: boom"))
    live_database(collection, server.replace("+psycopg", "+asyncpg"))
    state = told(collection)["live database (postgresql)"].split("\n")
    assert state[:3] == ["revision in alembic_version: 0042abcd", "rows in jobs: 2", "rows in people: 1"]
    assert "statement_timeout: 5s" in state
    assert any(line.startswith("server_version: ") for line in state)
    assert "not to be shown" not in f"{told(collection)}"


def test_a_lock_that_somebody_waits_for_is_told(server, failure, collect):
    engine = create_engine(server, poolclass=NullPool)
    with engine.connect() as holder, engine.connect() as waiter:
        holder.execute(text("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE"))
        waiting = threading.Thread(target=lambda: waiter.execute(text("LOCK TABLE jobs IN SHARE MODE")))
        waiting.start()
        collection = collect(failure('ProgrammingError: relation "nothing" does not exist'))
        with create_engine(server, poolclass=NullPool).connect() as watcher:
            while not watcher.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
                time.sleep(0.01)
        live_database(collection, server)
        holder.rollback()
        waiting.join()
    engine.dispose()
    assert "`--database-url`: counts could not be read: canceling statement due to lock timeout" in collection.notes
    state = told(collection)["live database (postgresql)"]
    assert re.search(r"^process \d+ waits for ShareLock on jobs, held by \{\d+\}$", state, re.MULTILINE)


def test_nothing_can_be_written_through_the_engine(server):
    with _engine(server).connect() as connection, pytest.raises(DBAPIError, match="read-only transaction"):
        connection.execute(text("INSERT INTO jobs (id) VALUES (9)"))


def test_a_statement_that_takes_too_long_is_ended(server):
    with _engine(server).connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "5s"


def test_a_file_of_sqlite_is_read_and_cannot_be_written(tmp_path, failure, collect):
    path = tmp_path / "jobs.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE jobs (id INTEGER PRIMARY KEY)")
    collection = collect(failure("OperationalError: no such table: job"))
    live_database(collection, f"sqlite+aiosqlite:///{path}")
    assert "CREATE TABLE jobs (" in told(collection)["live database (sqlite), table jobs"]
    with _engine(f"sqlite:///{path}").connect() as connection, pytest.raises(DBAPIError, match="readonly"):
        connection.execute(text("INSERT INTO jobs VALUES (1)"))


def test_a_database_that_does_not_answer_is_told_without_its_password(failure, collect):
    secret = "Tr0ub4dor" + "_and_3_more"
    collection = collect(failure("ValueError: boom"))
    collection.redactor.study(f"postgresql://u:{secret}@127.0.0.1:1/x")
    live_database(collection, f"postgresql://u:{secret}@127.0.0.1:1/x")
    assert collection.notes[0].startswith("`--database-url`: the database could not be read: ")
    assert secret not in collection.notes[0]


@pytest.mark.parametrize(
    ("url", "told"), [("nonsense", "is no database URL"), ("mysql://u@h/d", "mysql is not read"), ("sqlite://", "sqlite is not read")]
)
def test_what_cannot_be_read_safely_is_refused(failure, collect, url, told):
    with pytest.raises(UsageError, match=told):
        live_database(collect(failure("ValueError: boom")), url)


def test_the_extra_is_named_where_sqlalchemy_is_missing(monkeypatch, tmp_path, run):
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    monkeypatch.delitem(sys.modules, "assistant.gathering.live")
    (tmp_path / "a.log").write_text("ValueError: boom\n")
    done = run("draft-export", tmp_path / "a.log", "--offline", "--database-url", "sqlite:///a.db")
    assert done.code == 2
    assert 'pip install "research-export-assistant[database]"' in done.err


def test_what_the_database_says_stands_in_the_document(tmp_path, run):
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("CREATE TABLE jobs (id INTEGER PRIMARY KEY)")
    (tmp_path / "a.log").write_text("sqlite3.OperationalError: table jobs has no column named age\n")
    done = run("draft-export", tmp_path / "a.log", "--offline", "--database-url", f"sqlite:///{tmp_path / 'a.db'}")
    schema, _, state = done.out.partition("### Database Schema")[2].partition("### Database State")
    assert "CREATE TABLE jobs (" in schema
    assert "rows in jobs: 0" in state
