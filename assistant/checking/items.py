"""Rules for single items: questions, search queries, hypotheses, dates, acceptance tests."""

import ast
import datetime
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from assistant.checking.grounding import FOLDER, MARK_TEXT, URL, folded

SEVERITIES = ("Low", "Medium", "High", "Blocking")
MAX_QUERY = 400
TITLE_LIMIT = 140
MIN_HYPOTHESES = 2
NO_TEST = "the acceptance test is no Python that parses"
CODE = re.compile(r"(`+)(.+?)\1")
STOP = frozenset(
    [
        "what",
        "which",
        "when",
        "where",
        "does",
        "doing",
        "with",
        "from",
        "that",
        "this",
        "there",
        "their",
        "would",
        "could",
        "should",
        "have",
        "been",
        "into",
        "about",
    ]
)


class Item(NamedTuple):
    """One entry of a list in a document, or a value outside one.

    Args:
        text: its text without the bullet.
        line: its line in the document, 0 outside one.
    """

    text: str
    line: int = 0


Holds = Callable[[str], bool]
Found = Iterator[tuple[str, str, int]]
"""(rule, message, line) for each problem."""


def question_problems(questions: Sequence[Item], *, vocabulary_holds: Holds | None = None) -> Found:
    """Questions that do not ask, ask twice, or name nothing of the evidence.

    Args:
        questions: of all groups together, in order.
        vocabulary_holds: tells whether the evidence has a word; None where that cannot be told or need not hold.
    """
    seen: dict[str, int] = {}
    for question in questions:
        if not re.sub(r"[\s*_)\"”]+$", "", question.text.replace(MARK_TEXT, "")).endswith("?"):
            yield "question-mark", f"the question does not end in '?': {question.text[:80]}", question.line
        key = re.sub(r"\W+", " ", question.text).strip().lower()
        if key in seen:
            yield "question-duplicate", f"the question was asked before: {question.text[:80]}", question.line
        seen[key] = question.line
        if vocabulary_holds and not _names_something(question.text, vocabulary_holds):
            yield "question-evidence", f"the question names nothing that stands in the evidence: {question.text[:80]}", question.line


def query_problems(queries: Sequence[Item]) -> Found:
    """Search queries that are empty, too long or would tell a private path or an address."""
    for query in queries:
        text = query.text.strip().strip("`").strip()
        if not text or len(text) > MAX_QUERY:
            yield "query", f"a search query has 1 to {MAX_QUERY} characters, this one has {len(text)}", query.line
        elif URL.search(text):
            yield "query", f"a search query holds an address: {text[:80]}", query.line
        elif FOLDER.search(text):
            yield "query", f"a search query holds a path of a machine: {text[:80]}", query.line


def distinct_theories(theories: Sequence[Item]) -> Found:
    """Theories that say the same."""
    seen: set[str] = set()
    for theory in theories:
        key = re.sub(r"\W+", " ", theory.text).strip().lower()
        if key and key in seen:
            yield "hypothesis-duplicate", f"another hypothesis has this theory: {folded(theory.text)[:80]}", theory.line
        seen.add(key)


def title_problem(value: str) -> str | None:
    """What is wrong with a drafted title, or None; whoever drafted it."""
    if len(value) <= TITLE_LIMIT and "\n" not in value.strip():
        return None
    return f"the title has {len(value)} characters in {len(value.splitlines())} lines: at most {TITLE_LIMIT} in one"


def date_problem(value: str) -> str | None:
    """What is wrong with a date, or None."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return f"the date {value[:40]!r} is not written YYYY-MM-DD"
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return f"there is no day {value}"
    return None


def severity_problem(value: str) -> str | None:
    """What is wrong with a severity, or None; a reason may follow the word."""
    word = re.match(r"[A-Za-z]+", value)
    if word and word[0] in SEVERITIES:
        return None
    return f"the severity {value[:40]!r} is none of {', '.join(SEVERITIES)}"


def syntax_problem(code: str) -> tuple[str, int] | None:
    """(message, line in the code) where an acceptance test does not parse, or None."""
    parsed = parsed_python(code)
    return None if isinstance(parsed, ast.Module) else (f"{NO_TEST}: {parsed[0]}", parsed[1])


def acceptance_problem(code: str) -> str | None:
    """What is wrong with a drafted acceptance test, or None; an empty one is right where nothing can be run."""
    if not code.strip():
        return None
    parsed = parsed_python(code)
    if not isinstance(parsed, ast.Module):
        return f"{NO_TEST}: {parsed[0]} (line {parsed[1]})"
    defined = any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "test_solution" for node in parsed.body)
    return None if defined else "the acceptance test defines no function test_solution"


def parsed_python(code: str) -> ast.Module | tuple[str, int]:
    """The syntax tree of Python, or (why it does not parse, line)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a backslash that means nothing is no fault
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        message = getattr(error, "msg", None) or str(error) or "it is nested too deeply"
        return message, getattr(error, "lineno", None) or 1


def _names_something(question: str, holds: Holds) -> bool:
    spans = [span[1] for span in CODE.findall(question)]
    if any(holds(folded(span)) for span in spans):
        return True
    words = [word for word in re.findall(r"[A-Za-z_][\w.]{3,}", CODE.sub(" ", question)) if word.lower() not in STOP]
    return any(holds(word) for word in words if re.search(r"[A-Z_.]", word[1:]) or len(word) > 5)
