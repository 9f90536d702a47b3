"""Small runs of pytest, as their logs tell them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.batch.grouping import cluster
from assistant.batch.scanning import Masking, scan
from assistant.batch.seen import without_repeated
from assistant.batch.values import Cluster

Grouped = Callable[[dict[str, str]], list[Cluster]]


@pytest.fixture
def grouped(tmp_path: Path) -> Grouped:
    """Write logs by their names, read them as a batch, and give the causes."""

    def call(logs: dict[str, str]) -> list[Cluster]:
        for name, text in logs.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        spool = tmp_path / "spool"
        spool.mkdir()
        scanned = scan([str(tmp_path / "in")], Masking(), spool)
        return cluster(without_repeated(scanned.reads), [one.name for one in scanned.reads])

    return call
