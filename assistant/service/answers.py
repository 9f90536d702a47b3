"""What the API answers, as models that the OpenAPI document is made from."""

from typing import Literal

from pydantic import BaseModel, Field

from assistant.service.stored import ENDED, Job, State, Summary

ID = "^[0-9a-f]{32}$"
Severity = Literal["Low", "Medium", "High", "Blocking"]


class DraftOptions(BaseModel, extra="forbid"):
    """What a client may say about an export."""

    title: str = Field(default="", max_length=300, description="The problem's name.")
    severity: Severity | Literal[""] = Field(default="", description="How grave it is.")
    phase: str = Field(default="", max_length=50, description="Phase of the project.")
    endpoint: str = Field(default="", max_length=200, description="Endpoint being implemented, as in `POST /orders`.")
    exported_by: str = Field(default="", max_length=200, description="Who exports.")
    cause: int = Field(default=1, ge=1, le=1000, description="Which of several causes to draft; 1 is the gravest.")
    pii: bool | None = Field(default=None, description="Whether e-mail addresses, IPs and user names are masked too.")


class PageDraft(BaseModel, extra="forbid"):
    """What the form of the pages says about an export."""

    title: str = Field(default="", max_length=300)


class ResultsOptions(BaseModel, extra="forbid"):
    """What a client may say about results."""

    force: bool = Field(default=False, description="Replace what a person wrote in the results instead of keeping it.")
    pii: bool | None = Field(default=None, description="Whether e-mail addresses, IPs and user names are masked too.")


class JobBody(BaseModel):
    """Where a job stands."""

    id: str = Field(pattern=ID)
    kind: Literal["draft", "results"]
    state: Literal["accepted", "queued", "running", "done", "failed"]
    step: str = Field(description="What is being done.")
    error: str = Field(description="Why it failed; empty where it did not.")
    hint: str = Field(description="What can be done about it.")
    ended: bool


class ExportBody(BaseModel):
    """An export without its text."""

    id: str = Field(pattern=ID)
    state: State = Field(description="What has to be done next.")
    version: int = Field(description="Counted up with each change; 0 while there is no document.")
    created: float = Field(description="Seconds since 1970.")
    changed: float = Field(description="Seconds since 1970.")
    title: str
    source: str = Field(description="What it was drafted from.")
    signature: str = Field(description="Of its cause; equal failures share it.")
    blanks: int = Field(description="Blanks that wait for a person.")
    drafts: int = Field(description="Drafts that nobody confirmed.")
    problems: int = Field(description="Rules that are broken.")
    causes: list[str] = Field(description="The causes of the input, gravest first; `cause` chooses one.")
    notes: list[str] = Field(description="What was cut, skipped or fallen back to.")
    job: JobBody | None = Field(default=None, description="Its newest job; not told in lists.")


class ExportList(BaseModel):
    """Exports, newest first."""

    exports: list[ExportBody]
    before: float | None = Field(description="Give it as `before` for those that follow; null where none do.")


class ProblemBody(BaseModel):
    """One thing that a rule says of a document."""

    rule: str
    place: str
    message: str
    severity: Literal["error", "blank", "draft", "note"]
    line: int


class CheckBody(BaseModel):
    """What the rules say of an export."""

    version: int
    counts: dict[str, int] = Field(description="How many there are of each severity.")
    passed: bool = Field(description="Whether nothing counts against it.")
    problems: list[ProblemBody]


class Accepted(BaseModel):
    """Work that was taken in: it ends, whatever happens to the service."""

    export: str = Field(pattern=ID, description="Id of the export.")
    job: str = Field(pattern=ID, description="Id of the job that works on it.")
    url: str = Field(description="Where the export is.")
    events: str = Field(description="Where its progress is told.")


class Ignored(BaseModel):
    """A webhook that asks for nothing."""

    ignored: str = Field(description="Why nothing is done.")


def job_body(job: Job) -> JobBody:
    """A job as the API tells it."""
    told = {name: getattr(job, name) for name in ("id", "kind", "state", "step", "error", "hint")}
    return JobBody(**told, ended=job.state in ENDED)


def export_body(summary: Summary, job: Job | None = None) -> ExportBody:
    """An export as the API tells it."""
    told = {name: getattr(summary, name) for name in ExportBody.model_fields if name != "job"}
    return ExportBody(**told, job=job_body(job) if job else None)


def accepted(job: Job) -> Accepted:
    """A job that was taken in."""
    url = f"/api/v1/exports/{job.export_id}"
    return Accepted(export=job.export_id, job=job.id, url=url, events=f"{url}/events")
