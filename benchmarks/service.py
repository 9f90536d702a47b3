"""What the service promises: 200 concurrent uploads of 1 MB, none lost, accepted quickly, in bounded memory; and after kill -9 every accepted draft ends.

python benchmarks/service.py [--uploads 200] [--megabytes 1] [--workers 1] [--no-clock]

It starts `assistant serve` on loopback, opens all connections, sends all bodies at once and measures each call from its connection's first byte
to its answer. Then it waits until every accepted draft has ended, kills the service in the middle of a second crowd, starts it again and waits again.
Exit code 1 where something that is claimed does not hold. Times are of this machine as loaded as it is; run it on an idle one.
"""

import argparse
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

P95_S = 0.3
MOST_RSS_MB = 700
"""Of all processes of the service together."""
WAIT_S = 900.0
BLOCK = 256 * 1024
TRACEBACK = """Traceback (most recent call last):
  File "/srv/app/orders.py", line 41, in ship
    total = order.lines[0].price * order.count
IndexError: list index out of range
"""


class Call(NamedTuple):
    """One upload: the id of its export, and seconds from the first byte to the answer."""

    export: str
    seconds: float


class Running:
    """A service in a process group of its own."""

    def __init__(self, data: Path, workers: int) -> None:
        command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--data", str(data), "--workers", str(workers), "--offline"]
        self.log = data.with_name("serve.log").open("ab")
        start = self.log.tell()
        self.process = subprocess.Popen(command, stderr=self.log, stdout=subprocess.DEVNULL, start_new_session=True)
        self.port = self._port(Path(self.log.name), start)

    def _port(self, log: Path, start: int) -> int:
        for _ in range(600):
            said = log.read_bytes()[start:].decode()
            if "http://127.0.0.1:" in said and said.endswith("\n"):
                return int(said.rpartition("http://127.0.0.1:")[2].partition("/")[0])
            time.sleep(0.1)
        raise SystemExit(f"the service did not start: {said}")

    def get(self, path: str) -> bytes:
        """The body of an answer."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return bytes(answer.read())

    def end(self, sig: signal.Signals) -> None:
        """Send the whole group a signal."""
        os.killpg(self.process.pid, sig)
        self.process.wait()
        self.log.close()

    def memory_mb(self) -> float:
        """The resident memory of all its processes."""
        pids = [int(pid.name) for pid in Path("/proc").iterdir() if pid.name.isdecimal()]
        return sum(_memory_mb(pid) for pid in pids if _group(pid) == self.process.pid)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _memory_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024 if "VmRSS:" in status else 0.0


def upload(service: Running, count: int, body: bytes) -> list[Call]:
    """Send so many bodies at once, over so many connections."""
    head = f"POST /api/v1/exports?name=build.log HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    data = memoryview(head.encode() + body)
    chosen = selectors.DefaultSelector()
    sent: dict[socket.socket, int] = {}
    began: dict[socket.socket, float] = {}
    answers: dict[socket.socket, bytes] = {}
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", service.port))
        connection.setblocking(False)
        sent[connection] = 0
        chosen.register(connection, selectors.EVENT_WRITE, connection)
    calls: list[Call] = []
    while len(calls) < count:
        for key, _ in chosen.select():
            connection = key.data
            if key.events & selectors.EVENT_WRITE:
                began.setdefault(connection, time.perf_counter())
                sent[connection] += _send(connection, data[sent[connection] : sent[connection] + BLOCK])
                if sent[connection] == len(data):
                    chosen.modify(connection, selectors.EVENT_READ, connection)
                continue
            block = connection.recv(65536)
            answers[connection] = answers.get(connection, b"") + block
            if block:
                continue
            calls.append(Call(_export(answers[connection]), time.perf_counter() - began[connection]))
            chosen.unregister(connection)
            connection.close()
    return calls


def _send(connection: socket.socket, data: memoryview) -> int:
    try:
        return connection.send(data)
    except BlockingIOError:
        return 0


def _export(answer: bytes) -> str:
    head, _, body = answer.partition(b"\r\n\r\n")
    return str(json.loads(body)["export"]) if b" 202 " in head.partition(b"\r\n")[0] else ""


def states(service: Running, exports: list[str]) -> dict[str, int]:
    """How many of these exports stand how; `lost` where the service does not know one."""
    found: dict[str, str] = {}
    before = ""
    while True:
        page = json.loads(service.get(f"/api/v1/exports?limit=200{before}"))
        found |= {one["id"]: one["state"] for one in page["exports"]}
        if page["before"] is None:
            break
        before = f"&before={page['before']!r}"
    counts: dict[str, int] = {}
    for export in exports:
        state = found.get(export, "lost")
        counts[state] = counts.get(state, 0) + 1
    return counts


def wait_for_end(service: Running, exports: list[str]) -> tuple[dict[str, int], float]:
    """Wait until none of these exports waits; how they stand, and the most memory that was seen, in MB."""
    most, ends = 0.0, time.monotonic() + WAIT_S
    while time.monotonic() < ends:
        most = max(most, service.memory_mb())
        counts = states(service, exports)
        if not counts.get("waiting") and not counts.get("working"):
            return counts, most
        time.sleep(1)
    return counts, most


def log_of(megabytes: float) -> bytes:
    """A log of about so many megabytes with one failure near its end."""
    line = "2026-11-25 12:00:00,123 INFO app.orders order {} was priced at {} cents for customer {}\n"
    lines = (line.format(number, number * 37 % 9_999, number * 7 % 1_000) for number in range(int(megabytes * 1_000_000 / 80)))
    return ("".join(lines)[: int(megabytes * 1_000_000) - len(TRACEBACK) - 1] + "\n" + TRACEBACK).encode()


def crowd(service: Running, count: int, body: bytes) -> tuple[list[str], float]:
    """A crowd of uploads, told; the accepted exports and the 95th percentile in seconds."""
    calls = upload(service, count, body)
    accepted = [call.export for call in calls if call.export]
    seconds = sorted(call.seconds for call in calls)
    p95 = seconds[int(len(seconds) * 0.95) - 1]
    print(
        f"{len(calls)} uploads of {len(body) / 1e6:.2f} MB at once: {len(accepted)} accepted; p50 {seconds[len(seconds) // 2] * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, longest {seconds[-1] * 1000:.0f} ms"
    )
    return accepted, p95


def main() -> int:
    """Measure, print, and say by the exit code whether all holds."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--uploads", type=int, default=200)
    parser.add_argument("--megabytes", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--no-clock", action="store_true", help="tell times without holding them against the limit, for busy machines")
    options = parser.parse_args()
    body = log_of(options.megabytes)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        service = Running(data, options.workers)
        crowd(service, 5, body)  # the first calls load what later ones find
        accepted, p95 = crowd(service, options.uploads, body)
        most = service.memory_mb()
        ended, later = wait_for_end(service, accepted)
        most = max(most, later)
        print(f"ended: {ended}; most memory of all processes {most:.0f} MB")
        second, _ = crowd(service, options.uploads, body)
        time.sleep(3)
        before = states(service, second)
        service.end(signal.SIGKILL)
        print(f"kill -9 with {before}")
        service = Running(data, options.workers)
        after, _ = wait_for_end(service, second)
        print(f"after the restart all ended: {after}")
        left = list((data / "uploads").iterdir())
        service.end(signal.SIGTERM)
    good = {"blanks", "drafts", "ready", "problems"}
    checks = {
        "none is lost": len(accepted) == len(second) == options.uploads and set(ended) <= good,
        f"p95 of the accepting call < {P95_S * 1000:.0f} ms": p95 < P95_S or options.no_clock,
        f"memory < {MOST_RSS_MB} MB": most < MOST_RSS_MB,
        "after kill -9 every accepted draft ends": set(after) <= good,
        "no upload stays behind": not left,
    }
    for claim, holds in checks.items():
        print(f"{'holds' if holds else 'DOES NOT HOLD'}: {claim}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
