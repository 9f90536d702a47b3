"""`assistant check`: the rules, held against documents."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.annotations import Place, annotation, shown
from assistant.cli.console import plural, put, say
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.checking import Problem


class Format(StrEnum):
    """How problems are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


LEVELS = {"error": "error", "blank": "warning", "draft": "notice", "note": "notice"}


def command(
    files: Annotated[list[Path], typer.Argument(metavar="EXPORT…", help="Research Exports.", show_default=False)],
    form: Annotated[Format, typer.Option("--format", help="text, json or github.")] = Format.TEXT,
    allow_drafts: Annotated[bool, typer.Option("--allow-drafts", help="List blanks and unconfirmed drafts without counting them.")] = False,
) -> None:
    """Check Research Exports: exit 1 where a rule is broken, 3 where a file cannot be read."""
    # late: `--help` must not pay for the Markdown parser
    from assistant.exporting import read_document
    from assistant.record import load_record
    from assistant.review import review

    found: list[tuple[Path, Problem]] = []
    unread: list[InputError] = []
    counted = 0
    for path in files:
        try:
            reviewed = review(read_document(path), load_record(path))
        except InputError as error:
            unread.append(error)
            continue
        found += [(path, problem) for problem in reviewed.problems]
        counted += len(reviewed.counted(allow_drafts=allow_drafts))
    put(PRINTERS[form](found))
    if form is Format.TEXT and len(unread) < len(files):
        say(_summary(found, len(files) - len(unread), counted))
    for fault in unread[:-1]:
        say(f"error: {fault.message}" + (f"\n  {fault.hint}" if fault.hint else ""))
    if unread:
        raise unread[-1]  # the edge tells it and knows its exit code
    if counted:
        raise typer.Exit(1)


def _text(found: "list[tuple[Path, Problem]]") -> str:
    lines = (f"{shown(str(path))}:{problem.line}: {problem.rule}: {shown(problem.message)}" for path, problem in found)
    return "".join(f"{line}\n" for line in lines)


def _json(found: "list[tuple[Path, Problem]]") -> str:
    # late: only this form needs it
    import json

    # ASCII: a terminal also obeys control characters above 127, which JSON need not escape
    return json.dumps([{"file": str(path), **asdict(problem)} for path, problem in found], indent=1) + "\n"


def _github(found: "list[tuple[Path, Problem]]") -> str:
    lines = []
    for path, problem in found:
        place = Place(str(path), problem.line, problem.rule)
        lines.append(annotation(LEVELS[problem.severity], place, problem.message))
    return "".join(lines)


PRINTERS = {Format.TEXT: _text, Format.JSON: _json, Format.GITHUB: _github}


def _summary(found: "list[tuple[Path, Problem]]", files: int, counted: int) -> str:
    counts = {severity: sum(problem.severity == severity for _, problem in found) for severity in LEVELS}
    said = f"{plural(files, 'file')}: {plural(counts['error'], 'problem')}, {plural(counts['blank'], 'blank')}, {plural(counts['draft'], 'draft')} to confirm"
    return said + ("" if counted else "; nothing counts against it" if counts["blank"] or counts["draft"] else "")
