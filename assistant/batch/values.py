"""The values of a batch: where failures were seen, which are alike, and which share a cause."""

from dataclasses import dataclass
from typing import NamedTuple


class Sighting(NamedTuple):
    """One failure where it was seen.

    Args:
        test_id: of the test that failed; empty outside a test.
        source: name of the input.
        line: the line of the input in which it begins.
        phase: `collection`, `setup`, `call`, `teardown`, or empty where no test ran.
        times: how often this input has it.
    """

    test_id: str
    source: str
    line: int
    phase: str = ""
    times: int = 1


class Trait(NamedTuple):
    """Something about a failure that it can share with others that have the same cause.

    Args:
        kind: which of the rules says so, as in `service`.
        key: what is shared, as in `localhost:5432`.
        reason: why failures that share it have one cause, for people.
    """

    kind: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Failures of one input with the same signature.

    Args:
        signature: of the first of them, by this version.
        key: what all of them share: the signature from where it went wrong on, or that of the error that was logged behind it.
        older: the same by older versions.
        title: what went wrong, in one line.
        language: as in `Failure.language`.
        traits: what they can share with others.
        sightings: where they were seen, in order.
        places: the folders and test modules that our frames and tests are in, by which a project is known.
        unit: number of the input.
        order: place in the course of events of the input, counted from 0.
        file: path of our code in which it began; empty where that is not known.
        line: the line there.
        told: whether an exception or message is known at all.
        case: where the evidence for a draft lies in the spool: its offset in the input's file.
    """

    signature: str
    key: str
    older: tuple[str, ...]
    title: str
    language: str
    traits: tuple[Trait, ...]
    sightings: tuple[Sighting, ...]
    places: frozenset[str]
    unit: int
    order: int
    file: str = ""
    line: int = 0
    told: bool = True
    case: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Failures with one cause.

    Args:
        members: the groups of equal failures, the one that tells most first.
        reasons: for each of them but the first, why it is here.
    """

    members: tuple[Alike, ...]
    reasons: tuple[str, ...]

    @property
    def first(self) -> Alike:
        """The group that the export is drafted from."""
        return self.members[0]

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        """All failures, those of the first group first."""
        return tuple(one for member in self.members for one in member.sightings)

    @property
    def count(self) -> int:
        """How many failures."""
        return sum(one.times for one in self.sightings)
