"""A second run: what a person wrote or confirmed stays, the rest is brought up to date."""

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from assistant.document import bodies, edit, parse
from assistant.errors import DocumentError, UsageError
from assistant.evidence import Cause, Failure, Ledger, Masked, Origin
from assistant.merging import Previous, first_version, last_cited, merge, refuse_other_failure
from assistant.mining.signature_v1 import signature_v1
from assistant.record import RunRecord
from assistant.rendering import renderer
from assistant.sections import Draft, Hypothesis, ProblemStatement, Quote, ResearchExport

BLANK = renderer()(ResearchExport(), Ledger())


def hypothesis(theory: str) -> Hypothesis:
    return Hypothesis(theory=theory, evidence=(Quote(id="E1", quote="x"),), test="run it", if_true="a", if_false="b")


def export(*theories: str, description: str = "It broke.") -> ResearchExport:
    return ResearchExport(
        problem_statement=ProblemStatement(brief_description=description),
        hypotheses=tuple(hypothesis(theory) for theory in theories),
        drafts={
            "problem_statement.brief_description": Draft(by="playbook", evidence=("E1",)),
            "hypotheses.hypothesis_1": Draft(by="playbook", evidence=("E1",)),
        },
    )


def run(values: ResearchExport, previous: Previous) -> tuple[str, Previous, tuple[str, ...]]:
    merged = merge(previous, bodies(renderer()(values, Ledger())), values.drafts, blank=bodies(BLANK))
    return merged.text, Previous(text=merged.text, record=RunRecord(tool="t", subsections=merged.written)), merged.kept


def test_the_first_run_fills_a_blank_document() -> None:
    text, _, kept = run(export("one"), Previous(text=BLANK))
    assert "It broke." in parse(text).body("problem_statement.brief_description")
    assert kept == ()


def test_a_first_version_is_what_filling_a_blank_document_gives() -> None:
    values = export("one", "two")
    rendered = renderer()(values, Ledger())
    filled = merge(Previous(text=BLANK), bodies(rendered), values.drafts, blank=bodies(BLANK))
    assert first_version(rendered, values.drafts) == filled


def test_the_same_run_again_changes_nothing() -> None:
    text, previous, _ = run(export("one", "two"), Previous(text=BLANK))
    assert run(export("one", "two"), previous)[0] == text


def test_a_draft_that_nobody_touched_is_redrafted() -> None:
    _, previous, _ = run(export("one"), Previous(text=BLANK))
    text, _, kept = run(export("one", description="It broke again."), previous)
    assert "It broke again." in text
    assert kept == ()


def test_a_confirmed_draft_stays() -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    confirmed = parse(text).body("problem_statement.brief_description").partition("\n\n")[2]
    approved = edit(text, {"problem_statement.brief_description": confirmed})
    text, _, kept = run(export("one", description="Other words."), Previous(text=approved, record=previous.record))
    assert parse(text).body("problem_statement.brief_description") == "It broke."
    assert kept == ("problem_statement.brief_description",)


def test_what_a_person_wrote_stays_byte_for_byte_with_odd_spacing_and_crlf() -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    edited = edit(text, {"notes_for_future_reference.lessons_learned": "Mine.  \n\n   *really*"}).replace("\n", "\r\n")
    text, _, _ = run(export("another"), Previous(text=edited, record=previous.record))
    assert "Mine.  \r\n\r\n   *really*\r\n" in text
    assert "another" in text
    assert "\n" not in text.replace("\r\n", "")


def test_hypotheses_of_ours_come_and_go_with_the_draft() -> None:
    _, previous, _ = run(export("one", "two", "three"), Previous(text=BLANK))
    text, previous, _ = run(export("one"), previous)
    assert [r.heading for r in parse(text).regions if r.place.startswith("hypotheses.")] == ["Hypothesis 1"]
    text, _, _ = run(export("one", "two"), previous)
    assert [r.heading for r in parse(text).regions if r.place.startswith("hypotheses.")] == ["Hypothesis 1", "Hypothesis 2"]


def test_a_hypothesis_that_a_person_removed_does_not_come_back() -> None:
    text, previous, _ = run(export("one", "two"), Previous(text=BLANK))
    removed = edit(text, {"hypotheses.hypothesis_2": None})
    for _ in range(3):
        removed, previous, kept = run(export("one", "two"), Previous(text=removed, record=previous.record))
        assert "### Hypothesis 2" not in removed
        assert kept == ("hypotheses.hypothesis_2",)


def test_a_section_that_a_person_removed_does_not_come_back_and_breaks_nothing() -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    start, end = text.index("## Notes for Future Reference"), text.index("---\n\n## Research Results")
    text = text[:start] + text[end:]
    for _ in range(3):
        text, previous, _ = run(export("another"), Previous(text=text, record=previous.record))
        assert "## Notes for Future Reference" not in text
        assert "another" in text


@pytest.mark.parametrize(
    "words",
    [
        "[REVIEW: We learned that the flush must come first]",
        "[REVIEW: see the page on expiry, Bob knows",
        "Ask Bob before touching the session:",
        "```expire_on_commit=False``` is what we need",
        "**Anything:**",
        "[not what the template says]",
    ],
)
def test_whatever_a_person_puts_into_a_blank_is_theirs(words: str) -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    text = edit(text, {"notes_for_future_reference.lessons_learned": words})
    for _ in range(2):
        text, previous, _ = run(export("another"), Previous(text=text, record=previous.record))
        assert parse(text).body("notes_for_future_reference.lessons_learned") == words


