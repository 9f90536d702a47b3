"""Places that hold a secret without naming it as `name = value`: URLs, headers, cookies, command lines, SQL, sentences.

`contexts.txt` holds them; adding a place is adding a row there.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from assistant.redaction.names import Trust, named
from assistant.redaction.spans import Span
from assistant.redaction.values import Where, is_code, is_drawn, is_placeholder, is_random, is_reference, is_secret

_VALUE = r"(?:'([^'\n]{1,400})'|\"([^\"\n]{1,400})\"|([^\s'\"|;&<>,\]]{1,400}))"
_URL = r"(?<![A-Za-z0-9+.\-])([A-Za-z][A-Za-z0-9+.\-]{1,40})://([^\s:@/\"'<>`|]{0,256})(?::([^\s/?#\"'<>`]{1,512}|[^\s\"'<>`]{1,256}))?@(?=[\w\[.$%{\-/])"


class Context(NamedTuple):
    """One row.

    Args:
        kind: what the value is; empty where a name in the place says it.
        trust: how sure the place alone is.
        sign: what every such line matches, as RE2 understands it.
        sought: whether such lines are looked for; others hold a secret's name anyway.
        pattern: where the value stands, as `re` understands it.
    """

    kind: str
    trust: Trust
    sign: str
    sought: bool
    pattern: str


_HEADERS = ("bearer-token", "authorization")
"""Kinds whose value stands without quotes, where a program's names and plain words stand too."""

_NAME = re.compile(r"(?:[A-Za-z]{1,15}|[A-Za-z]+(?:[_\-.][A-Za-z]+)+)[.,:;]?")
_CALL = re.compile(r"[A-Za-z_][\w.]*\(.*\)[,;]?")

_SCHEMES = {
    "postgres": "postgres", "postgresql": "postgres", "cockroachdb": "postgres", "mysql": "mysql", "mariadb": "mysql", "mssql": "mssql",
    "sqlserver": "mssql", "oracle": "oracle", "redis": "redis", "rediss": "redis", "mongodb": "mongodb", "amqp": "amqp", "amqps": "amqp",
    "smtp": "smtp", "smtps": "smtp", "ldap": "ldap", "ldaps": "ldap", "ftp": "ftp", "sftp": "ftp", "clickhouse": "clickhouse",
}  # fmt: skip


@cache
def contexts() -> tuple[Context, ...]:
    """All rows; a pattern is compiled when a line first needs it."""
    lines = Path(__file__).with_name("contexts.txt").read_text("utf-8").splitlines()
    return tuple(_context(*line.split(" :: ", 3)) for line in lines if line and line[:2] != "# ")


def _context(kind: str, trust: str, sign: str, pattern: str) -> Context:
    bare = sign.removeprefix("~")
    return Context(kind.strip("-"), Trust[trust], f"(?i:{bare})", bare == sign, pattern.replace("<VALUE>", _VALUE))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@cache
def _url() -> re.Pattern[str]:
    return re.compile(_URL)


def find_in_context(line: str, context: Context) -> Iterator[Span]:
    """The values in one kind of place of a line."""
    for match in _compiled(context.pattern).finditer(line):
        name = match.re.groupindex.get("n", 0)
        what = named(match["n"]) if name else None
        if name and what is None:
            continue
        kind, trust = (what.kind, what.trust) if what else (context.kind, context.trust)
        for group in range(1, match.re.groups + 1):
            value = match[group]
            if value is None or group == name or (context.trust is not Trust.CERTAIN and line.startswith("(", match.end(group))):
                continue  # nothing, the name, or a call
            if _fits(value, context, trust):
                yield Span(*match.span(group), kind)


def _fits(value: str, context: Context, trust: Trust) -> bool:
    """Whether a value is a secret: the less its place says, the more it must look like one."""
    if context.trust is Trust.RANDOM:
        if value[0] in "([{<" or is_placeholder(value) or is_reference(value) or _CALL.fullmatch(value):
            return False
        return is_drawn(value, sure=trust is Trust.CERTAIN or context.kind.endswith("password"))
    if context.kind in _HEADERS and (_NAME.fullmatch(value) or is_code(value)):
        return False
    return is_secret(value, max(trust, context.trust) if context.trust is Trust.CERTAIN else trust, Where.QUOTED)


def find_in_urls(line: str) -> Iterator[Span]:
    """Passwords and keys in front of a URL's host."""
    for match in _url().finditer(line):
        scheme = match[1].lower().split("+")[0]
        vendor = _SCHEMES.get(scheme, "")
        if match[3] is None:
            if is_random(match[2], least=20):
                yield Span(*match.span(2), "url-key")
        elif not _is_port_and_path(match[3], vendor) and not is_placeholder(match[3], Where.QUOTED) and "${" not in match[3]:
            if is_random(match[2], least=32):
                yield Span(*match.span(2), "url-key")
            yield Span(*match.span(3), f"{vendor}-password" if vendor else "url-password")


def _is_port_and_path(text: str, vendor: str) -> bool:
    """Whether what stands after the colon is a port, and the `@` belongs to the path: `http://host:80/@scope`."""
    return re.match(r"\d{1,5}[/?#]", text) is not None or (
        not vendor and "/" in text and not any(is_random(part) for part in text.split("/"))
    )


_COOKIE = r"(?:(?:set-)?cookie[\"']?\s{0,4}(?:[:=,]|=>)\s{0,4}b?[\"']?|<cookie\s+|\scurl\s[^|;\n]{0,200}?\s(?:-b|--cookie)[ =][\"']?|(?:^|\s)(?:-b|--cookie)[ =][\"']?)(?=[\w.\-]{1,100}=)"
_DICT = r"cookies?[\"']?\s{0,4}[=:]\s{0,4}(?:dict\(|<?[\w.]{0,30}\(?)?\{([^{}\n]{1,4000})"
_PAIR = r"(?<![\w.\-])(?P<name>[\w.\-]{1,100})[\"']?\s{0,3}[=:]\s{0,3}[\"']?(?P<value>[^\s;,\"'}]+)"
_SESSION = r"sess|sid$|^sid|auth|token|csrf|xsrf|jwt|login|remember|identity|secret|^s$|credential|_key$|bearer"
_ATTRIBUTES = frozenset(("path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "priority", "version"))


def find_cookies(line: str) -> Iterator[Span]:
    """The values of cookies that belong to a session."""
    for match in re.finditer(_COOKIE, line, re.IGNORECASE):
        yield from _cookie_pairs(line, match.end(), len(line))
        break
    for match in re.finditer(_DICT, line, re.IGNORECASE):
        yield from _cookie_pairs(line, *match.span(1))


def _cookie_pairs(line: str, start: int, end: int) -> Iterator[Span]:
    for pair in re.compile(_PAIR).finditer(line, start, end):
        name, value = pair["name"].lower(), pair["value"]
        if name in _ATTRIBUTES or is_placeholder(value):
            continue
        if is_random(value) or (re.search(_SESSION, name) and len(value) >= 6):
            yield Span(*pair.span("value"), "cookie")
