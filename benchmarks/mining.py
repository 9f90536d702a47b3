"""How fast logs are mined, and in how much memory: 10 MB, 100 MB, 1 GB, and a 2 GB gzip stream.

    python benchmarks/mining.py [--logs DIR] [--folder DIR] [--size MB ...] [--gzip MB]

The logs are made of real ones (those in examples/ and tests/data/, and in DIR), repeated in random order; in each copy the digits are
exchanged and some words are others. Each is mined by a process of its own, of which CPU time (imports apart), wall time and peak memory
are told. Drain3, a log template miner, reads a sample of the very same lines in the same run; that it becomes slower with every template
it has learned is left out, which flatters it. Exits with 1 when a goal is missed.
"""

import argparse
import gzip
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

CHECKOUT = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000
GOAL_SPEED, GOAL_MEMORY, GOAL_RATIO = 60, 200, 50
"""MB/s of CPU time on 1 GB, MB at the peak of any size, times the speed of Drain3."""

SAMPLES, SAMPLE = 100, 100_000
"""Drain3 reads so many pieces of so many bytes."""

OTHER_WORDS = 12
SEED = 4


def originals(folder: Path | None) -> list[bytes]:
    """The real logs, unpacked."""
    places = [CHECKOUT / "examples", CHECKOUT / "tests" / "data", *([folder] if folder else [])]
    paths = sorted(path for place in places for path in place.rglob("*") if path.name.endswith((".log", ".log.gz", ".txt.gz")))
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths]


def varied(log: bytes, chance: random.Random) -> bytes:
    """A copy of a log in which the digits are exchanged and some words are others."""
    digits = bytearray(b"0123456789")
    chance.shuffle(digits)
    copy = log.translate(bytes.maketrans(b"0123456789", bytes(digits)))
    start = chance.randrange(max(1, len(copy) - 4000))
    words = sorted(set(re.findall(rb"[A-Za-z_]{6,20}", copy[start : start + 4000])))
    for word in chance.sample(words, min(OTHER_WORDS, len(words))):
        copy = copy.replace(word, word + bytes(chance.choices(b"ghijklmnopqrstuvwxyz", k=3)))
    return copy


def write_log(path: str, size: str, folder: str) -> dict[str, float]:
    """Write copies of the real logs until they have a size in bytes; packed where the name says so."""
    logs = originals(Path(folder) if folder else None)
    chance, left = random.Random(SEED), int(size)
    with gzip.open(path, "wb", compresslevel=1) if path.endswith(".gz") else Path(path).open("wb") as file:
        while left > 0:
            copy = varied(chance.choice(logs), chance)[:left] + b"\n"
            file.write(copy)
            left -= len(copy)
    return {"logs": len(logs), "mb": sum(map(len, logs)) / MEGABYTE}


def mine_once(path: str) -> dict[str, float]:
    """Mine a log in this process; `-` for stdin."""
    # here, so that the time of the imports is not counted and a child that runs Drain3 needs none of it
    from assistant.mining import mine
    from assistant.mining.reading import read_sources
    from assistant.redaction import Redactor

    wall, cpu = time.perf_counter(), time.process_time()
    inputs = read_sources([path])
    read = time.process_time() - cpu
    mined = mine(inputs.sources, Redactor())
    return {
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - wall,
        "sieve_s": read,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3),
        "kept_mb": sum(len(source.text) for source in inputs.sources) / MEGABYTE,
        "failures": len(mined.failures),
    }


