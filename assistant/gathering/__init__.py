"""Gathering: a failure and a repository in, the evidence that a reader needs out; every reader masks what it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.changes import Change
from assistant.errors import UsageError
from assistant.evidence import Failure, Ledger, Version
from assistant.gathering.code import Shown, problematic_code
from assistant.gathering.collection import Collection
from assistant.gathering.configuration import compose_services, env_settings, learn_secrets
from assistant.gathering.definitions import definitions
from assistant.gathering.endpoint import endpoint_of, handler_code
from assistant.gathering.given import Given
from assistant.gathering.packagelinks import package_links
from assistant.gathering.phases import phase_summaries
from assistant.gathering.related import failing_tests, related_code
from assistant.gathering.repository import Repository, open_repository
from assistant.gathering.signs import environment_of, links_in, step_of
from assistant.gathering.statements import database, fastapi_version, must_have, other_versions, python_version
from assistant.gathering.tables import table_definitions
from assistant.gathering.versions import known_versions
from assistant.gathering.working import working_code
from assistant.redaction import Redactor
from assistant.sections import Attempt, Block, CodeBlock

__all__ = ["Gathered", "Given", "Repository", "gather", "learn_secrets", "open_repository"]


NO_CHANGE = Change()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was found around a failure; texts cite the evidence they stand on, and what is not known is None.

    Args:
        ledger: the ledger it was given, with what was found.
        problematic: the functions our frames stand in, innermost first.
        related: the failing tests, what they call, their fixtures, the route's handler, short definitions of what these use.
        env_settings: names of variables.
        compose: the compose services concerned.
        python_environment: the lines that state versions of packages.
        versions: by normalised name.
        must_have: what a solution must keep to.
        attempts: what is known to have been tried.
        tables: definitions of the tables concerned.
        rows: what a running database says of their state.
        phases: summaries of earlier phases.
        similar: earlier exports of the same or a like failure.
        change: what changed since the failing tests last could pass.
        documentation: links that the error names, as inline code, and those of the metadata of packages.
        working: code elsewhere that uses the same and stands in no traceback.
        notes: what was left out or is in doubt.
    """

    ledger: Ledger
    problematic: tuple[CodeBlock, ...] = ()
    related: tuple[CodeBlock, ...] = ()
    env_settings: tuple[Block, ...] = ()
    compose: tuple[Block, ...] = ()
    python_environment: tuple[Block, ...] = ()
    versions: Mapping[str, Version]
    environment: str | None = None
    database: str | None = None
    python_version: str | None = None
    fastapi_version: str | None = None
    other_versions: str | None = None
    endpoint: str | None = None
    step: str | None = None
    must_have: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    tables: tuple[Block, ...] = ()
    rows: tuple[Block, ...] = ()
    phases: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    change: Change = NO_CHANGE
    documentation: tuple[str, ...] = ()
    working: tuple[CodeBlock, ...] = ()
    notes: tuple[str, ...] = ()


def gather(
    failure: Failure,
    others: tuple[Failure, ...],
    *,
    repo: Path | Repository | None,
    given: Given,
    ledger: Ledger,
    redactor: Redactor,
) -> Gathered:
    """Collect what a reader needs to understand a failure.

    Args:
        failure: what it is for; its evidence stands in the ledger.
        others: the other failures of the same input.
        repo: the repository's folder, or what `open_repository` made of it; None where there is none.
        given: the logs, and what is known of the last green state and of attempts.
        ledger: the evidence so far.
        redactor: masks all that is read.
    """
    repository = repo if not isinstance(repo, Path) else _opened(repo, redactor)
    starts = tuple(one.origin.first for one in others if one.origin.path == failure.origin.path)
    collection = Collection(failure, ledger, redactor, given.logs, repository, starts)
    for note in repository.notes if repository else ():
        collection.note(note)
    problematic, shown = problematic_code(collection)
    related, shown = related_code(collection, shown)
    endpoint = endpoint_of(collection, failing_tests(collection))
    change, changed = _change(collection, others, given, shown)
    related = (
        *related,
        *changed,
        *handler_code(endpoint, collection, shown),
        *definitions(collection, shown),
    )
    live, rows = _live(collection, given)
    settings = env_settings(collection)
    compose, services = compose_services(collection)
    known = known_versions(collection)
    database_text = database(collection, known, services)
    found = Gathered(
        ledger=collection.ledger,
        problematic=problematic,
        related=related,
        env_settings=settings,
        compose=compose,
        python_environment=known.blocks,
        versions=known.versions,
        environment=environment_of(collection),
        database=database_text,
        python_version=python_version(collection, known),
        fastapi_version=fastapi_version(collection, known),
        other_versions=other_versions(known, database_text),
        endpoint=endpoint,
        step=step_of(collection),
        must_have=must_have(collection, known),
        attempts=_attempts(collection, others, change, given),
        tables=(*live, *table_definitions(collection)),
        rows=rows,
        phases=phase_summaries(collection, given.phase_summaries),
        similar=_similar(collection, given),
        change=change,
        documentation=(*links_in(failure), *package_links(collection, known)),
        working=working_code(collection, others, shown),
        notes=tuple(collection.notes),
    )
    return replace(found, ledger=collection.ledger, notes=tuple(collection.notes))


def _change(
    collection: Collection, others: tuple[Failure, ...], given: Given, shown: tuple[Shown, ...]
) -> tuple[Change, tuple[CodeBlock, ...]]:
    """What changed since the green state, with the code around it."""
    history = collection.repository is not None and (collection.repository.root / ".git").exists()
    if not history and not given.baseline:
        return NO_CHANGE, ()
    # late: only a run with a history or a green log pays for reading them
    from assistant.gathering.change import change_since_green
    from assistant.gathering.change.code import changed_code

    change = change_since_green(collection, others, given)
    return change, changed_code(change, collection, shown)


def _attempts(collection: Collection, others: tuple[Failure, ...], change: Change, given: Given) -> tuple[Attempt, ...]:
    """What is known to have been tried."""
    recorded = collection.repository is not None and (collection.repository.root / ".assistant").exists()
    if not (recorded or change.base or given.notes or given.earlier):
        return ()
    # late for the same reason
    from assistant.gathering.attempts import attempts

    return attempts(collection, others, change, given)


def _live(collection: Collection, given: Given) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What a running database says, where one was given."""
    if not given.database_url:
        return (), ()
    try:
        # late: SQLAlchemy costs some 20 bare starts, and only a run with a database needs it
        from assistant.gathering.live import live_database
    except ModuleNotFoundError:
        raise UsageError("--database-url needs SQLAlchemy", hint='pip install "research-export-assistant[database]"') from None

    return live_database(collection, given.database_url)


def _similar(collection: Collection, given: Given) -> tuple[str, ...]:
    """Earlier exports of the same or a like failure."""
    if collection.repository is None or not any(path.endswith(".run.json") for path in collection.repository.files):
        return ()
    # late: only a repository that holds exports pays for searching them
    from assistant.gathering.earlier import similar_exports

    return similar_exports(collection, given.own)


def _opened(folder: Path, redactor: Redactor) -> Repository:
    repository = open_repository(folder)
    learn_secrets(repository, redactor)
    return repository
