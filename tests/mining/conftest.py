"""What a finder tells of a text, in the few words that the tables of the language tests compare."""

from collections.abc import Callable
from typing import NamedTuple, cast

import pytest

from assistant.evidence import Masked
from assistant.mining import Finder
from assistant.mining.lines import Log, Taken


class Told(NamedTuple):
    """One failure: its lines, exception, message, test and phase; the chain innermost first; places of our frames and of others'."""

    lines: str
    exception: str
    message: str
    test_id: str
    phase: str
    causes: list[str]
    ours: list[str]
    libraries: list[str]
    language: str


@pytest.fixture
def told() -> Callable[[Finder, str], list[Told]]:
    """Run a finder alone over undecorated lines."""

    def run(find: Finder, text: str) -> list[Told]:
        log = Log("x.log", cast(Masked, text))
        log.__dict__["bare"] = text.split("\n")  # decoration has tests of its own
        return [
            Told(
                f"{one.origin.first}-{one.origin.last}",
                one.exception,
                one.message,
                one.test_id,
                one.phase,
                [cause.exception for cause in one.chain],
                [f"{frame.path}:{frame.line}" for frame in one.frames if frame.ours],
                [f"{frame.path}:{frame.line}" for frame in one.frames if not frame.ours],
                one.language,
            )
            for one in find(log, Taken(len(log)))
        ]

    return run
