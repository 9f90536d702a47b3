"""draft_export(): the order of the stages, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

from assistant.assembly import Errors, Stated, assemble, assemble_without_failure
from assistant.document import bodies
from assistant.drafting import Case, Drafter
from assistant.drafting.attempts import recorded
from assistant.drafting.calls import ModelUse
from assistant.drafting.playbook import Playbook
from assistant.errors import UsageError
from assistant.evidence import Failure, Ledger
from assistant.gathering import Gathered, Given, Repository, gather, learn_secrets, open_repository
from assistant.merging import Previous, first_version, last_cited, merge, refuse_other_failure
from assistant.mining import Mined, error_block, log_around, mine
from assistant.mining.reading import read_sources
from assistant.record import RunRecord
from assistant.redaction import Redactor
from assistant.rendering import renderer
from assistant.review import NO_FAILURE, Review, review
from assistant.sections import ResearchExport
from assistant.sources.source import Inputs, Source
from assistant.sources.text import escape
from assistant.version import TOOL

MAX_SECONDARY = 4
SECONDARY_LINES = 25
BASELINE_LIMIT = 800_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to draft from.

    Args:
        logs: paths of files, folders and archives, `-` for standard input.
        junit: paths of files, folders and archives of which only reports of tests in JUnit's XML are read.
        stated: what the user says about the export.
        repo: the repository whose code failed; None where it is not at hand.
        cause: which of the input's causes, gravest first, counted from 1.
        templates: folder of the user's own templates.
        pii: whether personal data is masked too.
        mask: the user's patterns of values that are secret.
        keep: the user's patterns of values that are not.
        baseline: path of a log of a run that passed; empty where there is none.
        since: a revision at which all was well; empty where none is known.
        notes: path of a file of notes; empty where there is none.
        database_url: a running database to read; empty where there is none.
        own: path of the export that is being written; empty for standard output.
        phase_summaries: which paths are summaries of earlier phases, as a shell writes it.
        shown_as: the name of a path that was stored under another one.
    """

    logs: tuple[str, ...]
    stated: Stated
    repo: Path | None = None
    cause: int = 1
    templates: Path | None = None
    pii: bool = False
    junit: tuple[str, ...] = ()
    mask: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    baseline: str = ""
    since: str = ""
    notes: str = ""
    database_url: str = field(default="", repr=False)
    own: str = ""
    phase_summaries: str = "*phase*.md"
    shown_as: Mapping[str, str] = field(default_factory=dict)


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
        use: what a model had to do with it; None without one.
    """

    text: str
    export: ResearchExport
    record: RunRecord
    review: Review
    causes: tuple[Failure, ...]
    notes: tuple[str, ...]
    kept: tuple[str, ...] = ()
    use: ModelUse | None = None


class Material(NamedTuple):
    """What was read: the inputs, their failures, the repository, the redactor that saw all of it, what it had learned by then, the green log, the notes."""

    inputs: Inputs
    mined: Mined
    repository: Repository | None
    redactor: Redactor
    learned: int
    baseline: Source | None = None
    notes: Source | None = None
    again: Callable[[Redactor], Mined] | None = None
    """Masks and mines once more, where that is not done from the inputs."""


def draft_export(
    request: Request,
    *,
    stdin: BinaryIO | None = None,
    previous: Previous | None = None,
    drafter: Drafter | None = None,
    material: Material | None = None,
) -> Outcome:
    """Turn logs and code into a checked Research Export.

    Args:
        request: what to draft from.
        stdin: where `-` is read from.
        previous: the document to bring up to date; what a person wrote or confirmed in it stays.
        drafter: drafts what evidence cannot fill; the playbook by default.
        material: the inputs, where they were read before.

    Raises:
        InputError: a log cannot be read, or `previous` is no Research Export.
        UsageError: there is no such cause, or the templates do not keep the contract.
    """
    render = renderer(request.templates)
    read = material or read_material(request, stdin=stdin)
    export, ledger = (
        assemble_without_failure(_harmless(request.stated, read.redactor), _nothing_found(read.inputs)),
        _first_ledger(previous, read.redactor),
    )
    notes: tuple[str, ...] = ()
    use: ModelUse | None = None
    if not read.mined.failures and request.cause > 1:
        raise UsageError(f"--cause {request.cause}: the input holds no failure")
    if read.mined.failures:
        read, case, errors, gathered = _case(request, read, _first_ledger(previous, read.redactor))
        drafted = (drafter or Playbook()).draft(case)
        export = assemble(_harmless(request.stated, read.redactor), case.failure, errors, gathered, drafted)
        ledger, notes, use = drafted.ledger, (*gathered.notes, *drafted.notes), drafted.use
    text = render(export, ledger)
    failure = read.mined.failures[request.cause - 1] if read.mined.failures else None
    merged = first_version(text, export.drafts)
    if previous:
        merged = merge(previous, bodies(text), export.drafts, blank=bodies(render(ResearchExport(), Ledger())))
        refuse_other_failure(previous, failure, merged)
    before = previous.record if previous else None
    record = RunRecord(
        tool=TOOL,
        signature=failure.signature if failure else "",
        research=before.research if before else (),
        noted=before.noted if before else {},
        research_sources=before.research_sources if before else (),
        research_offset=before.research_offset if before else 0,
        failures=len(read.mined.failures),
        sources=tuple(source.name for source in read.inputs.sources),
        ledger=ledger.items,
        ledger_offset=ledger.offset,
        subsections=merged.written,
        notes=(*read.inputs.notes, *read.mined.notes, *notes),
    )
    record = _with_use(record, use) if use else record
    reviewed = review(merged.text, record)
    return Outcome(
        text=merged.text,
        export=export,
        record=replace(record, problems=reviewed.counted(allow_drafts=True)),
        review=reviewed,
        causes=read.mined.failures,
        notes=record.notes,
        kept=merged.kept,
        use=use,
    )


def prepare_case(request: Request, *, stdin: BinaryIO | None = None) -> Case | None:
    """All that a drafter would see, without drafting; None where the logs hold no failure."""
    read = read_material(request, stdin=stdin)
    return _case(request, read, Ledger())[1] if read.mined.failures else None


def read_material(request: Request, *, stdin: BinaryIO | None = None) -> Material:
    """Read, mask and mine all inputs of a request.

    Raises:
        InputError: a log cannot be read.
    """
    redactor = Redactor(pii=request.pii, mask=request.mask, keep=request.keep)
    repository = open_repository(request.repo) if request.repo else None
    redactor.study(request.database_url)
    redactor.study("\n".join(getattr(request.stated, item.name) for item in fields(Stated)))
    if repository:
        learn_secrets(repository, redactor)  # all is searched for secrets before anything is masked
    inputs = read_sources(request.logs, reports=request.junit, stdin=stdin, shown_as=request.shown_as)
    mined = mine(inputs.sources, redactor)
    baseline, notes = _single(request.baseline), _single(request.notes)
    if notes:
        redactor.study(notes.text)
    return Material(inputs, mined, repository, redactor, redactor.learned, baseline, notes)


def _single(path: str) -> Source | None:
    """The one text behind a path; None where no path is given."""
    return next(iter(read_sources((path,)).sources), None) if path else None


def _case(request: Request, read: Material, ledger: Ledger) -> tuple[Material, Case, Errors, Gathered]:
    """One failure with all the evidence that belongs to it; and what was read, masked anew where code told a secret."""
    failure, others = _chosen(read.mined, request.cause)
    longer, errors = _errors(failure, others, read.mined, ledger)
    failure = replace(failure, evidence=errors.primary.id)
    others = tuple(replace(other, evidence=piece.id) for other, piece in zip(others, errors.secondary, strict=False))
    gathered = gather(failure, others, repo=read.repository, given=_given(failure, request, read), ledger=longer, redactor=read.redactor)
    if read.redactor.learned > read.learned:
        mined = read.again(read.redactor) if read.again else mine(read.inputs.sources, read.redactor)
        return _case(request, read._replace(mined=mined, learned=read.redactor.learned), ledger)
    case = Case(
        failure=failure,
        others=others,
        ledger=gathered.ledger,
        versions=gathered.versions,
        change=gathered.change,
        attempts=recorded(gathered.attempts, failure.evidence, gathered.ledger) if gathered.attempts else (),
    )
    return read, case, errors, gathered


def _given(failure: Failure, request: Request, read: Material) -> Given:
    """The logs, the green state, the notes, and the runs whose logs were given before the one that holds the failure."""
    names = [source.name for source in read.inputs.sources]
    before = names[: names.index(failure.origin.path)] if failure.origin.path in names else []
    return Given(
        logs=read.mined.logs,
        since=request.since,
        baseline=read.redactor.mask(_ends(read.baseline.text)) if read.baseline else "",
        baseline_name=read.baseline.name if read.baseline else "",
        notes=read.notes.text if read.notes else "",
        notes_name=read.notes.name if read.notes else "",
        database_url=request.database_url,
        own=request.own,
        phase_summaries=request.phase_summaries,
        earlier=tuple((name, tuple(one for one in read.mined.failures if one.origin.path == name)) for name in before),
    )


def _ends(text: str) -> str:
    """A long log's beginning and end, where it says what ran."""
    return text if len(text) <= BASELINE_LIMIT else f"{text[: BASELINE_LIMIT // 2]}\n{text[-BASELINE_LIMIT // 2 :]}"


