"""The form of a document: what a person may do to it, and what the rules tell of the rest."""

import pytest

from assistant.checking.citing import citations, cited_ids, ids_cited_in
from assistant.checking.structure import (
    character_problems,
    draft_line,
    is_blank,
    placeholder,
    progress_problems,
    read_draft_line,
    structure_problems,
)
from assistant.document import edit, parse
from assistant.evidence import Ledger
from assistant.rendering import renderer
from assistant.resources import resource_folder
from assistant.sections import ResearchExport

BLANK = renderer()(ResearchExport(), Ledger())
TEMPLATE = (resource_folder("templates") / "research_export.md").read_text("utf-8")
DRAFTED = "> *Drafted by playbook from E1, E4. Confirm, then delete this line.*"
WOMAN_AT_A_COMPUTER = "\U0001f469\U0001f3fd\u200d\U0001f4bb"


def rules(text: str) -> list[str]:
    return [problem.rule for problem in structure_problems(parse(text))]


def test_a_blank_document_has_the_templates_form() -> None:
    assert rules(BLANK) == []


def test_the_template_itself_lacks_only_what_a_person_must_fill() -> None:
    assert rules(TEMPLATE) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("## Error Messages", "## ERROR MESSAGES"),
        ("## Error Messages", "## Error  messages"),
        ("### How We'll Know It's Fixed", "### How Well Know Its Fixed!!"),
        ("### How We'll Know It's Fixed", "### How We’ll Know It’s Fixed"),
        ("## Research Results (To Be Filled After External Research)", "## Research Results"),
        ("### Timeline", "### timeline"),
        ("### Attempt 1", "### Attempt 1 (the first)"),
    ],
)
def test_a_heading_is_compared_by_its_text(old: str, new: str) -> None:
    assert rules(BLANK.replace(old, new)) == ["heading-missing"]


@pytest.mark.parametrize("new", ["##  Error   Messages", "## Error Messages ##", "## Error Messages  "])
def test_white_space_in_a_heading_does_not_matter(new: str) -> None:
    assert rules(BLANK.replace("## Error Messages", new)) == []


def test_a_heading_of_a_person_is_fine() -> None:
    assert rules(BLANK.replace("## Error Messages", "### What the operator saw\nSmoke.\n\n## Error Messages")) == []


ATTEMPT = "### Attempt {}\n**Approach:**\na\n\n**Result:**\nb\n\n**Why it didn't work:**\nc\n\n**Code snippets:**\nd\n\n"


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([1, 2, 3], []),
        ([2, 1], ["numbering", "numbering"]),
        ([1, 3], ["numbering"]),
        ([1, 2, 9], ["numbering"]),
        ([1, 2, 2], ["heading-duplicate"]),
    ],
)
def test_attempts_are_numbered_through(numbers: list[int], found: list[str]) -> None:
    start, end = BLANK.index("### Attempt 1"), BLANK.index("## Error Messages")
    text = BLANK[:start] + "".join(ATTEMPT.format(number) for number in numbers) + BLANK[end:]
    assert rules(text) == found


def test_an_attempt_belongs_to_its_section() -> None:
    assert rules(BLANK.replace("## Current Code", ATTEMPT.format(2) + "## Current Code")) == ["numbering"]


@pytest.mark.parametrize(
    ("place", "body", "found"),
    [
        ("export_information", "- Date: a\n- Phase: b\n- Severity: c\n- Exported By: d\n- Branch: e", []),
        ("export_information", "- Phase: b\n- Severity: c\n- Exported By: d\n- Date: a", ["label-order"]),
        ("export_information", "- Date: a\n- Date: a\n- Phase: b\n- Severity: c\n- Exported By: d", ["label-duplicate"]),
        ("export_information", "- Date: a\n- Phase: b\n- Exported By: d", ["label-missing"]),
        ("export_information", "- Date: a\n- Phase: b\n  - Severity: c\n- Exported By: d", ["label-missing"]),
        ("hypotheses.hypothesis_1", "**Theory:**\n- Test: of what?\n\n**Evidence:**\nb\n\n**Test:**\nc\n\n**Cost:**\nnone", []),
        ("hypotheses.hypothesis_1", "**Evidence:**\nb\n\n**Theory:**\na\n\n**Test:**\nc", ["label-order"]),
        ("hypotheses.hypothesis_1", "**Theory:**\n```\n**Theory:**\n```\n\n**Evidence:**\nb\n\n**Test:**\nc", []),
        ("current_code.problematic_code", "**File:** a.py\n**Lines:** 1-2\n\n**File:** b.py\n**Lines:** 3", []),
        ("current_code.problematic_code", "**File:** a.py\n**Lines:** 1-2\n\n**File:** b.py", ["label-missing"]),
        ("current_code.problematic_code", "**File:** a.py\n**Lines:** 1-2\n**Lines:** 3", ["label-duplicate"]),
        ("current_code.problematic_code", "**Lines:** 1-2\n**File:** a.py", ["label-order", "label-missing"]),
        ("additional_context.working_code_references", "**File:** a.py\n\n**File:** b.py", []),
    ],
)
def test_labels_stand_once_and_in_order(place: str, body: str, found: list[str]) -> None:
    assert rules(edit(BLANK, {place: body})) == found


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        (DRAFTED, True),
        ("> _Drafted by playbook. Confirm, then delete this line._", True),
        (DRAFTED.replace("Confirm, then", "Confirm then"), False),
        (DRAFTED.replace("> *", ">  *"), False),
        (DRAFTED.replace("*", ""), False),
        (DRAFTED.removeprefix("> "), False),
        ("> *drafted  by playbook from E1*", False),
        ("> **Drafted by playbook from E1.**", False),
        ("*Confirm, then delete this line.*", False),
    ],
)
def test_an_altered_draft_line_is_no_approval(line: str, whole: bool) -> None:
    found = read_draft_line(line)
    assert found
    assert found.whole is whole
    text = edit(BLANK, {"problem_statement.brief_description": f"{line}\n\nIt broke."})
    told = [problem.rule for problem in progress_problems(parse(text)) if problem.place == "problem_statement.brief_description"]
    assert told == (["unconfirmed"] if whole else ["unconfirmed", "draft-line"])


