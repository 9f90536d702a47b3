"""Attempts that `assistant attempt` recorded for this failure."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Evidence, Failure, Kind
from assistant.gathering.attempts.records import FOLDER, AttemptRecord, load, paths_in
from assistant.gathering.collection import Collection
from assistant.sections import Attempt

WEIGHT = 0.6
DIFF_LINES, TAIL_LINES = 60, 12
MESSAGE_LIMIT = 160


def recorded_attempts(collection: Collection, others: Sequence[Failure]) -> Iterator[Attempt]:
    """The recorded attempts that concern the failure; a note counts those that concern others.

    Args:
        collection: where to read from and add to.
        others: the other failures of the same input.
    """
    if collection.repository is None:
        return
    elsewhere = 0
    for path in paths_in(collection.repository.root):
        record = load(path)
        if isinstance(record, str):
            collection.note(f"`{FOLDER}/{path.name}` was left out: {record}")
        elif concerns(record, (collection.failure, *others)):
            yield _attempt(record, f"{FOLDER}/{path.name}", collection)
        else:
            elsewhere += 1
    if elsewhere:
        collection.note(
            f"{elsewhere} recorded attempt{'s' if elsewhere > 1 else ''} under `{FOLDER}` concern{'' if elsewhere > 1 else 's'} another failure and {'were' if elsewhere > 1 else 'was'} left out"
        )


def concerns(record: AttemptRecord, failures: Sequence[Failure]) -> bool:
    """Whether an attempt was about one of some failures: the same failure, the same test, or a command that names the test."""
    for failure in failures:
        files = {test.partition("::")[0] for test in failure.test_ids}
        if record.signature and record.signature == failure.signature:
            return True
        if set(record.tests) & set(failure.test_ids) or any(file and file in record.command for file in files):
            return True
        if not failure.test_ids and record.exception and record.exception == failure.exception:
            return True
    return False


def _attempt(record: AttemptRecord, path: str, collection: Collection) -> Attempt:
    piece = collection.cite_text(path, "\n".join(_lines(record)), kind=Kind.HISTORY, weight=WEIGHT)
    diff = _diff(record, path, collection)
    code = f"`{_flat(record.command)}` ({piece.id})"
    if diff:
        code += f", with these changes not committed ({diff.id}):\n\n```diff\n{diff.text}\n```"
    return Attempt(
        approach=f"{_flat(record.approach)} (recorded {_flat(record.started)[:16]}, {piece.id})",
        result=f"{_outcome(record)} ({piece.id})",
        why_it_didnt_work=_why(record, piece, collection),
        code_snippets=code,
    )


def _lines(record: AttemptRecord) -> Iterator[str]:
    yield f"approach: {_flat(record.approach)}"
    yield f"command: {_flat(record.command)}"
    yield f"started: {record.started}"
    yield f"took: {record.duration_s:.1f} s"
    yield f"exit code: {record.exit_code}"
    if record.commit:
        yield f"on commit: {record.commit}"
    if record.exception or record.message:
        yield f"failure: {record.exception}: {record.message}" if record.exception else f"failure: {record.message}"
    if record.tests:
        yield f"failing tests: {', '.join(record.tests[:5])}"
    tail = [line for line in record.log.split("\n") if line.strip()][-TAIL_LINES:]
    yield from ["end of its output:", *tail] if tail else []


def _diff(record: AttemptRecord, path: str, collection: Collection) -> Evidence | None:
    lines = record.diff.split("\n")
    if not record.diff.strip():
        return None
    more = len(lines) - DIFF_LINES
    text = "\n".join([*lines[:DIFF_LINES], *([f"({more} more lines of this diff are in {path})"] if more > 0 else [])])
    return collection.cite_text(f"{path}, diff", text, kind=Kind.HISTORY, weight=WEIGHT - 0.1)


def _outcome(record: AttemptRecord) -> str:
    ended = "It passed (exit code 0)" if record.exit_code == 0 else f"It ended with exit code {record.exit_code}"
    told = _flat(f"{record.exception}: {record.message}" if record.exception else record.message)[:MESSAGE_LIMIT].strip()
    return f"{ended} after {record.duration_s:.1f} s{f': `{told}`' if told and record.exit_code else ''}"


def _why(record: AttemptRecord, piece: Evidence, collection: Collection) -> str | None:
    """What the logs before and after say; nothing where they do not tell."""
    failure = collection.failure
    if record.exit_code == 0 or not (record.exception or record.message):
        return None
    if record.signature and record.signature == failure.signature:
        return f"The same failure came back ({piece.id}, {failure.evidence})."
    if set(record.tests) & set(failure.test_ids):
        return f"The test failed in another way then ({piece.id}) than it does now ({failure.evidence})."
    return None


def _flat(text: str) -> str:
    return " ".join(text.replace("`", "'").split())
