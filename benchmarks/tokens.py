"""How many tokens an export sends: over a folder of cases, each a folder with log.txt (or log.txt.gz) and perhaps source/.

    python benchmarks/tokens.py CASES [CASES ...]

Counts with the shipped vocabulary; nothing is sent. Prints the mean, the median and the largest of: the evidence, all calls of
an export (one a section group), and the one call of --single-call.
"""

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant import Request, Stated
from assistant.drafting.memory import Memory
from assistant.drafting.model import ModelDrafter, Options
from assistant.drafting.prompts import load_prompts
from assistant.drafting.requests import Profile
from assistant.pipeline import prepare_case
from assistant.tokens import TokenCounter, token_counter

STATED = Stated(date="2026-11-25", exported_by="benchmark")


def requests(folders: list[Path]) -> Iterator[Request]:
    """One request a case."""
    for case in sorted(path for folder in folders for path in folder.iterdir() if path.is_dir()):
        log = next((path for path in (case / "log.txt", case / "log.txt.gz") if path.exists()), None)
        if log:
            source = case / "source"
            yield Request(logs=(str(log),), repo=source if source.is_dir() else None, stated=STATED, pii=True)


def sizes(request: Request, counter: TokenCounter) -> dict[str, int] | None:
    """Tokens of each way to ask about a case; None where its log holds no failure."""
    case = prepare_case(request)
    if case is None:
        return None
    found = {}
    for name, single in (("all calls", False), ("single call", True)):
        drafter = ModelDrafter(
            Profile(model="any", base_url="http://localhost/v1"),
            load_prompts(),
            counter=counter,
            memory=Memory(None),
            options=Options(single_call=single),
            tell=lambda _: None,
        )
        bodies = [body for body, _, _ in drafter.payloads(case)]
        found[name] = sum(counter.count(message["content"]) for body in bodies for message in body["messages"])
        found["evidence"] = counter.count(drafter.asking(case).evidence)
    return found


def main() -> None:
    """Print the table."""
    counter = token_counter()
    rows = [row for request in requests([Path(name) for name in sys.argv[1:]]) if (row := sizes(request, counter))]
    print(f"{len(rows)} cases, tokens by {counter.name}")
    for name in ("evidence", "all calls", "single call") if rows else ():
        values = [row[name] for row in rows]
        print(f"{name:12} mean {statistics.mean(values):8.0f}  median {statistics.median(values):8.0f}  largest {max(values):8d}")


if __name__ == "__main__":
    main()
