"""DBOS, launched as this program needs it and quiet."""

import logging
from collections.abc import Mapping

import sqlalchemy
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from dbos._error import DBOSException

from assistant.errors import QueueError
from assistant.queue.options import VERSION, Job, QueueOptions

MAX_TAKEN_UP = 1000
"""So often a job is taken up again after its worker died, then it counts as deadly."""

POLL_S = 0.05


def launch(options: QueueOptions, jobs: Mapping[str, Job]) -> type[DBOS]:
    """Connect, declare the jobs and the queue, and begin to work.

    Raises:
        QueueError: the database cannot be reached or used.
    """
    config = DBOSConfig(
        name=f"assistant-{options.name}",
        system_database_url=options.database_url,
        application_version=VERSION,
        executor_id=options.worker,
        serializer=DBOSPortableJSONSerializer(),
        log_level="CRITICAL",
        console_log_level="CRITICAL",
        notification_listener_polling_interval_sec=POLL_S,
    )
    logging.getLogger("dbos").handlers = [logging.NullHandler()]  # else it writes to a stderr that it keeps for ever
    try:
        DBOS(config=config)
        for name, job in jobs.items():
            DBOS.workflow(name=name, max_recovery_attempts=MAX_TAKEN_UP)(job)
        DBOS.listen_queues([options.name] if options.work else [])
        DBOS.launch()
        DBOS.register_queue(
            options.name,
            worker_concurrency=options.concurrency,
            limiter={"limit": options.rate[0], "period": options.rate[1]} if options.rate else None,
            polling_interval_sec=POLL_S,
            on_conflict="always_update" if options.work else "never_update",
        )
    except (sqlalchemy.exc.SQLAlchemyError, DBOSException) as error:
        close()
        hint = "check --database-url: it must be postgresql://USER@HOST/NAME or sqlite:///FILE, and the database must be there"
        raise QueueError(f"the queue's database cannot be used: {_first_line(error)}", hint=hint) from None
    return DBOS


def close() -> None:
    """Stop working; what is under way stays to be taken up again."""
    DBOS.destroy(destroy_registry=True)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
