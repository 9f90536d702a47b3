"""Values that stand below what names or announces them: `value:` under `name:`, YAML blocks, Kubernetes Secrets, sentences."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.redaction.names import Trust, named
from assistant.redaction.spans import Span
from assistant.redaction.values import Where, is_drawn, is_placeholder, is_secret

BELOW = ("name", "key", "variable", "id", "input_value", "kind", "$ansible_vault", "]=>", ": |", ": >")
"""Of these, lower-case, one is in every line that `find_below` is for, or the line ends in `:` or `>`."""

_LONGEST = 400
"""Lines of one block that are read."""

_REACH = 20_000
"""Characters around a Secret's kind in which its data may stand."""


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


_ANNOUNCEMENT = (
    r"(?:\b(?:name|key|variable|id|parameter_?name|option_name)\b[\"']?\s{0,4}[:=]?\s{0,4}|<(?:name|key)>)[\"']?"
    r"([A-Za-z_][\w.\-]{2,80})[\"']?(?:</\w+>)?[ \t,{]{0,8}|^[ \t]*[\"']?([A-Za-z_][\w.\-]{2,80})[\"']?:[ \t]*\r?$|"
    r"\[\"([A-Za-z_][\w.\-]{2,80})\"\]=>[ \t]*\r?$"
)
_VALUE = (
    r"(?:^|[\s\"'{,<])(?:value|default|content|string_?value|option_value)\b[\"']?[ \t]{0,4}[:=>][ \t]{0,4}"
    r"(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s\"'{}<>,]+))|<(?:string|value)>([^<>\n]+)</|^[ \t]*string\(\d+\) \"([^\"\n]+)\""
)
_SCALAR = r"([ \t]*)(?:- )?[\"']?([A-Za-z_][\w.\-]{2,80})[\"']?:[ \t]*([|>][+\-]?)[ \t]*\r?"
_PROMISE = r"\b(?:password|passphrase|passcode|token|secret|key)\b[^\n]{0,120}:\s*$|<[\w.\-]{0,40}(?:password|secret|token)>\s*$"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def find_below(text: str, start: int, end: int) -> Iterator[Span]:
    """`name: DB_PASSWORD` with `value: …` beside or below it; a YAML block under a secret's name; what a sentence announces."""
    scalar = _compiled(_SCALAR).fullmatch(text, start, end)
    what = named(scalar[2]) if scalar else None
    if scalar and what and what.trust >= Trust.LIKELY:
        yield from _indented(text, end + 1, len(scalar[1]), what.kind)
    line = text[start:end]
    yield from _find_named(text, start, end)
    if "," in line and "=" not in line and ":" not in line:
        yield from _find_columns(text, start, end)
    if "input_value=" in line:
        yield from _find_rejected(text, start, end)
    elif line.rstrip().endswith((":", ">")) and _compiled(_PROMISE).search(line[-200:]):
        yield from _find_next_word(text, end)
    elif line.startswith("kind:") or line.lstrip().startswith('"kind": "Secret"'):
        yield from _find_kubernetes(text, start, end)
    elif "$ANSIBLE_VAULT;" in line:
        yield from _find_vault(text, end)


def _find_columns(text: str, start: int, end: int) -> Iterator[Span]:
    """The secret columns of a table with commas, whose first line names them."""
    names = [name.strip(" \t\r\"'") for name in text[start:end].split(",")]
    secret = {number: what for number, name in enumerate(names) if (what := named(name)) and what.trust >= Trust.LIKELY}
    if not secret or not all(re.fullmatch(r"[A-Za-z_][\w \-]{0,30}", name) for name in names):
        return
    for _ in range(_LONGEST):
        start, end = end + 1, _line_end(text, end + 1)
        cells = text[start:end].split(",")
        if start >= len(text) or len(cells) != len(names):
            return
        for number, what in secret.items():
            value = cells[number].strip(" \t\r\"'")
            sure = what.trust is Trust.CERTAIN
            if is_secret(value, what.trust, Where.QUOTED) and (sure or is_drawn(value, sure=False)):
                first = text.index(value, start + sum(len(cell) + 1 for cell in cells[:number]))
                yield Span(first, first + len(value), what.kind)


