"""Where a secret stands in a text: the value every finder gives."""

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of text to be masked: `text[start:end]`.

    Args:
        start: offset of its first character.
        end: offset behind its last one.
        kind: what it is, as in `postgres-password`.
        whole: the value it is a part of, where one value stands on several lines; its parts share a token.
    """

    start: int
    end: int
    kind: str
    whole: str = ""

    def moved(self, offset: int) -> "Span":
        """The same stretch in a text in which the searched part begins at `offset`."""
        return self._replace(start=self.start + offset, end=self.end + offset)


PERSONAL = frozenset(("email", "ip", "phone", "card", "iban", "user", "ssn", "mac"))
"""The kinds that are personal data; all others are secrets."""


def apart(spans: list[Span]) -> list[Span]:
    """Sort the spans and join those that overlap, so that nothing of either stays; the first one says what it is.

    Personal data gives way: what looks like an address in `user:password@host` is none.
    """
    secret = _joined([span for span in spans if span.kind not in PERSONAL])
    personal = _joined([span for span in spans if span.kind in PERSONAL])
    if not personal or not secret:
        return secret or personal
    at = 0
    for span in personal:
        while at < len(secret) and secret[at].end <= span.start:
            at += 1
        if at == len(secret) or secret[at].start >= span.end:
            secret.insert(at, span)
    return secret


def _joined(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            if span.end > span.start:
                kept.append(span)
        elif span.end > kept[-1].end:
            kept[-1] = kept[-1]._replace(end=span.end)
    return kept
