"""Does a batch that is killed again and again end as one that was left alone, and how many calls does that cost?

    python benchmarks/crashes.py [--kills 20] [--failures 200] [--causes 20] [--seed 1] [--postgres]

A batch runs undisturbed against an endpoint on loopback that counts what it is asked. The same batch then runs in another folder, is
killed with SIGKILL at random moments and gone on with by `--resume`. With `--postgres` it runs on a PostgreSQL with a second worker that
is killed for good while it works. Exits with 1 where the results differ or more was asked than was under way when something was killed.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import psycopg

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT / "tests" / "fakes"))

from crashing import Batch, endpoint, kill_at_random, stored  # noqa: E402 - the fakes lie beside the tests
from many_failures import write_reports  # noqa: E402
from postgres import postgres, programs  # noqa: E402

LEAST_S = 0.5


def crashes(folder: Path, undisturbed: Batch, calls: int, took_s: float, args: argparse.Namespace) -> bool:
    """Kill one process again and again."""
    with endpoint() as fake:
        batch = Batch(undisturbed.reports, folder / "killed", fake.url)
        killed, under_way = kill_at_random(
            batch, fake, kills=args.kills, chance=random.Random(args.seed), least_s=LEAST_S, most_s=max(3.0, took_s / 5)
        )
        asked = len(fake.requests)
    same = batch.result() == undisturbed.result()
    print(
        f"one process, killed {killed} times: {'the same result' if same else 'ANOTHER RESULT'}; {asked} calls, {calls} undisturbed + {under_way} under way when it was killed"
    )
    return same and asked <= calls + under_way


def a_worker_dies(folder: Path, undisturbed: Batch, calls: int) -> bool:
    """Two workers on one PostgreSQL, the second of which dies while it works."""
    with postgres(folder) as url, endpoint() as fake:
        batch = Batch(undisturbed.reports, folder / "two", fake.url, ("--database-url", url, "--jobs", "2"))
        worker, process = batch.worker(url), batch.start()
        while len(fake.requests) < calls // 3 and process.poll() is None:
            time.sleep(0.01)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        under_way = fake.distinct - stored(psycopg.connect(url))
        code = process.wait()
        asked = len(fake.requests)
    same = batch.result() == undisturbed.result()
    print(
        f"two workers on PostgreSQL, one killed for good: {'the same result' if same else 'ANOTHER RESULT'} (exit code {code}); {asked} calls, {calls} undisturbed + {under_way} under way"
    )
    return same and asked <= calls + under_way


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--failures", type=int, default=200)
    parser.add_argument("--causes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crashes-") as name:
        folder = Path(name)
        write_reports(folder / "reports", files=4, failures=args.failures, causes=args.causes)
        with endpoint() as fake:
            undisturbed = Batch(folder / "reports", folder / "undisturbed", fake.url)
            began = time.monotonic()
            undisturbed.finish()
            took_s, calls = time.monotonic() - began, len(fake.requests)
        print(
            f"undisturbed: {args.failures} failures, {len(undisturbed.result()['index']['clusters'])} causes, {calls} calls, {took_s:.0f} s"
        )
        good = crashes(folder, undisturbed, calls, took_s, args)
        if args.postgres:
            if programs() is None:
                print("PostgreSQL is not installed")
                return 1
            good = a_worker_dies(folder, undisturbed, calls) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
