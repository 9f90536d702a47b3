"""What a page knows of a document: its parts, what is open, what is wrong where."""

from pathlib import Path

import pytest
from hypothesis import given, strategies

from assistant.document import edit
from assistant.pages import build_page, export_html
from assistant.pages.building import without_markup
from assistant.pages.views import PageView, PartView
from assistant.record import load_record

EXPORT = Path(__file__).parents[1] / "data" / "export_v1" / "export.md"
TEXT = EXPORT.read_text("utf-8")


def page_of(text: str) -> PageView:
    return build_page(text, load_record(EXPORT))


def part(page: PageView, place: str) -> PartView:
    return next(one for one in page.parts if one.place == place)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("# Research Export: x\n\n## Problem Statement\n[REVIEW: what?]\n", "blanks"),
        ("# Research Export: x\n\n## Problem Statement\n> *Drafted by playbook. Confirm, then delete this line.*\n\nx\n", "drafts"),
        ("# Research Export: x\n\n## Problem Statement\nx\n", "problems"),
    ],
)
def test_the_state_is_what_has_to_be_done_next(text: str, state: str) -> None:
    assert build_page(text, None).state == state


def test_a_draft_shows_who_drafted_it_and_not_the_line_that_says_so() -> None:
    hypothesis = part(page_of(TEXT), "hypotheses.hypothesis_1")
    assert hypothesis.draft is not None
    assert hypothesis.draft.by == "playbook"
    assert [cite.anchor for cite in hypothesis.draft.cites] == [cite.id for cite in hypothesis.draft.cites]
    assert "Drafted by" not in hypothesis.source


def test_a_problem_stands_at_its_place_and_a_missing_heading_at_the_top() -> None:
    page = page_of(TEXT.replace("### Impact\n", "### Effect\n", 1).replace("(E1)", "(E99)", 1))
    assert "heading-missing" in [problem.rule for problem in page.problems]
    assert [problem.rule for one in page.parts for problem in one.problems if problem.message == "there is no evidence E99"] == [
        "evidence-id"
    ]


def test_a_place_that_stands_twice_is_shown_twice() -> None:
    page = page_of("# Research Export: x\n\n## Problem Statement\n\n### Impact\nfirst\n\n### Impact\nsecond\n")
    assert [one.source for one in page.parts if one.place == "problem_statement.impact"] == ["first", "second"]


def test_research_that_has_not_come_yet_is_nobodys_task() -> None:
    assert not part(page_of(TEXT), "research_results.solution_found").is_open


def test_results_that_were_drafted_wait_and_count() -> None:
    drafted = "> *Drafted by research from R1. Confirm, then delete this line.*\n\nRefresh it."
    before, after = page_of(TEXT), page_of(edit(TEXT, {"research_results.solution_found": drafted}))
    assert part(after, "research_results.solution_found").is_open
    assert (after.total, after.settled) == (before.total + 1, before.settled)
    confirmed = page_of(edit(TEXT, {"research_results.solution_found": "Refresh it."}))
    assert (confirmed.total, confirmed.settled) == (before.total + 1, before.settled + 1)


def test_a_drafted_title_is_confirmed_with_the_export_information() -> None:
    assert page_of(TEXT).title_is_draft
    information = next(one for one in page_of(TEXT).parts if one.place == "export_information")
    assert not page_of(edit(TEXT, {"export_information": information.source})).title_is_draft


def test_windows_newlines_and_a_byte_order_mark_change_nothing_that_is_shown() -> None:
    plain, windows = page_of(TEXT), page_of("\ufeff" + TEXT.replace("\n", "\r\n"))
    assert [one.html for one in windows.parts] == [one.html for one in plain.parts]


PIECES = strategies.sampled_from(
    ["# Research Export: x\n", "## Problem Statement\n", "### Impact\n", "### Hypothesis 1\n", "## Hypotheses\n", "[REVIEW: q?]\n", "```\n", "text (E1)\n", "\r\n", "<b>\n", "> *Drafted by p from E1. Confirm, then delete this line.*\n", "- a: [REVIEW", "\x0c\u2028\n", "\ufeff"]
)  # fmt: skip


@given(pieces=strategies.lists(PIECES, max_size=14))
def test_whatever_a_document_is_it_is_shown(pieces: list[str]) -> None:
    page = export_html("".join(pieces), load_record(EXPORT))
    assert page.startswith("<!doctype html>")
    assert "<b>" not in page


@pytest.mark.parametrize(("title", "plain"), [("Research Export: `a: b`", "a: b"), ("a \\*b\\*", "a *b*"), ("", "")])
def test_a_title_is_shown_without_its_markup(title: str, plain: str) -> None:
    assert without_markup(title) == plain
