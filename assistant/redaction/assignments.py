"""Names with values, however they are written: `.env`, YAML, JSON (also inside JSON), Python, headers, queries, XML attributes."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.redaction.names import Named, Trust, named
from assistant.redaction.spans import Span
from assistant.redaction.values import Where, is_drawn, is_secret


@cache
def _name_and_sign() -> re.Pattern[str]:
    return re.compile(
        r"(?<!\w)(?<!\w\.)(?<!\w-)(?:(?<!\w:)|(?<=env:))(?P<name>(?:(?:api|secret|access|auth|license|signing|encryption|private|refresh|client|account|storage|master|shared|fernet) )?[A-Za-z_][\w.\-]{0,99})"
        r"(?:\[\w{0,30}\])?(?P<close>\\{0,7}[\"'`]\]?|\](?=[ \t]{0,4}=>))?[ \t]{0,16}"
        r"(?::[ \t]{0,4}[A-Za-z_][\w.]{0,40}(?:\[[\w.\[\]|, ]{1,40}\])?(?:[ ]?\|[ ]?[\w.\[\]]{1,40}){0,3}[ \t]{0,4}(?==[^=]))?"
        r"(?P<sign>=>|:=|:-|->|\?=|==?|:(?!//|:)|,)[ \t]{0,40}",
        re.IGNORECASE,
    )


@cache
def _value() -> re.Pattern[str]:
    return re.compile(
        r"(?:[\[(]{0,2}(?:Secret(?:Str|Bytes)?\(|Some\(|[\w.$]{1,60}(?:\([\"']\w{1,60}[\"']\)|\[[\"']\w{1,60}[\"']\])? ?(?:\|\||\?\?|or) |[A-Za-z_][\w.]{0,40}\((?:[^()\"'\n]{0,60} )?default=|[bBrRuUfF]{1,2}(?=[\"']))?)"
        r"(?:(?P<triple>\"{3}|'{3})(?P<long>(?:(?!(?P=triple)).){0,4096})"
        r"|(?P<escaped>\\{1,7})(?P<mark>[\"'])(?P<inner>(?:[^\"'\\\n]|(?!\\{1,7}(?P=mark))[\\\"'])*+)"
        r"|\"(?P<double>(?:[^\"\\\n]|\\.)*+)|'(?P<single>(?:[^'\\\n]|\\.)*+)|`(?P<back>[^`\n]*+))"
    )


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(r"[^\s\"'`<>]+")


@cache
def _next_pair() -> re.Pattern[str]:
    return re.compile(r"[&,;|][ \t]?[\"']?[A-Za-z_][\w.\-\[\]]{0,40}[\"']?(?:=|: ?)|</|\\[nrt\"']|[,;](?=\s|$)")


@cache
def _at_line_start() -> re.Pattern[str]:
    return re.compile(
        r"[ \t>+\-]{0,60}(?:(?:export|set|ENV|ARG|local|readonly|declare -x|setx|Environment=)[ \t]+)?[\w.\-]{0,100}", re.IGNORECASE
    )


def find_assigned(line: str) -> Iterator[Span]:
    """The values of secret-like names in one line."""
    at = 0
    while match := _name_and_sign().search(line, at):
        at = match.end()
        what = named(match["name"])
        if what is None:  # what stands behind may be a name itself: `$env:API_KEY = …`
            at = match.end("name") + 1
            continue
        if at >= len(line) or _is_elsewhere(line, match):
            continue
        value = _value().match(line, at)
        span = _quoted(line, match, value, what) if value else _unquoted(line, match, what)
        if span:
            yield span
            at = max(at, span.end)


def _is_elsewhere(line: str, match: re.Match[str]) -> bool:
    """Whether the name is a URL's user, or a shell variable without a default of its own."""
    before = line[max(0, match.start() - 3) : match.start()]
    return before == "://" or (before.endswith("${") != (match["sign"] == ":-"))


def _quoted(line: str, match: re.Match[str], value: re.Match[str], what: Named) -> Span | None:
    group = next(name for name in ("long", "inner", "double", "single", "back") if value[name] is not None)
    start, end = value.span(group)
    text = value[group]
    if not match["close"] and line[match.start() - 1 : match.start()] == line[match.end() : match.end() + 1] and match.start():
        return None  # the quotes hold the name: `"password:" {`
    words = r"[A-Za-z]*|[\w ]* [\w .,']*|[a-z_]+" + ("" if what.trust is Trust.CERTAIN else r"|[a-z\-]+")
    if match["sign"] == "," and (not match["close"] or re.fullmatch(words, text)):
        return None
    if match["sign"] == "==" and match["close"]:
        return None  # two texts are compared
    if match["sign"] == "," and what.trust is not Trust.CERTAIN and not is_drawn(text, sure=False):
        return None  # a list of words and names
    if line[end : end + 1] not in ('"', "'", "`", "\\", ""):
        return None
    return Span(start, end, what.kind) if is_secret(text, what.trust, Where.QUOTED) else None


def _unquoted(line: str, match: re.Match[str], what: Named) -> Span | None:
    run = _bare().match(line, match.end())
    if run is None or match["sign"] == ",":
        return None
    whole = run.group()
    head = line[: match.end()]
    alone = _at_line_start().fullmatch(line, 0, match.end("name")) is not None and len(whole) == len(line[match.end() :].rstrip())
    text = whole if alone else _cut(whole, query=line[match.start() - 1 : match.start()] in ("?", "&"))
    if not alone:
        text = _trim(text, head)
    elif not _is_variable(line, match):
        text = text.rstrip(",;")
    where = Where.CONFIG if _is_variable(line, match) else Where.CODE
    if not text or (where is Where.CODE and _is_code_here(line, match, text, what)) or not is_secret(text, what.trust, where):
        return None
    return Span(run.start(), run.start() + len(text), what.kind)


def _is_variable(line: str, match: re.Match[str]) -> bool:
    """Whether it is an environment variable as a shell or `.env` sets it: `NAME=value`, not an argument of a call."""
    name = match["name"]
    return match["sign"] == "=" and match.group().endswith("=") and name.isupper() and "(" not in line[: match.start()]


def _cut(run: str, *, query: bool) -> str:
    """The part of a run of characters that belongs to the first name."""
    if query:
        return re.split(r"[&#;,)\]}|\\]", run, maxsplit=1)[0]
    found = _next_pair().search(run)
    return run[: found.start()] if found else run


def _trim(text: str, head: str) -> str:
    """Drop closing brackets that were opened before the value, and the punctuation of a sentence."""
    while text and text[-1] in ",;.)]}":
        pair = {")": "(", "]": "[", "}": "{"}.get(text[-1])
        if pair and (pair in text or pair not in head):
            break
        text = text[:-1]
    return text


def _is_code_here(line: str, match: re.Match[str], text: str, what: Named) -> bool:
    """Whether an unquoted word is a variable or a sentence's word rather than a value."""
    after = line[match.end() + len(text) :]
    gap = match.group()[-1] in " \t"
    if text.startswith("#") and gap:
        return True
    word = re.fullmatch(r"[A-Za-z_]+", text) is not None
    if not word:
        return bool(re.fullmatch(r"[a-z_]*(?:password|passwd|secret|token|key)[a-z_]*\d?", text)) and after[:1] in (",", ")", "")
    if match["sign"] == "=" and gap:
        return True  # `password = data`: code
    if after[:1] in (")", ",") and "(" in line[: match.start()]:
        return True
    return match["sign"] == ":" and bool(after.strip(" \t\"'},]#")) and not match["name"].isupper()
