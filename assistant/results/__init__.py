"""fill_results(): research notes in, the Research Results of an export out; nothing else of the document changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from assistant.document import parse
from assistant.drafting.calls import ModelUse
from assistant.gathering import learn_secrets, open_repository
from assistant.merging import Previous, last_cited
from assistant.record import RunRecord
from assistant.redaction import Redactor
from assistant.results.drafted import ResultsDraft
from assistant.results.extraction import extract
from assistant.results.material import Material
from assistant.results.proofs import Bench, proved
from assistant.results.reading import material_of, noted
from assistant.results.surgery import operate, refuse_other_form
from assistant.results.writing import write_bodies
from assistant.sources.notes import read_notes
from assistant.version import TOOL

NO_RECORD = "there is no run record beside the export, so all that stands in its results counts as a person's"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsRequest:
    """What to fill the results from.

    Args:
        notes: paths of research notes, `-` for standard input.
        repo: the repository that code is held against; None where it is not at hand.
        collect: whether tests in the notes are collected by pytest, which runs what stands at their top level.
        force: replace what a person wrote.
        templates: folder of the user's own templates.
        pii: whether personal data is masked too.
        shown_as: the name of a path that was stored under another one.
        mask: the user's patterns of values that are secret.
        keep: the user's patterns of values that are none.
    """

    notes: tuple[str, ...]
    repo: Path | None = None
    collect: bool = False
    force: bool = False
    templates: Path | None = None
    pii: bool = False
    shown_as: Mapping[str, str] = field(default_factory=dict)
    mask: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a run gives back.

    Args:
        text: the document.
        record: its run record.
        draft: what was drafted.
        kept: places in which a person's text stays.
        notes: what was cut, skipped or fallen back to.
        use: what a model had to do with it; None without one.
    """

    text: str
    record: RunRecord
    draft: ResultsDraft
    kept: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    use: ModelUse | None = None


class ResultsDrafter(Protocol):
    """Anything that can draft results."""

    def draft_results(self, material: Material) -> ResultsDraft:
        """Draft results from ranked passages."""
        ...


class Extraction:
    """The drafter that needs no model."""

    def draft_results(self, material: Material) -> ResultsDraft:
        """Quote what answers."""
        return extract(material)


def fill_results(
    request: ResultsRequest, previous: Previous, *, stdin: BinaryIO | None = None, drafter: ResultsDrafter | None = None
) -> Filled:
    """Draft the Research Results of an export from research notes.

    Args:
        request: the notes, and what is done with them.
        previous: the export as it stands, and its run record if there is one.
        stdin: where `-` is read from.
        drafter: drafts from the notes; extraction by default.

    Raises:
        InputError: a note cannot be read, or the document lacks the headings that results need.
        UsageError: an extra is missing, or the templates do not keep the contract.
    """
    refuse_other_form(parse(previous.text))
    material, notes = material_of(previous, read_notes(request.notes, stdin=stdin, shown_as=request.shown_as), _redactor(request))
    draft = (drafter or Extraction()).draft_results(material)
    bench = Bench(repo=request.repo, collect=request.collect, versions=material.asked.versions)
    draft = replace(
        draft,
        code=tuple(proved(part, bench) for part in draft.code),
        tests=tuple(proved(part, bench, is_test=True) for part in draft.tests),
    )
    bodies, drafts = write_bodies(draft, material.ledger, templates=request.templates)
    operated = operate(previous, bodies, drafts, force=request.force)
    before = previous.record or RunRecord(tool=TOOL, ledger_offset=last_cited(previous.text))
    record = replace(
        before,
        tool=TOOL,
        research=material.ledger.items,
        noted=before.noted | noted(material),
        research_sources=tuple(dict.fromkeys((*before.research_sources, *material.names))),
        research_offset=material.ledger.offset,
        subsections=before.subsections | operated.written,
        calls=(*before.calls, *(draft.use.calls if draft.use else ())),
    )
    told = (*notes, *draft.told, *((NO_RECORD,) if operated.kept and previous.record is None else ()))
    return Filled(text=operated.text, record=record, draft=draft, kept=operated.kept, notes=told, use=draft.use)


def prepare_material(request: ResultsRequest, previous: Previous, *, stdin: BinaryIO | None = None) -> Material:
    """All that a drafter would see, without drafting.

    Raises:
        InputError: a note cannot be read.
    """
    return material_of(previous, read_notes(request.notes, stdin=stdin, shown_as=request.shown_as), _redactor(request))[0]


def _redactor(request: ResultsRequest) -> Redactor:
    """One that knows the secrets of the repository."""
    redactor = Redactor(pii=request.pii, mask=request.mask, keep=request.keep)
    if request.repo:
        learn_secrets(open_repository(request.repo), redactor)
    return redactor


__all__ = ["Extraction", "Filled", "ResultsDrafter", "ResultsRequest", "fill_results", "prepare_material"]
