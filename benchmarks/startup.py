"""What starting costs: `assistant --help` and a small offline export, in starts of a bare interpreter.

Run it as `python benchmarks/startup.py`; it exits with 1 when a limit is passed. CPU time of the child processes is measured, not the
clock, and the least of several interleaved runs counts, so that other work on the machine disturbs little.
"""

import compileall
import itertools
import math
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RUNS = 15
LOG_LINES = 200
CHECKOUT = Path(__file__).resolve().parent.parent
EXAMPLE = CHECKOUT / "examples" / "orders-service"


@dataclass(frozen=True)
class Start:
    """Something that is measured, and how many bare starts it may take."""

    name: str
    limit: float = math.inf


BARE = Start("bare interpreter")
HELP = Start("assistant --help", limit=8)
EXPORT = Start(f"offline export, {LOG_LINES} lines", limit=40)


def assistant_command() -> list[str]:
    """The console script beside this interpreter, else the package run as a module."""
    script = Path(sys.executable).parent / "assistant"
    return [str(script)] if script.exists() else [sys.executable, "-m", "assistant"]


def commands(log: Path) -> list[tuple[Start, list[str]]]:
    """The command behind each start; the export is written beside the log."""
    assistant = assistant_command()
    draft = ["draft-export", str(log), "--repo", str(EXAMPLE), "--offline", "-o", str(log.with_name("export.md"))]
    return [(BARE, [sys.executable, "-c", "pass"]), (HELP, [*assistant, "--help"]), (EXPORT, [*assistant, *draft])]


def cpu_ms(command: Sequence[str]) -> float:
    """Run a command to its end, in the checkout.

    Returns:
        The CPU time that it and its children took, in milliseconds.

    Raises:
        SystemExit: The command failed, so its time says nothing.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=False, cwd=CHECKOUT, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def measure_round() -> dict[Start, float]:
    """Run each command once; the export goes into a new folder, as a second one into the same file would be an edit."""
    with tempfile.TemporaryDirectory() as name:
        log = Path(name, "failing-test.log")
        with (EXAMPLE / log.name).open(encoding="utf-8") as whole:
            log.write_text("".join(itertools.islice(whole, LOG_LINES)), encoding="utf-8")
        return {start: cpu_ms(command) for start, command in commands(log)}


def main() -> int:
    """Print every figure in milliseconds and in bare starts; 1 when one is over its limit."""
    compileall.compile_dir(CHECKOUT / "assistant", quiet=1)  # as an installer does
    rounds = [measure_round() for _ in range(RUNS)]
    least_ms = {start: min(times[start] for times in rounds) for start in (BARE, HELP, EXPORT)}
    ratios = {start: ms / least_ms[BARE] for start, ms in least_ms.items()}
    for start, ratio in ratios.items():
        limit = f"  limit {start.limit:g}{', OVER' if ratio > start.limit else ''}" if start.limit < math.inf else ""
        print(f"{start.name:<28}{least_ms[start]:8.1f} ms{ratio:8.1f} bare starts{limit}")
    return int(any(ratio > start.limit for start, ratio in ratios.items()))


if __name__ == "__main__":
    sys.exit(main())
