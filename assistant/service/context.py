"""What the handlers of a request work with."""

from dataclasses import dataclass, field
from typing import cast

from starlette.requests import Request

from assistant.service.configuration import ServiceConfig
from assistant.service.intake import Intake
from assistant.service.measures import Measures
from assistant.service.sessions import Sessions
from assistant.service.spool import Spool
from assistant.service.store import Store
from assistant.service.tracing import Tracing


@dataclass(slots=True)
class Stage:
    """What changes while the service runs.

    Args:
        stopping: whether it is about to stop.
        dying: whether workers die as soon as they have begun.
        streams: how many event streams are open.
    """

    stopping: bool = False
    dying: bool = False
    streams: int = 0


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of one service.

    Args:
        config: what it was told.
        store: exports and jobs.
        spool: uploads.
        intake: takes jobs in.
        sessions: who may do what.
        measures: numbers for Prometheus.
        tracing: where spans go.
        stage: what changes while it runs.
    """

    config: ServiceConfig
    store: Store
    spool: Spool
    intake: Intake
    sessions: Sessions
    measures: Measures
    tracing: Tracing
    stage: Stage = field(default_factory=Stage)


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    return cast(Service, request.app.state.service)
