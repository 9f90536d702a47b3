"""Is the grouping better than clustering by failure text, on labelled runs?

    python benchmarks/grouping.py DIR

DIR has a folder a run: logs and reports, and `labels.csv` with test_id and cause_label. Each run is grouped by itself: by this program,
by the last line of the message with numbers, addresses and quotes masked (as LUCI's rules do for failure reasons), and by text that is
alike but for a tenth (as Kubernetes' triage clusters: greedily, by edit distance of normalised text). Told are the mean and the worst
pairwise F1, homogeneity, and groups a cause. Exits with 1 where a goal is missed or another way is better.
"""

import argparse
import csv
import difflib
import math
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from assistant.batch.cases import loaded, read_case
from assistant.batch.grouping import cluster
from assistant.batch.scanning import Masking, Scan, scan
from assistant.batch.seen import without_repeated

GOAL_MEAN, GOAL_WORST, GOAL_HOMOGENEITY, GOAL_GROUPS = 0.97, 0.85, 0.95, 1.5
ALIKE = 0.9
TEXT = 4000

Labels = Mapping[str, str]
Groups = Mapping[str, str]
"""By test, the name of its cause or its group."""


class Score(NamedTuple):
    """How well groups fit causes."""

    f1: float
    homogeneity: float
    groups: int
    causes: int


def plain(test: str) -> str:
    """One spelling of a test's name."""
    name, bracket, rest = test.partition("[")
    return re.sub(r"[./\\:]+", ".", re.sub(r"\.py(?=::|$)", "", name.lower())).strip(".") + bracket + rest


def score(labels: Labels, groups: Groups) -> Score:
    """Pairwise F1 and homogeneity; a test without a group is a group of its own."""
    pairs = [(cause, groups.get(test, f"missing {test}")) for test, cause in labels.items()]
    both, truth, made = Counter(pairs), Counter(cause for cause, _ in pairs), Counter(group for _, group in pairs)
    together = sum(math.comb(number, 2) for number in both.values())
    wanted, got = (sum(math.comb(number, 2) for number in counts.values()) for counts in (truth, made))
    f1 = 2 * together / (wanted + got) if wanted + got else 1.0
    entropy = -sum(number / len(pairs) * math.log(number / truth.total()) for number in truth.values())
    left = -sum(number / len(pairs) * math.log(number / made[group]) for (_, group), number in both.items())
    return Score(f1, 1 - left / entropy if entropy else 1.0, len(made), len(truth))


def ours(scanned: Scan, _: Path) -> Groups:
    """As this program groups."""
    causes = cluster(without_repeated(scanned.reads), [one.name for one in scanned.reads])
    return {plain(seen.test_id): str(number) for number, cause in enumerate(causes) for seen in cause.sightings}


def by_reason(scanned: Scan, spool: Path) -> Groups:
    """By the masked last line of the message."""
    return {test: _masked(text.strip().rpartition("\n")[2]) for test, text in _texts(scanned, spool).items()}


def by_text(scanned: Scan, spool: Path) -> Groups:
    """Greedily by text that is nearly the same."""
    found: list[str] = []
    groups = {}
    for test, text in _texts(scanned, spool).items():
        masked = _masked(text)[:TEXT]
        at = next((number for number, other in enumerate(found) if _near(masked, other)), len(found))
        if at == len(found):
            found.append(masked)
        groups[test] = str(at)
    return groups


def _near(one: str, other: str) -> bool:
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return one == other or (matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE)


def _texts(scanned: Scan, spool: Path) -> dict[str, str]:
    """What each test failed with: type and message."""
    found = {}
    for group in without_repeated(scanned.reads):
        failure = loaded(read_case(spool / scanned.reads[group.unit].spool, group.case)).failure
        for seen in group.sightings:
            found[plain(seen.test_id)] = f"{failure.exception}: {failure.message}"
    return found


def _masked(text: str) -> str:
    text = re.sub(r"'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"", "<quoted>", text)
    return re.sub(r"0x[0-9a-f]{1,16}|\d+", "<n>", text)


WAYS: dict[str, Callable[[Scan, Path], Groups]] = {"ours": ours, "masked last line (LUCI)": by_reason, "near text (Kubernetes)": by_text}


def main() -> int:
    """Score every run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    scores: dict[str, list[Score]] = {way: [] for way in WAYS}
    for path in sorted(args.folder.glob("*/labels.csv")):
        with path.open(newline="") as rows, tempfile.TemporaryDirectory() as name:
            labels = {plain(row["test_id"]): row["cause_label"] for row in csv.DictReader(rows)}
            scanned = scan([str(path.parent)], Masking(), Path(name))
            for way, group in WAYS.items():
                scores[way].append(score(labels, group(scanned, Path(name))))
        print(f"{path.parent.name}: " + ", ".join(f"{way} {found[-1].f1:.3f}" for way, found in scores.items()))
    means = {way: sum(one.f1 for one in found) / len(found) for way, found in scores.items()}
    for way, found in scores.items():
        groups = sum(one.groups for one in found) / sum(one.causes for one in found)
        print(
            f"{way}: mean F1 {means[way]:.3f}, worst {min(one.f1 for one in found):.3f}, homogeneity {min(one.homogeneity for one in found):.3f} at worst, {groups:.2f} groups a cause"
        )
    mine = scores["ours"]
    good = (
        means["ours"] >= GOAL_MEAN
        and min(one.f1 for one in mine) >= GOAL_WORST
        and min(one.homogeneity for one in mine) >= GOAL_HOMOGENEITY
    )
    good = good and sum(one.groups for one in mine) <= GOAL_GROUPS * sum(one.causes for one in mine)
    return 0 if good and means["ours"] == max(means.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
