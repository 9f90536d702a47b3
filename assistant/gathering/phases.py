"""Summaries of earlier phases, found by their names."""

import re
from fnmatch import fnmatch

from assistant.evidence import Kind
from assistant.gathering.collection import Collection
from assistant.redaction.masked import lines_of

PATTERN = "*phase*.md"
LIMIT, LINES, SENTENCE = 3, 40, 200
WEIGHT = 0.25


def phase_summaries(collection: Collection, pattern: str = PATTERN) -> tuple[str, ...]:
    """One item a summary, newest name last: its path and its first sentence, cited.

    Args:
        collection: where to read from and add to.
        pattern: which paths are summaries, as a shell writes it.
    """
    paths = [
        path
        for path in (collection.repository.files if collection.repository else ())
        if fnmatch(path.lower(), pattern.lower()) or fnmatch(path.lower(), f"*/{pattern.lower()}")
    ]
    items: list[str] = []
    for path in sorted(paths, key=_numbers)[-LIMIT:]:
        file = collection.read(path)
        if file is None or not file.count:
            continue
        piece = collection.cite_file(file, 1, min(file.count, LINES), kind=Kind.NOTE, weight=WEIGHT)
        told = next((line.strip(" -*\t") for line in lines_of(piece.text) if len(line.split()) > 3 and not line.startswith("#")), "")
        items.append(f"`{path}`: {_short(told)} ({piece.id})" if told else f"`{path}` ({piece.id})")
    return tuple(items)


def _numbers(path: str) -> tuple[list[int], str]:
    return [int(number) for number in re.findall(r"\d{1,9}", path)], path


def _short(text: str) -> str:
    return text if len(text) <= SENTENCE else text[:SENTENCE].rpartition(" ")[0] + " …"
