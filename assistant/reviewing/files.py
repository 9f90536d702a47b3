"""Exports that lie as files on this machine, as a shelf: no database, the file is the state."""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.document import parse
from assistant.errors import DocumentError
from assistant.exporting import bytes_of, read_document
from assistant.pages.building import plain_title, state_of
from assistant.record import dump_record, load_record, record_path
from assistant.review import review
from assistant.reviewing.shelf import Card, Held, StaleError
from assistant.saving import save


class FileShelf:
    """Some files, by their number from 1; other programs may write them at any time.

    Args:
        paths: of the documents.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = {str(number): path for number, path in enumerate(paths, 1)}
        self._lock = threading.Lock()

    def cards(self, text: str, state: str) -> list[Card]:
        """The exports that hold some words and stand so."""
        found = [self._card(key, path) for key, path in self._paths.items() if _holds(path, text)]
        return [card for card in found if not state or card.state == state]

    def load(self, key: str) -> Held:
        """One export.

        Raises:
            LookupError: there is none with that key.
            InputError: its file cannot be read.
        """
        path = self._paths[key]
        text = read_document(path)
        return Held(key=key, name=path.name, text=text, version=_version(text), record=load_record(path))

    def save(self, held: Held) -> Held:
        """Write a document, and its record where a redraft changed it.

        Raises:
            StaleError: the file was changed meanwhile.
            UsageError: it cannot be written.
        """
        path = self._paths[held.key]
        with self._lock:
            now = bytes_of(path)
            if now is None or hashlib.sha256(now).hexdigest() != held.version:
                raise StaleError(f"{path.name}: was changed meanwhile", hint="open it again and make your change there")
            save(path, held.text)
            if held.record is not None and held.record != load_record(path):
                save(record_path(path), dump_record(held.record))
        return replace(held, version=_version(held.text))

    def _card(self, key: str, path: Path) -> Card:
        text = read_document(path)
        reviewed = review(text, load_record(path))
        counts = reviewed.counts
        return Card(
            key=key,
            title=plain_title(parse(text)),
            state=state_of(reviewed),
            blanks=counts["blank"],
            drafts=counts["draft"],
            problems=counts["error"],
            changed=path.stat().st_mtime,
            source=str(path),
        )


def refuse_documents(paths: Sequence[Path]) -> None:
    """Refuse files that cannot be reviewed, before anything is served.

    Raises:
        InputError: one cannot be read, or its record is broken.
        DocumentError: one is no Research Export.
    """
    for path in paths:
        document = parse(read_document(path))
        if document.find("title") is None or document.find("problem_statement") is None:
            raise DocumentError(f"{path}: is no Research Export", hint="it must begin with '# Research Export: …'")
        load_record(path)


def _holds(path: Path, words: str) -> bool:
    text = f"{path.name}\n{read_document(path)}".lower() if words else ""
    return all(word in text for word in words.lower().split())


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
