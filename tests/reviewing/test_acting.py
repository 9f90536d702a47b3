"""Answer, confirm, edit, drop: each changes its place and no other byte."""

from pathlib import Path

import pytest
from hypothesis import given, strategies

from assistant.document import parse
from assistant.errors import AssistantError, DocumentError, UsageError
from assistant.record import body_digest, load_record
from assistant.review import review
from assistant.reviewing.acting import Action, MeanwhileError, act, blank_bodies

MUST_HAVE = "constraints_and_requirements.must_have"
OTHERS = "Which other requirements cannot be given up?"
DATA = Path(__file__).parents[1] / "data" / "export_v1" / "export.md"


@pytest.fixture(scope="module")
def text(drafted: Path) -> str:
    return (drafted / "export.md").read_text("utf-8")


def action(document: str, kind: str, place: str, **more: object) -> Action:
    return Action(kind=kind, place=place, base=body_digest(parse(document).body(place)), **more)  # type: ignore[arg-type]


def changed(document: str, place: str, kind: str, **more: object) -> str:
    """What stands at the place afterwards; all around it is as it was."""
    after = act(document, action(document, kind, place, **more))
    before, now = parse(document).find(place), parse(after).find(place)
    assert before is not None
    assert now is not None
    assert after[: now.start] == document[: before.start]
    assert after[now.end :] == document[before.end :]
    return parse(after).body(place)


def test_an_answer_takes_the_place_of_its_question_and_stays_one_line(text: str) -> None:
    body = changed(
        text,
        "problem_statement.impact",
        "answer",
        blank=2,
        question="Does it happen in production (Yes/No), and whom does it hit?",
        text="No,\nnot yet",
    )
    assert body.endswith("- Production impact: No, not yet")
    assert "- Workaround available: [REVIEW: Is there a workaround" in body


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        ("The API stays", ["- The API stays"]),
        ("one\n- two\n\n* three", ["- one", "- two", "- three"]),
    ],
)
def test_each_line_of_an_answer_becomes_an_item_of_the_list(text: str, answer: str, lines: list[str]) -> None:
    body = changed(text, MUST_HAVE, "answer", blank=1, question=OTHERS, text=answer)
    assert body.split("\n")[2:] == lines


def test_of_a_list_that_holds_something_the_question_may_be_removed(text: str) -> None:
    body = changed(text, MUST_HAVE, "skip", blank=1, question=OTHERS)
    assert body.split("\n") == parse(text).body(MUST_HAVE).split("\n")[:2]


def test_a_question_alone_in_its_list_may_not(text: str) -> None:
    place = "constraints_and_requirements.nice_to_have"
    with pytest.raises(UsageError, match="nothing else stands in this list"):
        act(text, action(text, "skip", place, blank=1, question="What would be welcome but can be given up?"))


def test_an_empty_answer_is_none(text: str) -> None:
    with pytest.raises(UsageError, match="the answer is empty"):
        act(text, action(text, "answer", MUST_HAVE, blank=1, question=OTHERS, text=" \n "))


def test_confirming_deletes_the_line_that_says_who_drafted_it_and_nothing_else(text: str) -> None:
    before = parse(text).body("hypotheses.hypothesis_1")
    body = changed(text, "hypotheses.hypothesis_1", "confirm")
    assert before.partition("\n\n")[2] == body


def test_an_edited_draft_is_a_persons(text: str) -> None:
    body = changed(
        text,
        "problem_statement.brief_description",
        "edit",
        text="> *Drafted by playbook from E1. Confirm, then delete this line.*\r\n\r\nMine.",
    )
    assert body == "Mine."


def test_the_title_keeps_its_beginning(text: str) -> None:
    assert act(text, action(text, "edit", "title", text="Orders\ncannot ship")).startswith(
        "# Research Export: Orders cannot ship\n\n## Export"
    )


def test_a_dropped_draft_leaves_the_questions_of_the_template(text: str) -> None:
    place = "research_questions.primary_questions"
    assert changed(text, place, "drop") == blank_bodies()[place]


def test_hypotheses_behind_a_dropped_one_count_down(text: str) -> None:
    after = act(text, action(text, "drop", "hypotheses.hypothesis_1"))
    assert parse(after).body("hypotheses.hypothesis_1") == parse(text).body("hypotheses.hypothesis_2")
    assert parse(after).body("hypotheses.hypothesis_2") == parse(text).body("hypotheses.hypothesis_3")
    assert parse(after).find("hypotheses.hypothesis_3") is None


