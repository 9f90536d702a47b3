"""The tables of the service: exports, and the jobs that draft them or fill their results."""

from sqlalchemy import (
    JSON,
    Column,
    Engine,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import IntegrityError, ProgrammingError, SQLAlchemyError

from assistant.errors import UsageError

FORMAT_VERSION = 1
BUSY_MS = 15_000

METADATA = MetaData()

ABOUT = Table("service_about", METADATA, Column("format_version", Integer, primary_key=True))

EXPORTS = Table(
    "service_exports",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("created", Float, nullable=False, index=True),
    Column("changed", Float, nullable=False),
    Column("version", Integer, nullable=False, default=0),
    Column("state", String(16), nullable=False, index=True),
    Column("title", Text, nullable=False, default=""),
    Column("source", Text, nullable=False, default=""),
    Column("signature", String(100), nullable=False, default=""),
    Column("blanks", Integer, nullable=False, default=0),
    Column("drafts", Integer, nullable=False, default=0),
    Column("problems", Integer, nullable=False, default=0),
    Column("causes", JSON, nullable=False, default=list),
    Column("notes", JSON, nullable=False, default=list),
    Column("text", Text, nullable=False, default=""),
    Column("record", Text, nullable=False, default=""),
    Column("drafted", Text, nullable=False, default=""),
    Column("kept", LargeBinary, nullable=False, default=b""),
)

JOBS = Table(
    "service_jobs",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("export_id", String(32), ForeignKey("service_exports.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("step", Text, nullable=False, default=""),
    Column("files", JSON, nullable=False, default=list),
    Column("options", JSON, nullable=False, default=dict),
    Column("size", Integer, nullable=False, default=0),
    Column("begun", Integer, nullable=False, default=0),
    Column("trace", String(100), nullable=False, default=""),
    Column("error", Text, nullable=False, default=""),
    Column("hint", Text, nullable=False, default=""),
    Column("created", Float, nullable=False, index=True),
    Column("ended", Float, nullable=True),
    Column("use", JSON, nullable=False, default=dict),
)


def open_database(url: str) -> Engine:
    """Connect, and make the tables where they are missing.

    Raises:
        UsageError: the database cannot be reached, or belongs to a newer version of this program.
    """
    try:
        address = make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        engine = create_engine(address, pool_pre_ping=address.get_backend_name() != "sqlite")
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
        try:
            newest = _prepared(engine)
        except (IntegrityError, ProgrammingError):  # another machine was making the tables at the same moment
            newest = _prepared(engine)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise UsageError(f"the database cannot be used: {_reason(error)}", hint="check --data or --database-url") from None
    if newest > FORMAT_VERSION:
        raise UsageError(f"the database has format {newest}, this program knows up to {FORMAT_VERSION}", hint="upgrade it")
    return engine


def _prepared(engine: Engine) -> int:
    """Make the tables where they are missing; the format of the database."""
    with engine.begin() as connection:
        METADATA.create_all(connection)
        versions = connection.execute(select(ABOUT.c.format_version)).scalars().all()
        if not versions:
            connection.execute(ABOUT.insert().values(format_version=FORMAT_VERSION))
    return max(versions, default=FORMAT_VERSION)


def is_ready(engine: Engine) -> bool:
    """Whether the database answers and has the tables."""
    try:
        return inspect(engine).has_table(JOBS.name)
    except SQLAlchemyError:
        return False


def _reason(error: Exception) -> str:
    """What the driver says, without the URL that may hold a password."""
    return str(getattr(error, "orig", None) or type(error).__name__).partition("\n")[0][:200]


def _prepare_sqlite(connection: object, _: object) -> None:
    """Readers beside one writer; what is deleted is overwritten."""
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a DBAPI connection has no common type
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
