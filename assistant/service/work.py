"""One job: uploads in, an export out; whatever happens, the job ends with an export or with why there is none."""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.assembly import Stated
from assistant.errors import AssistantError
from assistant.evidence import Failure
from assistant.exporting import dump_export
from assistant.pipeline import Request, draft_export, read_material
from assistant.results import ResultsRequest, fill_results
from assistant.service.configuration import ServiceConfig
from assistant.service.documents import previous_of, reviewed
from assistant.service.github import LogSource, Run
from assistant.service.keeping import packed
from assistant.service.refusing import place_of, shown
from assistant.service.spool import Spool
from assistant.service.store import Store
from assistant.service.stored import ENDED, ConflictError, Job, NotFoundError, Progress, StoredExport
from assistant.service.tracing import Tracing

if TYPE_CHECKING:
    from assistant.drafting.calls import ModelUse
    from assistant.drafting.model import ModelDrafter

FAULTS = logging.getLogger("assistant.service")
MOST_BEGUN = 5
"""So often a job is begun; then it is taken to be what kills its workers."""
MOST_TRIES = 5
"""So often results are filled anew because somebody changed the export meanwhile."""
MOST_CAUSES = 50
D = TypeVar("D", bound="ModelDrafter")


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a job is done with.

    Args:
        config: of the service.
        store: exports and jobs.
        spool: uploads.
        logs: where the logs of workflow runs come from.
        tracing: where spans go.
    """

    config: ServiceConfig
    store: Store
    spool: Spool
    logs: LogSource
    tracing: Tracing

    def do(self, job_id: str) -> None:
        """Do a job to its end; one that has ended or was deleted is left alone."""
        job = self.store.job(job_id)
        if job is None or job.state in ENDED:
            return
        self.store.begin(job)
        with self.tracing.span(f"job {job.kind}", parent=job.trace, attributes={"assistant.job": job.id}) as span:
            try:
                if job.begun >= MOST_BEGUN:
                    raise AssistantError(f"the program died {job.begun} times over this input", hint="please report it with the input")
                self._results(job) if job.kind == "results" else self._draft(job)
            except AssistantError as error:
                span.failed(type(error).__name__)
                self._fail(job, error.message, error.hint)
            except Exception as error:  # noqa: BLE001 - the edge of the worker: an accepted job ends, whatever happens
                span.failed(type(error).__name__)
                FAULTS.error("job %s failed: %s (in %s); please report it with this line", job.id, type(error).__name__, place_of(error))
                self._fail(job, f"this program failed ({type(error).__name__})", "this is a fault of the program; please report it")
        self.spool.remove(job.upload)

    def _fail(self, job: Job, message: str, hint: str) -> None:
        self.store.end(replace(job, state=Progress.FAILED, error=shown(message), hint=shown(hint)))

    def _draft(self, job: Job) -> None:
        """Draft an export from the job's uploads."""
        paths = self._inputs(job)
        request = request_of(job, paths, self.config)
        material = read_material(request)
        self.store.step(job, f"drafting; {len(material.mined.failures)} cause(s) found")
        outcome = draft_export(request, material=material, drafter=self._drafter(job))
        made = StoredExport(
            id=job.export_id,
            created=job.created,
            changed=job.created,
            causes=[_cause(failure) for failure in outcome.causes[:MOST_CAUSES]],
            notes=outcome.notes,
            source=", ".join(outcome.record.sources)[:500],
            drafted=dump_export(outcome.export, outcome.record.evidence),
        )
        self.store.end(self._done(job, outcome.use), reviewed(made, outcome.text, outcome.record), kept=packed(material))

    def _results(self, job: Job) -> None:
        """Fill the results of an export from the job's notes; again where somebody changed it meanwhile."""
        paths = self.spool.paths(job.files)
        settings = self.config.settings
        wanted = ResultsRequest(
            notes=tuple(paths),
            shown_as=paths,
            templates=Path(settings.templates) if settings.templates else None,
            mask=settings.mask,
            keep=settings.keep,
            pii=_pii(job, self.config),
            force=bool(job.options.get("force")),
        )
        for _ in range(MOST_TRIES):
            stored = self.store.export(job.export_id)
            if not stored.text:
                raise NotFoundError("the export has no document to fill", hint="draft it first")
            # late: the endpoint's client costs some 70 bare starts, and only a service with a model needs it
            from assistant.results.model import ModelResults

            drafter = self._model(job, ModelResults) if settings.model else None
            filled = fill_results(wanted, previous_of(stored), drafter=drafter)
            made = replace(reviewed(stored, filled.text, filled.record), notes=(*stored.notes, *filled.notes))
            if self.store.end(self._done(job, filled.use), made):
                return
        raise ConflictError("the export was changed again and again meanwhile", hint="send the notes again")

    def _inputs(self, job: Job) -> dict[str, str]:
        """Where the job's uploads lie; logs of a workflow run are downloaded first."""
        if "fetch" not in job.options:
            return self.spool.paths(job.files)
        run = Run(**job.options["fetch"])
        self.store.step(job, f"downloading the logs of {run}")
        self.spool.remove(job.id)  # what a worker that died had begun to download
        stored, target = self.spool.create(job.id, 1)
        with target:
            self.logs.fetch(run, target, most_bytes=self.config.limits.upload_bytes)
        return self.spool.paths([{"stored": stored, "name": f"run-{run.number}.zip"}])

    def _drafter(self, job: Job) -> "ModelDrafter | None":
        if not self.config.settings.model:
            return None
        # late for the same reason as in _results
        from assistant.drafting.model import ModelDrafter

        return self._model(job, ModelDrafter)

    def _model(self, job: Job, kind: type[D]) -> D:
        # late for the same reason as in _results
        from assistant.drafting.setup import model_drafter

        tell: Callable[[str], None] = lambda step: self.store.step(job, shown(step))  # noqa: E731 - a callback of one line
        return model_drafter(self.config.settings, single_call=False, fresh=False, tell=tell, kind=kind)

    def _done(self, job: Job, use: "ModelUse | None") -> Job:
        """The job as it ended, with what a model had to do with it."""
        if use is None:
            return replace(job, state=Progress.DONE)
        self.tracing.calls(use)
        told: dict[str, Any] = {
            "model": use.model,
            "calls": len(use.calls),
            "sent": use.tokens["sent"],
            "received": use.tokens["received"],
            "cost_usd": use.cost_usd,
            "failed": use.failed,
            "capped": use.capped,
        }
        return replace(job, state=Progress.DONE, use=told)


