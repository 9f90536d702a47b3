"""`assistant draft-export`: logs and code in, a Research Export out."""

import datetime
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import plural, put, say
from assistant.cli.places import refuse_places, target_of
from assistant.cli.usage import cost_of, exit_of
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.pipeline import Outcome
    from assistant.settings import Settings

MAX_LISTED = 10


class Format(StrEnum):
    """How the export is written."""

    MD = "md"
    JSON = "json"
    HTML = "html"


class Severity(StrEnum):
    """How grave the problem is."""

    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"
    BLOCKING = "Blocking"


def command(
    logs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[LOG…]", help="Logs, folders and archives of them; - reads standard input.", show_default=False),
    ] = None,
    repo: Annotated[Path | None, typer.Option("--repo", metavar="DIR", help="The repository whose code failed.")] = None,
    junit: Annotated[
        list[str] | None, typer.Option("--junit", metavar="FILE", help="A JUnit XML report, or a folder or archive of them.")
    ] = None,
    baseline: Annotated[str, typer.Option("--baseline", metavar="GREEN_LOG", help="The log of a run that passed.")] = "",
    since: Annotated[str, typer.Option("--since", metavar="REV", help="A revision at which all was well.")] = "",
    notes: Annotated[str, typer.Option("--notes", metavar="FILE", help="Notes on what was tried.")] = "",
    database_url: Annotated[
        str, typer.Option("--database-url", metavar="URL", help="A running database to read (PostgreSQL, SQLite); nothing is changed.")
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="Where to write; standard output without it. An export that exists is brought up to date.",
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.MD,
    cause: Annotated[int, typer.Option("--cause", metavar="N", min=1, help="Which of several causes to draft; 1 is the gravest.")] = 1,
    every: Annotated[bool, typer.Option("--all", help="Draft every cause: PATH, PATH-2, PATH-3, …")] = False,
    title: Annotated[str, typer.Option("--title", help="The problem's name.")] = "",
    severity: Annotated[Severity | None, typer.Option("--severity", help="How grave it is.", case_sensitive=False)] = None,
    phase: Annotated[str, typer.Option("--phase", metavar="N", help="Phase of the project.")] = "",
    endpoint: Annotated[str, typer.Option("--endpoint", metavar='"POST /x"', help="Endpoint being implemented.")] = "",
    exported_by: Annotated[str, typer.Option("--exported-by", metavar="NAME", help="Who exports; else the git user or the CI actor.")] = "",
    date: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="The day of the export; today without it.")] = "",
    templates: Annotated[Path | None, typer.Option("--templates", metavar="DIR", help="Your own templates.")] = None,
    pii: Annotated[bool | None, typer.Option("--pii/--no-pii", help="Mask e-mail addresses, IPs and user names too.")] = None,
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Draft with this model; without one the playbook drafts.")] = "",
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="An OpenAI-compatible endpoint, as in http://localhost:11434/v1.")
    ] = "",
    budget: Annotated[int | None, typer.Option("--budget", metavar="TOKENS", min=500, help="Tokens of evidence in a prompt.")] = None,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", metavar="USD", min=0, help="Make no call that could pass this cost.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", metavar="N", min=0, help="Make no call that could pass these tokens.")
    ] = None,
    single_call: Annotated[bool, typer.Option("--single-call", help="Ask for everything in one call: cheaper, less careful.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ignore remembered replies.")] = False,
    prompts: Annotated[Path | None, typer.Option("--prompts", metavar="DIR", help="Your own prompts.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print exactly what would be sent, its tokens and its price; send nothing.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Use no model and no network, whatever is configured.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an export that exists instead of bringing it up to date.")] = False,
) -> None:
    """Draft a Research Export from logs."""
    # the stages cost some 20 bare starts of the interpreter: `--help` must not pay for them
    from assistant.assembly import Stated
    from assistant.cli.modelling import configured, drafting_with, show_plan
    from assistant.exporting import Target, write_all_exports, write_export
    from assistant.pipeline import Request

    if not logs and not junit:
        raise UsageError("no log was given", hint="give a log file, a folder, an archive, `-` for stdin, or `--junit FILE`")
    given = {"model": model, "base_url": base_url, "budget": budget, "max_cost": max_cost, "max_tokens": max_tokens, "prompts": prompts}
    settings = configured(given, offline=offline)
    templates = templates or (Path(settings.templates) if settings.templates else None)
    output = target_of(output)
    refuse_places(repo, output, {"templates": templates, "prompts": Path(settings.prompts) if settings.prompts else None})
    request = Request(
        logs=tuple(logs or ()),
        junit=tuple(junit or ()),
        repo=repo,
        baseline=baseline,
        since=since,
        notes=notes,
        database_url=database_url,
        own=str(output or ""),
        phase_summaries=settings.phase_summaries,
        cause=cause,
        templates=templates,
        mask=settings.mask,
        keep=settings.keep,
        pii=pii if pii is not None else settings.pii if settings.pii is not None else bool(settings.model),
        stated=Stated(
            date=day_of(date),
            exported_by=exported_by or who(settings, repo),
            phase=phase or settings.phase,
            endpoint=endpoint or settings.endpoint,
            severity=severity.value if severity else "",
            title=title,
        ),
    )
    if dry_run:
        show_plan(settings, request, single_call=single_call)
        return
    target = Target(path=output, as_json=form is Format.JSON, as_html=form is Format.HTML, force=force)
    with drafting_with(settings, single_call=single_call, fresh=fresh) as drafter:
        done: list[tuple[Path | None, Outcome]]
        if every:
            done = list(write_all_exports(request, target, stdin=sys.stdin.buffer, drafter=drafter))
        else:
            text, outcome = write_export(request, target, stdin=sys.stdin.buffer, drafter=drafter)
            done = [(output, outcome)]
            put(text)
    for path, one in done:
        _tell(path, one)
    if not every:
        _list_causes(done[0][1], cause)
    exit_of([one.use for _, one in done])