def test_the_last_hypothesis_stays_as_a_blank(text: str) -> None:
    for _ in range(3):
        text = act(text, action(text, "drop", "hypotheses.hypothesis_1"))
    assert parse(text).body("hypotheses.hypothesis_1") == blank_bodies()["hypotheses.hypothesis_1"]


def test_of_the_export_information_only_what_was_drafted_is_dropped(text: str) -> None:
    after = act(text, action(text, "drop", "export_information"))
    assert after.startswith(
        "# Research Export: [REVIEW: What is the problem, in a few words?]\n\n## Export Information\n- Date: 2026-11-25\n"
    )
    assert "- Severity: [REVIEW: How severe is it" in after
    assert "- Exported By: A. Person" in after


@pytest.mark.parametrize("written", ["## A heading of our level", "```python\nnever closed", "<!-- never closed"])
def test_what_would_break_the_document_is_refused(text: str, written: str) -> None:
    with pytest.raises(DocumentError, match="holds a heading, an open fence or open HTML"):
        act(text, action(text, "edit", "problem_statement.brief_description", text=written))


def test_a_place_that_changed_meanwhile_is_left_alone_and_both_texts_are_given_back(text: str) -> None:
    mine = action(text, "edit", "problem_statement.brief_description", text="Mine.")
    theirs = act(text, action(text, "edit", "problem_statement.brief_description", text="Theirs."))
    with pytest.raises(MeanwhileError) as told:
        act(theirs, mine)
    assert (told.value.theirs, told.value.mine) == ("Theirs.", "Mine.")


def test_two_people_who_do_the_same_do_not_hinder_each_other(text: str) -> None:
    mine = action(text, "edit", "problem_statement.brief_description", text="The same.")
    after = act(text, mine)
    assert act(after, mine) == after


def test_a_draft_that_changed_since_it_was_read_cannot_be_confirmed(text: str) -> None:
    mine = action(text, "confirm", "hypotheses.hypothesis_1")
    other = text.replace("A flush, not a commit,", "A commit, not a flush,", 1)
    with pytest.raises(MeanwhileError):
        act(other, mine)


def test_two_people_may_answer_two_questions_of_one_place(text: str) -> None:
    place = "problem_statement.impact"
    workaround = "Is there a workaround (Yes/No), and what is it?"
    mine = action(text, "answer", place, blank=2, question="Does it happen in production (Yes/No), and whom does it hit?", text="No.")
    theirs = act(text, action(text, "answer", place, blank=1, question=workaround, text="Yes."))
    both = parse(act(theirs, mine)).body(place)
    assert "- Workaround available: Yes.\n- Production impact: No." in both


def test_a_question_that_somebody_answered_is_not_answered_over(text: str) -> None:
    mine = action(text, "answer", MUST_HAVE, blank=1, question=OTHERS, text="mine")
    theirs = act(text, action(text, "answer", MUST_HAVE, blank=1, question=OTHERS, text="theirs"))
    with pytest.raises(MeanwhileError) as told:
        act(theirs, mine)
    assert told.value.mine == "mine"
    assert told.value.theirs.endswith("- theirs")


def test_windows_newlines_stay(text: str) -> None:
    windows = text.replace("\n", "\r\n")
    after = act(windows, action(windows, "confirm", "hypotheses.hypothesis_1"))
    assert after.count("\r\n") == windows.count("\r\n") - 2
    assert "\n" not in after.replace("\r\n", "")


def test_a_document_of_an_earlier_version_is_reviewed_to_the_end() -> None:
    text, record = DATA.read_text("utf-8"), load_record(DATA)
    for _ in range(200):
        open_one = next((one for one in review(text, record).problems if one.severity in ("blank", "draft")), None)
        if open_one is None:
            break
        kind = "confirm" if open_one.severity == "draft" else "answer"
        number = 1 if kind == "answer" else 0
        text = act(text, action(text, kind, open_one.place, blank=number, question=open_one.message, text="Not known."))
    assert review(text, record).counts | {"note": 0, "error": 0} == {"error": 0, "blank": 0, "draft": 0, "note": 0}


@given(typed=strategies.text(max_size=60), place=strategies.sampled_from(["problem_statement.brief_description", MUST_HAVE, "title"]))
def test_whatever_is_typed_changes_its_place_only_or_nothing(drafted: Path, typed: str, place: str) -> None:
    text = (drafted / "export.md").read_text("utf-8")
    before = {region.place: parse(text).body(region.place) for region in parse(text).regions}
    try:
        after = parse(act(text, action(text, "edit", place, text=typed)))
    except AssistantError:
        return
    assert {one: after.body(one) for one in before if one != place} == {one: body for one, body in before.items() if one != place}