def request_of(job: Job, paths: dict[str, str], config: ServiceConfig) -> Request:
    """What the client asked for, over what the service is set to.

    Args:
        job: with what was asked for.
        paths: where its uploads lie, each with the name that its sender gave it.
        config: of the service.
    """
    settings, options = config.settings, job.options
    day = datetime.datetime.fromtimestamp(job.created, datetime.UTC).date().isoformat()
    return Request(
        logs=tuple(paths),
        shown_as=paths,
        cause=int(options.get("cause", 1)),
        templates=Path(settings.templates) if settings.templates else None,
        pii=_pii(job, config),
        mask=settings.mask,
        keep=settings.keep,
        stated=Stated(
            date=day,
            exported_by=options.get("exported_by") or settings.exported_by,
            phase=options.get("phase") or settings.phase,
            endpoint=options.get("endpoint") or settings.endpoint,
            severity=options.get("severity") or "",
            title=options.get("title") or "",
        ),
    )


def _pii(job: Job, config: ServiceConfig) -> bool:
    """Whether personal data is masked: as asked, else as set, else where a model is used."""
    asked = job.options.get("pii")
    chosen = asked if asked is not None else config.settings.pii
    return bool(config.settings.model) if chosen is None else bool(chosen)


def _cause(failure: Failure) -> str:
    said = f"{failure.exception}: {failure.message}" if failure.exception else failure.message
    return said.partition("\n")[0][:200]