@pytest.mark.parametrize("line", ["It was drafted by Ada.", "Drafted by Ada in May.", "> Ada drafted this.", "Please confirm this line."])
def test_other_lines_are_none(line: str) -> None:
    assert read_draft_line(line) is None


def test_a_draft_line_in_a_block_is_part_of_a_log() -> None:
    assert draft_line(f"Mine.\n\n```\n{DRAFTED}\n```") is None
    assert draft_line(f"{DRAFTED}\n\nIts.") == ("playbook", ("E1", "E4"))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("- Database: [REVIEW: Which one?]", "[REVIEW: Which one?]"),
        ("[REVIEW: Which Python (`python --version`)?] or `not`", "[REVIEW: Which Python (`python --version`)?]"),
        ("fails with `ValueError: [REVIEW: x] is not done`", None),
        ("``a ` [REVIEW: x]`` and `b`", None),
        ("`a` [REVIEW: x] `b`", "[REVIEW: x]"),
        (r"\`[REVIEW: x]\`", "[REVIEW: x]"),
        ("nothing", None),
    ],
)
def test_a_placeholder_in_code_is_what_the_evidence_says(line: str, found: str | None) -> None:
    assert placeholder(line) == found


def test_a_message_that_looks_like_a_placeholder_is_no_blank() -> None:
    text = edit(BLANK, {"error_messages.primary_error": "```\nValueError: [REVIEW: x]\n```", "title": "Research Export: `[REVIEW: x]`"})
    places = {problem.place for problem in progress_problems(parse(text)) if problem.rule == "blank"}
    assert not places & {"title", "error_messages.primary_error"}


def test_an_empty_subsection_is_a_blank() -> None:
    text = BLANK.replace("[REVIEW: What broke, and what do you want to know? One paragraph of plain language.]\n", "")
    told = [problem.message for problem in progress_problems(parse(text)) if problem.place == "problem_statement.brief_description"]
    assert told == ["nothing stands under 'Brief Description'"]


def test_a_body_with_only_labels_and_placeholders_is_blank() -> None:
    assert is_blank("**Theory:**\n[REVIEW: Why?]")
    assert not is_blank("**Theory:**\nThe cache.")


@pytest.mark.parametrize(
    "text",
    [
        f"{WOMAN_AT_A_COMPUTER} wrote this",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "Donau\u00addampf\u00adschiff",
    ],
)
def test_what_a_script_or_an_emoji_needs_may_stand_in_a_persons_text_but_not_in_a_draft(text: str) -> None:
    document = parse(edit(BLANK, {"notes_for_future_reference.lessons_learned": text}))
    line = next(number for number, one in enumerate(document.text.split("\n"), 1) if one == text)
    assert list(character_problems(document)) == []
    assert [problem.line for problem in character_problems(document, {line})] == [line]


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200bb", "a\u200d b", "\u200c", "a \u00ad b", "\U000e0041", "a\x1b[31m", "\u2066a"])
def test_all_other_characters_that_nobody_sees_are_told(text: str) -> None:
    document = parse(edit(BLANK, {"notes_for_future_reference.lessons_learned": f"x {text} x"}))
    assert [problem.rule for problem in character_problems(document)] == ["control-character"]


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("Python 3.11 (E2)", ("E2",)),
        ("it fails (E1, E4) twice (E1)", ("E1", "E4")),
        ("PostgreSQL 15 (image `postgres:15`, service `db`, E15)", ("E15",)),
        ("**File:** `app/x.py` (E4: `f()`; frame 3 of 9)", ("E4",)),
        ("a call (of `f(x)` (twice), E3)", ("E3",)),
        ("as both say (E1 and E2)", ("E1", "E2")),
        ("**E7** · log · `a.log:1`", ("E7",)),
        ("- For (E3): `E501 (E9)`", ("E3",)),
        (DRAFTED, ("E1", "E4")),
        ("`error[E0382]`: borrow of a moved value", ()),
        ("error[E0382]: borrow of a moved value", ()),
        ("flake8 failed with E501, E39 and R2", ()),
        ("flake8 (rules E501 and others)", ()),
        ("the code span `(E1)` cites nothing", ()),
    ],
)
def test_a_line_cites_in_brackets_quotes_heads_and_draft_lines(line: str, ids: tuple[str, ...]) -> None:
    assert cited_ids(line) == ids


def test_brackets_are_told_with_their_ends() -> None:
    assert citations("a (E1), b (E2)") == [(6, ("E1",)), (14, ("E2",))]


def test_what_stands_in_a_block_cites_nothing() -> None:
    assert ids_cited_in("**E1** · log · `a`\n\n```\n(E9)\n```\n\nsee (E2)") == ("E1", "E2")
