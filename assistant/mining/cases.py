"""Failures of a report of tests: each test that failed, with what its trace tells."""

from collections.abc import Callable, Iterator, Sequence

from assistant.evidence import Cause, Failure
from assistant.mining import blocks
from assistant.mining.identities import names_type
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy
from assistant.mining.ranking import Found
from assistant.sources.source import Case

_NAMED = Lazy(r"^\s{0,20}((?:[\w$]{1,80}[.\\]){0,12}[\w$]{0,80}(?:Error|Exception|Failure)): (.*)")
Finder = Callable[[Log, Taken], Iterator[Failure]]


def find_cases(log: Log, taken: Taken, finders: Sequence[Finder]) -> Iterator[Failure]:
    """The tests of a report that failed.

    Args:
        log: the text that the report was made to.
        taken: all that these tests take of it is marked, what they printed too.
        finders: read the traces.
    """
    for case in log.cases:
        taken.take(case.first, case.last)
        language, chain = _told(log, case, finders)
        _, _, identity = log.shown[case.first].partition(" ")
        yield log.failure((case.first, case.end), chain, language=language, test_id=identity, phase=case.phase)


def without_repeated(found: Sequence[Found], reports: frozenset[str]) -> list[Found]:
    """What was found, but for the tests of reports that a log of the same run tells, too.

    Args:
        found: all that was found.
        reports: the names of the sources that are reports.
    """
    told = {one.failure.test_id for one in found if one.failure.origin.path not in reports}
    return [one for one in found if one.failure.origin.path not in reports or one.failure.test_id not in told]


def _told(log: Log, case: Case, finders: Sequence[Finder]) -> tuple[str, tuple[Cause, ...]]:
    """Language and chain of causes of a test."""
    lines = log.bare[case.first + 1 : case.end]
    if case.pytest and lines and (found := blocks.causes(lines)):
        return "python", tuple(found)
    if lines:
        trace = Log(log.name, log.excerpt(case.first + 1, case.end).text)
        within = Taken(len(trace))
        for find in finders:
            for failure in find(trace, within):
                if failure.exception or failure.frames:
                    return failure.language, failure.chain
    return "text", (_plain(lines, case.exception),)


def _plain(lines: Sequence[str], exception: str) -> Cause:
    """What a trace says that no finder knows: the line that names the type, else the first that names any, else the first."""
    # late: only reports need the readers of all languages' stacks
    from assistant.mining.languages import stacks

    frames = stacks.frames(lines)
    for line in lines if names_type(exception) else ():
        before, named, after = line.partition(exception)
        if named and not before.strip():
            return Cause(exception, after.removeprefix(":").strip(), frames)
    if said := next((match for line in lines if (match := _NAMED.match(line))), None):
        return Cause(said.group(1), said.group(2).strip(), frames)
    return Cause("", next((line.strip() for line in lines if line.strip()), ""), frames)