def _tell(path: Path | None, outcome: "Outcome") -> None:
    """What was written, what is missing and what a person has to do."""
    for note in outcome.notes:
        say(f"note: {note}")
    name = path or "the export"
    if not outcome.causes:
        say(f"{name}: no failure found; nothing was drafted")
        return
    counts = outcome.review.counts
    by = f"with {outcome.use.model}" if outcome.use else "by the playbook, without a model,"
    say(f"{name}: drafted {by} from {plural(len(outcome.record.ledger), 'piece')} of evidence")
    if outcome.use:
        say(f"  {cost_of(outcome.use)}")
    see = f"; see: assistant check {path}" if path else ""
    say(
        f"  review: {plural(counts['blank'], 'blank')} to fill, {plural(counts['draft'], 'draft')} to confirm, {plural(counts['error'], 'problem')}{see}"
    )
    for problem in outcome.record.problems:
        say(f"  {name}:{problem.line}: {problem.rule}: {problem.message}")
    if outcome.kept:
        say(f"  left as a person wrote or confirmed it: {', '.join(outcome.kept)}")


def _list_causes(outcome: "Outcome", drafted: int) -> None:
    if len(outcome.causes) < 2:
        return
    say(f"the input has {len(outcome.causes)} causes; number {drafted} was drafted. The others:")
    for number, failure in enumerate(outcome.causes[:MAX_LISTED], 1):
        if number != drafted:
            what = f"{failure.exception}: {failure.message}" if failure.exception else failure.message
            say(f"  --cause {number}  {what.partition(chr(10))[0][:90]} ({plural(failure.count, 'failure')}, {failure.origin})")
    if len(outcome.causes) > MAX_LISTED:
        say(f"  … and {len(outcome.causes) - MAX_LISTED} more")
    say("  --all drafts each into a file of its own")


def day_of(text: str) -> str:
    """The day that an option names, today where it names none."""
    if not text:
        return datetime.date.today().isoformat()
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"--date {text}: is no day", hint="write it YYYY-MM-DD") from None


def who(settings: "Settings", repo: Path | None) -> str:
    """Who exports: as configured, the CI actor, or git's user."""
    if settings.exported_by or settings.ci_actor:
        return settings.exported_by or settings.ci_actor
    # late for the same reason as the stages
    from assistant.gathering.identity import git_user

    return git_user(repo or Path.cwd())
