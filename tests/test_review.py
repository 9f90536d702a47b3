"""Whom the rules hold to what: drafts and facts to the evidence, a person to nothing but ids and quotes; and no export of ours is accused."""

import re
from pathlib import Path

import pytest

from assistant import Outcome, Request, Stated, draft_export
from assistant.checking import Severity
from assistant.document import edit, parse
from assistant.merging import Previous
from assistant.record import RunRecord
from assistant.review import review

EXAMPLE = Path(__file__).parent.parent / "examples" / "orders-service"
DATA = Path(__file__).parent / "data"
STATED = Stated(date="2026-11-25", exported_by="Ada", phase="3")
DRAFT_LINE = re.compile(r"^> \*Drafted by .*\n\n", re.M)
LESSONS = "notes_for_future_reference.lessons_learned"


@pytest.fixture(scope="module")
def good() -> Outcome:
    return draft_export(Request(logs=(str(EXAMPLE / "failing-test.log"),), repo=EXAMPLE, stated=STATED))


def told(text: str, record: RunRecord | None, *severities: Severity) -> list[str]:
    wanted = severities or (Severity.ERROR,)
    return [f"{problem.rule}: {problem.message}" for problem in review(text, record).problems if problem.severity in wanted]


def drafted_from(tmp_path: Path, log: str) -> Outcome:
    path = tmp_path / "run.log"
    path.write_text(log, "utf-8")
    return draft_export(Request(logs=(str(path),), stated=STATED))


def under(outcome: Outcome, heading: str, line: str) -> str:
    """The export with a line right below a heading, and below the line that says who drafted the text."""
    drafted = re.compile(rf"(^### {re.escape(heading)}\n(?:> .*\n\n)?)", re.M)
    text = drafted.sub(lambda head: f"{head[1]}{line}\n", outcome.text, count=1)
    assert text != outcome.text
    return text


class TestAPersonsText:
    """Where a person wrote or confirmed a text, it is theirs."""

    def test_a_confirmed_export_has_no_problem(self, good: Outcome) -> None:
        assert told(DRAFT_LINE.sub("", good.text), good.record) == []

    @pytest.mark.parametrize(
        "line",
        [
            "flake8 failed with E501, E39; see R2 in the plan.",
            "error[E0382]: borrow of a moved value",
            "We pinned httpx 0.27.2 in deploy/prod.toml, see https://example.org/why (E1).",
            "The vendor's module vendor/net.py raises a VendorTimeout on line 9911 (E1, E2).",
            "\U0001f469\u200d\U0001f4bb found it.",
        ],
    )
    def test_it_is_not_held_to_the_evidence(self, good: Outcome, line: str) -> None:
        confirmed = DRAFT_LINE.sub("", good.text)
        for place in (LESSONS, "problem_statement.brief_description", "what_we_tried.attempt_1"):
            body = parse(confirmed).body(place)
            assert told(edit(confirmed, {place: f"{body}\n\n{line}"}), good.record) == []

    def test_an_answer_beside_a_fact_is_theirs(self, good: Outcome) -> None:
        text = re.sub(
            r"^- Workaround available: .*",
            "- Workaround available: Yes, httpx 0.27.9 as in https://example.org/x (E1)",
            good.text,
            flags=re.M,
        )
        assert text != good.text
        assert told(text, good.record) == []

    def test_ids_and_quotes_are_checked_whoever_wrote_them(self, good: Outcome) -> None:
        text = edit(good.text, {LESSONS: "It was the flush (E977).\n\n- For (E1): `nothing of the kind`"})
        assert told(text, good.record) == [
            "evidence-id: there is no evidence E977",
            "quote: the quote does not stand in E1: nothing of the kind",
        ]

    @pytest.mark.parametrize(
        "question",
        [
            "1. Does `MissingGreenlet` come\n   from the flush?",
            "1. Does `MissingGreenlet` come from the flush?\n   - as in `order_payload`\n   - or elsewhere",
            "1. Does `MissingGreenlet` come from the flush?\nWe think so.",
            "1. Does `MissingGreenlet` come from the flush?\n\n   More of it.\n2. Or not?",
        ],
    )
    def test_a_question_may_be_wrapped_and_have_a_list_below_it(self, good: Outcome, question: str) -> None:
        assert told(edit(good.text, {"research_questions.primary_questions": question}), good.record) == []

    def test_without_a_record_nobody_is_held_to_evidence(self, good: Outcome) -> None:
        text = edit(good.text, {LESSONS: "See E977 (E977) and app/none.py in 9.9.9."})
        assert told(text, None) == []


