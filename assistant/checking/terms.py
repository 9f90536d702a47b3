"""Does a model's text keep to the evidence and to plain text? Stricter than what a document is held to."""

import builtins
import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from assistant.checking.citing import citations
from assistant.checking.grounding import (
    EXCEPTION,
    FOLDER,
    LINE,
    LINK,
    PATH,
    SPAN,
    URL,
    VERSION,
    Vocabulary,
    folded,
    is_marked,
    sentences,
    unsupported,
)
from assistant.checking.structure import INVISIBLE
from assistant.evidence import CITATION, Ledger

Kind = Literal["title", "statement", "proposal", "test", "code", "query"]
"""What a text is: a title, says what is, says what to do, is a command or snippet, is Python, is a search query."""

LIMITS = {"title": 500, "statement": 2000, "proposal": 2000, "test": 6000, "code": 20000, "query": 2000}
ADDRESS = re.compile(r"(?<![\w@./-])(?:[\w-]{1,63}\.){1,6}(?:com|org|net|io|dev|me|ai|co|info|edu|gov|ly|gg)/[\w./%#?=&-]{1,300}")
TAG = re.compile(r"!?\[[^\]\n]{0,500}\]\(|</?[a-z][a-z0-9]{0,20}(?:>|/>|\s[^>\n]{0,300}=)")
"""In a title, which is shown as code, `<Order at 0x7f>` is what the error says."""
HEADING = re.compile(r"^\s{0,3}(?:#{1,6}(?:\s|$)|={3,}\s*$|-{3,}\s*$)", re.M)
QUOTED = re.compile(r"^\s{0,3}>(?!>> ).*", re.M)
"""Lines that could pass for the one that says who drafted a place; `>>> ` is a Python prompt."""
FENCE = re.compile(r"^\s{0,3}(?:`{3,}|~{3,})", re.M)
FENCED = re.compile(r"\A\s*```[\w+-]{0,20}[ \t]*\n(.*?)\n[ \t]*```\s*\Z", re.S)
BLOCK = re.compile(r"^```[\w+-]{0,20}[ \t]*\n.*?\n```[ \t]*$", re.S | re.M)
OWN_RULE = re.compile(f"(?:{PATH.pattern})|(?:{FOLDER.pattern})|(?:{EXCEPTION.pattern})")
"""What another rule looks at."""
BARE = re.compile(r"(?<![\w.\-/@])([A-Za-z]\w*_\w+|[A-Za-z_]\w*(?=\(\)))")
"""An identifier that stands without backticks: `a_b`, `call()`."""
NUMBER = re.compile(r"(?<![\w.])(?<![A-Za-z]-)([0-9]{2,12})(?![\w]|\.[0-9])")
THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}\b)")
COUNTED = 10
"""Up to here anybody can count: two tests, three files."""
WORDS_OF_PYTHON = frozenset(
    [*keyword.kwlist, "self", "cls", *(name for name in dir(builtins) if not name.endswith(("Error", "Exception", "Warning")))]
)
ADVICE = {
    "unsupported-path": "name only files and folders that the evidence names; a command's scratch files go under /tmp",
    "unsupported-version": "take the version from the evidence, or end the sentence with (not in evidence) if it is general knowledge",
    "unsupported-line": "take the line number from the evidence, of that very file",
    "unsupported-name": "take the exception's name from the evidence, or end the sentence with (not in evidence)",
    "unsupported-identifier": "spell it as the evidence does, or end the sentence with (not in evidence) if it is general knowledge",
    "unsupported-number": "take the number from the evidence, or end the sentence with (not in evidence)",
}
QUERY_ADVICE = {
    "unsupported-version": "leave the version out; name the library and what may have changed, as in `removed`, `renamed`, `changelog`",
    "unsupported-name": "search for an exception that the evidence names",
}
"""A query cannot say of itself that it is general knowledge, and a wrong version finds nothing."""


def false_parts(text: str, ledger: Ledger, vocabulary: Vocabulary, *, kind: Kind) -> Iterator[tuple[str, str]]:
    """What is wrong with a text.

    Args:
        text: as the model wrote it.
        ledger: all that may be cited.
        vocabulary: the same for look-ups.
        kind: what the text is.

    Yields:
        (rule, message): the rule broken and a line that tells a model what to mend.
    """
    if len(text) > LIMITS[kind]:
        yield "reply-length", f"this has {len(text)} characters: at most {LIMITS[kind]}"
        return
    if found := INVISIBLE.search(text):
        yield "control-character", f"this holds the invisible character U+{ord(found[0]):04X}: write plain text"
    named = [url for url in ADDRESS.findall(URL.sub(" ", text)) if kind == "query" or not vocabulary.holds(url)]
    for url in (*(URL.findall(text) if kind != "query" else ()), *named):  # a query's own rule finds the others
        yield "unsupported-url", f"no addresses, say what it is instead: {_shown(url)}"
    if kind not in ("code", "query"):
        yield from _markup(text, kind)
    if kind != "code":
        yield from (("evidence-id", f"there is no evidence {cited}") for cited in _cited(text, vocabulary) if ledger.get(cited) is None)
    yield from _not_in_evidence(text, vocabulary, kind)


