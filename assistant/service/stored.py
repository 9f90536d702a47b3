"""What the store holds, as frozen values: exports, and the jobs that draft them or fill their results."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from assistant.errors import AssistantError


class State(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    WORKING = "working"
    FAILED = "failed"
    BLANKS = "blanks"
    DRAFTS = "drafts"
    PROBLEMS = "problems"
    READY = "ready"


class Progress(StrEnum):
    """Where a job stands."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


ENDED = (Progress.DONE, Progress.FAILED)


class NotFoundError(AssistantError):
    """There is no such export or job."""


class ConflictError(AssistantError):
    """Somebody else changed the export meanwhile, or a job works on it."""


class StoreError(AssistantError):
    """The database does not do what it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work on one export.

    Args:
        id: 32 hexadecimal digits; the id of its workflow, too.
        export_id: the export.
        kind: `draft` or `results`.
        state: where it stands.
        step: what is being done.
        files: the uploads it works on: `{"stored": …, "name": …}`.
        options: what the client asked for.
        size: bytes of its uploads.
        begun: how often a worker began with it: more than once where workers died.
        trace: W3C trace context of the request that asked for it.
        error: why it failed.
        hint: what can be done about it.
        created: seconds since the epoch.
        ended: the same; None while it has not ended.
        use: model, calls and tokens.
    """

    id: str
    export_id: str
    kind: str = "draft"
    state: str = Progress.ACCEPTED
    step: str = ""
    files: Sequence[dict[str, str]] = ()
    options: dict[str, Any] = field(default_factory=dict)
    size: int = 0
    begun: int = 0
    trace: str = ""
    error: str = ""
    hint: str = ""
    created: float = 0.0
    ended: float | None = None
    use: dict[str, Any] = field(default_factory=dict)

    @property
    def upload(self) -> str:
        """Under which id its uploads are stored; its own where it has none yet."""
        return self.files[0]["stored"].partition(".")[0] if self.files else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """An export without its text.

    Args:
        id: 32 hexadecimal digits.
        created: seconds since the epoch.
        changed: the same.
        version: counted up with each change of the text; 0 while there is none.
        state: what has to be done next.
        title: of the document.
        source: what it was drafted from.
        signature: of its cause.
        blanks: how many blanks wait for a person.
        drafts: how many drafts nobody confirmed.
        problems: how many rules are broken.
        causes: the causes of the input, gravest first.
        notes: what was cut, skipped or fallen back to.
    """

    id: str
    created: float
    changed: float
    version: int = 0
    state: str = State.WAITING
    title: str = ""
    source: str = ""
    signature: str = ""
    blanks: int = 0
    drafts: int = 0
    problems: int = 0
    causes: Sequence[str] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExport(Summary):
    """An export with its text.

    Args:
        text: the document; empty while there is none.
        record: its run record as JSON.
        drafted: its values as they were drafted, as JSON; where a person changed the document, the document is right.
    """

    text: str = ""
    record: str = ""
    drafted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which exports are listed.

    Args:
        text: words that title, source or document hold; empty for all.
        state: only those that stand so; empty for all.
        before: only those created before, in seconds since the epoch.
        limit: how many at most, newest first.
    """

    text: str = ""
    state: str = ""
    before: float | None = None
    limit: int = 50


def new_id() -> str:
    """An id that nobody can guess."""
    return uuid.uuid4().hex
