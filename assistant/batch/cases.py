"""The evidence that a draft of a group needs, kept in a file while the batch runs: a failure, and what is read around it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from assistant.evidence import Excerpt, Failure
from assistant.redaction import Redactor
from assistant.redaction.masked import joined, lines_of

HEAD, BEFORE, AFTER, TAIL = 60, 60, 40, 60
"""So many lines are kept of a log's start, before a failure, behind it, and of the log's end: versions, settings, the summary."""

MAX_FRAMES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a draft is made from; all of it is masked.

    Args:
        failure: the failure.
        log: what is kept of the input that it stands in.
    """

    failure: Failure
    log: Excerpt


def case_of(failure: Failure, log: Excerpt) -> Case:
    """A failure with the lines of its log that a reader would look at."""
    lines = lines_of(log.text)
    first, end = log.rows(failure.origin.first, failure.origin.last)
    kept = sorted(
        {
            *range(min(HEAD, len(lines))),
            *range(max(0, first - BEFORE), min(len(lines), end + AFTER)),
            *range(max(0, len(lines) - TAIL), len(lines)),
        }
    )
    excerpt = Excerpt(joined([lines[row] for row in kept]), tuple(log.number(row) for row in kept))
    chain = tuple(replace(one, frames=one.frames[-MAX_FRAMES:]) for one in failure.chain)
    return Case(failure=replace(failure, frames=failure.frames[-MAX_FRAMES:], chain=chain), log=excerpt)


def masked_again(cases: Sequence[Case], redactor: Redactor) -> list[Case]:
    """Cases as a redactor masks them that has learned more since, as from the repository's settings."""
    values = [_dumped(case) for case in cases]
    texts: dict[str, None] = {}
    _changed(values, lambda text: texts.setdefault(text) or text)
    masked = dict(zip(texts, redactor.mask_all(list(texts)), strict=True))
    return [loaded(one) for one in _changed(values, lambda text: masked[text])]


def loaded(value: Any) -> Case:
    """A case from JSON's values."""
    # late: pydantic costs seven bare starts, and only a draft of a batch needs it
    from pydantic import TypeAdapter

    return TypeAdapter(Case).validate_python(value)


def write_case(file: BinaryIO, case: Case) -> int:
    """Append a case to a file of cases.

    Returns:
        Where it stands.
    """
    at = file.tell()
    file.write(json.dumps(_dumped(case), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    return at


def read_case(path: Path, at: int) -> dict[str, Any]:
    """A case as JSON's values, from where it stands."""
    with path.open("rb") as file:
        file.seek(at)
        found: dict[str, Any] = json.loads(file.readline().decode("utf-8", "surrogatepass"))
    return found


def _dumped(case: Case) -> dict[str, Any]:
    return asdict(case)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _changed(one, change) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_changed(one, change) for one in value]
    return value
