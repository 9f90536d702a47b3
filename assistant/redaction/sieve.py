"""Which lines can hold a secret at all, and which rules may find it: two passes of RE2, so that the patterns see few lines.

The search over the whole text runs over bytes, one for each character (whatever is not Latin-1 becomes `?`), so that
offsets stay those of the text.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import re2

from assistant.redaction.contexts import Context, contexts
from assistant.redaction.providers import Shape, shapes

_NAMES = (
    r"pass(?:[^ei]|$)|pw|secret|token|key|auth|cred|cookie|sess|sig[_\"' =:]|signature|salt|psk|jwt|bearer|otp|mnemonic|seed|phrase|pepper|"
    r"hash|[ce]srf|webhook|dsn|sid[\"' ]{0,3}[:=]|assertion|saml|senha|contrasena|[_\-]cvc|[_\-]cvv|[_\-]code|code[_\-]ver|\bpat\b|_pat|-pat|[a-z]pat[\"' ]{0,3}[:=]|"
    r"://[^/\s]*@|-----begin|private|unseal|\bcode[ \"\':=]+(?:is )?\d{4}|\bpin[ :]+\d{4}|@//|macaroon|one-time|bindpw|\bauthtok|kind\"?:[ ]*\"?Secret|\[\"\w+\"\]=>|\bcurl\s|\blogin\s|login failed|credentials|value[\"']?[:=>]|values|input_value|ansible_vault| -b "
)
"""Of these, one is in every name that `named` takes for a secret's, and in every line where a secret of several lines begins."""

_PERSONAL = (
    r"@|%40|/home/|users|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|[0-9a-f]{1,4}:[0-9a-f]{0,4}:[0-9a-f]{0,4}:|[0-9a-f]::|[+(]\d|\d{4}[ \-]?\d{4}[ \-]?\d{4}|"
    r"(?-i:\b[A-Z]{2}\d{2}[ ]?[A-Z0-9]{4}[ ]?[A-Z0-9]{4})|\d{3}-\d\d-\d{4}|(?:^|[^\w/.])~[a-z]"
)

_MEMORY = 32 << 20
"""Bytes that RE2 may use for one automaton."""

_TOGETHER = 30
"""So many signs make one automaton; with more it grows faster than it reads."""


@cache
def _options(*, latin: bool) -> "re2.Options":
    options = re2.Options()
    options.max_mem = _MEMORY
    if latin:
        options.encoding = re2.Options.Encoding.LATIN1
    return options


def _scanner(signs: Iterable[str]) -> "re2._Regexp":
    """What finds the rest of every line from the first of some signs on."""
    return re2.compile(f"(?:{'|'.join(dict.fromkeys(signs))})[^\\n]*".encode(), _options(latin=True))


@cache
def _groups() -> tuple[tuple["re2._Regexp", tuple[Shape, ...]], ...]:
    """The shapes in groups, each with what finds their lines."""
    plain = tuple(shape for shape in shapes() if shape.start != shape.sign)
    others = tuple(shape for shape in shapes() if shape.start == shape.sign)
    groups = (plain, *(others[at : at + _TOGETHER] for at in range(0, len(others), _TOGETHER)))
    return tuple((_scanner(shape.start for shape in group), group) for group in groups)


@cache
def _places() -> "re2._Regexp":
    return _scanner(place.sign for place in contexts() if place.sought)


@cache
def _names() -> "re2._Regexp":
    return _scanner([f"(?i:{_NAMES})"])


@cache
def _personal() -> "re2._Regexp":
    return _scanner([f"(?i:{_PERSONAL})"])


def suspicious_lines(text: str, *, pii: bool) -> Iterator[tuple[int, int]]:
    """First and last offset of every line that the rules must look at, in order.

    Args:
        text: the whole text.
        pii: whether personal data is sought, too.
    """
    raw = text.encode("latin-1", "replace")
    scanners = (*(scanner for scanner, _ in _groups()), _places(), _names(), *((_personal(),) if pii else ()))
    ends = {match.end(): match.start() for scanner in scanners for match in scanner.finditer(raw)}
    for end in sorted(ends):
        yield raw.rfind(b"\n", 0, ends[end]) + 1, end


class Hints(NamedTuple):
    """What may be found in one line.

    Args:
        rules: the rules whose sign stands in it, in their order.
        named: whether a secret's name may stand in it.
        personal: whether personal data may stand in it.
    """

    rules: list[Shape | Context]
    named: bool
    personal: bool


@cache
def _chooser(number: int | None) -> "re2._Set":
    """What tells which rules of a group may find something; the places are the group None."""
    rules: Sequence[Shape | Context] = contexts() if number is None else _groups()[number][1]
    chooser = re2.Set.SearchSet(_options(latin=True))
    for rule in rules:
        chooser.Add(rule.sign)
    chooser.Compile()
    return chooser


def hints_in(line: str, *, pii: bool) -> Hints:
    """What may be found in a line."""
    raw = line.encode("latin-1", "replace")
    rules: list[Shape | Context] = []
    for number, (scanner, shapes_of_it) in enumerate(_groups()):
        if scanner.search(raw):
            rules += [shapes_of_it[at] for at in sorted(_chooser(number).Match(raw) or ())]
    named = _names().search(raw) is not None
    if named or _places().search(raw):
        rules += [place for at in sorted(_chooser(None).Match(raw) or ()) if (place := contexts()[at]).sought or named]
    return Hints(rules, named, pii and _personal().search(raw) is not None)


def token_starts(text: str) -> list[int]:
    """Where tokens begin, or what looks like their beginning."""
    starts = []
    for literal in ("[SECRET:", "[PII:"):
        at = text.find(literal)
        while at >= 0:
            starts.append(at)
            at = text.find(literal, at + 1)
    return sorted(starts)


def token_lines(text: str) -> Iterator[tuple[int, int]]:
    """First and last offset of every line in which a token stands."""
    end = -1
    for at in token_starts(text):
        if at > end:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            yield text.rfind("\n", 0, at) + 1, end
