"""Where exports lie while they are reviewed: one protocol, whatever keeps them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers

from assistant.errors import AssistantError
from assistant.record import RunRecord


class StaleError(AssistantError):
    """Somebody else wrote the export since it was loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An export in the list.

    Args:
        key: by which it is loaded.
        title: the problem's name.
        state: `blanks`, `drafts`, `problems` or `ready`; `waiting`, `working` or `failed` where there is no document yet.
        blanks: how many blanks wait for a person.
        drafts: how many drafts nobody confirmed.
        problems: how many rules are broken.
        changed: when it was written last, in seconds since the epoch; 0 where that is not known.
        source: what it was drafted from.
    """

    key: str
    title: str
    state: str
    blanks: int = 0
    drafts: int = 0
    problems: int = 0
    changed: float = 0.0
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An export as it was loaded.

    Args:
        key: by which it was loaded.
        name: its file name for downloads, as in `export.md`.
        text: the document; empty while there is none.
        version: told apart from every other state of the export.
        record: its run record.
        state: where it stands while there is no document.
        said: what is known of that, as in why drafting failed.
    """

    key: str
    name: str
    text: str
    version: str
    record: RunRecord | None = None
    state: str = ""
    said: str = ""


class Shelf(Protocol):
    """Keeps exports; called from threads."""

    def cards(self, text: str, state: str) -> Sequence[Card]:
        """The exports that hold some words and stand so, newest first; empty means all."""
        ...

    def load(self, key: str) -> Held:
        """One export.

        Raises:
            LookupError: there is none with that key.
        """
        ...

    def save(self, held: Held) -> Held:
        """Write text and record over the version that was loaded.

        Raises:
            StaleError: it has another version by now.
        """
        ...


class Forms(Protocol):
    """Tells forms of our own pages from those of others."""

    def form_token(self, headers: Headers) -> str:
        """What a form must send back."""
        ...

    def is_form_token(self, headers: Headers, given: str) -> bool:
        """Whether it did."""
        ...


Redraft = Callable[[Held, str], Held]
"""Drafts one place anew from the evidence of its record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """What the pages offer.

    Args:
        upload: path that takes logs to draft from; empty where there is none.
        redraft: drafts a place anew; None where that is not offered.
        alone: key of the only export, where no list is wanted.
        mask: the user's patterns of values that are secret.
        keep: the user's patterns of values that are not.
    """

    upload: str = ""
    redraft: Redraft | None = None
    alone: str = ""
    mask: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
