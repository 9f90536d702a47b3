"""Which evidence does a line cite? Only what stands in round brackets counts in prose: `E501` is also a rule of flake8."""

import re
from typing import NamedTuple

from assistant.checking.grounding import SPAN
from assistant.checking.structure import outside_fences, read_draft_line
from assistant.evidence import CITATION

BLOCK_HEAD = re.compile(r"^\*\*(?P<id>[ER][0-9]+)\*\* · (?P<kind>\w+) · (`+)\s?(?P<origin>.*?)\s?\3(?=\s*$| ·)")
FILE_HEAD = re.compile(r"^\*\*File:\*\* (`+)\s?(?P<file>.*?)\s?\1 \((?P<id>E[0-9]+)")
QUOTE = re.compile(r"^\s*[-*+] (?P<stance>For|Against) \((?P<id>[ER][0-9]+)\): (`+)\s?(?P<quote>.*?)\s?\3\s*$")
INNER = re.compile(r"\(([^()]{0,2000})\)")
ITEM = re.compile(r"(?:^|[,;])\s*(?:and\s+|see\s+)?([ER][1-9][0-9]{0,5})(?=\s*(?:[,;:]|$|\s+and\s))|\band\s+([ER][1-9][0-9]{0,5})\s*$")
DEPTH = 3
"""How deep brackets may stand in brackets."""


class Cited(NamedTuple):
    """One pair of brackets that cites evidence: where it ends in the line, and the ids in it."""

    end: int
    ids: tuple[str, ...]


def citations(text: str) -> list[Cited]:
    """The brackets of a line that cite evidence, in order: `(E1)`, `(E1, E4)`, `(image in a file, E15)`, `(E4: what it is)`.

    Args:
        text: a line of Markdown; what stands in its code spans cites nothing.
    """
    if "(" not in text or not CITATION.search(text):
        return []
    plain = without_code(text)
    found: list[Cited] = []
    for _ in range(DEPTH):
        brackets = list(INNER.finditer(plain))
        for bracket in brackets:
            if ids := tuple(one or other for one, other in ITEM.findall(bracket[1])):
                found.append(Cited(bracket.end(), ids))
        if not brackets:
            break
        plain = INNER.sub(lambda bracket: "x" * len(bracket[0]), plain)
    return sorted(found)


def cited_ids(text: str) -> tuple[str, ...]:
    """Every id that a line cites: in brackets, as the head of a block, in a quote, or in the line that says who drafted a text."""
    if QUOTE.match(text) or read_draft_line(text):
        return tuple(dict.fromkeys(CITATION.findall(without_code(text))))
    head = BLOCK_HEAD.match(text)
    return tuple(dict.fromkeys([*([head["id"]] if head else ()), *(one for cited in citations(text) for one in cited.ids)]))


def ids_cited_in(body: str) -> tuple[str, ...]:
    """Every id that a body cites outside its fenced blocks, each once, in order."""
    return tuple(dict.fromkeys(one for line in outside_fences(body) for one in cited_ids(line)))


def without_code(text: str) -> str:
    """A line with its code spans blotted out, as long as before."""
    if "`" not in text:
        return text
    return SPAN.sub(lambda span: "x" * len(span[0]), text.replace("\\`", "xx"))