def _find_named(text: str, start: int, end: int) -> Iterator[Span]:
    """A value beside or below what names it."""
    for match in _compiled(_ANNOUNCEMENT).finditer(text, start, end):
        what = named(match[1] or match[2] or match[3])
        if what is None:
            continue
        last = _line_end(text, min(len(text), _line_end(text, min(len(text), end + 1)) + 1))
        value = _compiled(_VALUE).search(text, match.end(match.lastindex or 0), min(last, match.end() + 400))
        where = Where.CODE if value and value.lastindex == 3 else Where.QUOTED
        if value and is_secret(value[value.lastindex or 0], max(what.trust, Trust.LIKELY), where):
            yield Span(*value.span(value.lastindex or 0), what.kind)


def _find_next_word(text: str, end: int) -> Iterator[Span]:
    """The lone word in the next line that is not blank, where it is drawn by lot."""
    for _ in range(3):
        start, end = end + 1, _line_end(text, end + 1)
        word = text[start:end].strip()
        if word:
            if not any(blank in word for blank in " \t") and not is_placeholder(word) and is_drawn(word, sure=True):
                first = text.index(word, start)
                yield Span(first, first + len(word), "secret")
            return


def _find_rejected(text: str, start: int, end: int) -> Iterator[Span]:
    """What pydantic shows of a value that it refused; the field's name stands in the line above, or behind it."""
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)].strip()
    behind = re.search(r"\bfor ([\w.]{2,80})\s*$", text[start:end])
    what = named((behind[1] if behind else above).rpartition(".")[2]) if behind or re.fullmatch(r"[\w.\-]{2,120}", above) else None
    for match in re.compile(r"input_value=(?:'([^'\n]+)'|\"([^\"\n]+)\")").finditer(text, start, end):
        value = match[match.lastindex or 0]
        if what and is_secret(value, max(what.trust, Trust.LIKELY), Where.QUOTED):
            yield Span(*match.span(match.lastindex or 0), what.kind)


def _find_kubernetes(text: str, start: int, end: int) -> Iterator[Span]:
    """The values under `data` and `stringData` of a Kubernetes Secret, above or below its kind."""
    if not re.compile(r"[ \t]*\"?kind\"?:[ \t]*[\"']?Secret[\"']?,?[ \t]*\r?").fullmatch(text, start, end):
        return
    first = max(text.rfind("\n---", 0, start), text.rfind("\nkind:", 0, max(0, start - 1)), start - _REACH)
    last = min(at for at in (text.find("\n---", end), text.find("\nkind:", end), end + _REACH, len(text)) if at >= 0)
    for block in re.compile(r"^([ \t]*)\"?(?:data|stringData)\"?:.*\n((?:\1[ \t]+.*\n?){1,200})", re.MULTILINE).finditer(
        text, max(0, first), last
    ):
        for pair in re.compile(r"^[ \t]+[\"']?[\w.\-]+[\"']?:[ \t]+[\"']?([^\s\"'|>][^\s\"']{5,})", re.MULTILINE).finditer(block[2]):
            if is_secret(pair[1], Trust.CERTAIN, Where.QUOTED):
                yield Span(block.start(2) + pair.start(1), block.start(2) + pair.end(1), "kubernetes-secret")


def _find_vault(text: str, end: int) -> Iterator[Span]:
    """The lines that Ansible has encrypted."""
    whole = ""
    for _ in range(_LONGEST):
        start, end = end + 1, _line_end(text, end + 1)
        line = re.compile(r"[ \t]*([0-9a-f]{20,80})\r?").fullmatch(text, start, end)
        if line is None:
            return
        whole = whole or line[1]
        yield Span(*line.span(1), "ansible-vault", whole)


def _indented(text: str, start: int, indent: int, kind: str) -> Iterator[Span]:
    for _ in range(_LONGEST):
        end = _line_end(text, start)
        line = text[start:end]
        if not line.strip() or len(line) - len(line.lstrip()) <= indent or line.lstrip().startswith("-----"):
            return
        if is_secret(line.strip(), Trust.LIKELY, Where.QUOTED):
            yield Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()), kind)
        start = end + 1
