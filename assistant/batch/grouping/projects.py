"""Which inputs are of one project: jobs of a matrix, shards and retries are, logs of other code are not."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from assistant.batch.grouping.joining import joined
from assistant.evidence import Failure

_COMMON = frozenset(
    {
        "",
        ".",
        "..",
        "test",
        "tests",
        "t",
        "src",
        "lib",
        "unit",
        "integration",
        "conftest.py",
        "setup.py",
        "app",
        "main.py",
        "test.py",
        "tests.py",
    }
)
_VARIES = re.compile(
    r"(?i)\d+(?:\.\d+)*|(?<![a-z])(?:py|python|cpython|pypy|node|go|jdk|java|ruby|ubuntu|debian|alpine|linux|windows|win|macos|mac|darwin|osx|x64|x86|amd64|arm|aarch"
    r"|latest|stable|nightly|beta|min|max|shard|part|chunk|group|split|worker|attempt|retry|rerun|try|run|job)(?![a-z])"
)
_ATTEMPT = re.compile(r"(?i)[-_. ]?(?<![a-z])(?:attempt|retry|rerun|try)[-_. #]?\d{0,3}(?![a-z])")
_SUFFIX = re.compile(r"(?i)(?:\.(?:xml|log|txt|out|gz|bz2|xz|zst|zip|tar|tgz))+$")


def places_of(failure: Failure) -> frozenset[str]:
    """By which names the project of a failure is known: the top folder of our code and the modules of its tests."""
    found = set()
    for frame in failure.frames:
        parts = frame.path.replace("\\", "/").lstrip("./").split("/")
        if frame.ours and not frame.path.startswith(("/", "<")):
            found.add(next((part for part in parts if part.lower() not in _COMMON), ""))
    name = failure.test_id.partition("[")[0].partition("::")[0].replace("\\", "/")
    found.add(next((part for part in name.split("/") if part.lower() not in _COMMON), ""))
    return frozenset(found - {""})


def family(name: str) -> str:
    """The name of an input without what jobs of a matrix, shards and retries differ in."""
    return re.sub(r"[\W_]+", " ", _VARIES.sub("", _SUFFIX.sub("", name))).strip().lower()


def job_of(name: str) -> str:
    """The name of an input without the number of the attempt: what failed there and passed in another attempt is flaky."""
    return _ATTEMPT.sub("", _SUFFIX.sub("", name))


def projects(names: Sequence[str], places: Mapping[int, Iterable[str]]) -> list[int]:
    """For each input the number of its project.

    Args:
        names: of the inputs.
        places: by the number of an input, the names that its failures know the project by.
    """
    shared: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        for key in (f"family {family(name)}", *(f"place {place}" for place in places.get(number, ()))):
            shared[key].append(number)
    groups = joined(len(names), shared.values())
    homes = {number: group[0] for group in groups for number in group}
    return [homes[number] for number in range(len(names))]
