"""`index.json`: every failure of a batch, the cause it belongs to, and why."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from assistant.errors import InputError
from assistant.saving import save
from assistant.version import TOOL

FORMAT_VERSION = 1
NAME = "index.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFailure:
    """One failure.

    Args:
        test_id: of the test; empty outside a test.
        source: name of the input.
        line: the line of the input in which it begins.
        phase: `collection`, `setup`, `call`, `teardown`, or empty where no test ran.
        times: how often this input has it.
        flaky: whether the same test passed in this or another attempt of the same job.
        signature: versioned key of equal failures.
        why: why it belongs to its cause.
        first_seen: day of the first batch that had it.
        last_seen: day of the last one.
    """

    test_id: str
    source: str
    line: int
    phase: str = ""
    times: int = 1
    flaky: bool = False
    signature: str = ""
    why: str = ""
    first_seen: str = ""
    last_seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexCluster:
    """One cause.

    Args:
        id: stays the same from batch to batch.
        title: what went wrong, in one line.
        signature: of the failure that the export is drafted from.
        signatures: of all its failures, older versions too, by which later batches know it again.
        count: how many failures.
        failures: all of them.
        export: name of the export's file beside the index; empty where there is none.
        status: `drafted`, `known` (its list was brought up to date), `waiting`, `left out` (by a cap), `failed`, or `gone`.
        file: path of our code in which it began; empty where that is not known.
        line: the line there.
        flaky: whether every test of it passed in another attempt.
        new: whether this batch is the first that has it.
        note: what has to be said of it.
        first_seen: day of the first batch that had it.
        last_seen: day of the last one.
    """

    id: str
    title: str
    signature: str
    signatures: tuple[str, ...] = ()
    count: int = 0
    failures: tuple[IndexFailure, ...] = ()
    export: str = ""
    status: str = "waiting"
    file: str = ""
    line: int = 0
    flaky: bool = False
    new: bool = True
    note: str = ""
    first_seen: str = ""
    last_seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What a batch found and made.

    Args:
        format_version: of this file.
        tool: name and version of this program.
        date: day of the batch.
        complete: whether all is done; an interrupted batch leaves an index of what is.
        failures: how many failures all causes have.
        inputs: names of the inputs, in order.
        clusters: the causes, the one with the most failures first.
        gone: causes of earlier batches that this one does not have.
        cost_usd: what the drafts cost, as far as prices are known.
        notes: what was skipped, cut or fallen back to.
    """

    format_version: int = FORMAT_VERSION
    tool: str = TOOL
    date: str
    complete: bool = False
    failures: int = 0
    inputs: tuple[str, ...] = ()
    clusters: tuple[IndexCluster, ...] = ()
    gone: tuple[IndexCluster, ...] = ()
    cost_usd: float = 0.0
    notes: tuple[str, ...] = field(default=())


def save_index(folder: Path, index: Index) -> None:
    """Write an index into a folder, whole or not at all."""
    save(folder / NAME, json.dumps(asdict(index), ensure_ascii=False, indent=1) + "\n")


def load_index(folder: Path) -> Index | None:
    """The index of an earlier batch in a folder; None where there is none.

    Raises:
        InputError: it is broken, or written by a newer version of this program.
    """
    path = folder / NAME
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}", hint="restore it, or remove it: then all causes count as new") from None
    if not isinstance(data, dict) or not isinstance(version := data.get("format_version"), int):
        raise InputError(f"{path}: is no index of a batch", hint="give another -o")
    if version > FORMAT_VERSION:
        raise InputError(
            f"{path}: has format {version}, this program knows up to {FORMAT_VERSION}", hint="upgrade research-export-assistant"
        )
    # late: pydantic costs seven bare starts, and only a folder with an earlier batch needs it
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Index).validate_python(data)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise InputError(f"{path}: is broken at {where}: {error.errors()[0]['msg']}", hint="restore it, or remove it") from None
