"""Open the inputs that the paths name as streams: files, folders, archives and stdin, packed or not."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from assistant.sources.finding import AS_THEY_ARE, Place, find_files, looks_like_log, names_of, shown
from assistant.sources.magic import ARCHIVES, SEVEN, TAR, kind_of
from assistant.sources.streams import SNIFFED, Budget, Growth, Reader, Skipped, Stream, StreamCut

if TYPE_CHECKING:
    from assistant.sources.archives import Member

MAX_LAYERS = 4
"""How deep packed data and archives may stand in each other, as in a `.gz` in a `.zip` in a `.tar.gz`."""


class _Layer(NamedTuple):
    """Something that may be packed, an archive, or a log.

    Args:
        name: how a reader finds it.
        found: whether a folder or an archive was searched for it.
        depth: in how many layers it stands.
        growth: how much it may grow; None for what is not packed.
        file: the same as a file that can seek; None where there is none.
        following: how many more inputs there are, as far as that can be told.
        given: which of the given paths it belongs to, counted from 0.
    """

    name: str
    found: bool = False
    depth: int = 0
    growth: Growth | None = None
    file: BinaryIO | None = None
    following: int = 0
    given: int = 0


def open_streams(
    paths: Sequence[str], *, stdin: BinaryIO | None = None, base: Path | None = None, shown_as: Mapping[str, str] = AS_THEY_ARE
) -> Iterator[Stream | Skipped]:
    """Open the inputs that the paths name, one after the other; each must be read before the next is asked for.

    Args:
        paths: files, folders and archives (searched for what looks like a log) and `-` for stdin.
        stdin: read instead of the process's stdin.
        base: the folder that names are relative to; the current folder where it is not given.
        shown_as: the name of a path that was stored under another one.

    Returns:
        Streams in the order of the paths, folders sorted by name, archives in their own order; and what is not read.
    """
    budget = Budget()
    places = list(find_files(paths))
    names = iter(names_of([one.path for one in places if isinstance(one, Place)], (base or Path.cwd()).resolve(), shown_as))
    for number, one in enumerate(places, 1):
        if isinstance(one, Skipped):
            yield one
            continue
        layer = _Layer(next(names), one.found, following=len(places) - number, given=one.given)
        if one.path == "-":
            yield from _streams(Reader((stdin or sys.stdin.buffer).read), layer, budget)
        else:
            yield from _of_file(one, layer, budget)


def _of_file(place: Place, layer: _Layer, budget: Budget) -> Iterator[Stream | Skipped]:
    try:
        with Path(place.path).open("rb", buffering=SNIFFED) as file:
            raw = Reader(file.read, size=os.fstat(file.fileno()).st_size)
            yield from _streams(raw, layer._replace(file=file if file.seekable() else None), budget)
    except FileNotFoundError:
        yield Skipped(shown(place.path), "no such file or folder", "Check the path; `-` reads from stdin.", place.found)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        yield Skipped(shown(place.path), f"cannot be read: {reason}", "Check that it is a readable file.", place.found)


def _streams(raw: Reader, layer: _Layer, budget: Budget) -> Iterator[Stream | Skipped]:
    """What stands in an input: itself, what it unpacks to, or the logs of an archive."""
    kind = kind_of(raw.head)
    if not kind:
        yield Stream(layer.name, raw.blocks(), layer.found, layer.following, layer.given)
    elif layer.depth >= MAX_LAYERS:
        yield Skipped(layer.name, f"packed data and archives stand in each other more than {MAX_LAYERS} deep", found=layer.found)
    elif kind == SEVEN:
        yield Skipped(layer.name, "7z archives are not read", "Extract it and give the folder.", layer.found)
    else:
        growth = layer.growth or Growth(raw, budget)
        inner = layer._replace(depth=layer.depth + 1, growth=growth, file=None)
        if kind in ARCHIVES:
            yield from _in_archive(raw, kind, layer, inner, budget)
            return
        # late: most logs are not packed, and the libraries cost a bare start of the interpreter
        from assistant.sources.packed import unpacked

        yield from _streams(Reader(unpacked(kind, raw), growth=growth), inner, budget)


def _in_archive(raw: Reader, kind: str, layer: _Layer, inner: _Layer, budget: Budget) -> Iterator[Stream | Skipped]:
    """The logs of an archive, under its name."""
    read = 0
    with ExitStack() as opened:
        try:
            for member in _members(raw, kind, layer.file, opened):
                name = f"{layer.name}!{shown(member.name)}" if member.name else layer.name
                if member.pull is None:
                    yield Skipped(name, member.reason)
                    continue
                read += 1
                reader = Reader(member.pull, growth=inner.growth, member_size=member.size)
                following = layer.following + member.following
                yield from _streams(reader, inner._replace(name=name, found=True, following=following), budget)
        except StreamCut as cut:
            yield Skipped(layer.name, cut.note, "Fetch it again.", layer.found or read > 0)


def _members(raw: Reader, kind: str, file: BinaryIO | None, opened: ExitStack) -> "Iterator[Member]":
    # late: few inputs are archives, and the libraries cost a bare start of the interpreter
    from assistant.sources.archives import spooled, tar_members, zip_members

    if kind == TAR:
        return tar_members(raw, looks_like_log)
    return zip_members(file or opened.enter_context(spooled(raw)), looks_like_log)
