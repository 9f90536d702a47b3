"""`assistant draft-batch`: many failures in, one export a cause out."""

import gc
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.annotations import Place, annotation
from assistant.cli.console import plural, put, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.batch.index import Index
    from assistant.batch.request import BatchOutcome

JOBS = 4
LISTED = 10


def command(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="JUnit XML, logs, CI archives, and folders of them, mixed.", show_default=False),
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="DIR", help="Where exports, index.json, index.md and index.html go.", show_default=False),
    ],
    repo: Annotated[Path | None, typer.Option("--repo", metavar="DIR", help="The repository whose code failed.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a batch that did not end; nothing that is done is done again.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="Drafts side by side.")] = JOBS,
    max_drafts: Annotated[
        int | None, typer.Option("--max-drafts", metavar="N", min=0, help="Draft so many causes at most, those with the most failures.")
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", metavar="USD", min=0, help="Make no call that could bring the whole batch over this cost.")
    ] = None,
    rate: Annotated[int | None, typer.Option("--rate", metavar="N", min=1, help="Begin so many drafts a minute at most.")] = None,
    database_url: Annotated[
        str, typer.Option("--database-url", metavar="URL", help="A PostgreSQL that other machines work on, too: assistant worker.")
    ] = "",
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Draft with this model; without one the playbook drafts.")] = "",
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="An OpenAI-compatible endpoint, as in http://localhost:11434/v1.")
    ] = "",
    budget: Annotated[int | None, typer.Option("--budget", metavar="TOKENS", min=500, help="Tokens of evidence in a prompt.")] = None,
    single_call: Annotated[
        bool, typer.Option("--single-call", help="Ask for everything in one call a cause: cheaper, less careful.")
    ] = False,
    use_batch_api: Annotated[
        bool,
        typer.Option("--use-batch-api", help="Ask OpenAI's Batch endpoint: half the price, an answer within a day; go on with --resume."),
    ] = False,
    annotations: Annotated[
        bool,
        typer.Option("--annotations", help="Print annotations for GitHub's runners: each cause at the line of yours in which it began."),
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ignore remembered replies.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Use no model and no network, whatever is configured.")] = False,
    pii: Annotated[bool | None, typer.Option("--pii/--no-pii", help="Mask e-mail addresses, IPs and user names too.")] = None,
    templates: Annotated[Path | None, typer.Option("--templates", metavar="DIR", help="Your own templates.")] = None,
    prompts: Annotated[Path | None, typer.Option("--prompts", metavar="DIR", help="Your own prompts.")] = None,
    phase: Annotated[str, typer.Option("--phase", metavar="N", help="Phase of the project.")] = "",
    exported_by: Annotated[str, typer.Option("--exported-by", metavar="NAME", help="Who exports.")] = "",
    date: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the batch; today by default.")] = "",
) -> None:
    """Draft one Research Export a cause from many failures."""
    # late: `--help` must not pay for the stages
    from assistant.assembly import Stated
    from assistant.batch.request import BatchRequest
    from assistant.batch.run import draft_batch
    from assistant.cli.draft_export import day_of, who
    from assistant.cli.modelling import configured
    from assistant.cli.places import refuse_places
    from assistant.cli.progress import progress

    given = {"model": model, "base_url": base_url, "budget": budget, "max_cost": max_cost, "prompts": prompts}
    settings = configured(given, offline=offline)
    if templates:
        settings = replace(settings, templates=str(templates))
    settings = replace(settings, pii=pii if pii is not None else settings.pii if settings.pii is not None else bool(settings.model))
    refuse_places(repo, None, {"templates": templates, "prompts": prompts})
    if settings.model:
        # late: the endpoint's client costs some 70 bare starts; what is wrong with it must be said before anything is read
        from assistant.drafting.setup import profile_of

        say(f"drafting with {settings.model} at {profile_of(settings).address}; the evidence is masked")
    request = BatchRequest(
        paths=tuple(paths),
        folder=output,
        stated=Stated(
            date=day_of(date), exported_by=exported_by or who(settings, repo), phase=phase or settings.phase, endpoint=settings.endpoint
        ),
        settings=settings,
        repo=repo,
        jobs=jobs,
        max_drafts=max_drafts,
        rate=rate,
        database_url=database_url,
        resume=resume,
        single_call=single_call,
        fresh=fresh,
        use_batch_api=use_batch_api,
    )
    gc.enable()  # the edge switched it off for short runs, and this one is long
    try:
        with progress("batch") as tell:
            outcome = draft_batch(request, tell=tell)
    except KeyboardInterrupt:
        say(f"interrupted: what is done lies in {output}; the same command with --resume goes on")
        raise
    _tell(output, outcome)
    if annotations:
        put("".join(_annotations(outcome.index)))
    if outcome.model_failed:
        raise typer.Exit(4)
    if outcome.capped:
        raise typer.Exit(5)


def _annotations(index: "Index") -> "Iterator[str]":
    """One a cause that has a place; runners show ten a step."""
    for one in [one for one in index.clusters if one.file][:LISTED]:
        told = plural(one.count, "failure") + (f", see {one.export}" if one.export else "")
        yield annotation("warning" if one.flaky else "error", Place(one.file, one.line, one.title), told)


def _tell(folder: Path, outcome: "BatchOutcome") -> None:
    """What was found and written, and what was not drafted."""
    index = outcome.index
    for note in index.notes[:LISTED]:
        say(f"note: {note}")
    if len(index.notes) > LISTED:
        say(f"note: {len(index.notes) - LISTED} more stand in {folder / 'index.json'}")
    if outcome.resumed:
        say("went on with the batch that did not end")
    states = {state: sum(one.status == state for one in index.clusters) for state in ("drafted", "known", "left out", "failed")}
    told = ", ".join(f"{count} {state}" for state, count in states.items() if count)
    say(
        f"{plural(index.failures, 'failure')} in {plural(len(index.inputs), 'input')}: {plural(len(index.clusters), 'cause')}{f' ({told})' if told else ''}"
    )
    for one in index.clusters[:LISTED]:
        say(f"  {one.count:6d}  {one.title[:90]}  {folder / one.export if one.export else one.note}")
    if len(index.clusters) > LISTED:
        say(f"  … and {len(index.clusters) - LISTED} more: see {folder / 'index.md'}")
    for one in index.gone[:LISTED]:
        say(f"  gone: {one.title[:90]} (last seen {one.last_seen})")
    if index.cost_usd:
        say(f"  cost: ${index.cost_usd:.4f}")
    say(f"  to look at: {folder / 'index.html'}")
