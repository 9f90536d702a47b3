"""`assistant check`: the rules, held against documents."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import plural, put, say

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
    """Check Research Exports: exit 1 where a rule is broken."""
    # late: `--help` must not pay for the Markdown parser
    from assistant.exporting import read_document
    from assistant.record import load_record
    from assistant.review import review

    found: list[tuple[Path, Problem]] = []
    counted = 0
    for path in files:
        reviewed = review(read_document(path), load_record(path))
        found += [(path, problem) for problem in reviewed.problems]
        counted += len(reviewed.counted(allow_drafts=allow_drafts))
    put(PRINTERS[form](found))
    if form is Format.TEXT:
        say(_summary(found, len(files), counted))
    if counted:
        raise typer.Exit(1)


def _text(found: "list[tuple[Path, Problem]]") -> str:
    return "".join(f"{path}:{problem.line}: {problem.rule}: {problem.message}\n" for path, problem in found)


def _json(found: "list[tuple[Path, Problem]]") -> str:
    # late: only this form needs it
    import json

    return json.dumps([{"file": str(path), **asdict(problem)} for path, problem in found], ensure_ascii=False, indent=1) + "\n"


def _github(found: "list[tuple[Path, Problem]]") -> str:
    lines = []
    for path, problem in found:
        properties = f"file={_property(str(path))},line={problem.line},title={_property(problem.rule)}"
        lines.append(f"::{LEVELS[problem.severity]} {properties}::{_data(problem.message)}\n")
    return "".join(lines)


PRINTERS = {Format.TEXT: _text, Format.JSON: _json, Format.GITHUB: _github}


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _summary(found: "list[tuple[Path, Problem]]", files: int, counted: int) -> str:
    counts = {severity: sum(problem.severity == severity for _, problem in found) for severity in LEVELS}
    said = f"{plural(files, 'file')}: {plural(counts['error'], 'problem')}, {plural(counts['blank'], 'blank')}, {plural(counts['draft'], 'draft')} to confirm"
    return said + ("" if counted else "; nothing counts against it" if counts["blank"] or counts["draft"] else "")