@pytest.mark.parametrize("heading", ["### Attempt 2", "### Attempt 3"])
def test_an_empty_attempt_that_a_person_added_stays(heading: str) -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    place = "what_we_tried." + heading.removeprefix("### ").lower().replace(" ", "_")
    text = edit(text, {place: "**Approach:**\n\n**Result:**"})
    text, _, _ = run(export("one"), Previous(text=text, record=previous.record))
    assert heading in text


def test_confirming_export_information_confirms_the_title() -> None:
    values = replace(export("one"), title="first", drafts={"export_information": Draft(by="playbook", evidence=("E1",))})
    text, previous, _ = run(values, Previous(text=BLANK))
    confirmed = parse(text).body("export_information").partition("\n\n")[2]
    text = edit(text, {"export_information": confirmed})
    text, _, kept = run(replace(values, title="second"), Previous(text=text, record=previous.record))
    assert text.startswith("# Research Export: `first`")
    assert "title" in kept


def test_a_title_in_brackets_is_a_persons() -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    text = edit(text, {"title": "Research Export: [orders] shipping fails"})
    text, _, _ = run(export("two"), Previous(text=text, record=previous.record))
    assert text.startswith("# Research Export: [orders] shipping fails\n")


def failure(signature: str) -> Failure:
    return Failure(
        "python", "KeyError", "x", (), (Cause("KeyError", "x"),), Origin("a.log", 1, 1), Masked("KeyError: x"), signature=signature
    )


def test_a_confirmed_document_does_not_become_one_about_another_failure() -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    confirmed = edit(text, {"problem_statement.brief_description": "It broke."})
    before = Previous(text=confirmed, record=replace(previous.record, signature="1:aaa"))
    merged = merge(before, bodies(renderer()(export("two", description="Else."), Ledger())), {}, blank=bodies(BLANK))
    refuse_other_failure(before, failure("1:aaa"), merged)
    for other in (failure("2:bbb"), None):
        with pytest.raises(UsageError, match=r"brief_description in it"):
            refuse_other_failure(before, other, merged)


def test_a_confirmed_document_of_an_older_release_is_still_about_the_same_failure() -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    confirmed = edit(text, {"problem_statement.brief_description": "It broke."})
    before = Previous(text=confirmed, record=replace(previous.record, signature=signature_v1(failure("2:bbb"))))
    merged = merge(before, bodies(renderer()(export("two", description="Else."), Ledger())), {}, blank=bodies(BLANK))
    refuse_other_failure(before, failure("2:bbb"), merged)


def test_a_document_that_nobody_confirmed_may_become_one_about_another_failure() -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    before = Previous(text=text, record=replace(previous.record, signature="1:aaa"))
    merged = merge(before, bodies(renderer()(export("two"), Ledger())), {}, blank=bodies(BLANK))
    refuse_other_failure(before, failure("2:bbb"), merged)


def test_a_block_left_open_is_told_and_nothing_is_written() -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    broken = text + "\n```\nnever closed\n"
    with pytest.raises(DocumentError, match="the block that begins here is never closed"):
        run(export("one"), Previous(text=broken, record=previous.record))


def test_a_block_left_open_that_swallows_headings_loses_nothing_and_mends() -> None:
    text, previous, _ = run(export("one"), Previous(text=BLANK))
    broken = text.replace("### Timeline", "```\n### Timeline")
    again, record, _ = run(export("another"), Previous(text=broken, record=previous.record))
    assert again.count("### Timeline") == 1
    mended, _, _ = run(export("another"), Previous(text=again.replace("```\n### Timeline", "### Timeline"), record=record.record))
    assert mended == run(export("another"), previous)[0]


@given(
    marker=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12).map(lambda text: f"Zq {text} qZ"),
    share=st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_a_line_that_a_person_inserts_anywhere_survives_two_runs(marker: str, share: float) -> None:
    text, previous, _ = run(export("one", "two"), Previous(text=BLANK))
    lines = text.split("\n")
    lines.insert(1 + int(share * (len(lines) - 1)), marker)
    text = "\n".join(lines)
    for words in ("another", "a third"):
        text, previous, _ = run(export(words), Previous(text=text, record=previous.record))
        assert marker in text.split("\n")


def test_without_a_record_only_blanks_are_filled() -> None:
    by_hand = edit(BLANK, {"problem_statement.brief_description": "Written by hand, see E4."})
    text, _, kept = run(export("one"), Previous(text=by_hand))
    assert "Written by hand, see E4." in text
    assert "one" in parse(text).body("hypotheses.hypothesis_1")
    assert kept == ("problem_statement.brief_description",)


def test_ids_that_a_hand_written_document_cites_are_not_given_out_again() -> None:
    assert last_cited("see E4 and (E12), not E12x") == 12
    assert last_cited("nothing") == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("just notes\n", "no Research Export"),
        ("# Research Export: x\n\n## Context\n", "no Research Export"),
        (BLANK + "\n## Context\n", "'Context' stands twice"),
    ],
)
def test_a_file_that_is_no_export_is_refused(text: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        run(export("one"), Previous(text=text))
