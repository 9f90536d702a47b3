"""What masking reaches on newly drawn secrets and look-alikes, and how fast it is on ordinary log text; 1 where a limit is passed.

`python benchmarks/masking.py --seed 7` draws the same again; without a seed every run draws others.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.redaction import Redactor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "fakes"))
import planting
from planting import Planted

FOUND, CHANGED, PERSONAL = 0.98, 0.01, 0.95
MEGABYTES = 4
LEAST_SPEED = 10.0


def is_left(masked: str, one: Planted) -> bool:
    """Whether a secret stands in the text still."""
    return any(secret in masked for secret in one.secrets)


def share_found(make: Callable[[int], Iterator[Planted]], seed: int, *, pii: bool = False) -> float:
    """The share of planted texts in which no secret is left."""
    ones = list(make(seed))
    return sum(not is_left(Redactor(pii=pii).mask(one.text), one) for one in ones) / len(ones)


def share_changed(table: str, seed: int, *, pii: bool) -> float:
    """The share of look-alikes in which anything changed."""
    ones = list(planting.harmless(seed, table))
    return sum(Redactor(pii=pii).mask(one.text) != one.text for one in ones) / len(ones)


def ordinary_log(rng: random.Random) -> str:
    """Lines of a web service, a planted secret in each forty."""
    planted = [one.text for one in planting.written(rng.randrange(1 << 30))]
    lines, size = [], 0
    while size < MEGABYTES * 1e6:
        plain = (
            f"2026-07-14 10:{rng.randrange(60):02d}:{rng.randrange(60):02d},{rng.randrange(1000):03d} INFO orders.api.views GET "
            f"/v1/orders/{rng.randrange(10**6)}/items status={rng.choice([200, 404, 500])} dur={rng.randrange(3000)}ms rid={rng.getrandbits(128):032x}"
        )
        lines.append(rng.choice(planted) if rng.random() < 1 / 40 else plain)
        size += len(lines[-1]) + 1
    return "\n".join(lines)


def speed(text: str, *, pii: bool) -> float:
    """Megabytes a second of CPU time, the patterns compiled."""
    Redactor(pii=pii).mask(text[: len(text) // 4])
    start = time.process_time()
    Redactor(pii=pii).mask(text)
    return len(text) / 1e6 / (time.process_time() - start)


def main() -> int:
    """Print each figure beside its limit."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    seed = options.parse_args().seed
    log = ordinary_log(random.Random(seed))
    figures = [
        ("tokens of providers found", share_found(planting.tokens, seed), FOUND),
        ("assigned values found", share_found(planting.assignments, seed), FOUND),
        ("values in their places found", share_found(planting.written, seed), FOUND),
        ("personal data found", share_found(lambda number: planting.written(number, "personal"), seed, pii=True), PERSONAL),
        ("look-alikes left alone", 1 - share_changed("harmless", seed, pii=True), 1 - CHANGED),
        ("impersonal data left alone", 1 - share_changed("impersonal", seed, pii=True), 1 - CHANGED),
        ("MB/s of ordinary log", speed(log, pii=False), LEAST_SPEED),
        ("MB/s with personal data", speed(log, pii=True), LEAST_SPEED),
    ]
    print(f"seed {seed}")
    for name, figure, limit in figures:
        print(f"{name:32}{figure:8.3f}  at least {limit}{'' if figure >= limit else ', MISSED'}")
    return int(any(figure < limit for _, figure, limit in figures))


if __name__ == "__main__":
    sys.exit(main())
