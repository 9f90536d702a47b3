"""Test runs of pytest: sections, blocks of every style, the short summary, and runs that never got to a test."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from assistant.evidence import Cause, Failure
from assistant.mining import blocks, python
from assistant.mining.lines import MATCHED_LENGTH, Log, Taken
from assistant.mining.patterns import Lazy
from assistant.mining.summary import Summary, read_summary

_SECTION = Lazy(r"^={1,200} (.{1,200}?) ={1,200}$")
_COUNTS = Lazy(r"\b\d+ (?:passed|failed|errors?|skipped|deselected|xfailed|warnings?)\b.*\bin \d|^no tests ran in \d")
_HEADER = Lazy(r"^_{1,200} (\S.{0,2000}?) _{1,200}$")
_SEPARATOR = Lazy(r"^(?:_ ){3,}_?$")
_PHASE = Lazy(r"^ERROR (?:at (setup|teardown) of|(collecting)) (.+)$")
INTERNAL = "INTERNALERROR> "
_BLOCK_SECTIONS = ("FAILURES", "ERRORS")
_LINE_STYLE = Lazy(r"^(\S.{0,500}?):(\d+): (.+)$")
_FRAGMENT = Lazy(r"^E {3,}\S")
MAX_FRAGMENT = 200


class Section(NamedTuple):
    """One `==== title ====` of a run: its title, first line after it, and end."""

    title: str
    first: int
    end: int


@dataclass
class Run:
    """One session of pytest in a log; indices from 0, `end` exclusive."""

    start: int
    end: int
    sections: list[Section] = field(default_factory=list)
    closed: bool = False


def find_pytest(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failures that pytest reports, and those that kept it from running."""
    yield from _internal(log, taken)
    yield from _conftest(log, taken)
    for run in runs(log):
        failures = list(_failures(log, run, taken))
        yield from failures
        if run.closed and (failures or _passed(log.bare[run.end - 1])):
            taken.take(run.start, run.end)
        elif failures:
            _take_frame(log, run, taken)
    yield from _fragments(log, taken)


def _take_frame(log: Log, run: Run, taken: Taken) -> None:
    """Explain what a run that was cut off prints around its failures: its header and the titles of its sections."""
    header = run.start
    while header < run.end and log.bare[header].strip():
        header += 1
    taken.take(run.start, header)
    for section in run.sections:
        taken.take(section.first - 1, section.first)


def _passed(counts: str) -> bool:
    return "passed" in counts and "failed" not in counts and "error" not in counts


def _internal(log: Log, taken: Taken) -> Iterator[Failure]:
    """`INTERNALERROR>` lines: a plugin or hook broke, and with it the run."""
    if INTERNAL not in log.text:
        return
    index = 0
    while index < len(log):
        end = index
        while end < len(log) and INTERNAL in log.shown[end][:MATCHED_LENGTH]:
            end += 1
        start = next((at for at in range(index, end) if python.HEADER in log.bare[at]), None)
        parsed = python.parse(log.bare, start, end) if start is not None else None
        if parsed and parsed.causes:
            taken.take(index, end)
            yield log.failure((index, end), parsed.causes, language="python", phase="collection")
        index = max(end, index + 1)


def runs(log: Log) -> list[Run]:
    """The sessions of pytest in a log."""
    found: list[Run] = []
    marks = [(index, match.group(1)) for index, line in enumerate(log.bare) if line[:1] == "=" and (match := _SECTION.match(line))]
    marks += [(index, line) for index, line in enumerate(log.bare) if " in " in line[:200] and line[:1].isdigit() and _COUNTS.match(line)]
    for index, title in sorted(marks):
        starts = title.startswith("test session starts")
        if starts or not found or found[-1].closed:
            if not starts and not _opens(title):
                continue
            found.append(Run(index, len(log)))
        run = found[-1]
        if starts and run.start != index:
            run.end = index
            found.append(Run(index, len(log)))
            continue
        if run.sections:
            run.sections[-1] = run.sections[-1]._replace(end=index)
        if _COUNTS.search(title):
            run.end, run.closed = index + 1, True
        elif not starts:
            run.sections.append(Section(title, index + 1, len(log)))
    return found


def _opens(title: str) -> bool:
    return title.startswith((*_BLOCK_SECTIONS, "short test summary", "warnings summary"))


