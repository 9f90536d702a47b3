"""draft_export(): the order of the stages, and nothing else."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from assistant.assembly import Errors, Stated, assemble, assemble_without_failure
from assistant.document import bodies
from assistant.drafting import Case, Drafter
from assistant.drafting.playbook import Playbook
from assistant.errors import UsageError
from assistant.evidence import Failure, Ledger
from assistant.gathering import Gathered, Repository, gather, learn_secrets, open_repository
from assistant.merging import Previous, first_version, last_cited, merge
from assistant.mining import Mined, error_block, log_around, mine
from assistant.packing import Packed, pack
from assistant.record import RunRecord
from assistant.redaction import Redactor
from assistant.rendering import renderer
from assistant.review import NO_FAILURE, Review, review
from assistant.sections import ResearchExport
from assistant.sources.files import Inputs, read_sources
from assistant.version import TOOL

MAX_SECONDARY = 4
SECONDARY_LINES = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to draft from.

    Args:
        logs: paths of files and folders, `-` for standard input.
        stated: what the user says about the export.
        repo: the repository whose code failed; None where it is not at hand.
        cause: which of the input's causes, gravest first, counted from 1.
        templates: folder of the user's own templates.
        pii: whether personal data is masked too.
    """

    logs: tuple[str, ...]
    stated: Stated
    repo: Path | None = None
    cause: int = 1
    templates: Path | None = None
    pii: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run gives back.

    Args:
        text: the document.
        export: its values as drafted today; where a person changed the document, the document is right.
        record: its run record.
        review: what the rules say of it.
        causes: every cause of the input, gravest first.
        notes: what was cut, skipped or fallen back to.
        kept: places that a person wrote or confirmed and that were left alone.
    """

    text: str
    export: ResearchExport
    record: RunRecord
    review: Review
    causes: tuple[Failure, ...]
    notes: tuple[str, ...]
    kept: tuple[str, ...] = ()


def draft_export(
    request: Request, *, stdin: BinaryIO | None = None, previous: Previous | None = None, drafter: Drafter | None = None
) -> Outcome:
    """Turn logs and code into a checked Research Export.

    Args:
        request: what to draft from.
        stdin: where `-` is read from.
        previous: the document to bring up to date; what a person wrote or confirmed in it stays.
        drafter: drafts what evidence cannot fill; the playbook by default.

    Raises:
        InputError: a log cannot be read, or `previous` is no Research Export.
        UsageError: there is no such cause, or the templates do not keep the contract.
    """
    render = renderer(request.templates)
    redactor = Redactor(pii=request.pii)
    repository = open_repository(request.repo) if request.repo else None
    if repository:
        learn_secrets(repository, redactor)  # before the logs are read: a value from .env is masked there too
    inputs = read_sources(request.logs, stdin=stdin)
    mined = mine(inputs.sources, redactor)
    if mined.failures:
        case, errors, gathered = _case(request, mined, _first_ledger(previous), repository, redactor)
        drafted = (drafter or Playbook()).draft(case)
        export = assemble(request.stated, case.failure, errors, gathered, drafted)
        ledger, notes = drafted.ledger, (*gathered.notes, *drafted.notes)
    else:
        export, ledger, notes = assemble_without_failure(request.stated, _nothing_found(inputs)), _first_ledger(previous), ()
    text = render(export, ledger)
    merged = merge(previous, bodies(text), export.drafts) if previous else first_version(text, export.drafts)
    notes = (*inputs.notes, *mined.notes, *notes)
    record = RunRecord(
        tool=TOOL,
        signature=mined.failures[request.cause - 1].signature if mined.failures else "",
        failures=len(mined.failures),
        sources=tuple(source.name for source in inputs.sources),
        ledger=ledger.items,
        ledger_offset=ledger.offset,
        subsections=merged.written,
        notes=notes,
    )
    reviewed = review(merged.text, record)
    record = replace(record, problems=reviewed.counted(allow_drafts=True))
    return Outcome(text=merged.text, export=export, record=record, review=reviewed, causes=mined.failures, notes=notes, kept=merged.kept)


def log_evidence(logs: tuple[str, ...], *, token_budget: int, pii: bool = False, stdin: BinaryIO | None = None) -> Packed:
    """What a drafter would see of logs alone: the block of every cause, gravest first, then the log around the first."""
    inputs = read_sources(logs, stdin=stdin)
    mined = mine(inputs.sources, Redactor(pii=pii))
    ledger = Ledger()
    for rank, failure in enumerate(mined.failures):
        ledger, _ = ledger.add(replace(error_block(failure), weight=1 / (1 + rank)))
    if mined.failures:
        ledger, _ = ledger.extend(replace(piece, weight=0.6) for piece in log_around(mined.failures[0], mined))
    packed = pack(ledger, token_budget=token_budget)
    return packed._replace(notes=(*inputs.notes, *mined.notes))


def _case(
    request: Request, mined: Mined, ledger: Ledger, repository: Repository | None, redactor: Redactor
) -> tuple[Case, Errors, Gathered]:
    """One failure with all the evidence that belongs to it."""
    failure, others = _chosen(mined, request.cause)
    ledger, errors = _errors(failure, others, mined, ledger)
    failure = replace(failure, evidence=errors.primary.id)
    others = tuple(replace(other, evidence=piece.id) for other, piece in zip(others, errors.secondary, strict=False))
    gathered = gather(failure, others, repo=repository, logs=mined.logs, ledger=ledger, redactor=redactor)
    return Case(failure=failure, others=others, ledger=gathered.ledger, versions=gathered.versions), errors, gathered


def _chosen(mined: Mined, cause: int) -> tuple[Failure, tuple[Failure, ...]]:
    if not 1 <= cause <= len(mined.failures):
        raise UsageError(f"--cause {cause}: the input has {len(mined.failures)} causes", hint="choose from 1 on; 1 is the gravest")
    return mined.failures[cause - 1], mined.failures[: cause - 1] + mined.failures[cause:]


def _errors(failure: Failure, others: tuple[Failure, ...], mined: Mined, ledger: Ledger) -> tuple[Ledger, Errors]:
    ledger, primary = ledger.add(error_block(failure))
    ledger, secondary = ledger.extend(error_block(other, max_lines=SECONDARY_LINES) for other in others[:MAX_SECONDARY])
    ledger, around = ledger.extend(log_around(failure, mined))
    more = len(others) - len(secondary)
    errors = Errors(
        primary=primary,
        secondary=secondary,
        around=around,
        secondary_note=f"{more} more causes stand in the log; `--cause N` drafts each."
        if more
        else ""
        if others
        else "The log holds no other error.",
        around_note="" if around else "The log holds nothing else.",
    )
    return ledger, errors


def _first_ledger(previous: Previous | None) -> Ledger:
    """Ids once given out keep their meaning: go on with the record's ledger, or count on from what the text cites."""
    if previous is None:
        return Ledger()
    return previous.record.evidence if previous.record else Ledger(offset=last_cited(previous.text))


def _nothing_found(inputs: Inputs) -> str:
    read = ", ".join(f"`{source.name}` ({source.text.count(chr(10)) + bool(source.text)} lines)" for source in inputs.sources)
    return f"{NO_FAILURE} in {read or 'an empty input'}"
