"""What people look at: `index.md` for a job's summary, `index.html` as a page of its own."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from assistant.batch.grouping.projects import job_of
from assistant.batch.index import Index, IndexCluster
from assistant.resources import resource_folder
from assistant.saving import save

MARKDOWN, PAGE = "index.md", "index.html"
LISTED = 50
"""So many causes stand in the summary; services cut summaries that are too long."""

STRIP = 60
"""So many jobs a heat strip shows."""


class Row(NamedTuple):
    """A cause as the page shows it.

    Args:
        cause: the cause.
        share: of the greatest cause's failures, in percent.
        cells: how many failures each job of the strip has, and how dark that is, 0 to 5.
        text: what the search looks at.
        tests: how many tests fail.
    """

    cause: IndexCluster
    share: float
    cells: tuple[tuple[str, int, int], ...]
    text: str
    tests: int


def write_report(folder: Path, index: Index) -> None:
    """Write both pages of an index into its folder.

    Args:
        folder: where the index and the exports lie.
        index: what is shown.
    """
    # late: the templates cost seven bare starts, and a batch writes its report at its ends
    from assistant.rendering import open_templates

    page = open_templates()
    save(folder / MARKDOWN, page.get_template("batch.md.j2").render(index=index, listed=index.clusters[:LISTED]))
    page.autoescape = True
    shared = {"index": index, "rows": rows_of(index), "jobs": jobs_of(index), "style": _asset("batch.css"), "script": _asset("batch.js")}
    save(folder / PAGE, page.get_template("batch.html.j2").render(shared))


def jobs_of(index: Index) -> list[str]:
    """The jobs that failed, in the order of their inputs; the first ones where there are many."""
    failed = {one.source for cause in index.clusters for one in cause.failures}
    return list(dict.fromkeys(job_of(name) for name in index.inputs if name in failed))[:STRIP]


def rows_of(index: Index) -> list[Row]:
    """The causes as the page shows them."""
    jobs = jobs_of(index)
    most = max((one.count for one in index.clusters), default=1)
    counts = [_by_job(cause) for cause in index.clusters]
    darkest = max((number for count in counts for number in count.values()), default=1)
    return [
        Row(
            cause=cause,
            share=round(100 * cause.count / most, 1),
            cells=tuple((job, count[job], _shade(count[job], darkest)) for job in jobs),
            text=" ".join(
                dict.fromkeys([cause.title, cause.id, *(one.test_id for one in cause.failures), *(one.source for one in cause.failures)])
            ).lower()[:20_000],
            tests=len({one.test_id for one in cause.failures if one.test_id}),
        )
        for cause, count in zip(index.clusters, counts, strict=True)
    ]


def _by_job(cause: IndexCluster) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in cause.failures:
        found[job_of(one.source)] += one.times
    return found


def _shade(count: int, darkest: int) -> int:
    """Five shades on a scale of powers: one failure is seen beside a thousand."""
    if not count:
        return 0
    return 1 + min(4, round(4 * (count.bit_length() - 1) / max(1, darkest.bit_length() - 1)))


def _asset(name: str) -> str:
    return (resource_folder("templates") / name).read_text("utf-8")
