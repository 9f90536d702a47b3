"""The service as processes: what is accepted ends, even where everything is killed in the middle; a stop is quick and clean."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from asked_service import LOG

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups and signals are POSIX")

PROGRAM = """
import sys
from pathlib import Path
from assistant.service.configuration import ServiceConfig
from assistant.service.serving import serve

if __name__ == "__main__":
    serve(ServiceConfig(data=Path(sys.argv[1]), port=0, silent_s=3.0, workers=int(sys.argv[2])))
"""
PATIENCE_S = 90


class Served:
    """A running service."""

    def __init__(self, folder: Path, workers: int) -> None:
        program = folder / "program.py"
        program.write_text(PROGRAM)
        self._log = (folder / "log").open("ab")
        before = self._log.tell()
        command = [sys.executable, str(program), str(folder / "data"), str(workers)]
        self.process = subprocess.Popen(command, stderr=self._log, start_new_session=True)
        self.address = _until(lambda: _address((folder / "log").read_bytes()[before:].decode()))

    def post(self, body: bytes) -> str:
        """The id of the export that a log becomes."""
        with urllib.request.urlopen(f"{self.address}api/v1/exports?name=a.log", data=body, timeout=30) as answer:
            return str(json.load(answer)["export"])

    def state(self, export: str) -> str:
        """Where an export stands."""
        with urllib.request.urlopen(f"{self.address}api/v1/exports/{export}", timeout=30) as answer:
            return str(json.load(answer)["state"])

    def end(self, sig: signal.Signals) -> int:
        """Send a signal to all its processes; the exit code."""
        os.killpg(self.process.pid, sig) if sig is signal.SIGKILL else self.process.send_signal(sig)
        code = self.process.wait(PATIENCE_S)
        self._log.close()
        return code


def _address(said: str) -> str:
    found = [line.partition("serving at ")[2] for line in said.splitlines() if "serving at " in line]
    return found[0] if found and said.endswith("\n") else ""


def _until(found: Callable[[], str]) -> str:
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError("it took too long")


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[int], Served]]:
    running: list[Served] = []

    def begin(workers: int) -> Served:
        running.append(Served(tmp_path, workers))
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)


def _ended(service: Served, export: str) -> str:
    return _until(lambda: state if (state := service.state(export)) not in ("waiting", "working") else "")


def test_every_accepted_draft_ends_though_all_processes_are_killed_in_the_middle(serve: Callable[[int], Served], tmp_path: Path) -> None:
    first = serve(0)  # nobody drafts yet
    exports = [first.post(LOG)]
    first.end(signal.SIGKILL)
    second = serve(1)
    exports += [second.post(LOG * 2000) for _ in range(6)]
    _ended(second, exports[0])
    second.end(signal.SIGKILL)
    third = serve(1)
    assert [_ended(third, export) for export in exports] == ["blanks"] * 7
    assert third.end(signal.SIGTERM) == 0
    assert list((tmp_path / "data" / "uploads").iterdir()) == []


def test_a_stop_waits_for_no_event_stream_and_leaves_no_process(serve: Callable[[int], Served]) -> None:
    service = serve(0)
    export = service.post(LOG)
    stream = urllib.request.urlopen(f"{service.address}api/v1/exports/{export}/events", timeout=30)
    assert b"retry" in stream.readline()
    began = time.monotonic()
    assert service.end(signal.SIGTERM) == 0
    assert time.monotonic() - began < 30
    stream.close()
    with pytest.raises(ProcessLookupError):
        os.killpg(service.process.pid, 0)


def test_a_worker_that_dies_is_begun_again_and_its_work_ends(serve: Callable[[int], Served]) -> None:
    service = serve(1)
    _ended(service, service.post(LOG))
    workers = subprocess.run(["pgrep", "-P", str(service.process.pid)], capture_output=True, text=True, check=True).stdout.split()
    export = service.post(LOG * 3000)
    for worker in workers:
        os.kill(int(worker), signal.SIGKILL)
    assert _ended(service, export) == "blanks"
