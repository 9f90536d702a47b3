"""`assistant fill-results`: research notes in, the Research Results of an export out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import plural, put, say
from assistant.cli.places import refuse_places
from assistant.cli.usage import cost_of, exit_of

if TYPE_CHECKING:
    from assistant.results import Filled


def command(
    export: Annotated[Path, typer.Argument(metavar="EXPORT", help="The Research Export to fill.", show_default=False)],
    notes: Annotated[
        list[str],
        typer.Option(
            "--from",
            metavar="FILE…",
            help="Research notes: Markdown, text, HTML, PDF, a chat, a patch; - reads standard input. Repeat it, or name more files behind it.",
            show_default=False,
        ),
    ],
    more: Annotated[list[str] | None, typer.Argument(metavar="", hidden=True)] = None,
    repo: Annotated[
        Path | None,
        typer.Option("--repo", metavar="DIR", help="The repository that diffs and names in code are held against; it is only read."),
    ] = None,
    collect: Annotated[
        bool, typer.Option("--collect-tests", help="Let pytest collect tests of the notes; this runs what stands at their top level.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PATH", help="Where to write; the export itself without it.")
    ] = None,
    pii: Annotated[bool | None, typer.Option("--pii/--no-pii", help="Mask e-mail addresses, IPs and user names too.")] = None,
    templates: Annotated[Path | None, typer.Option("--templates", metavar="DIR", help="Your own templates.")] = None,
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Draft with this model; without one the notes are quoted.")] = "",
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="An OpenAI-compatible endpoint, as in http://localhost:11434/v1.")
    ] = "",
    budget: Annotated[
        int | None, typer.Option("--budget", metavar="TOKENS", min=500, help="Tokens of notes and evidence in a prompt.")
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", metavar="USD", min=0, help="Make no call that could pass this cost.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", metavar="N", min=0, help="Make no call that could pass these tokens.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ignore remembered replies.")] = False,
    prompts: Annotated[Path | None, typer.Option("--prompts", metavar="DIR", help="Your own prompts.")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Use no model and no network, whatever is configured.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print a diff of what would change; write nothing and send nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what a person wrote in the results instead of keeping it.")] = False,
) -> None:
    """Draft the Research Results of an export from notes; nothing else in it changes."""
    # late: `--help` must not pay for the stages
    from assistant.cli.modelling import configured, results_with
    from assistant.filling import Place, write_results
    from assistant.results import ResultsRequest

    given = {"model": model, "base_url": base_url, "budget": budget, "max_cost": max_cost, "max_tokens": max_tokens, "prompts": prompts}
    settings = configured(given, offline=offline)
    templates = templates or (Path(settings.templates) if settings.templates else None)
    refuse_places(repo, output, {"templates": templates, "prompts": Path(settings.prompts) if settings.prompts else None})
    request = ResultsRequest(
        notes=(*notes, *(more or ())),
        repo=repo,
        collect=collect,
        force=force,
        templates=templates,
        pii=pii if pii is not None else settings.pii if settings.pii is not None else bool(settings.model),
        mask=settings.mask,
        keep=settings.keep,
    )
    place = Place(export=export, output=output, dry_run=dry_run)
    with results_with(settings, fresh=fresh, send=not dry_run) as drafter:
        text, filled = write_results(request, place, stdin=sys.stdin.buffer, drafter=drafter)
    put(text)
    _tell(output or export, filled, dry_run=dry_run)
    exit_of([filled.use])


def _tell(path: Path, filled: "Filled", *, dry_run: bool) -> None:
    """What came of the notes, and what a person has to do."""
    for note in filled.notes:
        say(f"note: {note}")
    draft = filled.draft
    done = "nothing was written; it would be " if dry_run else ""
    say(
        f"{path}: {done}{'drafted' if draft.found else 'no answer found, which is'} {'by ' + draft.by if draft.found else 'what was written'}"
    )
    if filled.use:
        say(f"  {cost_of(filled.use)}")
    for read in draft.read:
        say(f"  {read.name}: {read.worth}")
    for version in draft.versions:
        say(f"  other version: {version.text.replace('`', '')}")
    for conflict in draft.conflicts:
        say(f"  contradiction about {conflict.subject.replace('`', '')}: {', '.join(one for side in conflict.sides for one in side.ids)}")
    counts = {status: sum(answer.status == status for answer in draft.answers) for status in ("answered", "partly", "open")}
    verdicts = {status: sum(verdict.status == status for verdict in draft.verdicts) for status in ("supported", "refuted", "untouched")}
    say(
        f"  questions: {', '.join(f'{count} {status}' for status, count in counts.items())}; hypotheses: {', '.join(f'{count} {status}' for status, count in verdicts.items())}"
    )
    if filled.kept:
        say(f"  a person wrote in {plural(len(filled.kept), 'place')}, which stays: {', '.join(filled.kept)}")
