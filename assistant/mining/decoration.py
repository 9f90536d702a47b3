"""What CI services, containers and task runners put before a line, seen through so that parsers read the line itself.

Three kinds, told apart by how far their shape can be trusted:

- prefixes of an unmistakable shape (`SURE`) are stripped wherever they stand;
- the names of services, workspaces and branches (`LABELS`) are stripped where the log shows the same name again and again;
- bare clock times and levels (`EVERYWHERE`) are stripped only where all lines carry them, those too that go on with a message:
  where only records carry them, the application wrote them, and they tell where a record starts.

Which of them a log has is found out once for the log; then every line is stripped in one step, whatever the layers.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.mining.patterns import Lazy

SHORT = 100_000
"""Characters up to which a log is not worth a search of its own: its lines are matched at once."""
LAYERS = 4
"""So many kinds of carriers inside each other are seen through."""
SAMPLE = 600
"""So many lines tell which clocks and names a log's lines carry."""
SHARE = 0.8
"""The share of the lines that carry a prefix which the log as a whole has."""
TIMES = 3
"""How often a name is seen before it counts as a prefix."""
MOST_LABELS = 100


class Label(NamedTuple):
    """A prefix that is a name.

    Args:
        marks: pieces of text, one of which a log with such names holds.
        before: what stands before the name.
        name: what a name looks like.
        after: what stands behind it.
    """

    marks: tuple[str, ...]
    before: str
    name: str
    after: str


_DAY, _CLOCK = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_ZONE = r"(?:Z|[+-]\d\d:?\d\d)"
_COMMAND = r"(?:error|warning|notice|debug|group|endgroup|command|section|add-matcher|remove-matcher|set-output|save-state|add-mask)"

SURE = (
    r"\ufeff|\\ufeff",
    # GitHub, GitLab, Azure, docker -t, CRI, syslog's long form; with the host and the program that may follow, or Heroku's
    rf"{_DAY}T{_CLOCK}{_ZONE}?(?:[ \t](?:[0-9a-f]{{2}}[OE][ +]|std(?:out|err) [FP] |[\w.-]{{1,60}} [\w./@-]{{1,60}}\[\d{{1,10}}\]: )?|(?![^\n]))",
    rf"(?:\\x23|#)#\[{_COMMAND}\]",
    rf"(?:\\x3a|:):{_COMMAND}(?: [^:\n]{{1,1000}})?::",
    r"(?:\\x23|#)#vso\[[^\]\n]{1,1000}\]",
    r"(?:\\x73|s)ection_(?:start|end):\d{1,12}:[^\\\s]{1,300}(?:\\x0d|\r|(?![^\n]))",
    r"travis_(?:fold|time):[^\\\s]{1,300}(?:\\x0d|\r|(?![^\n]))",
    r"(?:\\x1b|\x1b)_bk;t=\d{1,16}(?:\\x07|\x07)",
    r"\[\d\d:\d\d:\d\d\][WEFi ]?: ?\t? ?(?:\[[^\]\n]{1,120}\] ?)?",  # TeamCity
    rf"{_DAY} \d\d:\d\d:\d\d\.\d{{6}} \|(?: |(?![^\n]))(?:[\w.-]{{1,60}} \|(?: |(?![^\n])))?",  # Zuul
    rf"\[[a-z][a-z-]{{0,20}}(?::\w{{1,20}})? {_DAY}[T ]{_CLOCK}Z\] ?",
    r"\d\d:\d\d:\d\d +(?:DEBUG|INFO|WARNING|ERROR|CRITICAL|FATAL) -  ?",  # mozharness
    r"GECKO\(\d{1,9}\) \| ",
    r"\[pod/[\w./-]{1,200}\] ",
    r"\w{3} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,80} [\w./@-]{1,80}(?:\[\d{1,10}\])?: ",  # syslog, journald
    rf"<\d{{1,3}}>1 {_DAY}T{_CLOCK}{_ZONE} \S{{1,255}} \S{{1,48}} \S{{1,128}} \S{{1,32}} (?:-|\[[^\]\n]{{0,500}}\]) ",
    r"\[ {0,6}\d{1,7}\.\d{6}\] ",  # the kernel's ring buffer
    r"\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} +\d{1,7} +\d{1,7} [VDIWEF] [^:\n]{1,60}: ",  # logcat
    r"#[1-9]\d{0,4} (?:\d{1,6}\.\d{1,3} |(?=ERROR: |CANCELED(?![^\n])|\[))",  # docker build
    r"\[[\w ./()-]{1,120}\] {2,4}\| ",  # act
    r"Step #\d{1,3}(?: - \"[^\"\n]{1,80}\")?: ",  # Cloud Build
    r"\d{1,2}:\d\d:\d\d [AP]M: ",  # Netlify
    r"\(\d\d:\d\d:\d\d\) ",  # Bazel
    r"\[[\w-]{1,60}:L\d{1,7}:\d{1,6}s\] ",  # Woodpecker
    r"\[gw\d{1,3}\] (?!\[|linux |darwin |win32 |node down)",  # pytest-xdist, but not in its own report
    r"INTERNALERROR> ",
)  # fmt: skip
"""Prefixes that nothing else looks like."""

