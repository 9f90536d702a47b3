"""draft_batch(): read, group, compare with earlier batches, draft the new causes, write; the order of a batch, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assistant.batch.cases import read_case
from assistant.batch.exports import update_known, write_drafted
from assistant.batch.index import Index, IndexCluster, load_index, save_index
from assistant.batch.plan import FOLDER, SPOOL, Plan, finished, is_done, load_plan, locked
from assistant.batch.planning import Tell, given_of, make_plan
from assistant.batch.report import write_report
from assistant.batch.request import BatchOutcome, BatchRequest

TESTS = 500
"""So many tests of a cause its draft knows by name."""

SAVE_EACH = 20
"""After so many drafts the index is written, so that an interrupted batch leaves one."""


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
        if request.resume and is_done(request.folder, given_of(request)) and (index := load_index(request.folder)):
            return BatchOutcome(index=index, resumed=True, model_failed=False, capped=False)
        plan = load_plan(request.folder) if request.resume else None
        resumed = plan is not None and plan.given == given_of(request)
        if plan is None or not resumed:
            tell("nothing to go on with: begun anew" if request.resume else "reading")
            plan = make_plan(request, tell)
        work = _Work(request, plan, tell)
        try:
            work.carry_out()
        finally:
            index = work.save()
        finished(request.folder, plan)
        return BatchOutcome(index=index, resumed=resumed, model_failed=work.model_failed, capped=work.capped)


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
