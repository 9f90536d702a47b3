"""Lines of settings: `.env`, YAML, compose. The whole rest of such a line is the value, and nothing in it is code."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.redaction.names import Trust, named
from assistant.redaction.spans import Span
from assistant.redaction.values import Where, is_secret

_NEAR = 3
"""So many lines above and below are looked at for one that is not blank: it tells what kind of text it is."""

_LONGEST = 1000
"""Characters of a value or a line that are looked at."""

_LONG = 16
"""From so many characters on, a word is no plain one."""

_TYPES = (
    r"(?:typing\.)?(?:str|int|float|bool|bytes|string|number|boolean|any|object|date|datetime|UUID|\w*Str|SecretBytes|None)(?:[ \t]*[|=#].*)?|"
    r"[A-Z]\w*\[.*|[A-Z]\w*[ \t]\|.*"
)


@cache
def _line() -> re.Pattern[str]:
    return re.compile(
        r"(?:\d{4}-\d\d-\d\d[T ][\d:.,]{5,20}Z?[ \t]+|[\w.\-]{1,60}[ \t]{0,20}\|[ \t]?)?"  # what CI and compose put before a line
        r"(?P<indent>[ \t]{0,80})(?:[-+][ \t]{1,8})?(?:(?:export|set|ENV|ARG|local|readonly|setx)[ \t]+)?"
        r"(?P<quote>[\"']?)(?P<name>[A-Za-z_][\w.\-]{0,99})(?:(?P<set>=)|(?P=quote)(?P<colon>:)[ \t]{1,40})(?P<value>[^\n]*)"
    )


@cache
def _value() -> re.Pattern[str]:
    return re.compile(r"\"((?:[^\"\\]|\\.)*+)\"|'((?:[^']|'')*+)'|((?:[^\s#]|(?<=\S)#|[ \t](?![ \t#]))*+)")


@cache
def _env_line() -> re.Pattern[str]:
    return re.compile(r"[ \t]{0,40}(?:#.*|(?:export[ \t]+)?[A-Z_][A-Z0-9_]{0,99}=.*)")


@cache
def _yaml_line() -> re.Pattern[str]:
    return re.compile(r"[ \t]*(?:#.*|---|-?[ \t]*[\"']?[\w.\-/]{1,100}[\"']?:(?:[ \t].*)?|-[ \t]+\S.*)")


@cache
def _program_line() -> re.Pattern[str]:
    return re.compile(
        r".*[,;({]|.*\)[ \t]*:|.*[ \t]=[ \t].*|[ \t]*(?:@|(?:class|def|async|from|import|if|return|const|let|var|function|type|interface)\b).*|"
        rf"[ \t]*[\w\"']+\??:[ \t]+(?:{_TYPES})"
    )


@cache
def _program_value() -> re.Pattern[str]:
    return re.compile(rf".*[,;({{]|.*[ \t]=[ \t].*|{_TYPES}")


def find_setting(text: str, start: int, end: int) -> Iterator[Span]:
    """The value of a secret's name in a line of settings.

    Args:
        text: the whole text: the lines around tell what it is.
        start: where the line begins.
        end: where it ends.
    """
    match = _line().fullmatch(text, start, end)
    what = named(match["name"]) if match else None
    if match is None or what is None or (match["set"] and not match["name"].isupper()):
        return
    value = _value().match(text, match.start("value"), end)
    if value is None or text[value.end() : end].strip()[:1] not in ("", "#"):
        return
    group = value.lastindex or 3
    held = value[group].strip()
    if group == 3:
        held = held.removesuffix(match["quote"]) if match["set"] else held
        if not held or len(held) > _LONGEST or _is_something_else(text, (start, end), match, held):
            return
    sure = match["name"].isupper() or what.trust is not Trust.LIKELY or len(held) >= _LONG
    if is_secret(held, what.trust if sure else Trust.RANDOM, Where.CONFIG):
        first = text.index(held, value.start(group))
        yield Span(first, first + len(held), what.kind)


def _is_something_else(text: str, line: tuple[int, int], match: re.Match[str], value: str) -> bool:
    """Whether an unquoted value belongs to a program, a command or a sentence rather than to settings."""
    many = any(blank in value for blank in " \t")
    if match["set"]:
        return many and not _stands_among(text, *line, _env_line())
    if _program_value().fullmatch(value):
        return True
    if match["name"].isupper():
        return False
    if many:
        what = named(match["name"])
        return what is None or what.trust is not Trust.CERTAIN or re.fullmatch(r"[\w'\-]+(?:[ \t][\w'\-]+){1,7}", value) is None
    return not _stands_among(text, *line, _yaml_line())


def _stands_among(text: str, start: int, end: int, kind: re.Pattern[str]) -> bool:
    """Whether the next line above or below is of that kind, and neither is a program's; a line alone may be anything."""
    near = [line for line in (_above(text, start), _below(text, end)) if line]
    return (not near or any(kind.fullmatch(line) for line in near)) and not any(_program_line().fullmatch(line) for line in near)


def _above(text: str, start: int) -> str:
    end = start
    for _ in range(_NEAR):
        end, last = text.rfind("\n", 0, max(0, end - 1)) + 1, end - 1
        if last <= 0 or text[end:last].strip():
            return text[end : max(end, last)][:_LONGEST]
    return ""


def _below(text: str, end: int) -> str:
    for _ in range(_NEAR):
        start, end = end + 1, text.find("\n", end + 1)
        end = len(text) if end < 0 else end
        if start >= len(text) or text[start:end].strip():
            return text[start:end][:_LONGEST]
    return ""