def _with_use(record: RunRecord, use: ModelUse) -> RunRecord:
    return replace(
        record,
        prompts=dict(use.prompts),
        model=use.model,
        endpoint=use.endpoint,
        tokens=use.tokens,
        cost_usd=use.cost_usd,
        counter=use.counter,
        calls=use.calls,
    )


def _harmless(stated: Stated, redactor: Redactor) -> Stated:
    """What options, git and the environment say, masked and escaped like everything else."""
    return Stated(**{item.name: redactor.mask(escape(getattr(stated, item.name))[0]) for item in fields(Stated)})


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


def _first_ledger(previous: Previous | None, redactor: Redactor) -> Ledger:
    """Ids once given out keep their meaning: go on with the record's ledger, or count on from what the text cites.

    What was recorded is masked as today's options want it: an earlier run may have kept personal data.
    """
    if previous is None:
        return Ledger()
    if not previous.record:
        return Ledger(offset=last_cited(previous.text))
    held = previous.record.evidence
    texts = redactor.mask_all([piece.text for piece in held])
    return Ledger(tuple(replace(piece, text=text) for piece, text in zip(held, texts, strict=True)), held.offset)


def _nothing_found(inputs: Inputs) -> str:
    read = ", ".join(f"`{source.name}` ({source.lines} lines)" for source in inputs.sources)
    return f"{NO_FAILURE} in {read or 'an empty input'}"
