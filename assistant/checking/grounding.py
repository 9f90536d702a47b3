"""Does a statement say only what the evidence says? Versions, paths, line numbers, names, addresses and quotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.evidence import CUT_NOTE, Evidence, Kind, Ledger

URL = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s`<>\"']{1,2000}", re.I)
VERSION = re.compile(r"(?<![\w.\-/])v?([0-9]{1,4}(?:\.[0-9]{1,6}){1,4}(?:[a-z]{1,4}[0-9]{1,4})?)(?![\w]|\.[0-9])")
PATH = re.compile(
    r"(?<![\w./\\-])((?:[A-Za-z]:)?[\w.@~+\\/-]{0,200}[\w\]]"
    r"\.(?:py|pyi|pyx|toml|cfg|ini|ya?ml|json|txt|md|sql|log|lock|xml|js|ts|tsx|jsx|java|kt|go|rs|rb|php|c|h|cc|cpp|hpp|cs|sh|env|html|gradle|mod|sum))\b(?!\()"
)
PRODUCT = re.compile(r"[A-Z][A-Za-z]*\.js")
"""`Node.js` is no file."""
FOLDER = re.compile(r"(?<![\w./\\:<-])(/(?:[\w.-]{1,80}/){1,12}[\w.-]{0,80})")
LINE = re.compile(r"\blines? ([0-9]{1,7})(?:\s?(?:-|–|to)\s?([0-9]{1,7}))?|(?<=\w):([0-9]{1,7})(?:-([0-9]{1,7}))?(?![\w:.])", re.I)
EXCEPTION = re.compile(r"\b((?:[a-z_][\w]*\.){0,8}[A-Z][A-Za-z0-9_]{1,80}(?:Error|Exception|Warning|Timeout|Interrupt))\b")


def folded(text: str) -> str:
    """A text with every run of white space as one blank."""
    return " ".join(text.split())


@dataclass(frozen=True)
class Vocabulary:
    """All that the evidence says, for look-ups."""

    ledger: Ledger

    @cached_property
    def text(self) -> str:
        """Every evidence text and origin, in the form in which texts are looked up."""
        return "\n".join(_plain(f"{item.origin}\n{item.text}") for item in self.ledger)

    @cached_property
    def versions(self) -> frozenset[str]:
        """Everything that looks like a version, in prefix forms too: 3.12.1 gives 3.12 and 3."""
        found = set(re.findall(r"[0-9]+(?:\.[0-9]+)+(?:[a-z]{1,4}[0-9]{1,4})?", self.text)) | set(
            re.findall(r"(?<![\w.])[0-9]+(?![\w.])", self.text)
        )
        return frozenset(prefix for version in found for prefix in _prefixes(version))

    @cached_property
    def line_numbers(self) -> frozenset[int]:
        """Line numbers that a trace names, and every line that a piece of code covers."""
        named = {int(n) for found in re.findall(r"\bline ([0-9]{1,7})|:([0-9]{1,7})(?:-([0-9]{1,7}))?\b", self.text) for n in found if n}
        for item in self.ledger:
            named.update((item.origin.first, item.origin.last))
            if item.kind in (Kind.CODE, Kind.CONFIG):
                named.update(range(item.origin.first, min(item.origin.last, item.origin.first + 5000) + 1))
        return frozenset(named)

    def holds(self, text: str) -> bool:
        """Whether the text stands somewhere in the evidence, at the border of words."""
        wanted = _plain(text)
        end = "" if wanted.endswith("/") else r"(?!\w)"
        return bool(re.search(rf"(?<!\w){re.escape(wanted)}{end}", self.text)) if wanted else True


def unsupported(statement: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """What a statement says that no evidence says.

    Args:
        statement: one line of text, Markdown escapes allowed.
        vocabulary: the evidence.

    Yields:
        (rule, what): the rule broken and the address, path, version, line or name that is not in the evidence.
    """
    plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", statement)
    yield from (("unsupported-url", url) for url in URL.findall(plain) if not vocabulary.holds(url.rstrip(").,;:'")))
    plain = URL.sub(" ", plain)
    paths = [found[1] for pattern in (PATH, FOLDER) for found in pattern.finditer(plain) if not PRODUCT.fullmatch(found[1])]
    yield from (("unsupported-path", path) for path in paths if not vocabulary.holds(path))
    yield from (("unsupported-path", path) for path in paths if not vocabulary.holds(path))
    yield from (("unsupported-version", version) for version in VERSION.findall(plain) if version not in vocabulary.versions)
    numbers = [number for found in LINE.finditer(plain) for number in found.groups() if number]
    yield from (("unsupported-line", number) for number in numbers if int(number) not in vocabulary.line_numbers)
    names = EXCEPTION.findall(plain)
    yield from (("unsupported-name", name) for name in names if not vocabulary.holds(name.rpartition(".")[2]))


def is_verbatim(quote: str, evidence: Evidence) -> bool:
    """Whether a quote stands in the evidence, white space folded; a cut note is no evidence."""
    text = "\n".join(line for line in evidence.text.split("\n") if not CUT_NOTE.fullmatch(line))
    wanted = folded(quote)
    return bool(wanted) and wanted in folded(text)


def _prefixes(version: str) -> Iterator[str]:
    parts = version.split(".")
    for count in range(1, len(parts) + 1):
        yield ".".join(parts[:count])


def _plain(text: str) -> str:
    """Slashes forward, white space folded, backticks dropped: inline code cannot show them all."""
    return folded(text.replace("\\", "/").replace("`", ""))
