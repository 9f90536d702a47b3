"""Exports as files: read what exists, draft, write whole or not at all, record beside it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from assistant.errors import InputError, UsageError
from assistant.evidence import Evidence, Ledger
from assistant.merging import Previous
from assistant.pipeline import Outcome, Request, draft_export
from assistant.record import dump_record, load_record, record_path
from assistant.saving import save
from assistant.sections import ResearchExport


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile(ResearchExport):
    """What `--format json` prints: the export with its ledger."""

    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an export goes.

    Args:
        path: a file, or None for standard output.
        as_json: JSON instead of Markdown.
        force: replace what exists instead of bringing it up to date.
    """

    path: Path | None = None
    as_json: bool = False
    force: bool = False


def write_export(request: Request, target: Target, *, stdin: BinaryIO) -> tuple[str, Outcome]:
    """Draft one export and write it to its target with its record.

    Returns:
        The text for standard output (empty where a file was written), and what the run gave.

    Raises:
        UsageError: the target exists and may not be replaced, or cannot be written.
        InputError: an input or the existing document cannot be read.
    """
    path = target.path
    regular = path is not None and (not path.exists() or path.is_file())
    previous = _previous(path, target) if path is not None and regular else None
    outcome = draft_export(request, stdin=stdin, previous=previous)
    text = dump_export(outcome.export, outcome.record.evidence) if target.as_json else outcome.text
    if path is None:
        return text, outcome
    save(path, text)
    if regular and not target.as_json:
        save(record_path(path), dump_record(outcome.record))
    return "", outcome


def write_all_exports(request: Request, target: Target, *, stdin: BinaryIO) -> Iterator[tuple[Path, Outcome]]:
    """Draft every cause of an input into a file of its own: PATH, PATH-2, PATH-3, …"""
    if target.path is None or "-" in request.logs:
        raise UsageError("--all needs -o PATH and logs in files", hint="each cause gets a file of its own, and the logs are read for each")
    number, total = 1, 1
    while number <= total:
        path = target.path if number == 1 else target.path.with_name(f"{target.path.stem}-{number}{target.path.suffix}")
        _, outcome = write_export(replace(request, cause=number), replace(target, path=path), stdin=stdin)
        yield path, outcome
        number, total = number + 1, len(outcome.causes)


def read_document(path: Path) -> str:
    """The text of a document, every byte of it.

    Raises:
        InputError: it cannot be read or is no UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no UTF-8 text (byte {error.start})", hint="save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None


def dump_export(export: ResearchExport, ledger: Ledger) -> str:
    """An export with its ledger under `evidence`, as JSON."""
    values = {name: getattr(export, name) for name in ResearchExport.__dataclass_fields__}
    return json.dumps(asdict(ExportFile(**values, evidence=ledger.items)), ensure_ascii=False, indent=1) + "\n"


def _previous(path: Path, target: Target) -> Previous | None:
    if target.force or not path.exists():
        return None
    if target.as_json:
        raise UsageError(f"{path}: exists already", hint="give another -o, or --force to replace it")
    text = read_document(path)
    return Previous(text=text, record=load_record(path)) if text.strip() else None
