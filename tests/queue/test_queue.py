"""A queue does each job once, whoever dies meanwhile."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from postgres import new_database, postgres, programs

from assistant.errors import QueueError
from assistant.queue import QueueOptions, open_queue, sqlite_url, step


def append(path: str, line: str) -> int:
    with Path(path).open("a") as file:
        file.write(line + "\n")
    return len(line)


def two_steps(path: str, name: str, sleep_s: float) -> dict[str, Any]:
    first = step("first", append, path, f"{name} first")
    append(path, f"{name} between")
    time.sleep(sleep_s)
    return {"first": first, "second": step("second", append, path, f"{name} second")}


def fails() -> None:
    raise ValueError("no such thing")


JOBS = {"two_steps": two_steps, "fails": fails}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "queue.sqlite") if request.param == "sqlite" else new_database(request.getfixturevalue("server"))


def options(url: str, **more: Any) -> QueueOptions:
    return QueueOptions(database_url=url, name="things", beat_s=0.1, silent_s=0.5, **more)


def work_for_ever(url: str) -> None:
    with open_queue(options(url), JOBS):
        time.sleep(600)


def lines(path: Path) -> list[str]:
    return sorted(path.read_text().splitlines()) if path.exists() else []


def started(url: str, done: Path, count: int) -> multiprocessing.process.BaseProcess:
    worker = multiprocessing.get_context("spawn").Process(target=work_for_ever, args=(url,))
    worker.start()
    while len(lines(done)) < count:
        time.sleep(0.02)
    return worker


def killed(worker: multiprocessing.process.BaseProcess) -> None:
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join()


def test_a_job_gives_its_result(tmp_path: Path, url: str) -> None:
    with open_queue(options(url), JOBS) as queue:
        assert queue.enqueue("two_steps", "a-1", str(tmp_path / "out"), "a", 0)
        assert queue.result("a-1") == {"first": 7, "second": 8}
        assert queue.status("a-1").state == "done"


def test_a_job_whose_id_is_known_is_not_done_again(tmp_path: Path, url: str) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        with open_queue(options(url), JOBS) as queue:
            queue.enqueue("two_steps", "a-1", str(out), "a", 0)
            queue.wait(["a-1"])
    assert lines(out) == ["a between", "a first", "a second"]


def test_a_failed_job_says_why(tmp_path: Path, url: str) -> None:
    with open_queue(options(url), JOBS) as queue:
        queue.enqueue("fails", "f-1")
        with pytest.raises(QueueError, match="f-1 failed: ValueError: no such thing"):
            queue.result("f-1")


def test_urgent_jobs_come_first(tmp_path: Path, url: str) -> None:
    out = tmp_path / "out"
    with open_queue(options(url, work=False, concurrency=1), JOBS) as queue:
        for name, priority in (("late", 30), ("soon", 10), ("then", 20)):
            queue.enqueue("two_steps", name, str(out), name, 0, priority=priority)
        assert [one.state for one in queue.statuses().values()] == ["waiting"] * 3
    with open_queue(options(url, concurrency=1), JOBS) as queue:
        queue.wait(["late", "soon", "then"])
    assert [line.split()[0] for line in out.read_text().splitlines()] == ["soon"] * 3 + ["then"] * 3 + ["late"] * 3


def test_no_more_jobs_begin_in_a_while_than_the_rate_allows(tmp_path: Path, url: str) -> None:
    out, names = tmp_path / "out", ["a", "b", "c", "d"]
    with open_queue(options(url, rate=(2, 600.0)), JOBS) as queue:
        for name in names:
            queue.enqueue("two_steps", name, str(out), name, 0)
        queue.wait(names[:2])
        time.sleep(0.5)
        assert [queue.status(name).state for name in names] == ["done", "done", "waiting", "waiting"]


def test_a_killed_process_started_again_goes_on_after_the_last_finished_step(tmp_path: Path, url: str) -> None:
    out = tmp_path / "out"
    with open_queue(options(url, work=False), JOBS) as queue:
        queue.enqueue("two_steps", "a-1", str(out), "a", 1.5)
    killed(started(url, out, 2))
    assert lines(out) == ["a between", "a first"]
    with open_queue(options(url, alone=True), JOBS) as queue:
        queue.wait(["a-1"])
    assert lines(out) == ["a between", "a between", "a first", "a second"]


def test_the_work_of_a_silent_worker_is_taken_over_and_that_of_a_living_one_is_not(tmp_path: Path, url: str) -> None:
    out = tmp_path / "out"
    with open_queue(options(url, work=False), JOBS) as queue:
        queue.enqueue("two_steps", "a-1", str(out), "a", 2.0)
    first = started(url, out, 2)
    with open_queue(options(url), JOBS) as queue:
        time.sleep(1.0)
        assert lines(out) == ["a between", "a first"]
        assert queue.status("a-1").state == "running"
        killed(first)
        queue.wait(["a-1"])
    assert lines(out) == ["a between", "a between", "a first", "a second"]


def test_a_database_that_is_not_there_is_told_in_one_line() -> None:
    nowhere = QueueOptions(database_url="postgresql://127.0.0.1:1/none", name="things")
    with pytest.raises(QueueError, match="the queue's database cannot be used") as told, open_queue(nowhere, JOBS):
        pass
    assert "\n" not in told.value.message
