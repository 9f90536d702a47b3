"""Does a statement say only what the evidence says? Versions, paths, line numbers, names, addresses and quotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from assistant.checking.usual import files_made, folder_of_usual, is_usual
from assistant.evidence import CUT_NOTE, Evidence, Kind, Ledger
from assistant.markup import unescaped

URL = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s`<>\"']{1,2000}", re.I)
VERSION = re.compile(r"(?<![\w.\-/])v?([0-9]{1,4}(?:\.[0-9]{1,6}){1,4}(?:[a-z]{1,4}[0-9]{1,4})?)(?![\w]|\.[0-9])")
PATH = re.compile(
    r"(?<![\w./\\-])((?:[A-Za-z]:)?[\w.@~+\\/-]{0,200}[\w\]]"
    r"\.(?:py|pyi|pyx|toml|cfg|ini|ya?ml|json|txt|md|sql|log|lock|xml|js|ts|tsx|jsx|java|kt|go|rs|rb|php|c|h|cc|cpp|hpp|cs|sh|env|html|gradle|mod|sum))\b(?!\()"
)
PRODUCT = re.compile(r"[A-Z][A-Za-z]*\.js")
"""`Node.js` is no file."""
FOLDER = re.compile(r"(?<![\w./\\:<-])(/(?:[\w.-]{1,80}/){1,12}[\w.-]{0,80})")
MACHINE_FOLDER = re.compile(
    r"/(?:home|Users|root|srv|opt|var|etc|usr|mnt|data|tmp|builds?|workspace|github|app|code|private|Library|proc|sys|dev)/"
)
"""A folder of a machine, where a route as in `/orders/1` may stand as well."""
ATTRIBUTE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\.(?:json|lock|env|html|log|sql|c|h|go|rs|mod|sum|sh)")
"""Attributes of objects look so in code: `self.lock`, `response.json`."""
WORD = re.compile(r"\w")
LINE = re.compile(r"\blines? ([0-9]{1,7})(?:\s?(?:-|–|to)\s?([0-9]{1,7}))?|(?<=\w):([0-9]{1,7})(?:-([0-9]{1,7}))?(?![\w:.])", re.I)
LINE_OF = re.compile(r"(?<![\w.@~+/\-])([\w.@~+/\-]{1,200}\.\w{1,8})(?:\"?,? (?:on )?line |:|\()([0-9]{1,7})(?:-([0-9]{1,7}))?")
NO_NAME = frozenset(
    [
        "version",
        "versions",
        "release",
        "releases",
        "since",
        "before",
        "after",
        "until",
        "from",
        "than",
        "with",
        "the",
        "and",
        "for",
        "only",
        "into",
        "below",
        "above",
        "over",
        "under",
        "between",
        "newer",
        "older",
        "series",
        "branch",
        "ref",
        "installed",
        "required",
        "requires",
        "currently",
        "now",
        "not",
    ]
)
EXCEPTION = re.compile(r"\b((?:[a-z_][\w]*\.){0,8}[A-Z][A-Za-z0-9_]{1,80}(?:Error|Exception|Warning|Timeout|Interrupt))\b")
SPAN = re.compile(r"(?<!`)(`{1,8})(?!`)(.{1,4000}?)(?<!`)\1(?!`)", re.S)
LINK = re.compile(r"!?\[[^\]\n]{0,500}\]\(|<[a-zA-Z/!?][^>\n]{0,500}>|\[[^\]\n]{1,200}\]:\s")
MARK_TEXT = "(not in evidence)"
"""With this a sentence says of itself that it is general knowledge."""
MARK = re.compile(r"\(not in evidence\)\s*[.!?]?\s*$", re.I)
SENTENCE_END = re.compile(r"[.!?][)\]\"'”’]{0,3}(?:\s*\(not in evidence\)\.?)?(?=\s|$)|\n", re.I)
ABBREVIATION = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|incl)\.$", re.I)


def folded(text: str) -> str:
    """A text with every run of white space as one blank."""
    return " ".join(text.split())


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; one never ends inside a code span, and its `(not in evidence)` belongs to it."""
    spans = [found.span() for found in SPAN.finditer(text)]
    found, start = [], 0
    for end in SENTENCE_END.finditer(text):
        inside = any(first <= end.start() < last for first, last in spans)
        if not inside and not ABBREVIATION.search(text[max(start, end.start() - 9) : end.start() + 1]):
            found.append(text[start : end.end()].strip())
            start = end.end()
    return tuple(sentence for sentence in (*found, text[start:].strip()) if sentence)


