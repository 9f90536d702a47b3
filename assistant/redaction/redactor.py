"""The redactor: finds, names, and replaces. The only module that may make a `Masked`."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import quote, unquote

from assistant.evidence import Masked
from assistant.patterns import compile_patterns
from assistant.redaction.blocks import find_from_line
from assistant.redaction.lines import find_in_line
from assistant.redaction.own import find_own
from assistant.redaction.sieve import suspicious_lines, token_lines, token_starts
from assistant.redaction.spans import PERSONAL, Span, apart
from assistant.redaction.sweep import find_known
from assistant.redaction.values import BLANK, Where, is_placeholder, is_word, is_wordlike

_TOKEN = re.compile(r"\[(SECRET|PII):([a-z][a-z0-9-]{0,60}):([1-9][0-9]{0,8})\]")
_NOT_SWEPT = PERSONAL - {"email"}


def tokens_in(text: str) -> tuple[str, ...]:
    """The distinct tokens that stand for masked values in a text, in order."""
    return tuple(dict.fromkeys(match.group() for match in _TOKEN.finditer(text)))


class Redactor:
    """Masks secrets; the same value is the same token for as long as the redactor lives.

    Args:
        pii: whether personal data is masked, too.
        mask: patterns of values that are secret too; the group is the value where there is one.
        keep: patterns of values that are no secret whatever they look like.
    """

    def __init__(self, *, pii: bool = False, mask: tuple[str, ...] = (), keep: tuple[str, ...] = ()) -> None:
        self._pii = pii
        self._mask = compile_patterns("mask", mask)
        self._keep = compile_patterns("keep", keep)
        self._tokens: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._known: dict[str, str] = {}

    @property
    def learned(self) -> int:
        """How many values are sought everywhere; where it has grown, a text masked before may still show one."""
        return len(self._known)

    def forget(self, most: int) -> None:
        """Drop the values seen first until no more than so many are remembered, so that what never ends can be masked."""
        for remembered in (self._tokens, self._known):
            for value in list(islice(remembered, max(0, len(remembered) - most))):
                del remembered[value]

    def mask(self, text: str) -> Masked:
        """Mask every secret in the text; the number of lines stays."""
        return self.mask_all((text,))[0]

    def mask_all(self, texts: Sequence[str]) -> tuple[Masked, ...]:
        """Mask texts that belong together: what one of them tells is masked in all of them, whatever their order."""
        held = list(texts)
        for text in held:
            self._reserve(text)
        sought = dict(self._known)
        seen = [_blanked(text) for text in held]
        left = {at: suspicious_lines(text, pii=self._pii) for at, text in enumerate(seen)}
        while left:
            found = {at: self._found(seen[at], lines) for at, lines in left.items()}
            for at, spans in found.items():
                sought |= self._learned(held[at], spans)
            left = {}
            for at, text in enumerate(held):
                held[at] = self._swept(self._replaced(text, found.get(at, [])), sought)
                if held[at] != text:
                    seen[at], left[at] = _blanked(held[at]), token_lines(held[at])
            sought = {}
        return tuple(Masked(text) for text in held)

    def study(self, text: str, *, plain: Container[str] | None = None) -> None:
        """Learn the secrets of a text without masking it.

        Args:
            text: what will be read later, or may stand in what is read.
            plain: given for a file of settings, whose secrets are sought everywhere even where they are made of words:
                the values that stand under other names too, and so are no secrets by themselves.
        """
        self._reserve(text)
        seen = _blanked(text)
        self._learned(text, self._found(seen, suspicious_lines(seen, pii=self._pii)), plain)

    def learn(self, values: Iterable[tuple[str, str]]) -> None:
        """Take over values that must be masked wherever they stand from now on.

        Args:
            values: kind and value, as in `("postgres-password", …)`; placeholders and single words are passed over.
        """
        for kind, value in values:
            for line in value.splitlines():
                if not is_placeholder(line, Where.CONFIG) and not self._is_kept(line.strip()):
                    self._learn(kind, line.strip(), whole=value, sure=True)

    def _learned(self, text: str, spans: Iterable[Span], plain: Container[str] | None = None) -> dict[str, str]:
        new: dict[str, str] = {}
        for kind, value, whole in ((span.kind, text[span.start : span.end], span.whole) for span in spans):
            new |= self._learn(kind, value, whole=whole, sure=plain is not None and value not in plain)
        return new

    def _found(self, text: str, lines: Iterable[tuple[int, int]]) -> list[Span]:
        """What the rules and the user's patterns find, without what the user wants to keep."""
        spans = [*self._find(text, lines), *find_own(text, self._mask)]
        return apart([span for span in spans if not self._is_kept(text[span.start : span.end])] if self._keep else spans)

    def _is_kept(self, value: str) -> bool:
        return any(pattern.fullmatch(value) for pattern in self._keep)

    def _find(self, text: str, lines: Iterable[tuple[int, int]]) -> Iterator[Span]:
        for start, end in lines:
            for span in find_in_line(text[start:end], pii=self._pii):
                yield span.moved(start)
            yield from find_from_line(text, start, end)

    def _swept(self, text: str, sought: dict[str, str]) -> str:
        """The text with tokens for the known values that still stand in it."""
        found = find_known(_blanked(text), sought) if sought else ()
        return self._replaced(text, apart(list(found)))

    def _replaced(self, text: str, spans: list[Span]) -> str:
        if not spans:
            return text
        parts: list[str] = []
        at = 0
        for span in spans:
            value = text[span.start : span.end]
            parts += (text[at : span.start], self._tokens.get(value) or self._token(span.kind, value))
            at = span.end
        return "".join((*parts, text[at:]))

    def _learn(self, kind: str, value: str, *, whole: str = "", sure: bool = False) -> dict[str, str]:
        """Give a value its token, in each form in which it may stand; the forms to be sought everywhere, if they are new."""
        if value in self._known:
            return {}
        token = self._tokens.get(value) or self._tokens.get(whole) or self._token(kind, value)
        ordinary = is_word if sure else is_wordlike
        new: dict[str, str] = {}
        for form in {whole or value, value, unquote(value), quote(value, safe="", errors="surrogatepass")}:
            self._tokens.setdefault(form, token)
            if kind not in _NOT_SWEPT and "\n" not in form and form not in self._known and not ordinary(form):
                new[form] = kind
        self._known |= new
        return new

    def _token(self, kind: str, value: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        token = f"[{'PII' if kind in PERSONAL else 'SECRET'}:{kind}:{self._counts[kind]}]"
        return self._tokens.setdefault(value, token)

    def _reserve(self, text: str) -> None:
        """Count the tokens that a text brings along, so that none is given twice."""
        if "[SECRET:" in text or "[PII:" in text:
            for _, kind, number in _TOKEN.findall(text):
                self._counts[kind] = max(self._counts.get(kind, 0), int(number))


def _blanked(text: str) -> str:
    """The text with every token that stands in it made unreadable for the rules, offsets kept."""
    parts: list[str] = []
    done = 0
    for at in token_starts(text):
        token = _TOKEN.match(text, at)
        if token:
            parts += (text[done:at], BLANK * len(token.group()))
            done = token.end()
    return "".join((*parts, text[done:])) if parts else text
