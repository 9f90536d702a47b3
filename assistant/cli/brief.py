"""`assistant brief`: the copy of an export that leaves the house."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import plural, put, say
from assistant.cli.places import target_of


def command(
    export: Annotated[Path, typer.Argument(metavar="EXPORT", help="A Research Export.", show_default=False)],
    include_drafts: Annotated[bool, typer.Option("--include-drafts", help="Let drafts go out that nobody confirmed, marked.")] = False,
    budget: Annotated[
        int | None, typer.Option("--budget", metavar="TOKENS", min=1, help="How many tokens it may have; all without it.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PATH", help="Where to write; standard output without it.")
    ] = None,
    templates: Annotated[Path | None, typer.Option("--templates", metavar="DIR", help="Your own templates.")] = None,
) -> None:
    """Print the outgoing copy of an export, for a forum, a ticket or a research model."""
    # late: `--help` must not pay for the stages
    from assistant.briefing import BriefRequest, write_brief
    from assistant.exporting import read_document
    from assistant.saving import save
    from assistant.settings import read_settings

    settings = read_settings(Path.cwd())
    templates = templates or (Path(settings.templates) if settings.templates else None)
    request = BriefRequest(token_budget=budget, include_drafts=include_drafts, templates=templates, mask=settings.mask, keep=settings.keep)
    brief = write_brief(read_document(export), request)
    output = target_of(output)
    if output:
        save(output, brief.text)
    else:
        put(brief.text)
    say(f"{output or 'the brief'}: {plural(brief.tokens, 'token')} ({brief.counter}); names, addresses and secrets are masked")
    if brief.unconfirmed:
        say(f"  not confirmed, so left at home: {', '.join(brief.unconfirmed)} (--include-drafts lets them go, marked)")
    if brief.shortened:
        say(f"  cut to fit the budget: {', '.join(brief.shortened)}")
    if brief.left_out:
        say(f"  left out for lack of room: {', '.join(brief.left_out)}")
    say(f"  fill the answer in with: assistant fill-results {export} --from ANSWER")