def is_marked(sentence: str) -> bool:
    """Whether a sentence says of itself that it is general knowledge, by `(not in evidence)` at its end."""
    return bool(MARK.search(sentence))


@dataclass(frozen=True)
class Vocabulary:
    """All that the evidence says, for look-ups."""

    ledger: Ledger

    @cached_property
    def text(self) -> str:
        """Every evidence text and origin, in the form in which texts are looked up."""
        return "\n".join(_plain(f"{item.origin}\n{item.text}") for item in self.ledger)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the evidence, whole."""
        return frozenset(re.findall(r"\w+", self.text))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every whole number of the evidence, also before a unit as in `30s`."""
        return frozenset(re.findall(r"(?<!\w)[0-9]{1,12}(?![0-9])", re.sub(r"(?<=[0-9]),(?=[0-9]{3}\b)", "", self.text)))

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

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {item.id: _quotable(item) for item in self.ledger}

    @cached_property
    def _lines_of(self) -> dict[str, list[tuple[str, int, int]]]:
        """(path, first, last) for every place that the evidence names, by the file's base name."""
        found: dict[str, list[tuple[str, int, int]]] = {}
        for path, first, last in LINE_OF.findall(self.text):
            found.setdefault(path.rpartition("/")[2], []).append((path, int(first), int(last or first)))
        return found

    @cached_property
    def _versions_of(self) -> dict[str, set[str]]:
        """Every version, in prefix forms too, that the evidence writes right behind a name."""
        found: dict[str, set[str]] = {}
        for name, version in _pair().findall(self.text):
            found.setdefault(_normal(name), set()).update(_prefixes(version))
        return found

    def false_pairs(self, sentence: str) -> Iterator[str]:
        """Names with a version that the evidence gives to something else: `httpx 2.0.36`."""
        for name, version in _pair().findall(sentence.replace("`", "")):
            known = self._versions_of.get(_normal(name), set())
            if known and len(name) > 2 and name.lower() not in NO_NAME and version in self.versions and version not in known:
                yield f"{name} {version}"

    def quotes(self, evidence_id: str, quote: str) -> bool:
        """Whether a quote stands word for word in that evidence."""
        wanted = folded(quote)
        return bool(wanted) and wanted in self._folded.get(evidence_id, "")

    def holds_line(self, number: int, path: str = "") -> bool:
        """Whether the evidence names that line; of that file, where it names lines of it at all."""
        if number == 0:
            return True  # no file has such a line, so nothing is claimed
        plain = _plain(path)
        known = [place for place in self._lines_of.get(plain.rpartition("/")[2], ()) if _same_file(place[0], plain)] if plain else []
        if known:
            return any(first <= number <= last for _, first, last in known)
        return number in self.line_numbers

    def holds(self, text: str) -> bool:
        """Whether the text stands somewhere in the evidence, at the border of words."""
        wanted = _plain(text)
        if not wanted:
            return True
        start, end = (r"(?<!\w)" if WORD.match(wanted[0]) else ""), (r"(?!\w)" if WORD.match(wanted[-1]) else "")
        return bool(re.search(f"{start}{re.escape(wanted)}{end}", self.text))


def unsupported(statement: str, vocabulary: Vocabulary, *, proposed: bool = False) -> Iterator[tuple[str, str]]:
    """What a statement says that no evidence says.

    A sentence that ends in `(not in evidence)` may hold versions and names that are general knowledge, but no addresses, paths
    or line numbers.

    Args:
        statement: one line of text, Markdown escapes allowed.
        vocabulary: the evidence.
        proposed: whether it proposes what to do, where new versions, names and routes are natural, and so are the system's own paths,
            a project's conventional files, and files that a command writes itself.

    Yields:
        (rule, what): the rule broken and the address, path, version, line or name that is not in the evidence.
    """
    plain = unescaped(statement)
    made = files_made(plain) if proposed else frozenset()
    for sentence in sentences(plain):
        yield from (("unsupported-url", url) for url in URL.findall(sentence) if not vocabulary.holds(url.rstrip(").,;:'")))
        bare = URL.sub(" ", sentence)
        paths = [path for path in paths_in(bare, proposed=proposed) if path not in made]
        yield from (("unsupported-path", path) for path in paths if not _is_known(path, vocabulary, proposed=proposed))
        yield from (("unsupported-line", number) for number in _false_lines(bare, vocabulary, proposed=proposed))
        if proposed or is_marked(sentence):
            continue
        yield from (("unsupported-version", version) for version in VERSION.findall(bare) if version not in vocabulary.versions)
        yield from (("unsupported-name", name) for name in EXCEPTION.findall(bare) if not vocabulary.holds(name.rpartition(".")[2]))


