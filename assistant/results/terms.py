"""What words a text is about: identifiers and content words, in a form in which two texts can be held against each other."""

import re
from collections.abc import Iterable
from functools import lru_cache

from assistant.resources import PACKAGE

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*|[0-9]+(?:\.[0-9]+)+")
CAMEL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]")
STOP = frozenset((PACKAGE / "data" / "stop_words.txt").read_text("utf-8").split())
"""Words that every text about a failure has."""
KIN = {
    word: group.split()[0]
    for group in (
        "remov drop delet stop discontinu gon",
        "argument parameter keyword kwarg param",
        "accept tak allow support understand",
        "upgrad updat bump",
        "pin lock freez",
        "creat build built construct instantiat",
        "send sent",
        "run ran",
        "hold held",
        "keep kept",
        "bind bound",
        "writ wrot written",
        "config configuration configur setting",
        "dependency dependenc requirement",
        "database db",
        "migration migrat",
        "environment env",
        "password passwd",
        "directory folder dir",
        "replac substitut supersed",
        "fail break broken",
        "rais throw thrown",
        "documentation doc docs",
    )
    for word in group.split()
}
"""Words that say the same where software fails, by the first of them."""


def stem(word: str) -> str:
    """A word without the ending that its number or tense gives it; of words that say the same, one."""
    bare = _bare(word)
    return KIN.get(bare, bare)


@lru_cache(maxsize=200_000)
def _bare(word: str) -> str:
    low = word.lower()
    for ending, least in (("ing", 6), ("ied", 5), ("ies", 5), ("ed", 5), ("es", 5), ("s", 4)):
        if low.endswith(ending) and len(low) >= least and not low.endswith("ss"):
            cut = low[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and ending in ("ing", "ed") else cut.removesuffix("e")
    return low.removesuffix("e") if len(low) > 3 else low


def is_identifier(word: str) -> bool:
    """Whether a word is a name in code: `a_b`, `aB`, `a.b`, `ABError`."""
    return "_" in word.strip("_") or ("." in word and not word[0].isdigit()) or bool(CAMEL.search(word))


def terms_of(text: str) -> frozenset[str]:
    """The terms of a text: identifiers whole and in parts, words without endings, versions."""
    found: set[str] = set()
    for word in WORD.findall(text):
        if word[0].isdigit():
            found.add(word)
        elif is_identifier(word):
            found.add(word.lower())
            found.update(part.lower() for part in word.split(".") if is_identifier(part))
            found.update(stem(part) for part in word.split(".") if not is_identifier(part) and part.lower() not in STOP and len(part) > 2)
        elif word.lower() not in STOP and len(word) > 2:
            found.add(stem(word))
    return frozenset(found)


def identifiers_of(text: str) -> frozenset[str]:
    """The names of code in a text, in lower case."""
    return frozenset(
        name.lower()
        for word in WORD.findall(text)
        if is_identifier(word)
        for name in (word, word.rpartition(".")[2])
        if is_identifier(name)
    )


def weight_of(terms: Iterable[str], weights: dict[str, float]) -> float:
    """The weights of some terms together."""
    return sum(weights.get(term, 0.0) for term in terms)
