"""What a batch is made from, and what it gives back."""

from dataclasses import dataclass
from pathlib import Path

from assistant.assembly import Stated
from assistant.batch.index import Index
from assistant.batch.plan import DATABASE
from assistant.queue.options import sqlite_url
from assistant.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """What a batch is made from.

    Args:
        paths: files, folders and archives of logs and reports.
        folder: where everything is written.
        stated: what the user says about the exports.
        settings: with the options of the command laid over them.
        repo: the repository whose code failed; None where it is not at hand.
        jobs: drafts side by side; inputs are read by so many processes, too, as far as there are processors.
        max_drafts: so many causes are drafted at most; None for all.
        rate: so many drafts begin in a minute at most, over all workers; None for no limit.
        database_url: of the queue that other machines work on, too; empty for a file in the folder.
        resume: whether a batch that did not end is gone on with.
        single_call: everything in one call to the model.
        fresh: whether remembered replies are ignored.
        use_batch_api: whether OpenAI's Batch endpoint is asked.
    """

    paths: tuple[str, ...]
    folder: Path
    stated: Stated
    settings: Settings
    repo: Path | None = None
    jobs: int = 4
    max_drafts: int | None = None
    rate: int | None = None
    database_url: str = ""
    resume: bool = False
    single_call: bool = False
    fresh: bool = False
    use_batch_api: bool = False

    @property
    def url(self) -> str:
        """Where the queue lives."""
        return self.database_url or sqlite_url(self.folder / DATABASE)

    @property
    def templates(self) -> Path | None:
        """The user's own templates."""
        return Path(self.settings.templates) if self.settings.templates else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOutcome:
    """What a batch gives back.

    Args:
        index: as it was written.
        resumed: whether it went on with one that did not end.
        model_failed: whether some drafts were made without the model because it failed.
        capped: whether a cap stopped some.
    """

    index: Index
    resumed: bool
    model_failed: bool
    capped: bool
