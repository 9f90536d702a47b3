"""The export of the example, and results filled into it from notes."""

from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from assistant import Filled, Outcome, Previous, Request, ResultsRequest, Stated, draft_export, fill_results
from assistant.document import parse

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "orders-service"
NOTES = ROOT / "tests" / "data" / "notes"


@pytest.fixture(scope="session")
def export() -> Outcome:
    """The example's export, drafted offline."""
    stated = Stated(date="2026-11-25", exported_by="Ada")
    with chdir(ROOT):  # origins are told from the current folder on
        return draft_export(Request(logs=(str(EXAMPLE / "failing-test.log"),), repo=EXAMPLE, stated=stated))


@pytest.fixture
def fill(export: Outcome) -> Callable[..., Filled]:
    """Fill results: notes by the names of their files, the example's export before them unless another is given."""

    def call(*notes: str | Path, previous: Previous | None = None, drafter: Any = None, **options: Any) -> Filled:
        paths = tuple(str(note if isinstance(note, Path) else NOTES / note) for note in notes)
        request = ResultsRequest(notes=paths, **options)
        with chdir(NOTES):
            return fill_results(request, previous or Previous(text=export.text, record=export.record), drafter=drafter)

    return call


@pytest.fixture
def body() -> Callable[[Filled | str, str], str]:
    """What stands at a place of a document: `solution_found`, or `answers`."""

    def call(filled: Filled | str, part: str) -> str:
        text = filled if isinstance(filled, str) else filled.text
        return parse(text).body("research_questions.answers" if part == "answers" else f"research_results.{part}")

    return call
