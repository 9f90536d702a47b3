"""What the playbook reads of a case, worked out once: names, messages, texts, the frames that matter."""

import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from assistant.drafting import Case
from assistant.drafting.playbook.wording import without_tail
from assistant.evidence import Cause, Evidence, Failure, Frame, Kind, Version

TEXT_LIMIT = 200_000
"""Characters of each kind of evidence that rules look at; what follows is seldom the cause."""

LEADING = " \t!>*|:=-"
SHORTEST_LINE = 3
STAMP = re.compile(r"^\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?\s{0,3}")
BARE = re.compile(r"[\w.]{1,80}:")
"""A line such as `Error:`, which only announces the next one."""

WHERE = re.compile(r"^(?:\[\w{1,20}\] {1,3})?(?:[^\s:]{0,200}[/\\][^\s:]{1,200}(?::\d{1,7}){0,2}(?::\([^)\s]{1,60}\))?: {1,3}){1,3}(?=\S)")
"""The program and place that a compiler or linker names before what it says."""

FOREIGN = frozenset(sys.stdlib_module_names) | {"internal", "node"}
"""Frames of the language itself: no package that could be upgraded on its own."""

EMBEDDED = re.compile(r"(?:\(|<class ')((?:[A-Za-z_]\w{0,60}\.){0,6}[A-Z]\w{2,60})(?:\)|'>)")
"""An exception named inside a message, as SQLAlchemy names the driver's."""

LOOSE = re.compile(r"(?<![\w.])((?:[A-Za-z_]\w{0,60}(?:\.|::)){0,6}[A-Z]\w{2,60}(?:Error|Exception|Greenlet|Timeout|Warning|Mismatch))\b")
"""An exception named in a log that no language parser knew."""


class Facts(NamedTuple):
    """A case as rules and lenses see it.

    Args:
        case: the case itself.
        names: every exception named, dotted and by its last part.
        messages: the messages of the chain, one below the other.
        error: the text of the failure.
        text: the text of the failure and of all log evidence.
        code: the text of all code evidence.
        ran: the lines of our frames' functions that ran before the failing ones, outermost first.
        places: `path:function` of every frame, one a line.
        ours: the last frame of ours before the error.
        library: the innermost frame of a library.
        innermost: the innermost frame of all.
    """

    case: Case
    names: frozenset[str]
    messages: str
    error: str
    text: str
    code: str
    ran: str
    places: str
    ours: Frame | None
    library: Frame | None
    innermost: Frame | None

    @property
    def failure(self) -> Failure:
        """The failure the export is about."""
        return self.case.failure

    @property
    def exception(self) -> str:
        """The last part of the exception's name; empty where the evidence does not name it."""
        name = last_part(self.failure.exception)
        return name if name in self.error else ""

    @property
    def headline(self) -> str:
        """The first line of the message that the evidence shows so, else the first line of the text that says something.

        An exception is taken at its word, however short that is; where it says nothing, the headline is empty.
        """
        if self.exception:
            return next((without_tail(line.strip()) for line in self.failure.message.split("\n") if line.strip()), "")
        lines = [
            without_tail(WHERE.sub("", STAMP.sub("", line.strip(), count=1).lstrip(LEADING)))
            for line in (*self.failure.message.split("\n"), *self.error.split("\n"))
        ]
        told = [line for line in lines if len(line) > SHORTEST_LINE]
        standing = (line for line in told if _stands(line, self.error))
        return next((line for line in standing if not BARE.fullmatch(line)), told[0] if told else "")

    def version(self, name: str) -> Version | None:
        """The exact version of a distribution, where one is known."""
        known = self.case.versions.get(normalised(name))
        return known if known and known.exact else None


def _stands(line: str, text: str) -> bool:
    """Whether the line stands in the text at the border of words."""
    start = text.find(line)
    return start >= 0 and not (start and text[start - 1].isalnum() and line[0].isalnum())