class TestEditors:
    """What an editor does to a file when it saves it."""

    def test_blanks_at_the_ends_of_lines_may_go(self, good: Outcome) -> None:
        stripped = "\n".join(line.rstrip() for line in good.text.split("\n"))
        assert stripped != good.text
        assert told(stripped, good.record, Severity.ERROR, Severity.NOTE) == []

    def test_line_ends_may_change(self, good: Outcome) -> None:
        assert told(good.text.replace("\n", "\r\n"), good.record) == []


class TestEvidence:
    """What the record says was shown must not vanish unseen; a person may take out what does not matter."""

    def test_a_block_that_a_person_took_out_is_noted(self, good: Outcome) -> None:
        text = re.sub(r"\*\*E3\*\* ·.*?```\n.*?```\n", "", good.text, flags=re.S)
        assert told(text, good.record) == []
        assert told(text, good.record, Severity.NOTE) == ["evidence-block: E3 was taken out"]

    def test_a_persons_words_may_stand_for_the_primary_error(self, good: Outcome) -> None:
        text = edit(good.text, {"error_messages.primary_error": "See the screenshot in the ticket."})
        assert told(text, good.record, Severity.ERROR, Severity.NOTE) == ["evidence-block: E1 was taken out"]

    def test_a_persons_own_block_needs_no_id(self, good: Outcome) -> None:
        text = good.text.replace("## Current Code", "```\nJan 01 kernel: out of memory\n```\n\n## Current Code")
        assert told(text, good.record, Severity.ERROR, Severity.NOTE) == []


class TestLostRecords:
    """A document whose record is gone is drafted again: old ids cannot be looked up, which is nobody's fault."""

    def test_old_ids_are_one_note(self, good: Outcome) -> None:
        again = draft_export(
            Request(logs=(str(EXAMPLE / "failing-test.log"),), repo=EXAMPLE, stated=STATED), previous=Previous(text=good.text)
        )
        assert again.record.ledger_offset > 0
        assert again.review.counted(allow_drafts=True) == ()
        notes = told(again.text, again.record, Severity.NOTE)
        assert len(notes) == 1
        assert notes[0].startswith("evidence-id: E1, E2, ")

    def test_ids_that_nobody_gave_out_are_still_faults(self, good: Outcome) -> None:
        again = draft_export(
            Request(logs=(str(EXAMPLE / "failing-test.log"),), repo=EXAMPLE, stated=STATED), previous=Previous(text=good.text)
        )
        text = edit(again.text, {LESSONS: "As seen (E977)."})
        assert told(text, again.record) == ["evidence-id: there is no evidence E977"]


RAISED = 'Traceback (most recent call last):\n  File "app/main.py", line 12, in load\n    raise ValueError(message)\nValueError: {}\n'
ODD_LOGS = {
    "a message with a placeholder": RAISED.format("[REVIEW: x] is not done"),
    "a message that is a placeholder": RAISED.format("[REVIEW: x]"),
    "a message with a draft line": RAISED.format("> *Drafted by me from E9. Confirm, then delete this line.*"),
    "a draft line in the log": RAISED.format("no") + "> *Drafted by me from E9. Confirm, then delete this line.*\n**E7** · log · `x`\n",
    "a message with a rule of flake8": RAISED.format("flake8 failed with E501 and E302 (see E501)"),
    "a path of Windows": (
        'Traceback (most recent call last):\n  File "C:\\work\\app\\main.py", line 12, in load\n    open(path)\n'
        "FileNotFoundError: [Errno 2] No such file or directory: 'C:\\\\work\\\\app\\\\settings.toml'\n"
    ),
    "an error of rustc": (
        "   Compiling app v0.1.0\nerror[E0382]: borrow of moved value: `name`\n --> src/main.rs:8:20\n  |\n"
        '8 |     println!("{}", name);\n  |                    ^^^^ value borrowed here after move\n\n'
        'error: could not compile `app` (bin "app") due to 1 previous error\n'
    ),
}


