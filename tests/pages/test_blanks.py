"""Where a body asks, what it asks, and how an answer is put in."""

import pytest
from hypothesis import given, strategies

from assistant.errors import UsageError
from assistant.pages.blanks import answered, find_blanks, removed, without_draft_line


@pytest.mark.parametrize(
    ("body", "label", "question", "form"),
    [
        ("- Workaround available: [REVIEW: Is there one?]", "Workaround available", "Is there one?", "field"),
        ("- [REVIEW: What else?]", "", "What else?", "item"),
        ("1. [REVIEW: Which question?]", "", "Which question?", "item"),
        ("- [ ] [REVIEW: What shows it?]", "", "What shows it?", "item"),
        ("**Approach:**\n[REVIEW: What was tried?]", "Approach", "What was tried?", "text"),
        ("[REVIEW: What did you learn?]", "", "What did you learn?", "text"),
        ("**File:** [REVIEW: Is there code?]", "File", "Is there code?", "field"),
        ("- Phase: Phase 3 - [REVIEW: Which endpoint?]", "Phase", "Which endpoint?", "field"),
        ("- Never closed: [REVIEW: Which one", "Never closed", "Which one", "field"),
        ("[REVIEW:]", "", "What belongs here?", "text"),
    ],
)
def test_a_placeholder_asks(body: str, label: str, question: str, form: str) -> None:
    (blank,) = find_blanks(body)
    assert (blank.label, blank.question, blank.form) == (label, question, form)
    assert body[blank.start : blank.end].startswith("[REVIEW:")


@pytest.mark.parametrize("body", ["`[REVIEW: in code]`", "```\n[REVIEW: in a block]\n```", "nothing"])
def test_what_is_code_asks_nothing(body: str) -> None:
    assert find_blanks(body) == ()


def test_two_questions_of_one_line_are_told_apart() -> None:
    body = "- Phase: Phase [REVIEW: Which number?] - [REVIEW: Which endpoint?]"
    first, second = find_blanks(body)
    assert answered(body, second, "`GET /x`") == "- Phase: Phase [REVIEW: Which number?] - `GET /x`"
    assert answered(body, first, "3") == "- Phase: Phase 3 - [REVIEW: Which endpoint?]"


@pytest.mark.parametrize(
    ("body", "answer", "after"),
    [
        ("1. one\n2. [REVIEW: more?]", "two\nthree", "1. one\n2. two\n3. three"),
        ("- [ ] one\n- [ ] [REVIEW: more?]", "two", "- [ ] one\n- [ ] two"),
        ("**Code snippets:**\n[REVIEW: which?]", "```\na\n\nb\n```", "**Code snippets:**\n```\na\n\nb\n```"),
    ],
)
def test_an_answer_keeps_the_shape_of_what_it_stands_in(body: str, answer: str, after: str) -> None:
    assert answered(body, find_blanks(body)[0], answer) == after


def test_a_question_is_removed_with_its_line() -> None:
    body = "- one\n- [REVIEW: more?]\n- two"
    assert removed(body, find_blanks(body)[0]) == "- one\n- two"
    with pytest.raises(UsageError):
        removed("- [REVIEW: more?]", find_blanks("- [REVIEW: more?]")[0])


def test_the_line_that_says_who_drafted_is_found_outside_code_only() -> None:
    line = "> *Drafted by playbook from E1. Confirm, then delete this line.*"
    assert without_draft_line(f"{line}\n\nText.\n```\n{line}\n```") == f"Text.\n```\n{line}\n```"


LINES = strategies.sampled_from(
    ["- a: [REVIEW: q?]", "- [REVIEW: r?]", "text", "[REVIEW: s?]", "```", "`[REVIEW: t?]`", "1. [REVIEW: u?]", ""]
)


@given(lines=strategies.lists(LINES, max_size=12), answer=strategies.text(alphabet="ab \n-1.", min_size=1).filter(str.strip))
def test_each_answer_leaves_one_question_less(lines: list[str], answer: str) -> None:
    body = "\n".join(lines)
    blanks = find_blanks(body)
    for blank in blanks:
        assert len(find_blanks(answered(body, blank, answer))) == len(blanks) - 1
