"""Which lines can hold a secret at all: plain searches over the whole text, so that the patterns only see a few lines.

Searches run over bytes, one for each character (whatever is not Latin-1 becomes `?`), because these are the fastest
that Python has; offsets stay those of the text.
"""

from collections.abc import Iterator
from functools import cache

from assistant.redaction.providers import shapes

_NAMES = (
    "pass",
    "pw",
    " -p",
    "secret",
    "token",
    "key",
    "auth",
    "cred",
    "cookie",
    "sess",
    "sig",
    "salt",
    "psk",
    "jwt",
    "bearer",
    "@",
    "otp",
    "code=",
    "n_code",
    "n code",
    "identified",
    "sqlplus",
    "curl",
    "redis-cli",
)
"""Of these, one is in every name that `named` takes for a secret's, and in every line that a context rule is for."""

_LONG_RUNS = ("_" + "a" * 16, "-" + "a" * 16, "." + "a" * 16)
_ALNUM = bytes(ord("a") if chr(c).isalnum() and c < 128 else c for c in range(256))
_HEX = bytes(ord("a") if chr(c) in "0123456789abcdefABCDEF" else c for c in range(256))
_CAPITALS = bytes(ord("A") if chr(c) in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" else c for c in range(256))
_DIGITS = bytes(ord("0") if chr(c) in "0123456789" else c for c in range(256))

_PERSONAL = ("%40", "/home/", "users")
_NUMBERS = (*(f".{'0' * a}.{'0' * b}." for a in (1, 2, 3) for b in (1, 2, 3)), "0" * 15, "0000 0000 00", "0000-0000-00", "+0")
_FULL_V6 = (":aaaa:aaaa:",)
_SHORT_V6 = ("a::a",)


@cache
def _literals() -> tuple[str, ...]:
    """The shortest set of literals: one that contains another one is left out."""
    ours = {hint for shape in shapes() for hint in shape.sought} | set(_NAMES)
    return tuple(sorted(one for one in ours if not any(other in one for other in ours if other != one)))


def suspicious_lines(text: str, *, pii: bool) -> Iterator[tuple[int, int]]:
    """First and last offset of every line that the rules must look at, in order.

    Args:
        text: the whole text.
        pii: whether personal data is sought, too.
    """
    raw = text.encode("latin-1", "replace")
    low, alnum = raw.lower(), raw.translate(_ALNUM)
    ends: dict[int, int] = {}
    _collect(low, _literals() + (_PERSONAL if pii else ()), ends)
    _collect(raw.translate(_CAPITALS), ("A" * 16,), ends)
    _collect(alnum, _LONG_RUNS + (_FULL_V6 if pii else ()), ends)
    if pii:
        _collect(raw.translate(_DIGITS), _NUMBERS, ends)
        _collect(raw.translate(_HEX), _SHORT_V6, ends)
    yield from sorted(ends.items())


def _collect(haystack: bytes, literals: tuple[str, ...], ends: dict[int, int]) -> None:
    for literal in literals:
        needle = literal.encode()
        at = haystack.find(needle)
        while at >= 0:
            end = haystack.find(b"\n", at)
            end = len(haystack) if end < 0 else end
            ends[haystack.rfind(b"\n", 0, at) + 1] = end
            at = haystack.find(needle, end)


def token_lines(text: str) -> Iterator[tuple[int, int]]:
    """First and last offset of every line in which a token stands."""
    ends: dict[int, int] = {}
    _collect(text.encode("latin-1", "replace"), ("[SECRET:", "[PII:"), ends)
    yield from sorted(ends.items())
