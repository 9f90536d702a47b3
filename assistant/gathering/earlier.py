"""Earlier exports of the repository: which of them are about the same or a like failure, and how they were solved.

The exports themselves are the source; the index in `.assistant/exports.sqlite` only saves reading them all, and is made anew when it is missing or old.
"""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from assistant.evidence import Kind
from assistant.gathering.collection import Collection
from assistant.sources.text import escape

INDEX, IGNORE = ".assistant/exports.sqlite", ".assistant/.gitignore"
RECORD = ".run.json"
EXPORT_LIMIT, RECORD_BYTES, TEXT_BYTES = 300, 8_000_000, 400_000
SAME_LIMIT, LIKE_LIMIT = 3, 2
WORD_LIMIT, FEWEST_SHARED = 12, 3
SOLUTION_LIMIT, ERROR_LIMIT = 240, 2_000
WEIGHT = 0.45
_WORD = re.compile(r"[A-Za-z_]\w{3,60}")
_TITLE = re.compile(r"^# Research Export: (.{1,300})$", re.MULTILINE)
_SOLUTION = re.compile(r"^### Solution Found\n(?P<body>.*?)(?=^### |^## |\Z)", re.MULTILINE | re.DOTALL)
_UNTOLD = re.compile(r"\[Describe the solution\]|\[REVIEW|^\s*$")


class Earlier(NamedTuple):
    """An earlier export: its path, the failure's signature, its title, its error and its solution, empty where none is told."""

    path: str
    signature: str
    title: str
    error: str
    solution: str


def similar_exports(collection: Collection, own: str = "") -> tuple[str, ...]:
    """One item an earlier export of the same failure, then of a like one, each cited.

    Args:
        collection: where to read from and add to.
        own: the export that is being written; it is not similar to itself.
    """
    if collection.repository is None:
        return ()
    root = collection.repository.root
    records = [path for path in collection.repository.files if path.endswith(RECORD) and (root / path).resolve() != _record_of(own)][
        :EXPORT_LIMIT
    ]
    if not records:
        return ()
    try:
        with closing(_index(root, records)) as index:
            same, like = _found(index, collection)
    except (sqlite3.Error, OSError) as error:
        collection.note(f"earlier exports were not searched: `{INDEX}` cannot be used ({type(error).__name__})")
        return ()
    return tuple(_item(one, how, collection) for how, found in (("the same failure", same), ("a like failure", like)) for one in found)


def _record_of(own: str) -> Path | None:
    path = Path(own).resolve() if own else None
    return path.with_name((path.stem if path.suffix == ".md" else path.name) + RECORD) if path else None


def _index(root: Path, records: list[str]) -> sqlite3.Connection:
    """The index, with exactly these exports in it as they are now."""
    if (root / INDEX).parent.is_symlink() or (root / INDEX).is_symlink():
        raise OSError(f"{INDEX} is a link")
    (root / INDEX).parent.mkdir(exist_ok=True)
    ignore = root / IGNORE
    if not ignore.exists():
        ignore.write_text("exports.sqlite*\n", encoding="utf-8")
    index = sqlite3.connect(root / INDEX)
    index.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS exports USING fts5(path UNINDEXED, signature UNINDEXED, stamp UNINDEXED, title, error, solution)"
    )
    held = dict(index.execute("SELECT path, stamp FROM exports"))
    wanted = {path: _stamp(root, path) for path in records}
    for path in held.keys() | wanted.keys():
        if held.get(path) == wanted.get(path):
            continue
        index.execute("DELETE FROM exports WHERE path = ?", (path,))
        if path in wanted and (one := _read(root, path)):
            index.execute(
                "INSERT INTO exports VALUES (?, ?, ?, ?, ?, ?)", (path, one.signature, wanted[path], one.title, one.error, one.solution)
            )
    index.commit()
    return index


def _stamp(root: Path, record: str) -> str:
    files = [root / record, _export_of(root, record)]
    return " ".join(f"{file.stat().st_mtime_ns}:{file.stat().st_size}" for file in files if file.is_file())


def _export_of(root: Path, record: str) -> Path:
    name = record.removesuffix(RECORD)
    return root / name if (root / name).is_file() else root / f"{name}.md"


def _read(root: Path, record: str) -> Earlier | None:
    """An export and its record; None where they cannot be read as such."""
    export = _export_of(root, record)
    try:
        if (root / record).stat().st_size > RECORD_BYTES or not export.is_file():
            return None
        held = json.loads((root / record).read_text(encoding="utf-8"))
        text = export.read_bytes()[:TEXT_BYTES].decode("utf-8", "replace").replace("\r\n", "\n")
    except (OSError, ValueError):
        return None
    ledger = held.get("ledger") if isinstance(held, dict) else None
    if not isinstance(held, dict) or not isinstance(held.get("signature"), str) or not isinstance(ledger, list):
        return None
    errors = [str(piece.get("text", "")) for piece in ledger if isinstance(piece, dict) and piece.get("kind") == "error"]
    title, solution = _TITLE.search(text), _SOLUTION.search(text)
    told = " ".join(solution["body"].split()) if solution and not _UNTOLD.search(solution["body"]) else ""
    return Earlier(record, held["signature"], title[1] if title else "", (errors or [""])[0][:ERROR_LIMIT], told[:TEXT_BYTES])


def _found(index: sqlite3.Connection, collection: Collection) -> tuple[list[Earlier], list[Earlier]]:
    failure = collection.failure
    columns = "path, signature, title, error, solution"
    same = [
        Earlier(*row)
        for row in index.execute(
            f"SELECT {columns} FROM exports WHERE signature = ? AND signature != '' LIMIT {SAME_LIMIT}", (failure.signature,)
        )
    ]
    words = list(dict.fromkeys(_WORD.findall(f"{failure.exception} {failure.message}")))[:WORD_LIMIT]
    if not words:
        return same, []
    query = " OR ".join(f'"{word}"' for word in words)
    rows = index.execute(
        f"SELECT {columns} FROM exports WHERE exports MATCH ? AND signature != ? ORDER BY rank LIMIT 20", (query, failure.signature)
    )
    near = [one for one in (Earlier(*row) for row in rows) if _shared(one, words) >= min(FEWEST_SHARED, len(words))]
    return same, near[:LIKE_LIMIT]


def _shared(one: Earlier, words: list[str]) -> int:
    held = {word.lower() for word in _WORD.findall(f"{one.title} {one.error}")}
    return sum(word.lower() in held for word in words)


def _item(one: Earlier, how: str, collection: Collection) -> str:
    export = one.path.removesuffix(RECORD)
    lines = [f"export: {export}", f"title: {one.title}", f"solution: {one.solution[:SOLUTION_LIMIT] or 'not told yet'}"]
    piece = collection.cite_text(export, "\n".join(escape(line)[0] for line in lines), kind=Kind.NOTE, weight=WEIGHT)
    solved = piece.text.split("\n")[2].removeprefix("solution: ")
    return f"`{export}` is about {how} ({piece.id}); its solution: {solved}"
