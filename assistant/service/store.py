"""The store: exports and jobs, written in short transactions; two writers at once are told apart by a version."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Engine, Row, Update, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from assistant.errors import AssistantError
from assistant.service.stored import (
    ENDED,
    ConflictError,
    Job,
    NotFoundError,
    Progress,
    Query,
    State,
    StoredExport,
    StoreError,
    Summary,
)
from assistant.service.tables import EXPORTS, JOBS, is_ready, open_database

_WHOLE = [column for column in EXPORTS.c if column.name != "kept"]
_SUMMARY = [column for column in _WHOLE if column.name not in ("text", "record", "drafted")]


class Store:
    """Exports and jobs in one database.

    Args:
        engine: of the database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def is_ready(self) -> bool:
        """Whether the database answers."""
        return is_ready(self._engine)

    def close(self) -> None:
        """Let all connections go."""
        self._engine.dispose()

    def accept(self, jobs: Sequence[Job]) -> list[AssistantError | None]:
        """Take jobs in, each with the export it is for, in one transaction where none is refused.

        Returns:
            For each job why it was not taken in, None where it was.
        """
        try:
            self._insert(jobs)
            return [None] * len(jobs)
        except IntegrityError:
            if len(jobs) > 1:
                return [failure for job in jobs for failure in self.accept((job,))]
            return [ConflictError("it was accepted before, or its export is gone", hint="look it up")]
        except SQLAlchemyError:
            return [StoreError("the database cannot be written", hint="try again; the service's log and /health/ready say more")] * len(
                jobs
            )

    def _insert(self, jobs: Sequence[Job]) -> None:
        now = time.time()
        with self._engine.begin() as connection:
            if drafts := [_blank(job, now) for job in jobs if job.kind == "draft"]:
                connection.execute(insert(EXPORTS), drafts)
            connection.execute(insert(JOBS), [_values(replace(job, created=now)) for job in jobs])

    def job(self, job_id: str) -> Job | None:
        """A job, None where there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(select(JOBS).where(JOBS.c.id == job_id)).first()
        return Job(**row._mapping) if row else None

    def last_job(self, export_id: str) -> Job | None:
        """The newest job of an export."""
        with self._engine.connect() as connection:
            row = connection.execute(select(JOBS).where(JOBS.c.export_id == export_id).order_by(JOBS.c.created.desc()).limit(1)).first()
        return Job(**row._mapping) if row else None

    def jobs_in(self, *states: Progress, limit: int = 1000) -> list[Job]:
        """Jobs that stand so, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(JOBS).where(JOBS.c.state.in_(states)).order_by(JOBS.c.created).limit(limit)).all()
        return [Job(**row._mapping) for row in rows]

    def queued(self, job_ids: Sequence[str]) -> None:
        """Say that the queue has these jobs now, unless they have gone on already."""
        with self._engine.begin() as connection:
            connection.execute(update(JOBS).where(JOBS.c.id.in_(job_ids), JOBS.c.state == Progress.ACCEPTED).values(state=Progress.QUEUED))

    def begin(self, job: Job) -> None:
        """Say that a worker begins with a job."""
        with self._engine.begin() as connection:
            connection.execute(_going(job).values(state=Progress.RUNNING, step="reading", begun=JOBS.c.begun + 1))
            waiting = update(EXPORTS).where(EXPORTS.c.id == job.export_id, EXPORTS.c.state == State.WAITING)
            connection.execute(waiting.values(state=State.WORKING))

    def step(self, job: Job, step: str) -> None:
        """Say what is being done."""
        with self._engine.begin() as connection:
            connection.execute(_going(job).values(step=step))

    def end(self, job: Job, export: StoredExport | None = None, *, kept: bytes | None = None) -> bool:
        """Write how a job ended, and the export it made, in one transaction.

        Args:
            job: as it ended.
            export: what it made; None where it failed.
            kept: the masked inputs, where the job read them.

        Returns:
            Whether it was written: False where the export changed meanwhile, was deleted, or the job had ended before.
        """
        now = time.time()
        with self._engine.begin() as connection:
            values = {"state": job.state, "step": "", "error": job.error, "hint": job.hint, "ended": now, "use": job.use, "size": 0}
            if not connection.execute(_going(job).values(**values)).rowcount:
                return False
            if export is None:
                failed = update(EXPORTS).where(EXPORTS.c.id == job.export_id, EXPORTS.c.version == 0)
                connection.execute(failed.values(state=State.FAILED, changed=now))
                return True
            written = _written(export, now)
            if not connection.execute(written if kept is None else written.values(kept=kept)).rowcount:
                connection.rollback()
                return False
            return True

    def kept(self, export_id: str) -> bytes:
        """The masked inputs that an export was drafted from; empty where they were not kept."""
        with self._engine.connect() as connection:
            return connection.execute(select(EXPORTS.c.kept).where(EXPORTS.c.id == export_id)).scalar() or b""

    def export(self, export_id: str) -> StoredExport:
        """An export.

        Raises:
            NotFoundError: there is none with that id.
        """
        return StoredExport(**self._row(export_id, _WHOLE)._mapping)

    def summary(self, export_id: str) -> Summary:
        """An export without its text.

        Raises:
            NotFoundError: there is none with that id.
        """
        return Summary(**self._row(export_id, _SUMMARY)._mapping)

    def _row(self, export_id: str, columns: Sequence[Column[Any]]) -> Row[Any]:
        with self._engine.connect() as connection:
            row = connection.execute(select(*columns).where(EXPORTS.c.id == export_id)).first()
        if row is None:
            raise NotFoundError(f"there is no export {export_id}")
        return row

    def exports(self, query: Query) -> list[Summary]:
        """The exports that a query wants, newest first."""
        wanted = select(*_SUMMARY).order_by(EXPORTS.c.created.desc(), EXPORTS.c.id).limit(query.limit)
        for word in query.text.split():
            held = [column.icontains(word, autoescape=True) for column in (EXPORTS.c.title, EXPORTS.c.source, EXPORTS.c.text)]
            wanted = wanted.where(or_(*held))
        if query.state:
            wanted = wanted.where(EXPORTS.c.state == query.state)
        if query.before is not None:
            wanted = wanted.where(EXPORTS.c.created < query.before)
        with self._engine.connect() as connection:
            return [Summary(**row._mapping) for row in connection.execute(wanted)]

    def save(self, export: StoredExport) -> StoredExport:
        """Write a changed export over the version it was made from.

        Args:
            export: with the version that was read.

        Returns:
            It with its new version.

        Raises:
            NotFoundError: it was deleted meanwhile.
            ConflictError: somebody else changed it meanwhile.
        """
        now = time.time()
        with self._engine.begin() as connection:
            written = connection.execute(_written(export, now)).rowcount
        if not written:
            current = self.summary(export.id)
            raise ConflictError(
                f"somebody else changed this export meanwhile: it has version {current.version} now, yours was made from {export.version}",
                hint="read it again and make your change there",
            )
        return replace(export, version=export.version + 1, changed=now)

    def delete(self, export_id: str) -> list[Job]:
        """Delete an export and its jobs.

        Returns:
            Its jobs, whose uploads can go.

        Raises:
            NotFoundError: there is none with that id.
        """
        with self._engine.begin() as connection:
            jobs = [Job(**row._mapping) for row in connection.execute(select(JOBS).where(JOBS.c.export_id == export_id))]
            connection.execute(delete(JOBS).where(JOBS.c.export_id == export_id))
            if not connection.execute(delete(EXPORTS).where(EXPORTS.c.id == export_id)).rowcount:
                raise NotFoundError(f"there is no export {export_id}")
        return jobs

    def counts(self) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
        """How many exports stand how, and how many jobs of each kind."""
        with self._engine.connect() as connection:
            exports = connection.execute(select(EXPORTS.c.state, func.count()).group_by(EXPORTS.c.state)).all()
            jobs = connection.execute(select(JOBS.c.kind, JOBS.c.state, func.count()).group_by(JOBS.c.kind, JOBS.c.state)).all()
        return {row[0]: row[1] for row in exports}, {(kind, state): count for kind, state, count in jobs}

    def load(self) -> tuple[int, int]:
        """How many jobs have not ended, and how many bytes they wait with."""
        asked = select(func.count(), func.coalesce(func.sum(JOBS.c.size), 0)).where(JOBS.c.state.not_in(ENDED))
        with self._engine.connect() as connection:
            (row,) = connection.execute(asked).all()
        return int(row[0]), int(row[1])


def open_store(url: str) -> Store:
    """The store of a database.

    Raises:
        UsageError: the database cannot be reached, or belongs to a newer version of this program.
    """
    return Store(open_database(url))


def _going(job: Job) -> Update:
    """A change of a job that has not ended."""
    return update(JOBS).where(JOBS.c.id == job.id, JOBS.c.state.not_in(ENDED))


def _values(job: Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in Job.__dataclass_fields__} | {"files": list(job.files)}


def _blank(job: Job, now: float) -> dict[str, Any]:
    source = ", ".join(one["name"] for one in job.files) or str(job.options.get("run", ""))
    return {"id": job.export_id, "created": now, "changed": now, "version": 0, "state": State.WAITING, "title": "", "source": source}


def _written(export: StoredExport, now: float) -> Update:
    """The statement that writes an export over the version it was made from."""
    names = ("state", "title", "signature", "blanks", "drafts", "problems", "text", "record", "drafted")
    values = {name: getattr(export, name) for name in names} | {"causes": list(export.causes), "notes": list(export.notes)}
    if export.source:
        values["source"] = export.source
    kept = update(EXPORTS).where(EXPORTS.c.id == export.id, EXPORTS.c.version == export.version)
    return kept.values(version=export.version + 1, changed=now, **values)
