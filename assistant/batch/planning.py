"""From inputs to a plan: read, told once, grouped, compared with earlier batches; nothing is drafted yet."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from assistant.batch.grouping import cluster
from assistant.batch.index import Index, load_index
from assistant.batch.known import compared
from assistant.batch.plan import Plan, digest_of, new_spool, save_plan
from assistant.batch.request import BatchRequest
from assistant.batch.scanning import Masking, Read, scan
from assistant.batch.seen import flaky_tests, without_repeated
from assistant.batch.values import Cluster

KINDS = 5
"""So many kinds of failure of one cause are shown in its export."""

Tell = Callable[[str], None]


def make_plan(request: BatchRequest, tell: Tell) -> Plan:
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
        given=given_of(request),
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


def given_of(request: BatchRequest) -> str:
    """A digest of all that the plan of a batch depends on."""
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