def _is_known(path: str, vocabulary: Vocabulary, *, proposed: bool) -> bool:
    """Whether the evidence names a path; for a proposal a conventional name in a folder that it names will do."""
    folder = folder_of_usual(path) if proposed else ""
    return vocabulary.holds(path) or bool(folder and vocabulary.holds(folder))


def paths_in(text: str, *, proposed: bool = False) -> list[str]:
    """Files and folders that a text names; in a proposal neither routes and attributes that look like them, nor usual paths."""
    files = [found[1] for found in PATH.finditer(text) if not PRODUCT.fullmatch(found[1])]
    folders = [found[1] for found in FOLDER.finditer(text) if not PATH.search(found[1])]
    if proposed:
        files = [path for path in files if not ATTRIBUTE.fullmatch(path) and not is_usual(path)]
        folders = [path for path in folders if MACHINE_FOLDER.match(path) and not is_usual(path)]
    return list(dict.fromkeys((*files, *folders)))


def is_verbatim(quote: str, evidence: Evidence) -> bool:
    """Whether a quote stands in the evidence, white space folded; a cut note is no evidence."""
    wanted = folded(quote)
    return bool(wanted) and wanted in _quotable(evidence)


def _quotable(evidence: Evidence) -> str:
    return folded("\n".join(line for line in evidence.text.split("\n") if not CUT_NOTE.fullmatch(line)))


def _false_lines(sentence: str, vocabulary: Vocabulary, *, proposed: bool) -> Iterator[str]:
    """Line numbers that the evidence does not name; of the file that is named beside them, where one is."""
    files = [(found.start(), found.end(), found[1]) for found in PATH.finditer(sentence)]
    for found in LINE.finditer(sentence):
        if proposed and found[0].startswith(":") and not any(last == found.start() for _, last, _ in files):
            continue  # `localhost:5432` is a port
        path = _file_beside(found.start(), found.end(), files)
        yield from (number for number in found.groups() if number and not vocabulary.holds_line(int(number), path))


def _file_beside(start: int, end: int, files: list[tuple[int, int, str]]) -> str:
    """The file a line number belongs to: the only one of its sentence, or the one right beside it."""
    if len({path for _, _, path in files}) == 1:
        return files[0][2]
    before = [path for _, last, path in files if 0 <= start - last <= 4]
    after = [path for first, _, path in files if 0 <= first - end <= 8]
    return before[-1] if before else after[0] if after else ""


def _same_file(one: str, other: str) -> bool:
    return f"/{one}".endswith(f"/{other}") or f"/{other}".endswith(f"/{one}")


@cache
def _pair() -> re.Pattern[str]:
    """A name with a version: `httpx==0.28.1`, `pytest-8.3.4`, `Python 3.12.1`, `name = "httpx" version = "0.28.1"`."""
    return re.compile(
        r"(?<![\w./-])([A-Za-z][\w.-]{1,60}?)(?:\[[\w,]{1,60}\])?[\"'`]{0,2}(?:\s?[=~<>]=\s?|[-@/]|:\s[\"']?[\^~]?|,?\s(?:\([Vv]ersion\s)?(?:version\s(?:=\s)?[\"']?)?)"
        r"v?([0-9]{1,4}(?:\.[0-9]{1,6}){1,4}(?:[a-z]{1,4}[0-9]{1,4})?)(?![\w]|\.[0-9])"
    )  # compiled when a model's reply is checked, not when the program starts


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _prefixes(version: str) -> Iterator[str]:
    parts = version.split(".")
    for count in range(1, len(parts) + 1):
        yield ".".join(parts[:count])


def _plain(text: str) -> str:
    """Slashes forward and single as in `C:\\\\app`, white space folded, backticks dropped: inline code cannot show them all."""
    return folded(re.sub(r"\\+", "/", text).replace("`", ""))
