"""What a hunk does, in terms that a reader thinks in: a value, an argument, a call, a condition, a statement."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.changes import Edit, EditKind
from assistant.gathering.change.hunks import Hunk

LONGEST_VALUE = 120
MOST_EDITS = 6
_LITERAL = r"[\w./-]{1,80}:[0-9][\w.-]{0,40}|[rbfu]{0,2}\"[^\"\n]{0,200}\"|[rbfu]{0,2}'[^'\n]{0,200}'|`[^`\n]{0,200}`|-?[0-9][\w.]{0,30}|[A-Za-z_$][\w.$]{0,80}(?:\([^()\n]{0,80}\))?|\[[^\]\n]{0,120}\]|\{[^}\n]{0,120}\}"
_PAIR = re.compile(
    rf"(?<![\w.])(?P<name>[\"']?[A-Za-z_$][\w.$-]{{0,80}}[\"']?)(?:\s{{0,4}}:\s{{0,4}}[\w\[\], .|]{{1,60}}?)?\s{{0,4}}(?:=(?![=>])|:(?![:=]))\s{{0,4}}(?P<value>{_LITERAL})"
)
_CALL = re.compile(r"(?<![\w.$])((?:[A-Za-z_$][\w$]{0,60}\.){0,4}[A-Za-z_$][\w$]{0,80})\s?\(")
_METHOD = re.compile(r"\.([A-Za-z_$][\w$]{0,80})\s?\(")
_OPERATOR = re.compile(r"<=|>=|==|!=|===|!==|<|>|\bnot\b|\band\b|\bor\b|\bin\b|\bis\b|&&|\|\||//|%|!(?==|\w)")
_STRING = re.compile(r"\"([^\"\n]{0,300})\"|'([^'\n]{0,300})'|`([^`\n]{0,300})`")
_IMPORT = re.compile(r"^\s*(?:import|from|use|require|#include|using|export\s+\{?.{0,80}from)\b")
_KEYWORDS = frozenset(
    {
        "if",
        "for",
        "while",
        "return",
        "and",
        "or",
        "not",
        "in",
        "is",
        "def",
        "class",
        "function",
        "switch",
        "catch",
        "with",
        "elif",
        "await",
        "async",
        "lambda",
        "else",
        "yield",
        "assert",
        "raise",
        "except",
    }
)


def edits_of(hunk: Hunk) -> tuple[Edit, ...]:
    """The edits of a hunk, those that tell most first.

    Args:
        hunk: masked lines that went and came.
    """
    removed, added = _code(hunk.removed), _code(hunk.added)
    if not removed and not added:
        return (Edit(kind=EditKind.COMMENT),)
    if all(_IMPORT.match(line) for line in (*removed, *added)):
        return (Edit(kind=EditKind.IMPORTS, removed=_first(removed), added=_first(added)),)
    removed, added = _unlike(removed, added), _unlike(added, removed)
    if not removed:
        return (Edit(kind=EditKind.ADDED, added=_first(added)),)
    if not added:
        return (Edit(kind=EditKind.REMOVED, removed=_first(removed)),)
    found = [*_values(removed, added), *_calls(removed, added), *_conditions(removed, added), *_texts(removed, added)]
    first = Edit(kind=EditKind.TEXT, removed=removed[0], added=_closest(removed[0], added))
    return tuple(dict.fromkeys(found))[:MOST_EDITS] or (first,)


def _values(removed: Sequence[str], added: Sequence[str]) -> Iterator[Edit]:
    old, new = _pairs(removed), _pairs(added)
    for name in (one for one in old if one in new):
        if old[name][0] != new[name][0]:
            yield Edit(kind=EditKind.VALUE, name=name, before=old[name][0], after=new[name][0], removed=old[name][1], added=new[name][1])
    for name in (one for one in new if one not in old):
        yield Edit(kind=EditKind.GIVEN, name=name, after=new[name][0], removed=_closest(new[name][1], removed), added=new[name][1])
    for name in (one for one in old if one not in new):
        yield Edit(kind=EditKind.DROPPED, name=name, before=old[name][0], removed=old[name][1], added=_closest(old[name][1], added))


def _calls(removed: Sequence[str], added: Sequence[str]) -> Iterator[Edit]:
    old, new = _called(removed), _called(added)
    gone, come = [name for name in old if name not in new], [name for name in new if name not in old]
    for before, after in zip(gone, come, strict=False):
        yield Edit(kind=EditKind.CALL, before=before, after=after, removed=old[before], added=new[after])
    for name in come[len(gone) :]:
        yield Edit(kind=EditKind.CALL, after=name, removed=_closest(new[name], removed), added=new[name])
    for name in gone[len(come) :]:
        yield Edit(kind=EditKind.CALL, before=name, removed=old[name], added=_closest(old[name], added))


def _conditions(removed: Sequence[str], added: Sequence[str]) -> Iterator[Edit]:
    old, new = (Counter(op for line in lines for op in _OPERATOR.findall(_STRING.sub('""', line))) for lines in (removed, added))
    gone, come = list((old - new).elements()), list((new - old).elements())
    if gone or come:
        line = next((one for one in removed if any(op in one for op in gone)), removed[0])
        yield Edit(kind=EditKind.CONDITION, before=" ".join(gone[:3]), after=" ".join(come[:3]), removed=line, added=_closest(line, added))


def _texts(removed: Sequence[str], added: Sequence[str]) -> Iterator[Edit]:
    old, new = _strings(removed), _strings(added)
    for before, after in zip([one for one in old if one not in new], [one for one in new if one not in old], strict=False):
        yield Edit(kind=EditKind.TEXT, before=before[:LONGEST_VALUE], after=after[:LONGEST_VALUE], removed=old[before], added=new[after])


def _pairs(lines: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Names that a line gives a value to: assignments, arguments, keys."""
    found: dict[str, tuple[str, str]] = {}
    for line in lines:
        for match in _PAIR.finditer(line):
            name = match["name"].strip("\"'")
            if name not in _KEYWORDS and match["value"] not in _KEYWORDS:
                found.setdefault(name, (match["value"][:LONGEST_VALUE], line))
    return found


def _called(lines: Sequence[str]) -> dict[str, str]:
    names = ((name, line) for line in lines for name in (*_CALL.findall(line), *_METHOD.findall(line)))
    return {name.rpartition(".")[2]: line for name, line in names if name not in _KEYWORDS}


def _strings(lines: Sequence[str]) -> dict[str, str]:
    return {next(part for part in (*match.groups(), "") if part is not None): line for line in lines for match in _STRING.finditer(line)}


def _closest(line: str, lines: Sequence[str]) -> str:
    """The line that shares most words with a line; empty where there is none."""
    words = set(re.findall(r"\w+", line))
    return max(lines, key=lambda one: len(words & set(re.findall(r"\w+", one))), default="")


def _unlike(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    """The lines that do not stand on the other side as well; all where none is left."""
    return [line for line in lines if line not in others]


def _first(lines: Sequence[str]) -> str:
    return max(lines[:5], key=len) if lines else ""


def _code(lines: Sequence[str]) -> list[str]:
    return [
        " ".join(line.split())
        for line in lines
        if line.strip() and not re.match(r"\s*(?:#(?!include|define)|//|/?\*+(?:/|\s|$)|--\s)", line)
    ]
