"""What comes of each kind of note, without a model."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_pdf import pdf_of

from assistant import Filled, check
from assistant.checking import Problem
from assistant.results.drafted import Answered, Verdict

Fill = Callable[..., Filled]
Body = Callable[[Any, str], str]
ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "orders-service"


def faults(filled: Filled) -> list[Problem]:
    return list(check(filled.text, filled.record).counted(allow_drafts=True))


def test_a_helpful_answer_fills_every_part_it_has_something_for(fill: Fill, body: Body) -> None:
    filled = fill("helpful.md", repo=EXAMPLE)
    assert filled.draft.found
    assert body(filled, "solution_found").endswith(
        "> Fetch the column within the flush: set `eager_defaults` in the mapper arguments of `Timestamped`. (R2, `helpful.md:3`; R3, `helpful.md:6-15`)"
    )
    assert "because the column has `onupdate=func.now()`" in body(filled, "why_it_works")
    assert body(filled, "implementation_plan").split("\n")[2:] == [
        "1. Fetch the column within the flush: set `eager_defaults` in the mapper arguments of `Timestamped`: see R3 (R2, R3)",
        "2. Verify: run `tests/test_orders.py::test_ship_order`, `tests/test_outbox.py::test_cancelled_order_is_told`",
    ]
    assert "- Checked: applies to the repository (`git apply --check`)" in body(filled, "code_changes_required")
    assert "assert open_order.updated_at is not None" in body(filled, "testing_strategy")
    assert body(filled, "documentation_updates_needed").endswith(
        "- Worth linking to: `https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.Mapper.params.eager_defaults` (R8)"
    )
    assert faults(filled) == []


def test_a_helpful_answer_decides_the_hypotheses_that_it_speaks_of(fill: Fill, body: Body) -> None:
    filled = fill("helpful.md")
    assert [verdict.status for verdict in filled.draft.verdicts] == [Verdict.SUPPORTED, Verdict.UNTOUCHED, Verdict.REFUTED]
    assert "  - Against (R1): `` `expire_on_commit=False` has nothing to do with it: it is a flush, not a commit. ``" in body(
        filled, "answers"
    )


def test_notes_that_contradict_each_other_are_both_shown_and_said_to(fill: Fill, body: Body) -> None:
    filled = fill("refresh.md", "no_refresh.md")
    assert [conflict.subject for conflict in filled.draft.conflicts] == ["the value of `eager_defaults`"]
    assert "The notes contradict each other about the value of `eager_defaults`: see Answers." in body(filled, "solution_found")
    solution = body(filled, "solution_found")
    assert "Set `eager_defaults=True`" in solution
    assert "Do not set `eager_defaults=True`" in solution
    assert faults(filled) == []


def test_a_page_off_the_topic_gives_no_answer_and_is_said_to_be(fill: Fill, body: Body) -> None:
    filled = fill("off_topic.html")
    assert not filled.draft.found
    assert "No answer found in 1 note." in body(filled, "solution_found")
    assert body(filled, "answers").endswith("- `off_topic.html` (R1 to R4): off the topic")
    assert {answer.status for answer in filled.draft.answers} == {Answered.OPEN}
    assert {verdict.status for verdict in filled.draft.verdicts} == {Verdict.UNTOUCHED}
    assert "css.example.org" not in filled.text
    assert faults(filled) == []


def test_a_page_off_the_topic_changes_nothing_that_a_helpful_one_says(fill: Fill, body: Body) -> None:
    alone, both = fill("helpful.md"), fill("helpful.md", "off_topic.html")
    for part in ("solution_found", "why_it_works", "implementation_plan", "code_changes_required"):
        assert body(both, part) == body(alone, part)


def test_orders_in_a_page_are_not_followed_not_shown_and_told(fill: Fill, body: Body) -> None:
    filled = fill("injected.html")
    assert "canary-4711" not in filled.text
    assert "evil.example.net" not in filled.text
    assert "Set `eager_defaults` in the mapper arguments of `Timestamped`" in body(filled, "solution_found")
    assert "gives orders to a program that reads it, which were not followed" in body(filled, "answers")
    assert filled.notes == ("injected.html: 1 hidden parts of the page were left out",)
    assert faults(filled) == []


def test_nothing_of_a_page_is_live_in_the_document(fill: Fill) -> None:
    text = re.sub(r"(`+).+?\1", "", fill("injected.html").text)
    for live in ("<script>", "<img", "javascript:", "@everyone", "{{ 7", "::error"):
        assert live not in text


def test_an_answer_for_another_major_version_is_pointed_out(fill: Fill, body: Body) -> None:
    filled = fill("other_version.html")
    assert "- Other version: `other_version.html` is for sqlalchemy 1.4; the environment of this export has sqlalchemy 2.0.58 (R1)" in body(
        filled, "solution_found"
    )


def test_a_diff_that_does_not_apply_is_said_to(fill: Fill, body: Body) -> None:
    assert "- Checked: does not apply to the repository: patch failed: app/models.py:22" in body(
        fill("broken.patch", repo=EXAMPLE), "code_changes_required"
    )


def test_without_a_repository_it_is_said_that_a_diff_was_not_checked(fill: Fill, body: Body) -> None:
    assert "- Not checked whether it applies: give `--repo`" in body(fill("applies.patch"), "code_changes_required")


def test_the_message_of_a_mailed_patch_says_what_and_why(fill: Fill, body: Body) -> None:
    filled = fill("applies.patch", repo=EXAMPLE)
    assert "> Fetch updated_at within the flush (R1, `applies.patch:4`)" in body(filled, "solution_found")
    assert "so the flush expires it" in body(filled, "why_it_works")
    assert "grace@example.org" not in filled.text


@pytest.mark.parametrize("name", ["chat.txt", "chat.json"])
def test_in_a_conversation_the_answer_counts_and_not_the_question(fill: Fill, body: Body, name: str) -> None:
    filled = fill(name)
    assert "Set `eager_defaults` in the mapper arguments of `Timestamped`" in body(filled, "solution_found")
    assert "session.add(OutboxEvent" not in body(filled, "code_changes_required")


def test_a_conversation_in_which_the_one_who_asked_says_that_it_helped_is_said_to_have_helped(
    fill: Fill, body: Body, tmp_path: Path
) -> None:
    (tmp_path / "chat.txt").write_text(
        "[09:12] ann: reading updated_at after session.flush() raises MissingGreenlet in order_payload\n"
        "[09:13] bob: set eager_defaults in the mapper arguments of Timestamped, the flush expires updated_at\n"
        "[09:20] ann: that was it, it works now\n"
        "[09:21] bob: good\n"
    )
    assert body(fill(tmp_path / "chat.txt"), "answers").endswith("(R1 to R4): answers; who asked there says that it helped (R3)")


def test_a_proposal_that_did_not_help_comes_after_the_others(fill: Fill, body: Body, tmp_path: Path) -> None:
    (tmp_path / "thread.md").write_text(
        "## ann\n\nSet `expire_on_commit=False` on the session, then `updated_at` is not expired by the flush in `order_payload`.\n\n"
        "Tried that, did not help.\n\n"
        "## bob\n\nSet `eager_defaults` in the mapper arguments of `Timestamped`, so that the flush fetches `updated_at`.\n"
    )
    solution = body(fill(tmp_path / "thread.md"), "solution_found")
    assert "eager_defaults" in solution
    assert "expire_on_commit" not in solution


def test_the_title_of_a_page_is_no_passage_to_quote(fill: Fill, body: Body, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "<html><head><title>MissingGreenlet because the flush expires updated_at</title></head><body>"
        "<p>Set <code>eager_defaults</code> in the mapper arguments of <code>Timestamped</code>.</p></body></html>"
    )
    filled = fill(tmp_path / "page.html")
    assert "MissingGreenlet because the flush" not in body(filled, "why_it_works")
    assert "(R1, " not in body(filled, "solution_found")


def test_the_message_of_a_patch_is_read_like_any_text(fill: Fill, body: Body, tmp_path: Path) -> None:
    text = (ROOT / "tests" / "data" / "notes" / "applies.patch").read_text("utf-8")
    text = text.replace(
        "---\n", "To verify, run the tests of the payload:\n\n    pytest tests/test_orders.py -k ship\n\nThey must pass.\n---\n", 1
    )
    (tmp_path / "fix.patch").write_text(text)
    filled = fill(tmp_path / "fix.patch", repo=EXAMPLE)
    assert "```bash\npytest tests/test_orders.py -k ship\n```" in body(filled, "testing_strategy")
    assert "pytest" not in body(filled, "solution_found")


def test_code_without_a_fence_is_code(fill: Fill, body: Body, tmp_path: Path) -> None:
    (tmp_path / "mail.txt").write_text(
        "The flush expires updated_at. Set eager_defaults in the mapper arguments of Timestamped:\n\n"
        "from sqlalchemy.orm import DeclarativeBase\n\n"
        'class Timestamped:\n    __mapper_args__ = {"eager_defaults": True}\n\nRegards\nBob\n'
    )
    code = body(fill(tmp_path / "mail.txt"), "code_changes_required")
    assert (
        '```python\nfrom sqlalchemy.orm import DeclarativeBase\n\nclass Timestamped:\n    __mapper_args__ = {"eager_defaults": True}\n```\n'
        in code
    )


def test_addresses_that_nobody_else_can_open_are_no_documentation(fill: Fill, body: Body, tmp_path: Path) -> None:
    (tmp_path / "answer.md").write_text(
        "Set `eager_defaults` in the mapper arguments of `Timestamped`, then call http://localhost:8000/orders/updated_at again. "
        "See https://docs.sqlalchemy.org/en/20/eager_defaults for the flush.\n"
    )
    links = body(fill(tmp_path / "answer.md"), "documentation_updates_needed")
    assert "localhost" not in links
    assert "https://docs.sqlalchemy.org/en/20/eager_defaults" in links


def test_of_numbered_steps_the_first_is_part_of_the_way_out(fill: Fill, body: Body, tmp_path: Path) -> None:
    (tmp_path / "steps.md").write_text(
        "1. Short term, pin SQLAlchemy.\n"
        "2. Set `eager_defaults` in the mapper arguments of `Timestamped`, so that the flush fetches `updated_at`.\n"
        "3. Await `session.refresh(order)` in `order_payload` after the flush of `updated_at`.\n"
    )
    assert "Short term, pin SQLAlchemy." in body(fill(tmp_path / "steps.md"), "solution_found")


def test_commands_that_a_step_leads_to_are_shown_and_no_command_that_only_looks_is_the_way_out(
    fill: Fill, body: Body, tmp_path: Path
) -> None:
    (tmp_path / "answer.md").write_text(
        "You can check it with `python -m app.outbox updated_at`, after a flush of `Timestamped`.\n\n"
        "Then install the release that sets `eager_defaults` in the mapper arguments of `Timestamped`:\n\n"
        "```bash\npip install -U orders\nalembic upgrade head\n```\n"
    )
    filled = fill(tmp_path / "answer.md")
    assert "You can check it" not in body(filled, "solution_found")
    assert "You can check it" in body(filled, "testing_strategy")
    assert "of `Timestamped`: see R3 (R2, R3)" in body(filled, "implementation_plan")
    assert "pip install -U orders\nalembic upgrade head" in body(filled, "code_changes_required")


def test_what_somebody_did_is_no_step(fill: Fill, body: Body, tmp_path: Path) -> None:
    (tmp_path / "thread.md").write_text(
        "Set `eager_defaults` in the mapper arguments of `Timestamped`, then the flush fetches `updated_at`.\n\n"
        "Moving `order_payload` before `session.flush()` in `Timestamped` solved it for me, `updated_at` was not expired yet.\n"
    )
    filled = fill(tmp_path / "thread.md")
    assert "solved it for me" in body(filled, "solution_found")
    assert "solved it for me" not in body(filled, "implementation_plan")


def test_where_an_answer_says_which_hypothesis_holds_words_decide_no_other(fill: Fill, body: Body, tmp_path: Path) -> None:
    (tmp_path / "answer.md").write_text(
        (ROOT / "tests" / "data" / "notes" / "helpful.md").read_text("utf-8") + "\nH2 refuted: nothing is loaded lazily.\n"
    )
    filled = fill(tmp_path / "answer.md")
    assert [verdict.status for verdict in filled.draft.verdicts] == [Verdict.UNTOUCHED, Verdict.REFUTED, Verdict.UNTOUCHED]
    assert "  - Against (R9): `nothing is loaded lazily.`" in body(filled, "answers")


def test_an_empty_note_gives_no_answer(fill: Fill, body: Body, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    filled = fill(tmp_path / "empty.md")
    assert "No answer found in 1 note." in body(filled, "solution_found")
    assert body(filled, "answers").endswith("- `empty.md`: holds no text")
    assert faults(filled) == []


@pytest.mark.parametrize(
    "text",
    [
        "<!-- set eager_defaults of Timestamped, since the flush expires updated_at in order_payload -->",
        "---",
        "> ",
        "```\n```",
        "- \n- ",
        "# \n",
    ],
)
def test_a_note_of_marks_alone_gives_no_answer(fill: Fill, tmp_path: Path, text: str) -> None:
    (tmp_path / "marks.md").write_text(text)
    assert faults(fill(tmp_path / "marks.md")) == []


def test_a_pdf_answers_with_the_page_as_origin(fill: Fill, body: Body, tmp_path: Path) -> None:
    lines = ["The flush expires updated_at because of onupdate.", "Set eager_defaults in the mapper arguments of Timestamped."]
    (tmp_path / "paper.pdf").write_bytes(pdf_of(["About something else."], lines))
    filled = fill(tmp_path / "paper.pdf")
    assert "Set eager_defaults in the mapper arguments of Timestamped." in body(filled, "solution_found").replace("\\_", "_")
    assert "`paper.pdf, page 2`" in body(filled, "solution_found")
    assert faults(filled) == []


def test_of_a_page_of_five_megabytes_the_passage_that_answers_is_found(fill: Fill, body: Body, tmp_path: Path) -> None:
    filler = [
        f"Paragraph {number} about prices, layout and colours of customer {number}.\n" + "and more of it " * 3400 for number in range(100)
    ]
    answer = "Set `eager_defaults` in the mapper arguments of `Timestamped`, because the flush expires `updated_at`."
    (tmp_path / "big.md").write_text("\n\n".join([*filler[:50], answer, *filler[50:]]), "utf-8")
    assert (tmp_path / "big.md").stat().st_size > 5_000_000
    assert answer in body(fill(tmp_path / "big.md"), "solution_found")


def test_of_very_many_passages_the_most_relevant_get_an_id_and_the_others_are_counted(fill: Fill, body: Body, tmp_path: Path) -> None:
    answer = "Set `eager_defaults` in the mapper arguments of `Timestamped`, because the flush expires `updated_at`."
    (tmp_path / "long.md").write_text("\n\n".join([*(f"Price of colour {number}." for number in range(500)), answer]), "utf-8")
    filled = fill(tmp_path / "long.md")
    assert answer in body(filled, "solution_found")
    assert len(filled.record.research) == 300
    assert filled.notes == ("the notes have 501 passages; the 300 most relevant were looked at, 201 left out",)


def test_an_answer_in_the_form_that_the_brief_asks_for_is_read_part_by_part(fill: Fill, body: Body) -> None:
    filled = fill("form.md")
    assert "Set `eager_defaults` in the mapper arguments of `Timestamped`" in body(filled, "solution_found")
    assert "The flush then fetches `updated_at`" in body(filled, "why_it_works")
    assert "1. Add the mapper argument to `Timestamped`. (R3)" in body(filled, "implementation_plan")
    assert "class Timestamped:" in body(filled, "code_changes_required")
    assert "test_shipping" in body(filled, "testing_strategy")
    assert "Say in the README" in body(filled, "documentation_updates_needed")
    assert [answer.status for answer in filled.draft.answers[:3]] == [Answered.ANSWERED, Answered.PARTLY, Answered.OPEN]
    assert [verdict.status for verdict in filled.draft.verdicts[:2]] == [Verdict.SUPPORTED, Verdict.REFUTED]


def test_secrets_in_notes_are_masked_everywhere(fill: Fill, tmp_path: Path) -> None:
    key = "sk-" + "proj-" + "Ab3" * 16
    (tmp_path / "answer.md").write_text(
        f"Set `eager_defaults` in the mapper arguments of `Timestamped`, with the key {key}, because the flush expires `updated_at`.\n"
    )
    filled = fill(tmp_path / "answer.md")
    assert key not in filled.text
    assert all(key not in piece.text for piece in filled.record.research)
    assert "[SECRET:" in filled.text.replace("\\[", "[")


def test_quotes_stand_in_their_notes_and_a_changed_one_is_found(fill: Fill) -> None:
    filled = fill("helpful.md")
    changed = filled.text.replace(
        "> Fetch the column within the flush: set `eager_defaults` in the mapper arguments of `Timestamped`. (R2, `helpful.md:3`; R3, `helpful.md:6-15`)\n\n### Why",
        "> Drop the column. (R2, `helpful.md:3`)\n\n### Why",
    )
    assert changed != filled.text
    assert [problem.rule for problem in check(changed, filled.record).counted(allow_drafts=True)] == ["quote"]


def test_check_tells_of_results_that_wait_for_a_person(fill: Fill) -> None:
    filled = fill("helpful.md")
    waiting = [problem.place for problem in check(filled.text, filled.record).problems if problem.rule == "unconfirmed"]
    assert [place for place in waiting if place.startswith("research_results.")] == [
        "research_results.solution_found",
        "research_results.why_it_works",
        "research_results.implementation_plan",
        "research_results.code_changes_required",
        "research_results.testing_strategy",
        "research_results.documentation_updates_needed",
    ]
    assert "research_questions.answers" in waiting