def last_part(name: str) -> str:
    """`IntegrityError` of `sqlalchemy.exc.IntegrityError`."""
    return name.replace("::", ".").rpartition(".")[2]


def normalised(name: str) -> str:
    """A distribution's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def facts_of(case: Case) -> Facts:
    """Work out what rules and lenses look at."""
    failure = case.failure
    causes = failure.chain or (failure.cause,)
    error = _error_text(case)
    frames = tuple(frame for cause in causes for frame in cause.frames) or failure.frames
    nearest = failure.cause.frames or failure.frames
    parsed = bool(failure.exception) and failure.language != "text"
    return Facts(
        case=case,
        names=_names(causes, error if not parsed else ""),
        messages=_messages(causes, failure, error if not parsed else ""),
        error=error,
        text=_joined(error, (e for e in case.ledger if e.kind in {Kind.LOG, Kind.ERROR} and e.id != failure.evidence)),
        code=_joined("", (e for e in case.ledger if e.kind is Kind.CODE)),
        ran=_ran(nearest, case),
        places="\n".join(f"{frame.path}:{frame.function}" for frame in frames),
        ours=_shown(_last(nearest, error, ours=True) or _last(failure.frames, error, ours=True) or _last(frames, error, ours=True), error),
        library=_last(tuple(frame for frame in nearest if frame.package not in FOREIGN), "", ours=False),
        innermost=nearest[-1] if nearest else None,
    )


def _error_text(case: Case) -> str:
    held = case.ledger.get(case.failure.evidence) if case.failure.evidence else None
    text = str(held.text) if held else str(case.failure.text)
    return text[:TEXT_LIMIT]


def _names(causes: Iterable[Cause], loose: str) -> frozenset[str]:
    dotted: set[str] = set()
    for cause in causes:
        dotted.add(cause.exception)
        dotted.update(EMBEDDED.findall(cause.message[:2000]))
    dotted.update(name.replace("::", ".") for name in LOOSE.findall(loose))
    dotted.discard("")
    return frozenset(dotted | {last_part(name) for name in dotted})


def _messages(causes: Iterable[Cause], failure: Failure, loose: str) -> str:
    parts = dict.fromkeys([*(cause.message for cause in causes), failure.message, loose])
    return "\n".join(part for part in parts if part)[:TEXT_LIMIT]


def _joined(first: str, pieces: Iterable[Evidence]) -> str:
    return "\n".join(part for part in (first, *(str(piece.text) for piece in pieces)) if part)[:TEXT_LIMIT]


def _ran(frames: Iterable[Frame], case: Case) -> str:
    """What the evidence shows of our functions, each up to its line in the trace."""
    shown = [piece for piece in case.ledger if piece.kind is Kind.CODE and not piece.cut]
    found: dict[str, None] = {}
    for frame in frames:
        for piece in shown if frame.ours else ():
            origin = piece.origin
            if origin.first <= frame.line <= origin.last and (frame.path.endswith(origin.path) or origin.path.endswith(frame.path)):
                found["\n".join(piece.text.split("\n")[: frame.line - origin.first + 1])] = None
                break
    return "\n".join(found)[:TEXT_LIMIT]


def _last(frames: tuple[Frame, ...], shown: str, *, ours: bool) -> Frame | None:
    """The last frame of that side; with `shown` only one whose path that text still holds after cutting."""
    for frame in reversed(frames):
        if frame.ours is ours and (not shown or frame.path in shown):
            return frame
        name = frame.path.rpartition("/")[2]
        if frame.ours is ours and f"{name}:{frame.line}" in shown:
            return replace(frame, path=name)  # a JVM trace names the file alone
    return None


def _shown(frame: Frame | None, text: str) -> Frame | None:
    """The frame without its line number where the text no longer shows that."""
    if frame and not re.search(rf"(?:line |:){frame.line}\b", text):
        return replace(frame, line=0)
    return frame