def drain_once(path: str) -> dict[str, float]:
    """Let Drain3 read samples of a log."""
    from drain3 import TemplateMiner  # type: ignore[import-untyped]

    size = Path(path).stat().st_size
    lines: list[str] = []
    with Path(path).open("rb") as file:
        for number in range(SAMPLES):
            file.seek(max(0, size - SAMPLE) * number // max(1, SAMPLES - 1))
            lines += file.read(SAMPLE).decode("utf-8", "replace").splitlines()
    miner = TemplateMiner()
    started = time.process_time()
    for line in lines:
        miner.add_log_message(line)
    return {"cpu_s": time.process_time() - started, "mb": sum(map(len, lines)) / MEGABYTE}


TASKS: dict[str, Callable[..., dict[str, float]]] = {"make": write_log, "mine": mine_once, "drain": drain_once}


def child(task: str, *given: object, stdin: BinaryIO | None = None) -> dict[str, float]:
    """Run one task in a process of its own: this one must stay small, for its memory counts as that of its children.

    Raises:
        SystemExit: It failed, so its figures say nothing.
    """
    command = [sys.executable, __file__, "--task", task, *map(str, given)]
    done = subprocess.run(command, check=False, cwd=CHECKOUT, stdin=stdin or subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{task} failed:\n{done.stderr[-2000:]}")
    return cast("dict[str, float]", json.loads(done.stdout))


def measured(logs: Path | str, folder: Path, sizes: Sequence[int], packed: int) -> Iterator[tuple[str, int, dict[str, float]]]:
    """Each measurement: what it is, how many MB, and its figures."""
    for size in sizes:
        path = folder / f"{size}.log"
        yield "made", size, child("make", path, size * MEGABYTE, logs)
        yield "log", size, child("mine", path)
        if size == max(sizes):
            yield "drain3", size, child("drain", path)
        path.unlink()
    if packed:
        path = folder / "packed.log.gz"
        yield "made", packed, child("make", path, packed * MEGABYTE, logs)
        with path.open("rb") as file:
            yield f"gzip stream ({path.stat().st_size // MEGABYTE} MB packed)", packed, child("mine", "-", stdin=file)
        path.unlink()


def main() -> int:
    """Print the figures; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logs", type=Path, default="", help="a folder with more real logs")
    parser.add_argument("--folder", type=Path, help="where the made logs are written; a temporary folder without it")
    parser.add_argument("--size", type=int, nargs="*", default=[10, 100, 1000], help="sizes in MB")
    parser.add_argument("--gzip", type=int, default=2000, help="size of the gzip stream in MB; 0 for none")
    parser.add_argument("--task", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.task:
        task, *rest = given.task
        print(json.dumps(TASKS[task](*rest)))
        return 0
    met: dict[str, bool] = {}
    speed = 0.0
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for name, size, figures in measured(given.logs, Path(folder), sorted(given.size), given.gzip):
            if name == "made":
                print(f"{size} MB made of {figures['logs']:.0f} real logs, {figures['mb']:.1f} MB", flush=True)
            elif name == "drain3":
                other = figures["mb"] / figures["cpu_s"]
                met[f"{GOAL_RATIO} times Drain3"] = speed / other >= GOAL_RATIO
                print(f"Drain3 on {figures['mb']:.1f} MB of it: {other:.2f} MB/s; this is {speed / other:.0f} times as fast")
            else:
                speed = size / figures["cpu_s"]
                print(_line(name, size, speed, figures), flush=True)
                met[f"{GOAL_MEMORY} MB for {size} MB"] = figures["peak_mb"] < GOAL_MEMORY
                met |= {f"{GOAL_SPEED} MB/s": speed >= GOAL_SPEED} if name == "log" and size == max(given.size) else {}
    missed = [goal for goal, reached in met.items() if not reached]
    print(f"missed: {', '.join(missed)}" if missed else "all goals are reached")
    return 1 if missed else 0


def _line(name: str, size: int, speed: float, figures: dict[str, Any]) -> str:
    return (
        f"{size:5} MB {name}: {speed:.1f} MB/s CPU ({figures['cpu_s']:.1f} s, of which reading and sieve {figures['sieve_s']:.1f} s), "
        f"{size / figures['wall_s']:.1f} MB/s wall, peak {figures['peak_mb']:.0f} MB, "
        f"{figures['kept_mb']:.1f} MB looked at, {figures['failures']:.0f} failures"
    )


if __name__ == "__main__":
    sys.exit(main())
