"""The outgoing copy: it never holds more than the reviewed document does, and fits where it must."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from assistant.briefing import Brief, BriefRequest, write_brief
from assistant.document import edit
from assistant.errors import DocumentError, UsageError
from assistant.resources import resource_folder
from assistant.tokens import token_counter

EXPORT = (Path(__file__).parent / "data" / "export_v1" / "export.md").read_text("utf-8")
TEMPLATE = (resource_folder("templates") / "research_export.md").read_text("utf-8")
REVIEWED = re.sub(r"^> \*Drafted by .*\n\n?", "", EXPORT, flags=re.M)
FRAME = (resource_folder("templates") / "brief.md.j2").read_text("utf-8")
WORDS = re.compile(r"\w+")


@pytest.fixture
def brief() -> Callable[..., Brief]:
    return lambda text=REVIEWED, **options: write_brief(text, BriefRequest(**options))


def lines_of(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n") if line.strip()}


def told_by(document: str) -> str:
    """All words of a document, in order, for asking whether a line of the brief stands in it."""
    return " ".join(WORDS.findall(document))


def test_every_line_of_the_copy_stands_in_the_document_or_in_the_frame(brief: Callable[..., Brief]) -> None:
    known = told_by(re.sub(r"\[REVIEW:[^\]]*\]", "", REVIEWED))
    for line in lines_of(brief().text):
        bare = " ".join(WORDS.findall(re.sub(r"^- Q[0-9]+: |\[… .* …\]", "", line)))
        assert (
            bare in known or any(word in FRAME for word in (line, bare)) or line.startswith(("Answer in", "Say for", "Then one", "And one"))
        ), line


def test_no_placeholder_no_text_of_the_template_and_no_draft_line_goes_out(brief: Callable[..., Brief]) -> None:
    for text in (brief().text, brief(EXPORT).text, brief(EXPORT, include_drafts=True).text):
        assert "[REVIEW" not in text
        assert "Drafted by" not in text
        assert "[" not in re.sub(r"`[^`\n]*`|\[… [^\]]*\]|\[ \]", "", re.sub(r"```.*?```", "", text, flags=re.S))


def test_drafts_that_nobody_confirmed_stay_at_home_and_are_named(brief: Callable[..., Brief]) -> None:
    made = brief(EXPORT)
    assert "### Hypothesis 1" not in made.text
    assert "### Primary Questions" not in made.text
    assert "### Primary Error" in made.text
    assert made.text.startswith("# A failure that we cannot explain\n")
    assert "Hypothesis 1" in made.unconfirmed


def test_drafts_go_out_marked_where_they_were_asked_for(brief: Callable[..., Brief]) -> None:
    made = brief(EXPORT, include_drafts=True)
    assert "### Hypothesis 1 (draft)" in made.text
    assert "not confirmed by a person yet" in made.text
    assert made.unconfirmed == ()


def test_who_exported_it_and_other_personal_data_stay_at_home(brief: Callable[..., Brief]) -> None:
    text = edit(REVIEWED, {"problem_statement.brief_description": "Ask ada.lovelace@example.com, or see /home/ada/shop on 81.2.69.142."})
    made = brief(text)
    assert "Exported By" not in made.text
    for private in ("ada.lovelace@example.com", "/home/ada", "81.2.69.142"):
        assert private not in made.text
    assert "[PII:" in made.text


def test_evidence_keeps_its_ids_and_questions_get_numbers(brief: Callable[..., Brief]) -> None:
    made = brief()
    assert "**E1** · error · `examples/orders-service/failing-test.log:18-164`" in made.text
    assert "- Q1: Which columns does the flush" in made.text
    assert "- Q3: For which columns" in made.text


def test_it_asks_for_an_answer_in_a_form_that_can_be_read_back(brief: Callable[..., Brief]) -> None:
    for asked in ("`### Solution Found`", "`### Documentation Updates Needed`", "`Q1 answered: …`", "`H1 supported: …`"):
        assert asked in brief().text


def test_results_and_answers_do_not_go_out(brief: Callable[..., Brief]) -> None:
    text = edit(REVIEWED, {"research_results.solution_found": "Pin it.", "research_questions.answers": "1. Answered: it is pinned."})
    assert "Pin it." not in brief(text).text
    assert "it is pinned" not in brief(text).text


@pytest.mark.parametrize("budget", [800, 1500, 3000, 6000])
def test_it_fits_the_budget_and_says_what_it_left_out(brief: Callable[..., Brief], budget: int) -> None:
    made = brief(token_budget=budget)
    assert token_counter().count(made.text) == made.tokens <= budget
    assert "### Primary Error" in made.text
    if made.left_out:
        assert f"For lack of room {len(made.left_out)} part" in made.text


def test_what_matters_most_goes_first_and_long_blocks_are_cut_before_they_are_left_out(brief: Callable[..., Brief]) -> None:
    made = brief(token_budget=1200)
    assert "Primary Error" in made.shortened or "### Primary Error" in made.text
    assert "### Primary Questions" in made.text
    assert "Search Queries" in made.left_out


def test_a_budget_in_which_not_even_the_frame_fits_is_refused(brief: Callable[..., Brief]) -> None:
    with pytest.raises(UsageError, match="--budget 20: the frame alone takes"):
        brief(token_budget=20)


def test_the_template_that_nobody_filled_gives_a_copy_that_says_nothing(brief: Callable[..., Brief]) -> None:
    made = brief(TEMPLATE)
    assert "##" in made.text
    assert made.text.count("\n## ") == 1


@pytest.mark.parametrize("text", ["", "# Something else\n", "no heading\n"])
def test_what_is_no_export_is_refused(brief: Callable[..., Brief], text: str) -> None:
    with pytest.raises(DocumentError):
        brief(text)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(
    place=st.sampled_from(
        ["problem_statement.brief_description", "constraints_and_requirements.must_have", "error_messages.secondary_errors"]
    ),
    words=st.lists(
        st.sampled_from(["known", "words", "[REVIEW: what?]", "`code`", "(E1)", "ada@example.org", "- item", "**Label:**", "\n", "\n\n"]),
        min_size=1,
        max_size=12,
    ),
    budget=st.integers(700, 9000),
)
def test_whatever_people_wrote_the_copy_has_no_placeholder_and_fits(place: str, words: list[str], budget: int) -> None:
    body = " ".join(words).strip() or "x"
    made = write_brief(edit(REVIEWED, {place: body}), BriefRequest(token_budget=budget))
    assert made.tokens <= budget
    assert "[REVIEW" not in made.text
    assert "ada@example.org" not in made.text