_GH_RUN = r"[\w .()/,:&+\[\]-]{1,120}\t[^\t\n]{1,120}\t(?:\ufeff|\\ufeff)?(?=\d{4}-\d\d-\d\dT)"
_COMPOSE = r"[A-Za-z][\w.-]{0,60}(?:[-_.]\d{1,4}| \(\w{1,20}\)) *\|(?: |(?![^\n]))(?!\|)"  # and honcho
_SYSLOG = r"(?!\w{0,6}make\[)[\w./-]{1,60}\[(?:\d{1,10}|[a-z_-]{1,40}\.\d{1,5})\]: "  # without time, and Heroku
_BUILD_END = r"\d{1,6}\.\d{3} "  # what docker build repeats when it fails

MARKED = (
    (" |", _COMPOSE),
    ("]: ", _SYSLOG),
    ("failed to solve", _BUILD_END),
    ("\t20", _GH_RUN),
    ("\t\\ufeff20", _GH_RUN),
)  # fmt: skip
"""Prefixes that cost much to seek or look like other things, each with the text without which it is not sought."""

_ALL = (*SURE, _COMPOSE, _SYSLOG, _GH_RUN)


_NO_LEVEL = r"(?!(?i:trace|debug|info|notice|warn|warning|error|fatal|critical|severe|success|note|hint|pass|fail|failed|ok|skip|npm|at)\b)"
_TASK = r"(?:@[\w.-]{1,60}/)?[\w.-]{1,60}"

LABELS = (
    Label((" | ", "|\n"), "", r"[a-z][a-z0-9_.-]{0,60}", r" *\|(?: |$)(?!\|)"),  # docker compose with container names
    Label(("] ",), r"\[", rf"{_NO_LEVEL}(?!Pipeline|command|taskcluster|gw\d)[A-Za-z@][\w@ ./:-]{{0,60}}|\d{{1,2}}", r"\] "),  # concurrently, Drone
    Label((":test", ":build", ":lint", ":check", ":type", ":dev"), "", rf"{_TASK}:(?:test|build|lint|check|type|dev)[\w:-]{{0,40}}", ": "),  # turbo
    Label(("lerna ", " NX ", "nx run"), "", rf"{_NO_LEVEL}{_TASK}", ": "),
    Label(("$ ",), "", rf"(?:[\w@.-]{{1,60}}/){{1,4}}[\w@.-]{{1,60}} {_NO_LEVEL}[\w:-]{{1,40}}", r"(?:\$|:) ?"),  # pnpm -r
    Label(("[@", "➤ "), "", r"➤ YN\d{4}: (?:│ ?)?\[[\w@./-]{1,80}\]:?|\[@[\w.-]{1,60}/[\w.-]{1,60}\]:", " "),  # yarn workspaces
    Label(("py3", "pypy3"), "", r"(?:py|pypy)3\d{0,2}(?:-[\w.-]{1,60})?", ": "),  # tox
)  # fmt: skip
"""Names of services, workspaces and branches."""

EVERYWHERE = (
    rf"\[?{_DAY}[T ]{_CLOCK}{_ZONE}?\]? (?:- )?",
    rf"\d{{4}}/\d\d/\d\d {_CLOCK} ",
    rf"{_CLOCK}  ",  # Jenkins; before the next one, which would leave one blank
    rf"\[?{_CLOCK}\]? ",
    r"(?:DEBUG|INFO|WARNING|ERROR):[\w.-]{1,80}:(?:DEBUG: ?)?",
    r"DEBUG(?: [\w.]{1,60}\.py:\d{1,6})?: {1,2}",
)
"""Clock times and levels; the carrier's own only where every line has them."""

