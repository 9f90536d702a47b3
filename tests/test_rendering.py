"""Rendering: the values of an export as the document's Markdown."""

from pathlib import Path

import pytest

from assistant.document import bodies, parse
from assistant.errors import TemplateError
from assistant.evidence import Evidence, Kind, Ledger, Origin
from assistant.outline import schema
from assistant.redaction import Redactor
from assistant.rendering import renderer
from assistant.sections import (
    Block,
    CodeBlock,
    CurrentCode,
    Draft,
    ErrorMessages,
    Hypothesis,
    Quote,
    ResearchExport,
    ResearchQuestions,
    Stance,
    SuccessCriteria,
)

LEDGER, (ERROR, CODE) = Ledger().extend(
    [
        Evidence(Kind.ERROR, Origin("t.log", 3, 4), Redactor().mask("```\n# no heading"), cut=2, masked=("[SECRET:token:1]",)),
        Evidence(Kind.CODE, Origin("app/a.py", 7, 8), Redactor().mask("def f():\n    return 1"), language="python"),
    ]
)


def rendered(export: ResearchExport) -> dict[str, str]:
    return bodies(renderer()(export, LEDGER))


def test_a_blank_document_has_every_heading_of_the_schema_in_order() -> None:
    headings = [region.heading for region in parse(renderer()(ResearchExport(), Ledger())).regions]
    assert headings[1:4] == ["Export Information", "Problem Statement", "Brief Description"]
    assert [section.heading for section in schema()] == [heading for heading in headings if heading in {s.heading for s in schema()}]
    assert "Attempt 1" in headings
    assert "Hypothesis 1" in headings


def test_a_blank_asks_a_person_one_precise_question() -> None:
    assert rendered(ResearchExport())["problem_statement.impact"].split("\n")[1] == (
        "- Workaround available: [REVIEW: Is there a workaround (Yes/No), and what is it?]"
    )


def test_research_results_stay_as_in_the_template() -> None:
    template = parse((Path(__file__).parent.parent / "templates" / "research_export.md").read_text("utf-8"))
    blank = rendered(ResearchExport())
    for place, body in blank.items():
        if place.startswith("research_results."):
            assert body == template.body(place)


def test_an_evidence_block_carries_id_kind_origin_and_counts_above_a_fence_it_cannot_leave() -> None:
    body = rendered(ResearchExport(error_messages=ErrorMessages(primary_error=(Block(evidence="E1"),))))["error_messages.primary_error"]
    assert body == "**E1** · error · `t.log:3-4` · 2 lines cut · 1 value masked\n\n````\n```\n# no heading\n````"


def test_code_stands_under_its_file_and_lines() -> None:
    blocks = (CodeBlock(file="app/a.py", lines="7-8", evidence="E2", note="`f`, innermost frame"),)
    body = rendered(ResearchExport(current_code=CurrentCode(problematic_code=blocks)))["current_code.problematic_code"]
    assert body == "**File:** `app/a.py` (E2: `f`, innermost frame)\n**Lines:** 7-8\n\n```python\ndef f():\n    return 1\n```"


def test_a_drafted_subsection_says_who_drafted_it_from_what() -> None:
    export = ResearchExport(
        research_questions=ResearchQuestions(primary_questions=("Why does `f` fail?", "Since when?")),
        drafts={"research_questions.primary_questions": Draft(by="playbook", evidence=("E1", "E2"))},
    )
    assert rendered(export)["research_questions.primary_questions"] == (
        "> *Drafted by playbook from E1, E2. Confirm, then delete this line.*\n\n1. Why does `f` fail?\n2. Since when?"
    )


def test_a_hypothesis_shows_quotes_for_and_against_and_both_outcomes() -> None:
    hypothesis = Hypothesis(
        theory="`f` returns too early.",
        evidence=(Quote(id="E2", quote="return 1"), Quote(id="E1", quote="# no `heading`", stance=Stance.AGAINST)),
        test="Run it:\n\n```bash\npytest -k f\n```",
        if_true="it passes",
        if_false="it fails",
    )
    assert rendered(ResearchExport(hypotheses=(hypothesis,)))["hypotheses.hypothesis_1"] == (
        "**Theory:**\n`f` returns too early.\n\n"
        "**Evidence:**\n- For (E2): `return 1`\n- Against (E1): `` # no `heading` ``\n\n"
        "**Test:**\nRun it:\n\n```bash\npytest -k f\n```\n- If true: it passes\n- If false: it fails"
    )


def test_criteria_are_boxes_to_tick_and_the_acceptance_test_is_python() -> None:
    export = ResearchExport(
        success_criteria=SuccessCriteria(how_well_know_its_fixed=("`t.py::a` passes",), acceptance_tests="def test_solution(): ...")
    )
    filled = rendered(export)
    assert filled["success_criteria.how_well_know_its_fixed"] == "- [ ] `t.py::a` passes"
    assert filled["success_criteria.acceptance_tests"] == "```python\ndef test_solution(): ...\n```"


@pytest.mark.parametrize(
    "text", ["x ![i](http://evil.invalid/p.png)", "<script>alert(1)</script>", "# heading", "{{ 7*7 }}", "::error::x", "```"]
)
def test_hostile_text_in_any_field_adds_no_heading_and_no_template_is_run(text: str) -> None:
    export = ResearchExport(
        title=text,
        research_questions=ResearchQuestions(primary_questions=(text,), search_queries=(text,)),
        hypotheses=(Hypothesis(theory=text, evidence=(Quote(id="E1", quote=text),), test=text, if_true=text, if_false=text),),
        drafts={"hypotheses.hypothesis_1": Draft(by=text, evidence=("E1",))},
    )
    whole = renderer()(export, LEDGER)
    blank = renderer()(ResearchExport(), Ledger())
    assert [r.heading for r in parse(whole).regions[1:]] == [r.heading for r in parse(blank).regions[1:]]
    assert "49" not in whole


def test_a_users_template_may_change_words(tmp_path: Path) -> None:
    shipped = (Path(__file__).parent.parent / "templates" / "shapes.md.j2").read_text("utf-8")
    (tmp_path / "shapes.md.j2").write_text(shipped.replace('"For"', '"Pro"'), "utf-8")
    export = ResearchExport(
        hypotheses=(Hypothesis(theory="x", evidence=(Quote(id="E2", quote="return 1"),), test="y", if_true="a", if_false="b"),)
    )
    assert "- Pro (E2): `return 1`" in renderer(tmp_path)(export, LEDGER)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("export.md.j2", "## {{ section.heading }}", "## {{ section.heading | upper }}", "gives? the heading"),
        ("shapes.md.j2", "- {{ slot.label }}:", "- {{ slot.label | lower }}:", "leave out the label 'Date'"),
        ("export.md.j2", "{{ part.heading }}", "{{ part.heading }", "template"),
        ("export.md.j2", "{{ part.heading }}", "{{ part.haeding }}", "haeding"),
    ],
    ids=["heading", "label", "syntax", "unknown name"],
)
def test_a_template_that_breaks_the_contract_is_refused_at_the_start(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    shipped = (Path(__file__).parent.parent / "templates" / file).read_text("utf-8")
    assert old in shipped
    (tmp_path / file).write_text(shipped.replace(old, new), "utf-8")
    with pytest.raises(TemplateError, match=said):
        renderer(tmp_path)
