"""`check` proves itself: a good export passes, and each seeded corruption of it is found with its rule and line."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant import Outcome, Request, Stated, draft_export
from assistant.review import review

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "orders-service"
SEED = 20261125


@pytest.fixture(scope="module")
def good() -> Outcome:
    request = Request(
        logs=(str(EXAMPLE / "failing-test.log"),), repo=EXAMPLE, stated=Stated(date="2026-11-25", exported_by="Ada", phase="3")
    )
    return draft_export(request)


@dataclass(frozen=True)
class Corruption:
    """A change of one line of a document, the rule that must find it, and where.

    Args:
        rule: the rule's name.
        pick: regular expression of the lines that may be changed.
        change: gives the new line or lines; None removes it.
        shift: line of the problem, counted from the changed line.
        under: heading below which the line must stand; anywhere without one.
        nearest_heading: the problem is told at the heading before the line.
        opening: the last such line is changed, and the problem is told where its fence opens.
    """

    rule: str
    pick: str
    change: Callable[[str], str | None]
    shift: int = 0
    under: str = ""
    nearest_heading: bool = False
    opening: bool = False


def altered_word(line: str) -> str:
    words = re.findall(r"[A-Za-z]{4,}", line.partition("`")[2])
    return line[: line.index("`")] + line[line.index("`") :].replace(words[-1], words[-1][:-1] + "zq", 1)


CORRUPTIONS = {
    "the title line is gone": Corruption("title", r"^# Research Export", lambda _: None),
    "the title names nothing": Corruption("title", r"^# Research Export", lambda _: "# Research Export:"),
    "a section heading is gone": Corruption("heading-missing", r"^## Hypotheses", lambda _: None, nearest_heading=True),
    "a subsection heading is gone": Corruption("heading-missing", r"^### Secondary Errors", lambda _: None, nearest_heading=True),
    "a heading is misspelt": Corruption("heading-missing", r"^### System State", lambda _: "### System Status", nearest_heading=True),
    "a heading has another level": Corruption("heading-missing", r"^### Timeline", lambda _: "#### Timeline", nearest_heading=True),
    "a heading stands twice": Corruption("heading-duplicate", r"^### Impact", lambda line: f"{line}\n\n{line}", shift=2),
    "a section stands too early": Corruption(
        "heading-order", r"^## Context", lambda line: f"## Constraints and Requirements\n\n{line}", shift=2
    ),
    "a heading is written in capitals": Corruption("heading-missing", r"^### System State", lambda _: "### SYSTEM STATE"),
    "a heading is cut": Corruption("heading-missing", r"^## Research Results", lambda _: "## Research Results"),
    "a heading loses its apostrophes": Corruption("heading-missing", r"^### How We'll", lambda _: "### How Well Know Its Fixed!!"),
    "two labels are swapped": Corruption(
        "label-order", r"^- Date: ", lambda _: "- Exported By: Ada\n- Date: 2026-11-25", under="## Export Information", shift=1
    ),
    "a label stands twice": Corruption("label-duplicate", r"^- Database:", lambda line: f"{line}\n{line}", shift=1),
    "a number is left out": Corruption("numbering", r"^### Hypothesis 2", lambda _: "### Hypothesis 7"),
    "a draft line is damaged": Corruption(
        "draft-line", r"^> \*Drafted by", lambda line: line.replace("Confirm, then", "Confirm then"), under="### Brief Description"
    ),
    "a hypothesis stands in another section": Corruption(
        "numbering",
        r"^## Environment Details",
        lambda line: f"### Hypothesis 4\n**Theory:**\na\n\n**Evidence:**\nb\n\n**Test:**\nc\n\n{line}",
    ),
    "theory and evidence are swapped": Corruption("label-order", r"^\*\*Theory:\*\*", lambda line: f"**Evidence:**\nx\n\n{line}", shift=3),
    "a bold label stands twice": Corruption("label-duplicate", r"^\*\*Test:\*\*", lambda line: f"{line}\nx\n\n{line}", shift=3),
    "code loses its lines": Corruption("label-missing", r"^\*\*Lines:\*\* 19", lambda _: None, shift=-1),
    "code has its lines twice": Corruption("label-duplicate", r"^\*\*Lines:\*\* 19", lambda line: f"{line}\n{line}", shift=1),
    "a draft line gains a blank": Corruption("draft-line", r"^> \*Drafted by", lambda line: line.replace("> *", ">  *")),
    "a draft line loses its end": Corruption("draft-line", r"^> \*Drafted by", lambda line: line.partition(" Confirm")[0] + "*"),
    "a draft line leaves its quote": Corruption("draft-line", r"^> \*Drafted by", lambda line: line.removeprefix("> ")),
    "a block loses the line that says what it is": Corruption("evidence-block", r"^\*\*E1\*\* · error", lambda _: None, shift=1),
    "code loses its id": Corruption("evidence-block", r"^\*\*File:\*\* .*\(E5: ", lambda line: line.partition(" (E5")[0], shift=3),
    "a fact cites evidence that does not say it": Corruption(
        "unsupported-version", r"^- FastAPI version:", lambda _: "- FastAPI version: 2.0.58 (E1)"
    ),
    "two versions of one source are mixed up": Corruption(
        "unsupported-version", r"^- Other relevant versions:", lambda line: re.sub(r"Starlette [\d.]+", "Starlette 2.0.58", line)
    ),
    "the version of the database is altered": Corruption(
        "unsupported-version", r"^- Database: PostgreSQL 15", lambda line: line.replace("PostgreSQL 15", "PostgreSQL 16")
    ),
    "a declared range is altered": Corruption("unsupported-version", r"^- SQLAlchemy `>=", lambda line: line.replace("2.0.30", "2.0.31")),
    "a test is invented in a fact": Corruption(
        "unsupported-name", r"^- What is blocked:", lambda line: line.replace("::test_ship_order", "::test_made_up")
    ),
    "a test is invented in a draft": Corruption(
        "unsupported-name", r"::test_ship_order` passes", lambda line: line.replace("::test_ship_order", "::test_made_up")
    ),
    "a test is moved into another file": Corruption(
        "unsupported-name", r"^- \[ \] `tests/test_outbox.py::", lambda line: line.replace("test_outbox.py", "test_orders.py")
    ),
    "a field's label is gone": Corruption("label-missing", r"^- Database:", lambda _: None, nearest_heading=True),
    "a field's label is misspelt": Corruption(
        "label-missing", r"^- FastAPI version:", lambda line: line.replace("version", "release"), nearest_heading=True
    ),
    "a bold label is gone": Corruption("label-missing", r"^\*\*Result:\*\*", lambda _: None, nearest_heading=True),
    "a hypothesis loses its test label": Corruption("label-missing", r"^\*\*Test:\*\*", lambda _: None, nearest_heading=True),
    "an evidence block is left open": Corruption("open-fence", r"^`{3,}$", lambda _: None, under="### Primary Error", opening=True),
    "a code block is left open": Corruption("open-fence", r"^`{3,}$", lambda _: None, under="### Acceptance Tests", opening=True),
    "the last block is left open": Corruption("open-fence", r"^`{3,}$", lambda _: None, under="### Testing Strategy", opening=True),
    "an id does not exist": Corruption("evidence-id", r"^- Python version:.*\(E\d+", lambda line: re.sub(r"E\d+", "E977", line, count=1)),
    "a quote cites an id that does not exist": Corruption(
        "evidence-id", r"^- For \(E", lambda line: re.sub(r"E\d+", "E977", line, count=1)
    ),
    "the drafted line cites an id that does not exist": Corruption(
        "evidence-id", r"^> \*Drafted by", lambda line: re.sub(r"E\d+", "E977", line, count=1)
    ),
    "a quote is altered by a word": Corruption("quote", r"^- For \(E\d+\): `.*[A-Za-z]{4,}", altered_word),
    "a quote cites other evidence": Corruption("quote", r"^- For \(E1\): `.{30,}", lambda line: line.replace("(E1)", "(E2)")),
    "a line of an evidence block is altered": Corruption("evidence-block", r"^E   ", lambda line: line + "!", under="### Primary Error"),
    "a line of code is altered": Corruption(
        "evidence-block", r"^ +(?:await|return|session)", lambda line: line + "  # mended", under="### Problematic Code"
    ),
    "a block claims another origin": Corruption(
        "evidence-block", r"^\*\*E\d+\*\* · log", lambda line: re.sub(r":\d+", ":7777", line, count=1)
    ),
    "a code block claims other lines": Corruption("evidence-block", r"^\*\*Lines:\*\* \d+-\d+", lambda _: "**Lines:** 9001-9002"),
    "an address is added to a draft": Corruption(
        "unsupported-url",
        r"^> \*Drafted by",
        lambda line: f"{line}\n\nSee https://example.org/fix for more.",
        shift=2,
        under="### Brief Description",
    ),
    "a path is added to a draft": Corruption(
        "unsupported-path", r"^\*\*Theory:\*\*", lambda line: f"{line}\nThe fault lies in app/billing/ledger.py already.", shift=1
    ),
    "a version is added to a draft": Corruption(
        "unsupported-version", r"^\*\*Theory:\*\*", lambda line: f"{line}\nIt began with release 7.31.4 of the library.", shift=1
    ),
    "a line number is added to a draft": Corruption(
        "unsupported-line", r"^\*\*Theory:\*\*", lambda line: f"{line}\nThe value is lost on line 98431.", shift=1
    ),
    "an exception is added to a draft": Corruption(
        "unsupported-name", r"^\*\*Theory:\*\*", lambda line: f"{line}\nIt hides a SegmentationWarning.", shift=1
    ),
    "a cited version is altered": Corruption(
        "unsupported-version", r"^- Python version: \d", lambda line: re.sub(r"\d+\.\d+\.\d+", "3.99.1", line, count=1)
    ),
    "a link is added to a draft": Corruption("live-link", r"^\*\*Theory:\*\*", lambda line: f"{line}\nSee [this](page).", shift=1),
    "template text is back": Corruption(
        "template-text", r"^\*\*Theory:\*\*", lambda line: f"{line}\n[What might be causing the problem]", shift=1
    ),
    "a question does not ask": Corruption("question-mark", r"^1\. .*\?$", lambda line: line[:-1] + ".", under="### Primary Questions"),
    "a question is asked twice": Corruption(
        "question-duplicate", r"^1\. .*\?$", lambda line: f"{line}\n{line.replace('1.', '2.')}", shift=1, under="### Technical Questions"
    ),
    "a question names nothing of the evidence": Corruption(
        "question-evidence", r"^1\. .*\?$", lambda _: "1. What does one do now?", under="### Primary Questions"
    ),
    "a search query tells a path": Corruption("query", r"^- `", lambda _: "- `error in /home/ada/app/main.py`", under="### Search Queries"),
    "a hypothesis has no test": Corruption(
        "hypothesis-part", r"^\*\*Test:\*\*", lambda line: f"{line}\n\n### Hypothesis 9", nearest_heading=True
    ),
    "a hypothesis does not say what its test shows": Corruption("hypothesis-part", r"^- If false:", lambda _: None, nearest_heading=True),
    "a hypothesis quotes nothing": Corruption("hypothesis-evidence", r"^- For \(E", lambda line: "- It is plain to see."),
    "the date is no day": Corruption("date", r"^- Date:", lambda _: "- Date: 2026-02-30"),
    "the severity is no severity": Corruption("severity", r"^- Severity:", lambda _: "- Severity: Urgent"),
    "the acceptance test does not parse": Corruption("acceptance-test", r"^def test_solution", lambda line: line.rstrip(":")),
    "an invisible character stands in it": Corruption("control-character", r"^- Exported By:", lambda line: line + "\u202e"),
}


def test_the_good_export_has_no_problem(good: Outcome) -> None:
    assert review(good.text, good.record).counted(allow_drafts=True) == ()


@pytest.mark.parametrize("corruption", CORRUPTIONS.values(), ids=CORRUPTIONS)
def test_each_corruption_is_found_with_its_rule_and_line(good: Outcome, corruption: Corruption) -> None:
    lines = good.text.split("\n")
    number = _pick(lines, corruption)
    changed = corruption.change(lines[number - 1])
    text = "\n".join([*lines[: number - 1], *([] if changed is None else [changed]), *lines[number:]])
    where = number + corruption.shift
    if corruption.nearest_heading or corruption.opening:
        where = _before(lines, number, r"`{3,}" if corruption.opening else r"#{1,3} ")
    found = [(problem.rule, problem.line) for problem in review(text, good.record).problems]
    assert (corruption.rule, where) in found


def block_of(text: str, evidence_id: str) -> str:
    """The head line of a piece of evidence with the fenced block below it."""
    found = re.search(rf"^\*\*{evidence_id}\*\* .*?\n\n(`{{3,}}).*?\n\1$", text, re.M | re.S)
    assert found
    return found[0]


CUTS: dict[str, tuple[str, Callable[[str], str], str]] = {
    "the primary error is gone": ("E1", lambda _: "", "### Primary Error"),
    "a question stands in the primary error's place": ("E1", lambda _: "[REVIEW: Which?]", "### Primary Error"),
    "the block below a head line is gone": ("E1", lambda block: block.split("\n")[0], "**E1**"),
    "the marks around a block are gone": ("E2", lambda block: re.sub(r"^```\n?", "", block, flags=re.M), "**E2**"),
    "head line gone, trace altered": (
        "E1",
        lambda block: block.partition("\n\n")[2].replace("MissingGreenlet", "MissingGreenlut"),
        "```\n_____",
    ),
}


@pytest.mark.parametrize(("evidence_id", "change", "at"), CUTS.values(), ids=CUTS)
def test_evidence_that_is_taken_away_is_missed(good: Outcome, evidence_id: str, change: Callable[[str], str], at: str) -> None:
    block = block_of(good.text, evidence_id)
    text = good.text.replace(block, change(block))
    where = text[: text.index(at)].count("\n") + 1
    assert ("evidence-block", where) in [(found.rule, found.line) for found in review(text, good.record).counted(allow_drafts=True)]


def test_a_hypothesis_before_the_first_is_found(good: Outcome) -> None:
    starts = [good.text.index(f"### Hypothesis {number}\n") for number in (1, 2, 3)]
    first, second = good.text[starts[0] : starts[1]], good.text[starts[1] : starts[2]]
    text = good.text.replace(first + second, second + first)
    lines = [found.line for found in review(text, good.record).problems if found.rule == "numbering"]
    assert lines[0] == text[: starts[0]].count("\n") + 1


def _pick(lines: list[str], corruption: Corruption) -> int:
    start = lines.index(corruption.under) if corruption.under else 0
    end = next((n for n in range(start + 1, len(lines)) if lines[n].startswith("##") and corruption.under), len(lines))
    candidates = [n for n, line in enumerate(lines, 1) if start < n <= end and re.search(corruption.pick, line)]
    assert candidates, f"nothing to corrupt: {corruption.pick}"
    if corruption.opening:
        return candidates[-1]
    return random.Random(SEED).choice(candidates)


def _before(lines: list[str], number: int, pattern: str) -> int:
    return next(n for n in range(number - 1, 0, -1) if re.match(pattern, lines[n - 1]))
