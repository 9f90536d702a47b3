"""A second run: what a person wrote or confirmed stays, the rest is brought up to date."""

import pytest

from assistant.document import bodies, edit, parse
from assistant.errors import DocumentError
from assistant.evidence import Ledger
from assistant.merging import Previous, first_version, last_cited, merge
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
    merged = merge(previous, bodies(renderer()(values, Ledger())), values.drafts)
    return merged.text, Previous(text=merged.text, record=RunRecord(tool="t", subsections=merged.written)), merged.kept


def test_the_first_run_fills_a_blank_document() -> None:
    text, _, kept = run(export("one"), Previous(text=BLANK))
    assert "It broke." in parse(text).body("problem_statement.brief_description")
    assert kept == ()


def test_a_first_version_is_what_filling_a_blank_document_gives() -> None:
    values = export("one", "two")
    rendered = renderer()(values, Ledger())
    filled = merge(Previous(text=BLANK), bodies(rendered), values.drafts)
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
    text, _, kept = run(export("one", "two"), Previous(text=removed, record=previous.record))
    assert "### Hypothesis 2" not in text
    assert kept == ("hypotheses.hypothesis_2",)


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
