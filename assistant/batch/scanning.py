"""Inputs to groups of equal failures: each input read by itself, so that memory does not grow with them, on all processors."""

import multiprocessing
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from assistant.batch.cases import case_of, write_case
from assistant.batch.grouping.captured import captured
from assistant.batch.grouping.projects import places_of
from assistant.batch.grouping.roots import rooted
from assistant.batch.grouping.traits import traits_of
from assistant.batch.values import Alike, Sighting
from assistant.errors import InputError
from assistant.evidence import Excerpt, Failure
from assistant.mining import mine_each
from assistant.mining.reading import read_each
from assistant.mining.signature import signature
from assistant.mining.signature_v1 import signature_v1
from assistant.redaction import Redactor
from assistant.sources.finding import Place, find_files, names_of, shown
from assistant.sources.source import Source
from assistant.sources.streams import Skipped

MAX_FILES = 100_000
TITLE = 160
IN_FLIGHT = 4
"""So many inputs a processor are handed out ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masking:
    """How everything is masked; see `Redactor`."""

    pii: bool = False
    mask: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def redactor(self) -> Redactor:
        """A new redactor."""
        return Redactor(pii=self.pii, mask=self.mask, keep=self.keep)


class Read(NamedTuple):
    """What one input gave.

    Args:
        name: of the input; a member of an archive is one of its own.
        unit: its number, ascending in the order of the inputs.
        groups: its equal failures, in the order in which they first happened.
        passed: digests of the tests that passed, where it is a report that says so.
        is_report: whether it is a report of tests.
        spool: name of the file that its evidence lies in.
    """

    name: str
    unit: int
    groups: tuple[Alike, ...]
    passed: array  # type: ignore[type-arg]  # of unsigned 64-bit numbers; the stub is generic, the class is not before 3.12
    is_report: bool
    spool: str


class Scan(NamedTuple):
    """What all inputs gave, in their order."""

    reads: tuple[Read, ...]
    notes: tuple[str, ...]


Given = tuple[list[Read], list[str], Skipped | None]


class _Task(NamedTuple):
    path: str
    found: bool
    name: str
    masking: Masking
    spool: Path


def scan(paths: Sequence[str], masking: Masking, spool: Path, *, processes: int = 1, told: Callable[[str], None] = lambda _: None) -> Scan:
    """Read all inputs.

    Args:
        paths: files, folders and archives.
        masking: how they are masked.
        spool: folder for the evidence of each group.
        processes: how many inputs are read side by side.
        told: told of each input that was read.

    Raises:
        InputError: a named input cannot be read.
    """
    places, notes = _places(paths)
    names = _names(paths, places)
    tasks = [
        _Task(place.path, place.found, name, masking, spool / f"{number:06d}")
        for number, (place, name) in enumerate(zip(places, names, strict=True))
    ]
    reads: list[Read] = []
    for found, said, refused in _all(tasks, processes):
        if refused:
            raise InputError(f"{refused.name}: {refused.reason}", hint=refused.hint)
        notes += said
        for one in found:
            told(one.name)
            unit = len(reads)
            reads.append(one._replace(unit=unit, groups=tuple(replace(group, unit=unit) for group in one.groups)))
    return Scan(tuple(reads), tuple(notes))


def _places(paths: Sequence[str]) -> tuple[list[Place], list[str]]:
    places: list[Place] = []
    notes: list[str] = []
    for one in find_files(paths, most=MAX_FILES):
        if isinstance(one, Place):
            places.append(one)
        elif one.found:
            notes.append(f"skipped {one.name}: {one.reason}")
        else:
            raise InputError(f"{one.name}: {one.reason}", hint=one.hint)
    return places, notes


def _names(paths: Sequence[str], places: Sequence[Place]) -> list[str]:
    """A distinct name for each file, which shows the folders that tell jobs and runs apart."""
    base, names = Path.cwd().resolve(), []
    for place in places:
        full = Path(place.path).resolve()
        given = Path(paths[place.given]).resolve()
        root = base if full.is_relative_to(base) else given.parent if place.found else full.parent.parent
        names.append(shown(full.relative_to(root).as_posix()))
    again = names_of([place.path for place in places], base) if len(set(names)) < len(names) else names
    return [one if names.count(one) == 1 else other for one, other in zip(names, again, strict=True)] if again is not names else names


def _all(tasks: Sequence[_Task], processes: int) -> Iterator[Given]:
    """What each task gives, in order; a few are handed out ahead, so that results do not pile up."""
    if processes < 2 or len(tasks) < 2:
        yield from map(_one, tasks)
        return
    # a process that is forked would take over the threads' locks
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        rest = iter(tasks)
        waiting = deque(pool.submit(_one, task) for task in islice(rest, processes * IN_FLIGHT))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(_one, task) for task in islice(rest, 1))


def _one(task: _Task) -> Given:
    """All that one file gives: a log or report, or the members of an archive; and why a file that was named cannot be read."""
    reads, notes = [], []
    with task.spool.open("wb") as spool:
        for one in read_each(task.path):
            name = one.name.replace(shown(Path(task.path).name), task.name, 1) if "!" in one.name else task.name
            if isinstance(one, Skipped) and not one.found and not task.found:
                return [], [], one
            if isinstance(one, Skipped):
                notes.append(f"skipped {name}: {one.reason}")
                continue
            reads.append(_read(one._replace(name=name), task.masking, spool))
            notes += [f"{name}: {note}" for note in one.notes]
    return reads, notes, None


def _read(source: Source, masking: Masking, spool: BinaryIO) -> Read:
    failures, log = mine_each(source, masking.redactor())
    groups: dict[tuple[str, str, bool], list[Failure]] = {}
    for one in failures:
        behind = captured(one)
        key = (behind.signature if behind else signature(rooted(one)), one.language, one.phase == "teardown")
        groups.setdefault(key, []).append(one)
    alike = tuple(_alike(key[0], members, order, log, spool) for order, (key, members) in enumerate(groups.items()))
    return Read(source.name, 0, alike, array("Q", source.passed), bool(source.cases), Path(spool.name).name)


def _alike(key: str, members: Sequence[Failure], order: int, log: Excerpt, spool: BinaryIO) -> Alike:
    """Equal failures as one group, its evidence written to the spool; the first of them stands for all."""
    first = replace(
        members[0],
        signature=signature(members[0]),
        count=len(members) if members[0].test_id else sum(one.count for one in members),
        others=_others(members),
    )
    ours = [one for one in (*first.frames, *rooted(first).cause.frames) if one.ours and not one.path.startswith(("/", "<"))]
    said = f"{first.exception}: {first.message}" if first.exception else first.message or first.text
    return Alike(
        signature=first.signature,
        key=key,
        older=(signature_v1(first),),
        title=" ".join(said.strip().partition("\n")[0].split())[:TITLE],
        language=first.language,
        traits=traits_of(rooted(first)),
        sightings=tuple(
            Sighting(one.test_id, one.origin.path, one.origin.first, one.phase, 1 if one.test_id else one.count) for one in members
        ),
        places=frozenset(place for one in members for place in places_of(one)),
        unit=0,
        order=order,
        file=ours[-1].path if ours else "",
        line=ours[-1].line if ours else 0,
        told=bool(first.exception or first.frames),
        case=write_case(spool, case_of(first, log)),
    )


def _others(members: Sequence[Failure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.test_id for one in members[1:] if one.test_id and one.test_id != members[0].test_id))
