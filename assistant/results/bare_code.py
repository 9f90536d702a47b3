"""Code that stands in a text without a fence, as mails and chats have it: where a run of it ends, and what it is."""

import ast
import re
from collections.abc import Iterator, Sequence
from textwrap import dedent

from assistant.checking.items import parsed_python

MAX_RUN, MAX_UNFINISHED, MAX_CHARACTERS, MAX_LOOKED = 120, 4, 20_000, 300
"""Lines of one block; paragraphs that may be no code by themselves before it becomes some; characters that are parsed, and looked at."""
BRACKETED = re.compile(r"[;{}]\s{0,20}(?://.{0,200})?$|[)\]],?\s{0,20}$|,\s{0,20}$|^\s{0,40}(?://|/\*|\*/|\* )")
CLOSES = re.compile(r"[;{}]\s{0,20}$")
LIKELY = re.compile(r"[=({@;:]|^\s{0,40}(?:import|from|return|del|raise|assert|pass|#|//|/\*)")
"""What the first line of code has; nothing else is worth a try."""
MARK = re.compile(r"[{}]|\);|\w = \S")
SPEECH = re.compile(r"(?:[A-Za-z']{2,20} ){3}[A-Za-z']{2,20}")
"""Four words in a row: nobody writes code so, outside of strings and comments."""
QUOTED = re.compile(r"\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|(?:#|//).{0,300}$", re.M)
CALL = re.compile(r"\s{0,40}(?:await )?[A-Za-z_][\w.]{1,100}\(")
TELLING = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AugAssign, ast.With,
    ast.AsyncWith, ast.For, ast.AsyncFor, ast.While, ast.If, ast.Try, ast.Return, ast.Raise, ast.Delete, ast.Assert, ast.Match,
)  # fmt: skip
"""Statements that no sentence parses as."""


def code_run(lines: Sequence[str], start: int, last: int) -> tuple[int, str]:
    """How far code goes that begins at a line.

    Args:
        lines: of the text.
        start: the first line of a paragraph.
        last: the line behind the last one that may be looked at.

    Returns:
        The line behind its end (`start` where no code stands there), and its language: `python`, or empty.
    """
    end, language, begin = start, "", start
    if not LIKELY.search(lines[start][:MAX_LOOKED]):
        return start, ""
    for number, stop in enumerate(_paragraph_ends(lines, start, last)):
        own, text = "\n".join(lines[begin:stop]), "\n".join(lines[start:stop])
        if is_python(text) and (end == start or lines[begin].startswith((" ", "\t")) or is_python(own)):
            end, language = stop, "python"
        elif end > start:
            break  # words again
        elif is_bracketed(lines[start:stop]):
            return stop, ""
        elif number == MAX_UNFINISHED or not lines[stop - 1].rstrip().endswith((":", ",", "(", "[", "{")):
            break  # it does not become code by what follows
        begin = next((at for at in range(stop, last) if lines[at].strip()), stop)
    return end, language


def is_python(text: str) -> bool:
    """Whether a text is Python that does something, rather than words that happen to parse."""
    tree = parsed_python(dedent(text)) if len(text) <= MAX_CHARACTERS else None
    return isinstance(tree, ast.Module) and (any(isinstance(one, TELLING) for one in tree.body) or bool(CALL.match(text)))


def is_bracketed(lines: Sequence[str]) -> bool:
    """Whether several lines look like code of the languages that end statements by a mark."""
    said = [line for line in lines if line.strip()]
    if len(said) < 2 or not all(BRACKETED.search(line) for line in said) or SPEECH.search(QUOTED.sub("", "\n".join(said))):
        return False
    return sum(bool(CLOSES.search(line)) for line in said) * 2 >= len(said) and bool(MARK.search("\n".join(said)))


def _paragraph_ends(lines: Sequence[str], start: int, end: int) -> Iterator[int]:
    """The lines behind each paragraph from a line on, as far as one block may go."""
    for number in range(start + 1, min(end, start + MAX_RUN) + 1):
        if lines[number - 1].strip() and (number == end or not lines[number].strip()):
            yield number
