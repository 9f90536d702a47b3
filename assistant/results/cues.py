"""By which words a passage shows what it does: proposes, explains, asks, tests, warns, or tries to give orders to a program."""

import re

import yaml

from assistant.resources import PACKAGE

_WORDS = yaml.load((PACKAGE / "results" / "cues.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
MAX_COUNTED = 3
MAX_SEARCHED = 8_000


def _cue(name: str, flags: re.RegexFlag = re.I) -> re.Pattern[str]:
    return re.compile("|".join(_WORDS[name]), flags)


PROPOSES = re.compile(
    r"(?:^|[.!;:]\s{1,3}|\n\s{0,6}|[-*]\s|\(or\s|\b(?:just|simply|please|then|either|instead,|(?:short|long|longer)[ -]term,?)\s"
    r"|(?:^|[.!?]\s)(?:if|when|as|for|in|to|otherwise|also|alternatively)\b[^.,;:!?\n]{0,100},\s)(?:or\s|and\s|to\s|just\s|simply\s)?"
    rf"(?P<verb>{'|'.join(_WORDS['verbs'])})\b",
    re.I,
)
"""An order to the reader: a verb where a sentence or a part of it begins, or behind its condition."""
LOOKING = frozenset(["run", "call", "start", "open", "try", "repeat", "rerun", "import", "make sure", "read"])
"""Orders that may only look at something."""
SOLVES, HINTS, EXPLAINS, ASKS = _cue("solves"), _cue("hints"), _cue("explains"), _cue("asks")
FAILS, NEGATES, VERIFIES = _cue("fails"), _cue("negates"), _cue("verifies")
PREVENTS, DOCUMENTS, CHECKS = _cue("prevents"), _cue("documents"), _cue("checks")
DISMISSES, REJECTS, CONFIRMS = _cue("dismisses"), _cue("rejects"), _cue("confirms")
ORDERS = _cue("orders", re.I | re.S)
"""Texts that speak to a program that reads them. They are data like all others; nothing of them is shown as an answer."""
TESTS_CODE = re.compile(
    r"^\s*(?:async )?def test_\w|^\s*class Test\w|^\s*(?:python -m )?pytest\b|^\s*@pytest|^\s*assert\b|^\s*(?:it|test|describe)\(['\"]",
    re.M,
)
HEADINGS: dict[str, re.Pattern[str]] = {
    "solution": re.compile(r"\b(?:solution|fix(?:es|ed)?|resolution|workaround|how to (?:fix|solve)|what to do|remedy|recommend\w*)\b"),
    "accepted": re.compile(r"\b(?:accepted|best) ?(?:answer)?\b"),
    "why": re.compile(r"\b(?:why|cause[sd]?|reason|explanation|background|diagnosis|analysis|what (?:happens|happened|changed))\b"),
    "steps": re.compile(r"\b(?:steps?|plan|implementation|procedure|migration|migrating|upgrading|instructions)\b"),
    "tests": re.compile(r"\b(?:tests?|testing|verif\w+|check\w*|reproduc\w+)\b"),
}
"""What a heading says that stands below it."""


def strength(pattern: re.Pattern[str], text: str) -> int:
    """How many times a pattern is found in a text, three at most."""
    found = 0
    for _ in pattern.finditer(text):
        found += 1
        if found == MAX_COUNTED:
            break
    return found


def only_checks(sentence: str) -> bool:
    """Whether a sentence only says how to look at something: it changes nothing."""
    verbs = {found["verb"].lower() for found in PROPOSES.finditer(sentence)}
    return bool(VERIFIES.search(sentence)) and verbs <= LOOKING and not re.search(r"\b(?:fix|solution|must be|should be)\b", sentence, re.I)


def gives_orders(text: str) -> bool:
    """Whether a text speaks to a program that reads it."""
    return bool(ORDERS.search(text[:MAX_SEARCHED]))
