"""Writing into a document that people edited: only our places change, a person's words stay, and the same run again changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edited_exports import CLOSED, NEWLINES, OPEN, PIECES, TEMPLATE, Edited, edited, intact, only_answers_were_put_in
from hypothesis import HealthCheck, given, settings, strategies as st

from assistant import Filled, Outcome, Previous, check
from assistant.document import edit, parse
from assistant.errors import DocumentError
from assistant.evidence import Ledger
from assistant.record import RunRecord, Written
from assistant.results.asked import ANSWERS, read_asked
from assistant.results.drafted import Answered, Conflict, NoteRead, QuestionAnswer, ResultsDraft, Said
from assistant.results.surgery import Operated, operate
from assistant.results.writing import PLACES, write_bodies

Fill = Callable[..., Filled]
Body = Callable[[Any, str], str]
DRAFT = ResultsDraft(
    found=True,
    solution=(Said("Set `eager_defaults`.", ("R1",)),),
    why=(Said("The flush expires the column.", ("R1",)),),
    steps=(Said("Set it", ("R1",)), Said("Run the tests")),
    documentation=(Said("Say so in the README", ("R2",)),),
    answers=(QuestionAnswer(1, "Why?", Answered.OPEN),),
    conflicts=(Conflict("the value", (Said("one", ("R1",)), Said("two", ("R2",)))),),
    read=(NoteRead("answer.md", ("R1", "R2"), "answers"),),
)
BODIES, DRAFTS = write_bodies(DRAFT, Ledger(prefix="R"))
OTHERS, OTHER_DRAFTS = write_bodies(ResultsDraft(read=(NoteRead("more.md", (), "off the topic"),)), Ledger(prefix="R"))


def again(operated: Operated, bodies: dict[str, str], drafts: Any) -> Operated:
    return operate(Previous(text=operated.text, record=RunRecord(tool="t", subsections=operated.written)), bodies, drafts)


def outside(text: str) -> str:
    """The document without the bodies of the six subsections."""
    document = parse(text)
    spans = [(region.start, region.end) for place in PLACES if place != ANSWERS and (region := document.find(place))]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def run_on(given: Edited, bodies: dict[str, str], drafts: Any) -> Operated:
    return operate(Previous(text=given.text, record=given.record), bodies, drafts)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(given=edited())
def test_whatever_people_changed_outside_every_byte_outside_stays_and_the_same_run_again_changes_nothing(given: Edited) -> None:
    first = run_on(given, BODIES, DRAFTS)
    assert "Set `eager_defaults`." in first.text
    assert intact(given, first.text)
    assert again(first, BODIES, DRAFTS).text == first.text
    second = again(first, OTHERS, OTHER_DRAFTS)
    assert "Set `eager_defaults`." not in second.text
    assert intact(given, second.text)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(given=edited((*CLOSED, *OPEN)))
def test_a_fence_or_a_comment_that_somebody_left_open_is_refused_or_does_no_harm(given: Edited) -> None:
    try:
        first = run_on(given, BODIES, DRAFTS)
    except DocumentError:
        return  # headings are swallowed: refused, and nothing is written
    assert intact(given, first.text)
    assert again(first, BODIES, DRAFTS).text == first.text


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
@given(given=edited())
def test_it_holds_from_notes_to_document_too(given: Edited, fill: Fill) -> None:
    first = fill("helpful.md", "refresh.md", previous=Previous(text=given.text, record=given.record))
    assert intact(given, first.text)
    second = fill("helpful.md", "refresh.md", previous=Previous(text=first.text, record=first.record))
    assert (second.text, second.record) == (first.text, first.record)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    place=st.sampled_from(PLACES[:6]),
    words=st.sampled_from(
        [
            piece
            for piece in PIECES
            if piece.strip() and piece not in ("```", "### A heading of my own", "###   Odd   Spacing  ###", "[REVIEW: what else?]")
        ]
    ),
    newline=st.sampled_from(NEWLINES),
)
def test_what_a_person_wrote_into_a_place_stays_byte_for_byte_above_the_draft(place: str, words: str, newline: str) -> None:
    text = TEMPLATE.replace("\n", newline)
    region = parse(text).find(place)
    assert region
    text = text[: region.start] + words.replace("\n", newline) + text[region.end :]
    if parse(text).find(place) is None or "\ufeff" in words:
        return
    first = operate(Previous(text=text), BODIES, DRAFTS)
    assert place in first.kept
    held = parse(first.text).find(place)
    assert held
    assert first.text[held.start :].startswith(words.replace("\n", newline) + newline)
    assert again(first, BODIES, DRAFTS).text == first.text
    second = again(first, OTHERS, OTHER_DRAFTS)
    assert parse(second.text).body(place).count("Confirm, then delete this line.") == 1 + words.count("Confirm, then delete this line.")


def test_a_document_written_by_hand_from_the_template_needs_no_record(fill: Fill, body: Body) -> None:
    by_hand = (
        TEMPLATE.replace("[Problem Title]", "MissingGreenlet in order_payload after a flush")
        .replace("[Full error message including stack trace]", "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called")
        .replace("1. [Main question about the problem]", "1. Why does reading `updated_at` after the flush raise it, in `order_payload`?")
    )
    filled = fill("helpful.md", previous=Previous(text=by_hand))
    assert "Fetch the column within the flush" in body(filled, "solution_found")
    assert only_answers_were_put_in(outside(by_hand), outside(filled.text))
    assert filled.draft.answers[0].question.startswith("Why does reading")
    assert [
        problem for problem in check(filled.text, filled.record).counted(allow_drafts=True) if problem.place.startswith("research")
    ] == []
    assert fill("helpful.md", previous=Previous(text=filled.text, record=filled.record)).text == filled.text


def test_crlf_stays_crlf(fill: Fill, export: Outcome) -> None:
    text = export.text.replace("\n", "\r\n")
    filled = fill("helpful.md", previous=Previous(text=text, record=export.record))
    assert "\n" not in filled.text.replace("\r\n", "")
    assert only_answers_were_put_in(outside(text), outside(filled.text))


def test_the_same_run_again_changes_neither_document_nor_record(fill: Fill) -> None:
    first = fill("helpful.md", "refresh.md")
    second = fill("helpful.md", "refresh.md", previous=Previous(text=first.text, record=first.record))
    assert (second.text, second.record) == (first.text, first.record)


def test_what_a_run_writes_changes_nothing_of_what_the_next_one_is_asked(fill: Fill, export: Outcome) -> None:
    assert read_asked(parse(fill("helpful.md", "refresh.md", "form.md").text)) == read_asked(parse(export.text))


def test_a_second_run_with_more_notes_keeps_ids_and_updates_drafts_only(fill: Fill, body: Body) -> None:
    first = fill("refresh.md")
    confirmed = body(first, "solution_found").partition("\n")[2].strip()
    text = edit(first.text, {"research_results.solution_found": confirmed})
    second = fill("refresh.md", "helpful.md", previous=Previous(text=text, record=first.record))
    assert body(second, "solution_found").startswith(confirmed)
    assert "Confirm, then delete this line" in body(second, "solution_found")
    assert "because the column has `onupdate=func.now()`" in body(second, "why_it_works")
    assert second.record.research[: len(first.record.research)] == first.record.research
    assert second.kept == ("research_results.solution_found",)


def test_notes_of_an_earlier_run_are_taken_along(fill: Fill, body: Body) -> None:
    first = fill("helpful.md")
    second = fill("off_topic.html", previous=Previous(text=first.text, record=first.record))
    for part in ("solution_found", "why_it_works", "code_changes_required", "testing_strategy", "implementation_plan"):
        assert body(second, part) == body(first, part)
    assert second.notes == ("read in an earlier run and taken along: helpful.md",)
    assert body(second, "answers").endswith("- `helpful.md` (R1 to R8): answers\n- `off_topic.html` (R9 to R12): off the topic")
    third = fill("off_topic.html", previous=Previous(text=second.text, record=second.record))
    assert (third.text, third.record) == (second.text, second.record)


def test_a_note_of_the_same_name_takes_the_place_of_the_earlier_one(fill: Fill, body: Body, tmp_path: Path) -> None:
    (tmp_path / "answer.md").write_text(
        "Set `eager_defaults` in the mapper arguments of `Timestamped`, since the flush expires `updated_at`."
    )
    first = fill(tmp_path / "answer.md")
    (tmp_path / "answer.md").write_text("Await `session.refresh(order)` after the flush, since it expires `updated_at` in `order_payload`.")
    second = fill(tmp_path / "answer.md", previous=Previous(text=first.text, record=first.record))
    assert "Await `session.refresh(order)`" in body(second, "solution_found")
    assert "eager_defaults" not in body(second, "solution_found")
    assert [piece.id for piece in second.record.research] == ["R1", "R2"]


def test_a_draft_that_a_person_confirmed_is_not_drafted_again_under_itself(fill: Fill, body: Body) -> None:
    first = fill("helpful.md")
    confirmed = body(first, "why_it_works").partition("\n")[2].strip()
    text = edit(first.text, {"research_results.why_it_works": confirmed})
    second = fill("helpful.md", previous=Previous(text=text, record=first.record))
    assert second.text == text


def test_a_draft_that_a_person_changed_is_theirs(fill: Fill, body: Body) -> None:
    first = fill("helpful.md")
    text = first.text.replace("Fetch the column within the flush: set", "We shall set", 1)
    second = fill("helpful.md", previous=Previous(text=text, record=first.record))
    assert "We shall set" in second.text


def test_force_replaces_what_a_person_wrote(fill: Fill, body: Body, export: Outcome) -> None:
    text = edit(export.text, {"research_results.solution_found": "We gave up."})
    kept = fill("helpful.md", previous=Previous(text=text, record=export.record))
    forced = fill("helpful.md", previous=Previous(text=text, record=export.record), force=True)
    assert body(kept, "solution_found").startswith("We gave up.\n\n> *Drafted by extraction")
    assert "We gave up." not in forced.text


def test_answers_that_a_person_removed_do_not_come_back(fill: Fill) -> None:
    first = fill("helpful.md")
    second = fill("helpful.md", previous=Previous(text=edit(first.text, {ANSWERS: None}), record=first.record))
    assert "### Answers" not in second.text


def test_without_the_record_all_text_is_a_persons_and_ids_count_on(fill: Fill, body: Body) -> None:
    first = fill("helpful.md")
    second = fill("refresh.md", previous=Previous(text=first.text))
    assert body(second, "solution_found").startswith(body(first, "solution_found"))
    assert [piece.id for piece in second.record.research] == ["R9"]
    third = fill("refresh.md", previous=Previous(text=second.text, record=second.record))
    assert third.text == second.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("### Why It Works", "### Why It Worked"),
            "expected the heading '### Why It Works'; found '### Why It Worked' (line 288)",
        ),
        (("### Why It Works\n", ""), "expected the heading '### Why It Works'; found none like it"),
        (
            ("## Research Results (To Be Filled After External Research)", "## Results of the Research"),
            "found '## Research Questions' (line 130), '## Next Steps After Research' (line 253), '## Results of the Research' (line 283)",
        ),
        (("### Testing Strategy", "### Solution Found"), "expected the heading '### Testing Strategy'"),
        (("## Research Questions", "## Questions"), "expected the heading '## Research Questions'"),
        (("### Why It Works", "### Why It Works\n\n### Why It Works"), "the heading 'Why It Works' stands on lines"),
        (("### Why It Works", "```\n### Why It Works"), "line 288: the block that begins here is not closed before '### Why It Works'"),
    ],
)
def test_headings_renamed_missing_or_doubled_are_told_with_what_was_found(change: tuple[str, str], said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        operate(Previous(text=TEMPLATE.replace(*change, 1)), BODIES, DRAFTS)
    assert said in caught.value.message
    assert "nothing was written" in caught.value.hint


def test_headings_in_another_spacing_or_case_are_found_and_stay(fill: Fill) -> None:
    text = TEMPLATE.replace("### Why It Works", "###   why it   WORKS  ###")
    assert "###   why it   WORKS  ###" in operate(Previous(text=text), BODIES, DRAFTS).text


def test_a_digest_of_another_text_leaves_it_alone() -> None:
    first = operate(Previous(text=TEMPLATE), BODIES, DRAFTS)
    wrong = dict.fromkeys(first.written, Written(digest="sha256:00", by="extraction"))
    second = operate(Previous(text=first.text, record=RunRecord(tool="t", subsections=wrong)), OTHERS, OTHER_DRAFTS)
    assert len(second.kept) == len(PLACES)
