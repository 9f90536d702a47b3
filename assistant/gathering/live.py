"""What a running database says of the tables concerned: definitions, revision, counts, locks, settings; it is read, never changed.

PostgreSQL is read in read-only transactions under a statement timeout, SQLite from a file opened for reading. Other databases are
not read, for there it cannot be promised that nothing changes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from assistant.errors import UsageError
from assistant.evidence import Kind
from assistant.gathering.collection import Collection
from assistant.gathering.tables import named_in
from assistant.sections import Block

TABLE_LIMIT, FEW = 4, 4
COUNT_LIMIT = 10_000
TIMEOUT_MS, LOCK_TIMEOUT_MS, CONNECT_S = 5_000, 1_000, 5
SAFE_OPTIONS = f"-c default_transaction_read_only=on -c statement_timeout={TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}"
WEIGHT = 0.6
Read = TypeVar("Read")
INSTALL = 'pip install "research-export-assistant[database]"'
REVISIONS = {
    "alembic_version": "SELECT version_num FROM alembic_version",
    "django_migrations": "SELECT app || '.' || name FROM django_migrations ORDER BY id DESC LIMIT 3",
}
SETTINGS = (
    "server_version",
    "TimeZone",
    "search_path",
    "default_transaction_isolation",
    "max_connections",
    "statement_timeout",
    "lock_timeout",
)
LOCKS = """
SELECT coalesce(waiting.relation::regclass::text, waiting.locktype), waiting.mode, waiting.pid, pg_blocking_pids(waiting.pid)::text
FROM pg_locks AS waiting WHERE NOT waiting.granted LIMIT 10
"""


class Live(NamedTuple):
    """What was read: blocks for Database Schema and for Database State."""

    schema: tuple[Block, ...] = ()
    state: tuple[Block, ...] = ()


def live_database(collection: Collection, url: str) -> Live:
    """Read the tables concerned from a running database; what cannot be read is told in a note.

    Args:
        collection: the failure that tells which tables matter, and where what is read is added.
        url: the database's URL as SQLAlchemy writes it; its password is never shown.

    Raises:
        UsageError: the URL is no URL, or its database cannot be read safely, or its driver is not installed.
    """
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return _read(connection, collection)
    except SQLAlchemyError as error:
        collection.note(f"`--database-url`: the database could not be read: {_said(error, collection)}")
        return Live()
    finally:
        engine.dispose()


def _said(error: SQLAlchemyError, collection: Collection) -> str:
    """The first line of what the database said, masked."""
    return collection.redactor.mask(str(getattr(error, "orig", None) or error).strip().split("\n", 1)[0])


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):
        raise UsageError("--database-url: is no database URL", hint="write it postgresql://user@host/name or sqlite:///file.db") from None
    if backend == "postgresql":
        options = {"options": SAFE_OPTIONS, "connect_timeout": CONNECT_S}
        try:
            return create_engine(parsed.set(drivername="postgresql+psycopg", query={}), poolclass=NullPool, connect_args=options)
        except ModuleNotFoundError:
            raise UsageError("--database-url needs psycopg to read PostgreSQL", hint=INSTALL) from None
    if backend == "sqlite" and parsed.database and parsed.database != ":memory:":
        safe = parsed.set(drivername="sqlite", database=f"file:{parsed.database}", query={"mode": "ro", "uri": "true"})
        return create_engine(safe, poolclass=NullPool)
    raise UsageError(
        f"--database-url: {backend} is not read, for it cannot be promised that nothing changes",
        hint="give a PostgreSQL or SQLite file URL",
    )


def _read(connection: Connection, collection: Collection) -> Live:
    """Each part by itself: a table that somebody has locked does not hide the lock."""

    def part(name: str, read: Callable[[], Iterable[Read]]) -> list[Read]:
        try:
            return list(read())
        except SQLAlchemyError as error:
            connection.rollback()
            collection.note(f"`--database-url`: {name} could not be read: {_said(error, collection)}")
            return []

    where = f"live database ({connection.dialect.name})"
    server = part("settings and locks", lambda: _of_postgresql(connection)) if connection.dialect.name == "postgresql" else []
    known = inspect(connection).get_table_names()
    chosen = _concerned(known, collection)
    rows = [*part("the revision", lambda: _revisions(connection, known)), *part("counts", lambda: _counts(connection, chosen)), *server]
    schema = [
        collection.cite_text(f"{where}, table {name}", ddl, kind=Kind.SCHEMA, weight=WEIGHT)
        for name, ddl in part("definitions", lambda: _definitions(connection, chosen))
    ]
    state = [collection.cite_text(where, "\n".join(rows), kind=Kind.SCHEMA, weight=WEIGHT)] if rows else []
    return Live(tuple(Block(evidence=piece.id) for piece in schema), tuple(Block(evidence=piece.id) for piece in state))


def _concerned(known: Sequence[str], collection: Collection) -> list[str]:
    named = named_in(collection)
    chosen = [name for name in known if name.lower() in named and name not in REVISIONS]
    others = [name for name in known if name not in REVISIONS]
    return chosen[:TABLE_LIMIT] or (others if len(others) <= FEW else [])


def _definitions(connection: Connection, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    metadata = MetaData()
    for name in names:
        table = Table(name, metadata, autoload_with=connection, resolve_fks=False)
        parts: list[DDLElement] = [
            CreateTable(table),
            *(CreateIndex(index) for index in sorted(table.indexes, key=lambda index: str(index.name))),
        ]
        yield name, "\n".join(str(part.compile(dialect=connection.dialect)).strip().replace("\t", "    ") + ";" for part in parts)


def _revisions(connection: Connection, known: Sequence[str]) -> Iterator[str]:
    for table, query in REVISIONS.items():
        if table in known:
            yield f"revision in {table}: {', '.join(_column(connection, query)) or 'none'}"


def _counts(connection: Connection, names: Sequence[str]) -> Iterator[str]:
    quote = connection.dialect.identifier_preparer.quote
    for name in names:
        (count,) = _column(connection, f"SELECT count(*) FROM (SELECT 1 FROM {quote(name)} LIMIT {COUNT_LIMIT + 1}) AS counted")
        yield f"rows in {name}: {f'more than {COUNT_LIMIT}' if int(count) > COUNT_LIMIT else count}"


def _of_postgresql(connection: Connection) -> Iterator[str]:
    for name in SETTINGS:
        yield f"{name}: {', '.join(_column(connection, f'SHOW {name}'))}"
    for target, mode, pid, blockers in connection.execute(text(LOCKS)):
        yield f"process {pid} waits for {mode} on {target}, held by {blockers}"


def _column(connection: Connection, query: str) -> list[str]:
    return [str(value) for (value,) in connection.execute(text(query))]