_SAID = Lazy(
    rf"(?:\\x23|#)#\[{_COMMAND}\]|(?:\\x23|#)#vso\[[^\]\n]{{1,1000}}\]|(?:\\x3a|:):{_COMMAND}(?: [^:\n]{{1,1000}})?::|(?:ERROR|CRITICAL|FATAL) - "
)
_GOES_ON = Lazy(
    r"(?:\[[^\]\n]{1,60}\] |[\w.-]{1,60} *\| |[A-Z]{4,7}:[\w.-]{1,60}:(?:DEBUG:)? ?)?(?:\t| {4}\S|  File \"|  at |Traceback \(|Caused by: |E   )"
)
_CARRIER = ("\nFinished: ", "Started by ", "[Pipeline]")
"""Jenkins, whose timestamper writes plain clock times."""


def undecorated(line: str) -> str:
    """A line that stands alone without the prefixes that surely are none of its own; indentation stays.

    Args:
        line: any line; the result is a suffix of it.
    """
    match = _compiled(_ALL).match(line)
    return line[match.end() :] if match else line


def said_before(shown: str, bare: str) -> str:
    """What the carrier itself says of a line: the CI command or the level of an error among the prefixes that were stripped; empty where none.

    Args:
        shown: the line as the log has it.
        bare: the same line without prefixes.
    """
    if len(shown) == len(bare):
        return ""
    return "".join(_SAID.findall(shown[: len(shown) - len(bare)]))


def bare_lines(lines: list[str], text: str) -> list[str]:
    """The lines of a log without the prefixes that this log has; the same list where it has none.

    Args:
        lines: the lines, perhaps cut where they are very long.
        text: the log as a whole.
    """
    sure = _sure_of(text)
    for _ in range(LAYERS):
        pattern = sure if _begins(sure, lines, text) else _other_of(lines, text)
        if pattern is None:
            break
        lines = [line[found.end() :] if (found := pattern.match(line)) else line for line in lines]
        text = "\n".join(lines)
    return lines


def _sure_of(text: str) -> re.Pattern[str]:
    """The prefixes of unmistakable shape; of a long text without those that it cannot have."""
    marked = tuple(pattern for mark, pattern in MARKED if mark in text)
    return _compiled(_ALL if len(text) <= SHORT and _BUILD_END not in marked else SURE + marked)


def _begins(pattern: re.Pattern[str], lines: Sequence[str], text: str) -> bool:
    """Whether a line of a text begins with a prefix."""
    if len(text) <= SHORT:
        return any(pattern.match(line) for line in lines)
    return (pattern.match(text) or _compiled((pattern.pattern,), "\n").search(text)) is not None


def _other_of(lines: Sequence[str], text: str) -> re.Pattern[str] | None:
    """The clock times that all lines of a log carry, else the names that they begin with again and again; None where there are none."""
    sample = _sample(lines)
    seen = "\n".join(sample)
    found = tuple(pattern for pattern in EVERYWHERE if _carried(pattern, sample, lines, text))
    found = found or tuple(one for label in LABELS if any(mark in seen for mark in label.marks) for one in _with_names(label, sample))
    return _compiled(found) if found else None


def _sample(lines: Sequence[str]) -> list[str]:
    """Lines from all over the log and runs of its start and end, as names come in runs; blank ones tell nothing."""
    step = max(1, len(lines) // SAMPLE)
    chosen = lines if step == 1 else [*lines[::step], *lines[:SAMPLE], *lines[-SAMPLE:]]
    return [line for line in chosen if line and not line.isspace()]


def _carried(pattern: str, sample: Sequence[str], lines: Sequence[str], text: str) -> bool:
    """Whether all lines carry a prefix, those too that go on with what stands above them."""
    match = _compiled((pattern,)).match
    if not sample or sum(1 for line in sample if match(line)) < SHARE * len(sample):
        return False
    if any(mark in text for mark in _CARRIER):
        return True
    return any((found := match(line)) and _GOES_ON.match(line[found.end() :]) for line in lines)


def _with_names(label: Label, sample: Sequence[str]) -> Iterable[str]:
    """The prefix with the names that were seen again and again, or with all where nearly every line has one; nothing where there are none."""
    match = _compiled((f"{label.before}({label.name}){label.after}",)).match
    counts = Counter(found.group(1) for line in sample if (found := match(line)))
    times = 1 if counts.total() >= max(2, SHARE * len(sample)) else TIMES
    names = [re.escape(name) for name, count in counts.most_common(MOST_LABELS) if count >= times]
    return (f"{label.before}(?:{'|'.join(names)}){label.after}",) if names else ()


@lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...], before: str = "") -> re.Pattern[str]:
    """Any of some prefixes, one or several after each other."""
    return re.compile(f"{before}(?:{'|'.join(patterns)})" + ("" if before or len(patterns) == 1 else f"{{1,{LAYERS}}}"))