def unknown_terms(statement: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Identifiers and numbers that no evidence has; sentences marked as general knowledge are left out.

    Yields:
        (rule, what): `unsupported-identifier` or `unsupported-number`, and the identifier or number.
    """
    for sentence in sentences(statement):
        if is_marked(sentence):
            continue
        spans = [OWN_RULE.sub(" ", URL.sub(" ", span)) for _, span in SPAN.findall(sentence)]
        named = [name for span in spans if not vocabulary.holds(span) for name in re.findall(r"(?<!\w)[A-Za-z_]\w*", span)]
        named += BARE.findall(SPAN.sub(" ", sentence))
        for name in dict.fromkeys(named):
            if name not in vocabulary.words and name not in WORDS_OF_PYTHON and not CITATION.fullmatch(name):
                yield "unsupported-identifier", name
        counted = LINE.sub(" ", VERSION.sub(" ", ADDRESS.sub(" ", URL.sub(" ", THOUSANDS.sub("", sentence)))))
        for number in dict.fromkeys(NUMBER.findall(counted)):
            if int(number) > COUNTED and number not in vocabulary.numbers and not _is_rest(number, sentence, vocabulary):
                yield "unsupported-number", number


def _is_rest(number: str, sentence: str, vocabulary: Vocabulary) -> bool:
    """Whether a number counts what is left of a number in the evidence: of 261 errors `260 more`."""
    return str(int(number) + 1) in vocabulary.numbers and bool(re.search(rf"\b{number} (?:more|other)\b", sentence))


def unfenced(text: str) -> str:
    """What stands inside the one fence that a text is wrapped in, else the text."""
    found = FENCED.match(text)
    return found[1] if found and not FENCE.search(found[1]) else text


def _markup(text: str, kind: Kind) -> Iterator[tuple[str, str]]:
    plain = BLOCK.sub("", text, count=1) if kind == "test" else text
    if FENCE.search(plain):
        yield "markup", "no fenced blocks here: write plain text, code in single backticks"
    if found := QUOTED.search(plain) if kind != "title" else None:
        yield "markup", f"no block quotes: {_shown(found[0])}"
    if "[REVIEW:" in SPAN.sub(" ", plain) and kind != "title":
        yield "markup", "no placeholders: leave out what is not known"
    if found := HEADING.search(plain):
        yield "markup", f"no headings or rules: {_shown(found[0])}"
    if found := (TAG if kind == "title" else LINK).search(SPAN.sub(" ", plain)):
        yield "live-link", f"no links, images or HTML, put code into backticks: {_shown(found[0])}"


def _not_in_evidence(text: str, vocabulary: Vocabulary, kind: Kind) -> Iterator[tuple[str, str]]:
    """What a text names that no evidence names."""
    if kind == "query":
        false = [("unsupported-version", found) for found in VERSION.findall(text) if found not in vocabulary.versions]
        false += [("unsupported-version", found) for found in vocabulary.false_pairs(text)]
        false += [("unsupported-name", name) for name in EXCEPTION.findall(text) if not vocabulary.holds(name.rpartition(".")[2])]
        yield from (_told(rule, what, QUERY_ADVICE) for rule, what in false)
        return
    stated = kind in ("title", "statement")
    found = list(unsupported(text, vocabulary, proposed=not stated))
    if stated:
        found += unknown_terms(text, vocabulary)
        found += [("unsupported-version", pair) for said in sentences(text) if not is_marked(said) for pair in vocabulary.false_pairs(said)]
    yield from (_told(rule, what) for rule, what in dict.fromkeys(found) if rule != "unsupported-url")


def _told(rule: str, what: str, advice: Mapping[str, str] = ADVICE) -> tuple[str, str]:
    return rule, f"{_shown(what)} stands in no evidence: {advice[rule]}"


def _cited(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Ids in brackets; outside of them only what no log has: `E501` is also a rule of flake8."""
    bare = (name for name in CITATION.findall(SPAN.sub(" ", text)) if name not in vocabulary.words)
    return tuple(dict.fromkeys((*(one for cited in citations(text) for one in cited.ids), *bare)))


def _shown(text: str) -> str:
    return folded(text)[:80]
