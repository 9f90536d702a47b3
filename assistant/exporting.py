"""Exports as files: read what exists, draft, write whole or not at all, record beside it."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from assistant.drafting import Drafter
from assistant.errors import InputError, UsageError
from assistant.evidence import Evidence, Ledger
from assistant.merging import Previous
from assistant.mining.signature import matches
from assistant.pipeline import Material, Outcome, Request, draft_export, read_material
from assistant.record import dump_record, load_record, record_path
from assistant.saving import is_stream, save
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
        as_html: one self-contained page instead of Markdown.
        force: replace what exists instead of bringing it up to date.
    """

    path: Path | None = None
    as_json: bool = False
    as_html: bool = False
    force: bool = False


def write_export(
    request: Request, target: Target, *, stdin: BinaryIO, drafter: Drafter | None = None, material: Material | None = None
) -> tuple[str, Outcome]:
    """Draft one export and write it to its target with its record.

    Returns:
        The text for standard output (empty where a file was written), and what the run gave.

    Raises:
        UsageError: the target exists and may not be replaced, or cannot be written.
        InputError: an input or the existing document cannot be read.
    """
    path = target.path
    if path is None or is_stream(path):
        outcome = draft_export(request, stdin=stdin, drafter=drafter, material=material)
        text = _text(outcome, target)
        if path is not None:
            save(path, text)
        return ("" if path else text), outcome
    before = bytes_of(path)
    previous = None if target.force or before is None else _previous(path, before, target)
    outcome = draft_export(request, stdin=stdin, previous=previous, drafter=drafter, material=material)
    if bytes_of(path) != before:
        raise UsageError(
            f"{path}: was changed while this ran; nothing was written", hint="run the same command again; replies of a model are remembered"
        )
    save(path, _text(outcome, target))
    if not (target.as_json or target.as_html):
        save(record_path(path), dump_record(outcome.record))
    return "", outcome


def write_all_exports(
    request: Request, target: Target, *, stdin: BinaryIO, drafter: Drafter | None = None
) -> Iterator[tuple[Path, Outcome]]:
    """Draft every cause of an input into a file of its own: PATH, PATH-2, PATH-3, …

    A cause that one of these files is about already, by its record's signature, is brought up to date there.

    Raises:
        UsageError: no path is given, or a file cannot be written.
        InputError: an input or an existing document cannot be read.
    """
    if target.path is None:
        raise UsageError("--all needs -o PATH", hint="each cause gets a file of its own")
    material = read_material(request, stdin=stdin)
    homes = {} if target.force else _homes(target.path)
    taken = set(homes.values())
    for number, failure in enumerate(material.mined.failures or [None], 1):
        path = next((home for known, home in homes.items() if matches(failure, known)), None) if failure else None
        path = path or next(name for name in _numbered(target.path) if name not in taken and (target.force or not name.exists()))
        taken.add(path)
        one = replace(request, cause=number)
        _, outcome = write_export(one, replace(target, path=path), stdin=stdin, drafter=drafter, material=material)
        yield path, outcome


def _homes(path: Path) -> dict[str, Path]:
    """Which cause, by its signature, each file that exists already is about."""
    found: dict[str, Path] = {}
    for name in _numbered(path):
        if not name.exists():
            return found
        if (record := load_record(name)) and record.signature:
            found.setdefault(record.signature, name)
    return found


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    for number in itertools.count(2):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def read_document(path: Path) -> str:
    """The text of a document, every byte of it.

    Raises:
        InputError: it cannot be read or is no UTF-8.
    """
    data = bytes_of(path)
    if data is None:
        raise InputError(f"{path}: cannot be read: there is no such file")
    return _decoded(path, data)


def dump_export(export: ResearchExport, ledger: Ledger) -> str:
    """An export with its ledger under `evidence`, as JSON."""
    values = {name: getattr(export, name) for name in ResearchExport.__dataclass_fields__}
    return json.dumps(asdict(ExportFile(**values, evidence=ledger.items)), ensure_ascii=False, indent=1) + "\n"


def _text(outcome: Outcome, target: Target) -> str:
    if target.as_html:
        # late: only this form needs the page templates
        from assistant.pages import export_html

        return export_html(outcome.text, outcome.record)
    return dump_export(outcome.export, outcome.record.evidence) if target.as_json else outcome.text


def bytes_of(path: Path) -> bytes | None:
    """What a file holds now, None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None


def _previous(path: Path, data: bytes, target: Target) -> Previous | None:
    if target.as_json or target.as_html:
        raise UsageError(f"{path}: exists already", hint="give another -o, or --force to replace it")
    text = _decoded(path, data)
    return Previous(text=text, record=load_record(path)) if text.strip() else None


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no UTF-8 text (byte {error.start})", hint="save it as UTF-8") from None
