"""How long a batch takes, in how much memory, and how both grow with the failures.

    python benchmarks/batch.py [--failures 10000] [--gigabytes 2] [--growth 1000 10000 30000 100000] [--plot batch.svg]

Failures of 40 causes stand in 200 JUnit reports, beside logs of a size; all drafts are made offline. Wall time, CPU time and the peak
memory of all processes together (Linux: the sum of what each has for itself and its share of the rest) are told, and the time a failure.
Then batches of growing size, without logs, give a curve, which is written as a plot. Exits with 1 where the memory passes 500 MB, where
there are not as many drafts as causes, or where the time a failure grows.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT / "tests" / "fakes"))

from many_failures import write_reports  # noqa: E402 - the fakes lie beside the tests
from pytest_logs import block, log  # noqa: E402

CAUSES, FILES, LOGS = 40, 200, 8
GOAL_MB, GOAL_GROWTH = 500, 1.5
"""Peak of all processes; how much longer a failure may take in the greatest batch than in one a tenth of its size."""

LINE = "2026-11-25T02:{minute:02d}:{second:02d}Z worker-{worker} INFO request {request} to /orders/{order} took {took} ms, cache {cache}\n"


class Taken(NamedTuple):
    """What one batch took."""

    failures: int
    causes: int
    drafts: int
    wall_s: float
    cpu_s: float
    peak_mb: float


def write_logs(folder: Path, size: int) -> None:
    """Logs of a service that run on and on, each with a failed test near its end."""
    chance = random.Random(5)
    for number in range(LOGS):
        pieces = [
            LINE.format(
                minute=chance.randrange(60),
                second=chance.randrange(60),
                worker=chance.randrange(16),
                request=chance.randrange(10**9),
                order=chance.randrange(10**6),
                took=chance.randrange(900),
                cache=chance.choice(("hit", "miss")),
            )
            for _ in range(20_000)
        ]
        with (folder / f"service-{number}.log").open("w") as file:
            while file.tell() < size // LOGS:
                chance.shuffle(pieces)
                file.write("".join(pieces))
            file.write(
                log(block("tests/test_night.py::test_orders", "TimeoutError: no answer from the queue of orders", "shop/night.py:12:drain"))
            )


def run(folder: Path, out: Path) -> Taken:
    """Make a batch of all that lies in a folder."""
    began, before = time.monotonic(), os.times()
    command = [
        sys.executable,
        "-m",
        "assistant",
        "draft-batch",
        str(folder),
        "-o",
        str(out),
        "--offline",
        "--jobs",
        "2",
        "--exported-by",
        "benchmark",
    ]
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(CHECKOUT)}, stderr=subprocess.DEVNULL)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak))
    watcher.start()
    code = process.wait()
    watcher.join()
    if code:
        raise SystemExit(f"draft-batch ended with {code}")
    after = os.times()
    index = json.loads((out / "index.json").read_text())
    drafts = len([path for path in out.glob("*.md") if path.name != "index.md"])
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Taken(index["failures"], len(index["clusters"]), drafts, time.monotonic() - began, cpu, peak[0])


def _watch(process: "subprocess.Popen[bytes]", peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_memory_mb(one) for one in _family(process.pid)))
        time.sleep(0.1)


def _family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in path.read_text().split()]
            except OSError:
                continue  # it has ended
    return found


def _memory_mb(pid: int) -> float:
    try:
        match = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0.0  # it has ended
    return int(match[1]) / 1024 if match else 0.0


def plot(path: Path, taken: Sequence[Taken]) -> None:
    """Write the curve of wall time over failures as an SVG."""
    width, height, edge = 640, 400, 60
    most_x, most_y = max(one.failures for one in taken), max(one.wall_s for one in taken)
    points = [
        (edge + (width - 2 * edge) * one.failures / most_x, height - edge - (height - 2 * edge) * one.wall_s / most_y) for one in taken
    ]
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    marks = "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="#c2410c"/><text x="{x - 8:.0f}" y="{y - 10:.0f}" text-anchor="end">{one.failures:,}: {one.wall_s:.0f} s, {one.peak_mb:.0f} MB</text>'
        for one, (x, y) in zip(taken, points, strict=True)
    )
    straight = (
        f'<line x1="{edge}" y1="{height - edge}" x2="{points[-1][0]:.0f}" y2="{points[-1][1]:.0f}" stroke="#999" stroke-dasharray="4"/>'
    )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="white"/><text x="{edge}" y="24" font-size="15">draft-batch, offline: seconds over failures (dashed: linear)</text>'
        f'<path d="M{edge},{edge}V{height - edge}H{width - edge}" fill="none" stroke="#333"/>{straight}'
        f'<polyline points="{line}" fill="none" stroke="#c2410c" stroke-width="2"/>{marks}</svg>\n'
    )


def told(taken: Taken, what: str) -> None:
    """Print a line."""
    print(
        f"{what}: {taken.failures:,} failures, {taken.causes} causes, {taken.drafts} drafts: {taken.wall_s:.1f} s wall, {taken.cpu_s:.1f} s CPU "
        f"({1000 * taken.cpu_s / taken.failures:.2f} ms a failure), {taken.peak_mb:.0f} MB at the peak",
        flush=True,
    )


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--failures", type=int, default=10_000)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument("--growth", type=int, nargs="*", default=[1000, 10_000, 30_000, 100_000])
    parser.add_argument("--plot", type=Path, default=Path("batch.svg"))
    args = parser.parse_args()
    taken = []
    with tempfile.TemporaryDirectory(prefix="batch-") as name:
        folder = Path(name)
        if args.failures:
            write_reports(folder / "night", files=FILES, failures=args.failures, causes=CAUSES)
            write_logs(folder / "night", int(args.gigabytes * 1e9))
            taken.append(run(folder / "night", folder / "out"))
            told(taken[0], f"{FILES} reports and {args.gigabytes:g} GB of logs")
        for number in args.growth:
            write_reports(folder / f"in-{number}", files=FILES, failures=number, causes=CAUSES)
            taken.append(run(folder / f"in-{number}", folder / f"out-{number}"))
            told(taken[-1], f"{FILES} reports")
    grown = [one for one in taken[1 if args.failures else 0 :] if one.failures >= max(args.growth, default=0) // 10]
    if args.growth:
        plot(args.plot, taken[1 if args.failures else 0 :])
        print(f"the curve: {args.plot}")
    good = all(one.peak_mb < GOAL_MB and one.drafts == one.causes for one in taken)
    return 0 if good and (len(grown) < 2 or grown[-1].cpu_s / grown[-1].failures <= GOAL_GROWTH * grown[0].cpu_s / grown[0].failures) else 1


if __name__ == "__main__":
    sys.exit(main())
