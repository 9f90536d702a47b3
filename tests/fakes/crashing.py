"""Batches in processes of their own, killed at random moments; model calls are counted where they arrive."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_endpoint import FakeEndpoint, Received, reply_with, slow

REPLY_S = 0.05
CHECKOUT = Path(__file__).resolve().parents[2]


def said(request: Received) -> str:
    """A reply that depends on nothing but the request."""
    return json.dumps(REPLIES.get(request.task, {}))


REPLIES: dict[str, dict[str, Any]] = {
    "summary": {"title": "A customer's order is not ready", "brief_description": "`check` raises (E1). Wanted: why it is not ready.", "severity": "High"},
    "questions": {"primary_questions": ["Why does `check` raise (E1)?"], "technical_questions": ["What does `run` wait for (E1)?"], "architecture_questions": ["Should `check` wait (E1)?"]},
    "search_queries": {"exact": ["was not ready after"], "general": ["customer order not ready"], "version_change": []},
}  # fmt: skip


def endpoint() -> FakeEndpoint:
    """An endpoint that answers after a while, so that calls are under way when a process dies."""
    return FakeEndpoint({"any": slow(reply_with(said), pause_s=REPLY_S)})


@dataclass
class Batch:
    """One batch and the folder that it writes to.

    Args:
        reports: its inputs.
        folder: where it may write; the output goes to `out`.
        url: of the endpoint.
        options: more options of the command.
    """

    reports: Path
    folder: Path
    url: str
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def out(self) -> Path:
        """Where the exports are."""
        return self.folder / "out"

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        """Begin, or go on."""
        command = ["draft-batch", str(self.reports), "-o", str(self.out), "--date", "2026-11-25", "--exported-by", "tester"]
        return self._started([*command, "--model", "fake", "--base-url", self.url, *self.options, *more])

    def worker(self, database_url: str) -> subprocess.Popen[bytes]:
        """A worker for the same database."""
        return self._started(["worker", "--database-url", database_url, "--jobs", "2"])

    def finish(self, *more: str) -> int:
        """Run to the end; the exit code."""
        return self.start(*more).wait()

    def result(self) -> dict[str, Any]:
        """All that must not depend on crashes: the exports' text, and the index without its costs."""
        index = json.loads((self.out / "index.json").read_text())
        index.pop("cost_usd")
        return {"index": index, "exports": {path.name: path.read_text() for path in sorted(self.out.glob("*.md"))}}

    def _started(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        self.folder.mkdir(exist_ok=True)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
            "PYTHONPATH": str(CHECKOUT),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "ASSISTANT_API_KEY": "none",
        }
        with (self.folder / "stderr.txt").open("ab") as stderr:
            return subprocess.Popen([sys.executable, "-m", "assistant", *arguments], env=environment, stderr=stderr, cwd=self.folder)


def kill_at_random(
    batch: Batch, fake: FakeEndpoint, *, kills: int, chance: random.Random, least_s: float, most_s: float
) -> tuple[int, int]:
    """Run a batch, kill it so often, then let it end.

    Returns:
        How often it was killed before it ended by itself, and how many calls were under way at those moments.
    """
    killed = under_way = 0
    while killed < kills:
        process = batch.start("--resume")
        end = time.monotonic() + chance.uniform(least_s, most_s)
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.005)
        if process.poll() is not None:
            break
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(2 * REPLY_S)  # what was under way arrives nowhere
        under_way += fake.distinct - stored_in_file(batch.out / ".batch.sqlite")
        killed += 1
    assert batch.finish("--resume") in (0, 4)
    return killed, under_way


def stored(database: Any) -> int:
    """How many replies a batch's database holds."""
    with closing(database):
        return int(database.execute("SELECT count(*) FROM assistant_texts").fetchone()[0])


def stored_in_file(path: Path) -> int:
    """The same for a database in a file, which may not be there yet."""
    if not path.exists():
        return 0
    try:
        return stored(sqlite3.connect(path))  # not read-only: what the killed process had begun is rolled back first
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return 0  # nothing was asked yet