def _failures(log: Log, run: Run, taken: Taken) -> Iterator[Failure]:
    summary = read_summary(log, [section for section in run.sections if section.title.startswith("short test summary")])
    seen: set[str] = set()
    for section in run.sections:
        if section.title not in _BLOCK_SECTIONS:
            continue
        found = list(_blocks(log.bare, section))
        for first, end, title in found:
            taken.take(first, end)
            failure = _block_failure(log, (first, end), title, summary)
            seen.add(failure.test_id)
            yield failure
        for failure in [] if found else _line_style(log, section, summary, taken):
            seen.add(failure.test_id)
            yield failure
    if not seen:
        yield from _from_summary(log, summary, taken)


def _blocks(lines: list[str], section: Section) -> Iterator[tuple[int, int, str]]:
    starts = [
        (index, match.group(1))
        for index in range(section.first, section.end)
        if lines[index][:1] == "_" and not _SEPARATOR.match(lines[index]) and (match := _HEADER.match(lines[index]))
    ]
    for (first, title), (end, _) in zip(starts, [*starts[1:], (section.end, "")], strict=False):
        yield first, end, title


def _block_failure(log: Log, span: tuple[int, int], title: str, summary: Summary) -> Failure:
    phase, name = "call", title
    if match := _PHASE.match(title):
        phase, name = match.group(1) or "collection", match.group(3)
    causes = blocks.causes(log.bare[span[0] + 1 : span[1]]) or [Cause("", title)]
    test_id = summary.claim(name, phase) or _spelt_out(name, phase, blocks.file_of_test(causes, name))
    return log.failure(span, causes, language="python", test_id=test_id, phase=phase)


def _spelt_out(name: str, phase: str, file: str) -> str:
    """A full test id from the name in a block's header and the file its frames name."""
    if phase == "collection" or not file:
        return name
    dotted, bracket, parameters = name.partition("[")
    return f"{file}::{dotted.replace('.', '::')}{bracket}{parameters}"


def _line_style(log: Log, section: Section, summary: Summary, taken: Taken) -> Iterator[Failure]:
    """`--tb=line`: one line a failure, without headers."""
    for index in range(section.first, section.end):
        match = _LINE_STYLE.match(log.bare[index])
        if match:
            taken.take(index, index + 1)
            causes = blocks.causes([log.bare[index]])
            test_id, phase = summary.claim_next(match.group(3))
            yield log.failure((index, index + 1), causes, language="python", test_id=test_id, phase=phase)


def _from_summary(log: Log, summary: Summary, taken: Taken) -> Iterator[Failure]:
    """`--tb=no`: all that is known stands in the short summary."""
    for line in summary.lines:
        taken.take(line.first, line.end)
        yield log.failure((line.first, line.end), (line.cause,), language="python", test_id=line.test_id, phase=line.phase)


def _conftest(log: Log, taken: Taken) -> Iterator[Failure]:
    if "ImportError while loading conftest" not in log.text:
        return
    lines = log.bare
    for index, line in enumerate(lines):
        if index in taken or not line.startswith("ImportError while loading conftest"):
            continue
        end = index + 1
        while end < len(lines) and lines[end].strip():
            end += 1
        taken.take(index, end)
        taken.take(_warning_before(lines, index), index)
        yield log.failure((index, end), blocks.causes(lines[index + 1 : end]), language="python", phase="collection")


def _warning_before(lines: list[str], index: int) -> int:
    """Where pytest's own warning about the same failure starts."""
    for first in range(index - 1, max(-1, index - 8), -1):
        if "PluggyTeardownRaisedWarning" in lines[first] and lines[first][:1] != "F":
            return first
    return index


def _fragments(log: Log, taken: Taken) -> Iterator[Failure]:
    """`E` lines outside of any block: a pasted piece of a report."""
    if "\nE  " not in "\n" + log.text and log.bare is log.shown:
        return
    lines, index = log.bare, 0
    while index < len(lines):
        if index in taken or lines[index][:1] != "E" or not _FRAGMENT.match(lines[index]):
            index += 1
            continue
        first = index
        while first > 0 and index - first < MAX_FRAGMENT and lines[first - 1].strip() and first - 1 not in taken:
            first -= 1
        end = index + 1
        while end < len(lines) and lines[end][:1] == "E" and lines[end][1:2] in ("", " "):
            end += 1
        closing = end + 1 if end + 1 < len(lines) and not lines[end].strip() and blocks.closes(lines[end + 1]) else end - 1
        end = closing + 1
        taken.take(first, end)
        yield log.failure((first, end), blocks.causes(lines[first:end]), language="python")
        index = end
