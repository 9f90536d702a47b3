"""Builders for the tests of gathering: a small project on disk and a failure that points into it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evidence import Cause, Evidence, Excerpt, Failure, Frame, Kind, Ledger, Masked, Origin
from assistant.gathering import Gathered, Given, gather
from assistant.gathering.collection import Collection
from assistant.gathering.repository import open_repository
from assistant.redaction import Redactor


@pytest.fixture
def project(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Write files, by relative path, and give their folder."""

    def write(files: Mapping[str, str]) -> Path:
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
        return tmp_path

    return write


@pytest.fixture
def failure() -> Callable[..., Failure]:
    """A failure in `tests.log`, with `E1` as its evidence; every part of it may be given."""

    def make(text: str = "ValueError: boom", frames: tuple[Frame, ...] = (), **parts: object) -> Failure:
        exception, _, message = text.strip().rpartition("\n")[2].partition(": ")
        plain = Failure(
            "python",
            exception,
            message,
            frames,
            (Cause(exception, message, frames),),
            Origin("tests.log", 1, text.count("\n") + 1),
            Masked(text),
            evidence="E1",
        )
        return replace(plain, **parts)

    return make


@pytest.fixture
def collect() -> Callable[..., Collection]:
    """A collection for a failure, with its error in the ledger."""

    def make(failed: Failure, root: Path | None = None, logs: Mapping[str, str] | None = None) -> Collection:
        ledger, _ = Ledger().add(Evidence(Kind.ERROR, failed.origin, failed.text))
        texts = {name: Excerpt(Masked(text)) for name, text in (logs or {failed.origin.path: failed.text}).items()}
        return Collection(failed, ledger, Redactor(), texts, open_repository(root) if root else None)

    return make


@pytest.fixture
def gathered() -> Callable[..., Gathered]:
    """All that is gathered for a failure."""

    def make(failed: Failure, root: Path | None = None, logs: Mapping[str, str] | None = None) -> Gathered:
        ledger, _ = Ledger().add(Evidence(Kind.ERROR, failed.origin, failed.text))
        texts = {name: Excerpt(Masked(text)) for name, text in (logs or {failed.origin.path: failed.text}).items()}
        return gather(failed, (), repo=root, given=Given(logs=texts), ledger=ledger, redactor=Redactor())

    return make
