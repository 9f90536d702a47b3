"""Error lines of logs that no language finder explains, with the block around each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.evidence import Cause
from assistant.mining import cues, python, wording
from assistant.mining.cues import Weighed
from assistant.mining.finding import lines_with
from assistant.mining.lines import Log, Taken
from assistant.mining.order import SOURCE_STEP
from assistant.mining.ranking import Found
from assistant.mining.salience import line_signs
from assistant.mining.signature import normalised, signature

SPOKEN = 3.5
"""From this weight on a sign of a plain kind tells of a failure, whatever else the line says."""
MAX_GAP = 6
CONSEQUENCE_SHARE = 0.3
"""What is left of the weight of a message that says nothing of its cause."""
MAX_BLOCK = 60
MAX_PLAIN = 4
MAX_MORE = 6
LONG_ENOUGH = 12
"""Shorter messages repeat another only when they equal it."""
MAX_FOUND = 200
MAX_CANDIDATES = 40_000
"""So many lines of one log are weighed, half of them from its start and half from its end."""

SHORT_LOG = 80
CONTEXT_OF_EXIT = 12


class Sign(NamedTuple):
    """A line that tells of an error, with how strongly it does, and how much it matters in its log."""

    line: int
    strength: int
    weight: float = 0.0


def find_rest(log: Log, taken: Taken, found: Sequence[Found], position: int) -> list[Found]:
    """The errors that stand outside of everything found so far.

    Args:
        log: the log.
        taken: its lines that are explained.
        found: what explains them; an error that only repeats it is not told again.
        position: the place of the log among the sources.
    """
    signs = list(_signs(log, taken))
    clusters = _clusters(log, _accepted(log, signs, bool(found)))
    told = list({normalised(f"{cause.exception}: {cause.message}") for one in found for cause in one.failure.chain})
    rest: dict[str, Found] = {}
    for group, limit in zip(clusters, [*(group[0].line for group in clusters[1:]), len(log)], strict=False):
        one = _failure(log, taken, group, limit)
        key, said = signature(one.failure), normalised(one.failure.message or one.failure.exception)
        if held := rest.get(key):
            rest[key] = held._replace(failure=replace(held.failure, count=held.failure.count + 1))
        elif said and len(rest) < MAX_FOUND and (one.failure.frames or not _repeats(said, told)):
            if one.failure.exception:  # an unnamed error goes where a named exception says the same
                rest = {
                    other: held for other, held in rest.items() if held.failure.exception or normalised(held.failure.message) not in said
                }
            rest[key] = one._replace(order=position * SOURCE_STEP + one.failure.origin.first)
            told.append(normalised(f"{one.failure.exception}: {one.failure.message}"))
    return list(rest.values())


def _repeats(said: str, told: Sequence[str]) -> bool:
    return any(said == other or (len(said) >= LONG_ENOUGH and said in other) for other in told)


def _signs(log: Log, taken: Taken) -> Iterator[Sign]:
    candidates = suspects(log, taken)
    if len(candidates) > MAX_CANDIDATES:
        candidates = [*candidates[: MAX_CANDIDATES // 2], *candidates[-MAX_CANDIDATES // 2 :]]
    weights = line_signs(log) if candidates else []
    for index in candidates:
        strength = wording.strength(log.bare[index])
        if strength is None and _is_plain(weights[index]):
            strength = 2
        if strength is not None:
            yield Sign(index, strength, weights[index].weight)


def _is_plain(sign: Weighed) -> bool:
    return sign.weight >= SPOKEN and sign.reason in cues.PLAIN


def suspects(log: Log, taken: Taken) -> list[int]:
    """The lines that nobody explained and that hold a word of trouble; found by plain search, which is fast."""
    left = [index for index in range(len(log)) if index not in taken]
    lines = [log.bare[index] for index in left]
    hits = lines_with(lines, (*wording.HINTS, *cues.WORDS))
    return [index for index, line, hit in zip(left, lines, hits, strict=True) if hit or wording.NAMED.match(line)]


def _accepted(log: Log, signs: Sequence[Sign], explained: bool) -> list[Sign]:
    """The signs that mean a failure, judged by how the log as a whole ends."""
    strong = [sign for sign in signs if sign.strength >= 2]
    well = "#[error]" not in log.text and wording.ends_well(log.bare)
    if explained:
        return [] if well else strong
    if well and not any(sign.strength == 3 for sign in signs):
        return []
    if strong:
        return [sign for sign in signs if sign.strength >= 1]
    weak = [sign for sign in signs if sign.strength == 1]
    exits = [sign for sign in signs if sign.strength == 0]
    if weak and (exits or len(log) <= SHORT_LOG):
        return weak
    return exits


def _clusters(log: Log, signs: Sequence[Sign]) -> list[list[Sign]]:
    """Signs that belong to one message; where there are strong ones, weak ones alone are no message."""
    groups: list[list[Sign]] = []
    for sign in signs:
        if not groups or _apart(log, groups[-1], sign):
            groups.append([])
        groups[-1].append(sign)
    strongest = max((sign.strength for sign in signs), default=0)
    return [group for group in groups if strongest < 2 or any(sign.strength >= 2 for sign in group)]


def _apart(log: Log, group: list[Sign], sign: Sign) -> bool:
    if sign.line - group[-1].line > MAX_GAP or sign.line - group[0].line >= MAX_BLOCK:
        return True
    line = log.bare[sign.line]
    if wording.starts_record(line):
        return True
    return not line.startswith((" ", "\t", "Caused by")) and wording.NAMED.match(line) is not None


def _failure(log: Log, taken: Taken, group: Sequence[Sign], limit: int) -> Found:
    first = group[0].line
    end = _end(log, taken, group[-1].line + 1, limit)
    if all(sign.strength == 0 for sign in group):
        first = _back(log, taken, first)
    telling = max(group, key=lambda sign: wording.telling(log.bare[sign.line], sign.strength) - (sign.line - first) / 2)
    exception, message, language = _said(log, telling.line, end)
    exception = exception or next((name for sign in group if (name := wording.said(log.bare[sign.line])[0])), "")
    # late: most logs need no reader of other languages' stacks
    from assistant.mining.languages import stacks

    says_much = wording.telling(log.bare[telling.line], telling.strength) > 0
    taken.take(first, end)
    cause = Cause(exception, message, stacks.frames(log.bare[first:end]))
    weight = max(sign.weight for sign in group)
    if not says_much or all(sign.strength == 0 for sign in group):
        weight *= CONSEQUENCE_SHARE
    return Found(log.failure((first, end), (cause,), language=language), first, weight)


def _said(log: Log, index: int, end: int) -> tuple[str, str, str]:
    """Exception, message and language of a line, with the lines its message goes on over."""
    line = log.bare[index]
    exception, message = wording.said(line)
    if wording.is_python(exception):
        whole = python.exception_at(log.bare, index, end)
        return (whole[0], whole[1], "python") if whole and whole[0] == exception else (exception, message, "python")
    if message.endswith(":"):
        more = [
            text.strip()
            for text in log.bare[index + 1 : min(end, index + 1 + MAX_MORE)]
            if text.strip() and not text.lstrip().startswith("at ")
        ]
        message = "\n".join([message, *more])
    return exception, message, "text"


def _end(log: Log, taken: Taken, end: int, limit: int) -> int:
    """Where the message ends: what is indented goes on over blank lines, a plain paragraph for a few lines."""
    limit = min(limit, len(log), end + MAX_BLOCK)
    plain = 0
    while end < limit and end not in taken:
        line = log.bare[end]
        if not line.strip():
            if end + 1 >= limit or not log.bare[end + 1].startswith((" ", "\t")):
                break
        elif not wording.goes_on(line):
            plain += 1
            if plain > MAX_PLAIN or wording.starts_record(line) or wording.is_command(line):
                break
        end += 1
    return end


def _back(log: Log, taken: Taken, first: int) -> int:
    start = first
    while start > 0 and first - start < CONTEXT_OF_EXIT and start - 1 not in taken:
        start -= 1
    return start
