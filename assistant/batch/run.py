"""draft_batch(): read, group, compare with earlier batches, draft the new causes, write; the order of a batch, and nothing else."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant.assembly import Stated
from assistant.batch.cases import read_case
from assistant.batch.exports import update_known, write_drafted
from assistant.batch.grouping import cluster
from assistant.batch.index import Index, IndexCluster, load_index, save_index
from assistant.batch.known import compared
from assistant.batch.plan import DATABASE, FOLDER, SPOOL, Plan, digest_of, finished, is_done, load_plan, locked, new_spool, save_plan
from assistant.batch.report import write_report
from assistant.batch.scanning import Masking, Read, scan
from assistant.batch.seen import flaky_tests, without_repeated
from assistant.batch.values import Cluster
from assistant.queue.options import sqlite_url
from assistant.settings import Settings

KINDS = 5
"""So many kinds of failure of one cause are shown in its export."""

TESTS = 500
"""So many tests of a cause its draft knows by name."""

SAVE_EACH = 20
"""After so many drafts the index is written, so that an interrupted batch leaves one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """What a batch is made from.

    Args:
        paths: files, folders and archives of logs and reports.
        folder: where everything is written.
        stated: what the user says about the exports.
        settings: with the options of the command laid over them.
        repo: the repository whose code failed; None where it is not at hand.
        jobs: drafts side by side; inputs are read by so many processes, too, as far as there are processors.
        max_drafts: so many causes are drafted at most; None for all.
        rate: so many drafts begin in a minute at most, over all workers; None for no limit.
        database_url: of the queue that other machines work on, too; empty for a file in the folder.
        resume: whether a batch that did not end is gone on with.
        single_call: everything in one call to the model.
        fresh: whether remembered replies are ignored.
        use_batch_api: whether OpenAI's Batch endpoint is asked.
    """

    paths: tuple[str, ...]
    folder: Path
    stated: Stated
    settings: Settings
    repo: Path | None = None
    jobs: int = 4
    max_drafts: int | None = None
    rate: int | None = None
    database_url: str = ""
    resume: bool = False
    single_call: bool = False
    fresh: bool = False
    use_batch_api: bool = False

    @property
    def url(self) -> str:
        """Where the queue lives."""
        return self.database_url or sqlite_url(self.folder / DATABASE)

    @property
    def templates(self) -> Path | None:
        """The user's own templates."""
        return Path(self.settings.templates) if self.settings.templates else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOutcome:
    """What a batch gives back.

    Args:
        index: as it was written.
        resumed: whether it went on with one that did not end.
        model_failed: whether some drafts were made without the model because it failed.
        capped: whether a cap stopped some.
    """

    index: Index
    resumed: bool
    model_failed: bool
    capped: bool


Tell = Callable[[str], None]


def draft_batch(request: BatchRequest, *, tell: Tell = lambda _: None) -> BatchOutcome:
    """Make one export a cause of all failures that the inputs tell of.

    Args:
        request: the inputs and how they are drafted.
        tell: told of each step.

    Raises:
        InputError: an input or the index of an earlier batch cannot be read.
        UsageError: another batch is at work in the folder.
        QueueError: the database cannot be used.
    """
    request.folder.mkdir(parents=True, exist_ok=True)
    with locked(request.folder):
        if request.resume and is_done(request.folder, _given(request)) and (index := load_index(request.folder)):
            return BatchOutcome(index=index, resumed=True, model_failed=False, capped=False)
        plan = load_plan(request.folder) if request.resume else None
        resumed = plan is not None and plan.given == _given(request)
        if plan is None or not resumed:
            tell("nothing to go on with: begun anew" if request.resume else "reading")
            plan = _planned(request, tell)
        work = _Work(request, plan, tell)
        try:
            work.carry_out()
        finally:
            index = work.save()
        finished(request.folder, plan)
        return BatchOutcome(index=index, resumed=resumed, model_failed=work.model_failed, capped=work.capped)


def _planned(request: BatchRequest, tell: Tell) -> Plan:
    """Read and group all inputs; nothing is drafted yet."""
    before = load_index(request.folder)
    spool = new_spool(request.folder)
    settings = request.settings
    masking = Masking(pii=bool(settings.pii), mask=settings.mask, keep=settings.keep)
    scanned = scan(request.paths, masking, spool, processes=request.jobs, told=lambda name: tell(f"read {name}"))
    clusters = cluster(without_repeated(scanned.reads), [one.name for one in scanned.reads])
    entries, gone = compared(clusters, before, flaky_tests(scanned.reads), request.stated.date)
    cases = {entry.id: _cases(found, scanned.reads) for entry, found in zip(entries, clusters, strict=True)}
    wanted = sorted((one for one in entries if not (request.folder / one.export).exists()), key=lambda one: one.flaky)
    chosen = tuple(one.id for one in wanted[: request.max_drafts])
    left_out = {one.id for one in wanted} - set(chosen)
    entries = [
        replace(one, status="left out", export="", note=f"only {request.max_drafts} were drafted (--max-drafts)")
        if one.id in left_out
        else one
        for one in entries
    ]
    plan = Plan(
        batch=f"batch-{uuid.uuid4().hex[:12]}",
        given=_given(request),
        index=Index(
            date=request.stated.date,
            failures=sum(one.count for one in entries),
            inputs=tuple(one.name for one in scanned.reads),
            clusters=tuple(entries),
            gone=tuple(gone),
            notes=scanned.notes,
        ),
        cases={one: cases[one] for one in chosen},
        wanted=chosen,
        order=_order(request),
    )
    save_plan(request.folder, plan)
    return plan


