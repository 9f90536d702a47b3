"""Values that all workers of a queue share, beside its jobs: texts by key, and sums that must not pass a limit."""

import sqlalchemy
from sqlalchemy import Column, Float, MetaData, String, Table, Text, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.queue.workers import connect

_TABLES = MetaData()
_TEXTS = Table("assistant_texts", _TABLES, Column("name", String(200), primary_key=True), Column("text", Text, nullable=False))
_SUMS = Table("assistant_sums", _TABLES, Column("name", String(200), primary_key=True), Column("total", Float, nullable=False))


class Store:
    """Texts and sums in the database of a queue; used by several threads and processes at once.

    Args:
        database_url: as in `QueueOptions`.
    """

    def __init__(self, database_url: str) -> None:
        self._engine = connect(database_url)
        _TABLES.create_all(self._engine)

    def text(self, name: str) -> str | None:
        """The text that is kept under a name."""
        with self._engine.connect() as connection:
            found: str | None = connection.scalar(select(_TEXTS.c.text).where(_TEXTS.c.name == name))
        return found

    def keep(self, name: str, text: str) -> bool:
        """Keep a text; the first one that is kept under a name stands.

        Returns:
            Whether it is the first.
        """
        return self._insert(insert(_TEXTS).values(name=name, text=text))

    def add(self, name: str, amount: float, *, limit: float | None = None) -> bool:
        """Add to a sum unless it would then be over the limit.

        Returns:
            Whether it was added.
        """
        self._insert(insert(_SUMS).values(name=name, total=0.0))
        change = update(_SUMS).where(_SUMS.c.name == name).values(total=_SUMS.c.total + amount)
        with self._engine.begin() as connection:
            done = connection.execute(change if limit is None else change.where(_SUMS.c.total + amount <= limit))
        return done.rowcount == 1

    def total(self, name: str) -> float:
        """A sum so far."""
        with self._engine.connect() as connection:
            return float(connection.scalar(select(_SUMS.c.total).where(_SUMS.c.name == name)) or 0.0)

    def close(self) -> None:
        """Let the connections go."""
        self._engine.dispose()

    def _insert(self, statement: sqlalchemy.Insert) -> bool:
        try:
            with self._engine.begin() as connection:
                connection.execute(statement)
        except IntegrityError:
            return False  # it is there: the first one stands
        return True
