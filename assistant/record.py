"""The run record `NAME.run.json` beside an export: what it stands on, and what was written."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from assistant.checking import Problem
from assistant.document import trim
from assistant.drafting.calls import Call
from assistant.errors import DocumentError
from assistant.evidence import Evidence, Ledger

FORMAT_VERSION = 2
"""2: with research notes. Records of version 1 are read as they are: they have none."""
SUFFIX = ".run.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One subsection as this program wrote it.

    Args:
        digest: of its body, see `body_digest`.
        by: `evidence`, `blank`, or the drafter's name.
        evidence: ids it was drafted from.
        cites: ids that it cites or shows, so that `check` sees when one was taken away.
    """

    digest: str
    by: str
    evidence: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """How a passage stood in its note, so that later runs can go on with it.

    Args:
        note: name of the note.
        form: what it is: `prose`, `step`, `code`, `command`, `diff` or `output`.
        headings: the headings it stands under.
        is_question: whether it is the words of somebody who asks.
    """

    note: str
    form: str = "prose"
    headings: tuple[str, ...] = ()
    is_question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What a run read, knew and wrote. Everything in it is masked.

    Args:
        tool: name and version of this program.
        format_version: of this file; older ones are migrated when read.
        signature: of the cause that was drafted; empty where no failure was found.
        failures: how many different causes the input had.
        sources: names of the inputs.
        ledger: all evidence, in the order of its ids.
        ledger_offset: ids given out before by a run whose record is lost.
        research: the passages of research notes that have an id, in the order of their ids.
        noted: how each of them stood in its note, by its id.
        research_sources: names of the notes that were read.
        research_offset: ids of research notes given out before by a run whose record is lost.
        subsections: place -> what was written there.
        prompts: prompt name -> version and digest; empty without a model.
        model: the model's name; empty without one.
        endpoint: where it was reached; empty without one.
        tokens: sent and received, by the endpoint's own count.
        cost_usd: what the calls cost, where prices are known.
        counter: how tokens were counted before sending; empty without a model.
        calls: every call to the model, failed and repaired ones too.
        notes: what was cut, skipped or fallen back to.
        problems: what the checks said of the document as written.
    """

    tool: str
    format_version: int = FORMAT_VERSION
    signature: str = ""
    failures: int = 0
    sources: tuple[str, ...] = ()
    ledger: tuple[Evidence, ...] = ()
    ledger_offset: int = 0
    research: tuple[Evidence, ...] = ()
    noted: dict[str, Noted] = field(default_factory=dict)
    research_sources: tuple[str, ...] = ()
    research_offset: int = 0
    subsections: dict[str, Written] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    model: str = ""
    endpoint: str = ""
    tokens: dict[str, int] = field(default_factory=dict)
    cost_usd: float = 0.0
    counter: str = ""
    calls: tuple[Call, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def evidence(self) -> Ledger:
        """The ledger, ready for look-ups and for more evidence."""
        return Ledger(self.ledger, self.ledger_offset)

    @property
    def notes_ledger(self) -> Ledger:
        """The research notes, ready for look-ups and for more of them."""
        return Ledger(self.research, self.research_offset, "R")


def body_digest(body: str) -> str:
    """Digest of a subsection's body: SHA-256 over its LF form without blank lines around it."""
    return "sha256:" + hashlib.sha256(trim(body).encode("utf-8", "surrogatepass")).hexdigest()


def record_path(export: Path) -> Path:
    """Where the record of an export lies: `export.md` has `export.run.json`, `export.txt` has `export.txt.run.json`."""
    return export.with_name((export.stem if export.suffix == ".md" else export.name) + SUFFIX)


def dump_record(record: RunRecord) -> str:
    """A record as JSON."""
    return json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n"


def load_record(export: Path) -> RunRecord | None:
    """The record of an export, or None where there is none.

    Raises:
        DocumentError: it is broken, or written by a newer version of this program.
    """
    path = record_path(export)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: cannot be read: {error}") from None
    return parse_record(text, path)


def parse_record(text: str, path: Path) -> RunRecord:
    """A record from its JSON.

    Args:
        text: JSON.
        path: where it stands, for what is told.

    Raises:
        DocumentError: it is broken, or written by a newer version of this program.
    """
    # pydantic costs about seven bare starts of the interpreter: only a run that finds a record pays for it
    from pydantic import TypeAdapter, ValidationError

    try:
        data = json.loads(text)
        version = data.get("format_version", FORMAT_VERSION) if isinstance(data, dict) else FORMAT_VERSION
        if isinstance(version, int) and version > FORMAT_VERSION:
            raise DocumentError(
                f"{path}: has format {version}, this program knows up to {FORMAT_VERSION}", hint="upgrade research-export-assistant"
            )
        record = TypeAdapter(RunRecord).validate_python(data, strict=False)
    except json.JSONDecodeError as error:
        raise _broken(path, f"line {error.lineno}: {error.msg}") from None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise _broken(path, f"{where or 'top level'}: {error.errors()[0]['msg']}") from None
    for ledger in (record.evidence, record.notes_ledger):
        want = [f"{ledger.prefix}{number}" for number in range(ledger.offset + 1, ledger.offset + len(ledger) + 1)]
        if ledger.offset < 0 or [piece.id for piece in ledger] != want:
            raise _broken(path, "the ids of the ledger do not count on")
    return replace(record, format_version=FORMAT_VERSION)


def _broken(path: Path, what: str) -> DocumentError:
    return DocumentError(f"{path}: is no run record ({what})", hint="restore it, or remove it: then all text counts as a person's")