@pytest.mark.parametrize("log", ODD_LOGS.values(), ids=ODD_LOGS)
class TestOurOwnExports:
    """What we drafted passes our own checks, whatever the log says: fresh, confirmed, without and with a lost record."""

    def test_fresh(self, tmp_path: Path, log: str) -> None:
        outcome = drafted_from(tmp_path, log)
        assert told(outcome.text, outcome.record, Severity.ERROR, Severity.NOTE) == []
        asked = [problem.message for problem in outcome.review.problems if problem.severity is Severity.BLANK]
        assert not {"x", "x is not done"} & set(asked)

    def test_confirmed(self, tmp_path: Path, log: str) -> None:
        outcome = drafted_from(tmp_path, log)
        in_prose = re.sub(r"^> \*Drafted by (?!me).*\n\n", "", outcome.text, flags=re.M)
        assert told(in_prose, outcome.record) == []

    def test_with_a_lost_record(self, tmp_path: Path, log: str) -> None:
        outcome = drafted_from(tmp_path, log)
        assert told(outcome.text, None) == []
        again = draft_export(Request(logs=(str(tmp_path / "run.log"),), stated=STATED), previous=Previous(text=outcome.text))
        assert told(again.text, again.record) == []


@pytest.mark.parametrize("log", sorted(DATA.glob("mining/**/*.log")), ids=lambda path: path.name)
def test_the_export_of_every_log_among_the_tests_checks_clean(log: Path) -> None:
    outcome = draft_export(Request(logs=(str(log),), stated=STATED))
    assert told(outcome.text, outcome.record) == []


class TestDrafts:
    """A draft is held to the evidence until a person confirms it."""

    def test_a_models_proposal_may_name_a_version_that_is_new(self, good: Outcome) -> None:
        by_model = good.text.replace("Drafted by playbook", "Drafted by some-model")
        ours = under(good, "Potential Solutions to Test", "1. Upgrade to httpx 9.9.9 and see")
        theirs = ours.replace("Drafted by playbook", "Drafted by some-model")
        assert told(by_model, good.record) == []
        assert told(theirs, good.record) == []
        assert len(told(ours, good.record)) == 1

    @pytest.mark.parametrize(("length", "rules"), [(140, []), (141, ["title-length"])])
    def test_a_title_is_held_to_its_length_until_somebody_confirms_it(self, good: Outcome, length: int, rules: list[str]) -> None:
        text = edit(good.text, {"title": f"Research Export: `{'x' * length}`"})
        assert [problem.partition(":")[0] for problem in told(text, good.record)] == rules
        assert told(DRAFT_LINE.sub("", text), good.record) == []

    @pytest.mark.parametrize(
        ("line", "rule"),
        [
            ("It runs on httpx 0.28.1 (E1).", "unsupported-version"),
            ("It runs on httpx 9.9.9.", "unsupported-version"),
            ("The test tests/test_orders.py::test_made_up fails too.", "unsupported-name"),
            ("Someone\u200d\U0001f4bb hid this.", "control-character"),
        ],
    )
    def test_each_sentence_is_held_to_what_it_cites(self, good: Outcome, line: str, rule: str) -> None:
        found = told(under(good, "Brief Description", line), good.record)
        assert [one.partition(":")[0] for one in found] == [rule]

    def test_a_sentence_may_say_what_the_cited_piece_says(self, good: Outcome) -> None:
        assert told(under(good, "Brief Description", "It runs on httpx 0.28.1 (E17)."), good.record) == []
