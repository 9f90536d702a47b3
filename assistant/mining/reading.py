"""Inputs to sources: each stream is sieved, decoded and made harmless, within the memory that all of them share."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from assistant.errors import InputError
from assistant.mining.records import readable
from assistant.mining.sieve import SMALL, sieve
from assistant.sources.encodings import as_utf8, decoded, is_binary, wide_encoding
from assistant.sources.files import open_streams
from assistant.sources.finding import AS_THEY_ARE, XML_SUFFIX, shown, suffix_of
from assistant.sources.magic import is_report
from assistant.sources.source import Inputs, Source
from assistant.sources.streams import SNIFFED, Skipped, Stream, StreamCut
from assistant.sources.terminal import last_states
from assistant.sources.text import encoding_of, escape

ALL_ROOM = SMALL * 2
"""How many bytes are kept of all inputs together, about."""

REPORT_ROOM = SMALL * 4
"""How many characters are kept of a report that is read by itself: every failed test must be named."""

LEAST_ROOM = 8 * 1024
MAX_INPUTS = 2000
MAX_SHARES = 8
"""What is left is shared with so many inputs that follow, at most: they may well be small."""

NO_REPORT = "Give JUnit XML, as in `pytest --junit-xml FILE`."
MAX_TOLD = 20
"""So many skipped inputs are named."""


def read_sources(
    paths: Sequence[str],
    *,
    reports: Sequence[str] = (),
    stdin: BinaryIO | None = None,
    base: Path | None = None,
    shown_as: Mapping[str, str] = AS_THEY_ARE,
) -> Inputs:
    """Read what the paths name, as far as it is looked at.

    Args:
        paths: files, folders and archives (searched for what looks like a log or a report of tests) and `-` for stdin.
        reports: the same, of which only reports of tests in JUnit's XML are read.
        stdin: read instead of the process's stdin.
        base: the folder that names are relative to; the current folder where it is not given.
        shown_as: the name of a path that was stored under another one.

    Returns:
        The texts, in the order of the paths, folders sorted by name.

    Raises:
        InputError: A named input cannot be read, or there is no log in what was searched.
    """
    sources: list[Source] = []
    skipped: list[Skipped] = []
    left = ALL_ROOM
    read_from: set[int] = set()
    for one in open_streams([*paths, *reports], stdin=stdin, base=base, shown_as=shown_as):
        if len(sources) == MAX_INPUTS:
            skipped.append(Skipped("what follows", f"only the first {MAX_INPUTS} logs are read"))
            break
        room = max(LEAST_ROOM, min(SMALL, left // min(1 + one.following, MAX_SHARES))) if isinstance(one, Stream) else 0
        read = _read(one, room, only_report=one.given >= len(paths)) if isinstance(one, Stream) else one
        if isinstance(read, Source) and isinstance(one, Stream):
            sources.append(read)
            read_from.add(one.given)
            left -= len(read.text)
        elif isinstance(read, Skipped):
            skipped.append(_refused(read))
    told = _told(skipped)
    for given, path in enumerate(reports, len(paths)):
        if given not in read_from:
            raise InputError(f"{shown(path)}: no report of tests in it that can be read", hint="; ".join(told[:5]) or NO_REPORT)
    if not sources:
        raise InputError("no input could be read", hint="; ".join(told[:5]) or "Give a log file, a folder with logs, or `-` for stdin.")
    return Inputs(tuple(sources), (*told, *(f"{source.name}: {note}" for source in sources for note in source.notes)))


def read_each(path: str, *, stdin: BinaryIO | None = None) -> Iterator[Source | Skipped]:
    """Read what one path names, each log and report of it by itself and with room of its own; what is skipped is told.

    Args:
        path: of a file or archive, or `-` for stdin.
        stdin: read instead of the process's stdin.
    """
    for one in open_streams([path], stdin=stdin):
        read = _read(one, SMALL, report_room=REPORT_ROOM) if isinstance(one, Stream) else one
        if read is not None:
            yield read


def _refused(skipped: Skipped) -> Skipped:
    """What was skipped, unless the user named it."""
    if skipped.found:
        return skipped
    raise InputError(f"{skipped.name}: {skipped.reason}", hint=skipped.hint)


def _told(skipped: Sequence[Skipped]) -> tuple[str, ...]:
    told = [f"skipped {one.name}: {one.reason}" for one in skipped[:MAX_TOLD]]
    return (*told, *([f"skipped {len(skipped) - MAX_TOLD} more inputs"] if len(skipped) > MAX_TOLD else []))


def _read(stream: Stream, room: int, *, only_report: bool = False, report_room: int = 0) -> Source | Skipped | None:
    """Read one stream; None for what was found and is nothing that is looked for."""
    notes: list[str] = []
    blocks = _until_cut(stream, notes)
    first = next(blocks, b"")
    if notes and not first:
        return Skipped(stream.name, notes[0].partition(";")[0], "Fetch the log again.", stream.found)
    if is_report(first[:SNIFFED]):
        return _report(stream, chain([first], blocks), report_room or room, notes)
    if only_report and not stream.found:
        return Skipped(stream.name, "this is no report of tests", NO_REPORT, found=False)
    if only_report or (stream.found and suffix_of(stream.name) == XML_SUFFIX):
        return None
    if is_binary(first[:SNIFFED]):
        hint = "Give a text file: a log, or the captured output of the failing command."
        return Skipped(stream.name, "this is binary data, not a log", hint, stream.found)
    blocks = chain([first], blocks)
    wide = wide_encoding(first[:SNIFFED])
    kept = sieve(as_utf8(blocks, wide) if wide else blocks, room)
    text, guessed = decoded(kept.data)
    text, dropped = last_states(text)
    notes += [f"it has no byte order mark; it was read as {wide.upper()}"] if wide and not encoding_of(first)[1] else []
    notes += [guessed] if guessed else []
    notes += [f"{dropped} earlier states of rewritten lines were left out"] if dropped else []
    source = readable(Source(stream.name, text, (*notes, *kept.notes), kept.numbers, kept.total, kept.repeats))
    text, escaped = escape(source.text)
    return source._replace(text=text, notes=(*source.notes, *escaped))


def _report(stream: Stream, blocks: Iterator[bytes], room: int, notes: list[str]) -> Source | Skipped:
    # late: few inputs are reports
    from assistant.mining.reports import ReportError, read_report

    try:
        source = read_report(stream.name, blocks, room)
    except ReportError as error:
        return Skipped(stream.name, error.reason, "Give a report as the test runner writes it, or the log of the run.", stream.found)
    text, escaped = escape(source.text)
    return source._replace(text=text, notes=(*notes, *source.notes, *escaped))


def _until_cut(stream: Stream, notes: list[str]) -> Iterator[bytes]:
    try:
        yield from stream.blocks
    except StreamCut as cut:
        notes.append(cut.note)