def _cases(found: Cluster, reads: tuple[Read, ...]) -> tuple[tuple[str, int], ...]:
    """Where the evidence of a cause lies: of its first kind of failure, then of a few others that look different."""
    kinds = {one.key: one for one in reversed(found.members) if one.told or one is found.first}
    chosen = [found.first, *(one for one in kinds.values() if one.key != found.first.key)][:KINDS]
    return tuple((reads[one.unit].spool, one.case) for one in chosen)


def _given(request: BatchRequest) -> str:
    return digest_of(
        request.paths, request.settings.model, request.settings.base_url, str(request.repo), request.max_drafts, asdict(request.stated)
    )


def _order(request: BatchRequest) -> dict[str, Any]:
    settings = request.settings
    # late: the stages of an export cost some 20 bare starts
    from assistant.batch.jobs import Order, settings_for_workers

    order = Order(
        batch="",
        stated=asdict(request.stated),
        repo=str(request.repo.resolve()) if request.repo else "",
        templates=str(request.templates.resolve()) if request.templates else "",
        settings=settings_for_workers(settings),
        single_call=request.single_call,
        max_cost=settings.max_cost,
        use_batch_api=request.use_batch_api,
    )
    return asdict(order)


class _Work:
    """A plan as it is carried out: what of it is done."""

    def __init__(self, request: BatchRequest, plan: Plan, tell: Tell) -> None:
        self._request, self._plan, self._tell = request, plan, tell
        self._clusters = {one.id: one for one in plan.index.clusters}
        self._gone = list(plan.index.gone)
        self._cost_usd = 0.0
        self._complete = False
        self.model_failed = self.capped = False

    def carry_out(self) -> None:
        """Update the exports of known causes, then draft the new ones."""
        self._update_known()
        self.save()
        for done, (cause, result) in enumerate(self._drafted(), 1):
            self._finish(cause, result)
            self._tell(f"drafted {done} of {len(self._plan.wanted)} causes")
            if done % SAVE_EACH == 0:
                self.save()
        self._complete = True

    def save(self) -> Index:
        """Write the index and the pages as things stand."""
        index = replace(
            self._plan.index,
            clusters=tuple(self._clusters.values()),
            gone=tuple(self._gone),
            complete=self._complete,
            cost_usd=round(self._cost_usd, 6),
        )
        save_index(self._request.folder, index)
        write_report(self._request.folder, index)
        return index

    def _update_known(self) -> None:
        templates = self._request.templates
        for one in list(self._clusters.values()):
            if one.id not in self._plan.cases and one.status == "waiting":
                note = update_known(self._request.folder / one.export, one, templates)
                self._clusters[one.id] = replace(one, status="known", note="; ".join(filter(None, (one.note, note))))
        for one in self._gone:
            if one.export:
                update_known(self._request.folder / one.export, one, templates)

    def _drafted(self) -> Iterator[tuple[str, dict[str, Any] | str]]:
        """Each wanted cause with what its job gave, or why it gave nothing, as they end."""
        if not self._plan.wanted:
            return
        # late: the queue costs 45 bare starts of the interpreter, and only a batch with something new needs it
        from assistant.batch.dispatching import dispatched

        yield from dispatched(self._request, self._plan, self._spooled, self._tell)

    def _spooled(self, cause: str) -> list[dict[str, Any]]:
        """The evidence of a cause; the first failure stands for all of its tests."""
        spool = self._request.folder / FOLDER / SPOOL
        first, *others = [read_case(spool / name, at) for name, at in self._plan.cases[cause]]
        entry = self._clusters[cause]
        tests = dict.fromkeys(one.test_id for one in entry.failures if one.test_id)
        tests.pop(first["failure"]["test_id"], None)
        first["failure"] |= {"others": list(tests)[:TESTS], "count": entry.count}
        return [first, *({**one, "log": {"text": "", "numbers": ()}} for one in others)]

    def _finish(self, cause: str, result: dict[str, Any] | str) -> None:
        entry: IndexCluster = self._clusters[cause]
        if isinstance(result, str):
            self._clusters[cause] = replace(entry, status="failed", export="", note=result)
            return
        self.model_failed = self.model_failed or result["failed"]
        self.capped = self.capped or result["capped"]
        self._cost_usd = max(self._cost_usd, result["spent_usd"])
        notes = [entry.note, "a cap stopped some calls to the model: those parts were drafted without it" if result["capped"] else ""]
        notes += ["the model failed for some parts: they were drafted without it" if result["failed"] else ""]
        entry = replace(entry, status="drafted", note="; ".join(filter(None, notes)))
        write_drafted(self._request.folder / entry.export, result, entry, self._request.templates)
        self._clusters[cause] = entry
