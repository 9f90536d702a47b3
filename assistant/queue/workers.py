"""Who is alive: a row a worker that it renews, and the work of silent ones given back to the queue."""

import threading
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import Column, Float, MetaData, String, Table, delete, func, select

from assistant.queue.options import QueueOptions

if TYPE_CHECKING:
    from dbos import DBOS

_WORKERS = Table(
    "assistant_workers",
    MetaData(),
    Column("worker", String(80), primary_key=True),
    Column("queue", String(80), nullable=False),
    Column("seen", Float, nullable=False),
)


class Workers:
    """This worker's sign of life and its eye on the others, as long as it is entered.

    Args:
        options: of the queue.
        dbos: what was launched.
    """

    def __init__(self, options: QueueOptions, dbos: "type[DBOS]") -> None:
        self._options = options
        self._dbos = dbos
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="assistant-heartbeat", daemon=True)
        self._engine = connect(options.database_url)

    def __enter__(self) -> "Workers":
        _WORKERS.metadata.create_all(self._engine)
        self.beat()
        self.take_over(alone=self._options.alone)
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        self._thread.join()
        with self._engine.begin() as connection:
            connection.execute(delete(_WORKERS).where(_WORKERS.c.worker == self._options.worker))
        self._engine.dispose()

    def beat(self) -> None:
        """Say that this worker lives, by the database's clock: those of machines differ."""
        with self._engine.begin() as connection:
            now = self._now(connection)
            connection.execute(delete(_WORKERS).where(_WORKERS.c.worker == self._options.worker))
            row = {"worker": self._options.worker, "queue": self._options.name, "seen": now}
            connection.execute(_WORKERS.insert().values(row))

    def take_over(self, *, alone: bool = False) -> tuple[str, ...]:
        """Give the work of silent workers back to the queue; several living ones may do so at once.

        Args:
            alone: whether all others are known to be dead.

        Returns:
            The silent workers whose work was given back.
        """
        running = self._dbos.list_workflows(queue_name=self._options.name, status="PENDING", load_input=False, load_output=False)
        alive = {self._options.worker} if alone else self._alive()
        silent = sorted({one.executor_id for one in running if one.executor_id} - alive)
        if silent:
            # `resume_workflow` would take a job from a living worker that was faster than we; this one looks whose it is
            self._dbos._recover_pending_workflows(silent)
        return tuple(silent)

    def _alive(self) -> set[str]:
        with self._engine.begin() as connection:
            limit = self._now(connection) - self._options.silent_s
            return set(connection.scalars(select(_WORKERS.c.worker).where(_WORKERS.c.seen >= limit)))

    def _now(self, connection: sqlalchemy.Connection) -> float:
        if self._engine.dialect.name == "sqlite":
            return float(connection.scalar(select((func.julianday("now") - 2440587.5) * 86400.0)) or 0.0)
        return float(connection.scalar(select(func.extract("epoch", func.clock_timestamp()))) or 0.0)

    def _run(self) -> None:
        while not self._stop.wait(self._options.beat_s):
            try:
                self.beat()
                self.take_over()
            except sqlalchemy.exc.SQLAlchemyError:
                continue  # the database is away or busy: DBOS waits for it, too, and the next beat comes


def connect(url: str) -> sqlalchemy.Engine:
    """Connections for rows of our own beside DBOS's tables.

    Args:
        url: as in `QueueOptions`.
    """
    address = sqlalchemy.make_url(url)
    if address.drivername.startswith("postgres"):
        return sqlalchemy.create_engine(address.set(drivername="postgresql+psycopg"))
    return sqlalchemy.create_engine(address, connect_args={"timeout": 30})
