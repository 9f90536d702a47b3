"""What a batch is going to do, written down before it begins, so that a killed one can go on with exactly that."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.batch.index import Index
from assistant.errors import UsageError
from assistant.saving import save

FOLDER = ".batch"
PLAN = "plan.json"
SPOOL = "cases"
DONE = "done"
DATABASE = ".batch.sqlite"
LOCK = "lock"
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A batch that was scanned and grouped.

    Args:
        batch: its id; jobs are named by it.
        given: digest of the inputs and options that it was made from.
        index: the causes, none of them done.
        cases: by a cause's id, the spool's files and the places in them that hold its evidence, the first kind of failure first.
        wanted: ids of the causes to draft, in the order in which they are.
        order: what every draft needs to know, see `jobs.Order`.
        format_version: of this file.
    """

    batch: str
    given: str
    index: Index
    cases: dict[str, tuple[tuple[str, int], ...]]
    wanted: tuple[str, ...]
    order: dict[str, Any]
    format_version: int = FORMAT_VERSION


def digest_of(*given: object) -> str:
    """A digest of what a batch is made from."""
    return hashlib.sha256(json.dumps(given, default=str, sort_keys=True).encode()).hexdigest()[:16]


def save_plan(folder: Path, plan: Plan) -> None:
    """Write a plan; from then on `--resume` can go on with it."""
    save(folder / FOLDER / PLAN, json.dumps(asdict(plan), ensure_ascii=False))


def load_plan(folder: Path) -> Plan | None:
    """The plan of a batch that did not end; None where there is none or it cannot be used any more."""
    path = folder / FOLDER / PLAN
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(data, dict) or data.get("format_version") != FORMAT_VERSION:
        return None
    # late: pydantic costs seven bare starts
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Plan).validate_python(data)
    except ValidationError:
        return None


def new_spool(folder: Path) -> Path:
    """An empty folder for cases."""
    spool = folder / FOLDER / SPOOL
    for name in (PLAN, DONE):
        (folder / FOLDER / name).unlink(missing_ok=True)
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir(parents=True)
    return spool


def finished(folder: Path, plan: Plan) -> None:
    """Note that a plan was carried out, then forget it, its cases and its queue."""
    save(folder / FOLDER / DONE, plan.given)
    (folder / FOLDER / PLAN).unlink(missing_ok=True)
    shutil.rmtree(folder / FOLDER / SPOOL, ignore_errors=True)
    for path in folder.glob(f"{DATABASE}*"):
        path.unlink(missing_ok=True)


def is_done(folder: Path, given: str) -> bool:
    """Whether the last batch in a folder was made from the same and ended."""
    path = folder / FOLDER / DONE
    return not (folder / FOLDER / PLAN).exists() and path.is_file() and path.read_text("utf-8") == given


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other batches out of a folder; the lock ends with the process, however it ends.

    Raises:
        UsageError: another batch is at work in it.
    """
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    with (folder / FOLDER / LOCK).open("wb") as file:
        try:
            _lock(file.fileno())
        except OSError:
            raise UsageError(f"{folder}: another batch is at work in it", hint="wait for it, or give another -o") from None
        yield


def _lock(handle: int) -> None:
    try:
        import fcntl  # late: Windows has none
    except ImportError:
        import msvcrt  # late: only Windows has it

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
