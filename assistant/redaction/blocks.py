"""Secrets over several lines: private keys (whole, cut off, behind log prefixes, in one line) and wrapped tokens."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.redaction.below import BELOW, find_below
from assistant.redaction.configs import find_setting
from assistant.redaction.spans import Span
from assistant.redaction.statements import find_in_statement

_LONGEST_KEY = 400
"""Lines of one key that are read where its end is missing."""

_HEADER = re.compile(r"(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|Encryption|Public-Lines)\b")


@cache
def _begin() -> re.Pattern[str]:
    return re.compile(
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}(?:PRIVATE KEY(?: BLOCK)?|Static key V1)-----|PuTTY-User-Key-File-\d: |Private-Lines: \d+",
        re.IGNORECASE,
    )


@cache
def _same_line() -> re.Pattern[str]:
    return re.compile(r"(?:\\{1,4}[nr])*([A-Za-z0-9+/=\\_\-:, ]*[A-Za-z0-9+/=])")


@cache
def _body() -> re.Pattern[str]:
    return re.compile(r"(?:^|[\s|>\"'\]:])([A-Za-z0-9+/=_\-]+)(?:\\[nr]|[\"',;+\\\s│|])*$")


def find_from_line(text: str, start: int, end: int) -> Iterator[Span]:
    """The secrets that the line `text[start:end]` announces or begins and that go on below it."""
    line = text[start:end]
    low = line.lower()
    if "private" in low or "static key" in low:
        for match in _begin().finditer(text, start, end):
            spans = list(_key_lines(text, match))
            whole = text[spans[0].start : spans[0].end] if spans else ""
            yield from (span._replace(whole=whole) for span in spans)
    if "eyj" in low:
        yield from _find_wrapped(text, start, end)
    if any(hint in low for hint in BELOW) or line.rstrip().endswith((":", ">")) or ("," in line and "=" not in line and ":" not in line):
        yield from find_below(text, start, end)
    if ":" in line or "=" in line:
        yield from find_setting(text, start, end)
    if "values" in low or "update" in low or "select" in low or "delete" in low:
        yield from find_in_statement(text, start, end)


def _key_lines(text: str, begin: re.Match[str]) -> Iterator[Span]:
    line_end = _line_end(text, begin.end())
    stop = text.find("-----END", begin.end(), line_end)
    first = _same_line().match(text, begin.end(), stop if stop >= 0 else line_end)
    if first and not begin.group().startswith("P"):
        yield Span(*first.span(1), "private-key")
    if stop >= 0:
        return
    prefix = begin.start() - (text.rfind("\n", 0, begin.start()) + 1)
    seen = 0
    for _ in range(_LONGEST_KEY):
        start, line_end = line_end + 1, _line_end(text, line_end + 1)
        line = text[start:line_end]
        if start > len(text) or "-----END" in line or "Private-MAC" in line:
            return
        run = _body_run(line, prefix, last=seen > 0)
        if run:
            yield Span(start + run.start(1), start + run.end(1), "private-key")
            seen += 1
        elif line.strip() and not _HEADER.search(line):
            return


def _body_run(line: str, prefix: int, *, last: bool) -> re.Match[str] | None:
    """The key's characters in one line, behind what a log puts before each line; a short run only as the key's last line."""
    run = _body().search(line)
    if run and len(run[1]) >= 16:
        return run
    short = re.compile(r"\s*([A-Za-z0-9+/]*={0,2}|=[A-Za-z0-9+/]{4})[\"',;\s]*").fullmatch(line, prefix) if last else None
    return short if short and re.search("[A-Z0-9=]", short[1]) else None


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _find_wrapped(text: str, start: int, end: int) -> Iterator[Span]:
    """A token that a terminal or a mail program broke over several lines."""
    head = re.compile(r"(?<![A-Za-z0-9_])(eyJ[\w\-]{17,}[\w.\-]*)[ \t]*\r?$").search(text, start, end)
    if head is None or len(head[1]) < 40:
        return
    parts = [Span(*head.span(1), "jwt")]
    dots = head[1].count(".")
    for _ in range(40):
        start, end = end + 1, _line_end(text, end + 1)
        more = _continuation().fullmatch(text, start, end)
        if more is None or dots + more[1].count(".") > 4 or len(more[1]) > len(head[1]) + 8:
            break
        if not re.search(r"\d", more[1]) or not re.search("[A-Z]", more[1]):
            break
        parts.append(Span(*more.span(1), "jwt"))
        dots += more[1].count(".")
    if len(parts) > 1:
        yield from (part._replace(whole=head[1]) for part in parts)


@cache
def _continuation() -> re.Pattern[str]:
    return re.compile(r"[ \t>|]{0,40}([\w.\-]{16,})[\"',;)}]*[ \t]*\r?")
