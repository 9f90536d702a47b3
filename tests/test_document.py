"""Documents: what `parse` finds, and that `edit` changes what it was asked to change and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.document import edit, fence, parse, trim
from assistant.errors import DocumentError

TEMPLATE = (Path(__file__).parent.parent / "templates" / "research_export.md").read_text("utf-8")
PLACES = [region.place for region in parse(TEMPLATE).regions if region.place != "title" and parse(TEMPLATE).body(region.place)]
STYLES = {
    "LF": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "BOM": lambda text: "\ufeff" + text,
    "BOM and CRLF": lambda text: "\ufeff" + text.replace("\n", "\r\n"),
    "blanks at line ends": lambda text: text.replace("\n", "  \n"),
    "closed headings": lambda text: "\n".join(line + " #" if line.startswith("#") else line for line in text.split("\n")),
    "more blank lines": lambda text: text.replace("\n\n", "\n\n\n\n"),
    "no blank lines": lambda text: text.replace("\n\n", "\n").replace("\n---\n", "\n\n---\n"),
}

hostile_line = st.sampled_from(
    [
        "# heading",
        "## Hypotheses",
        "```",
        "````",
        "~~~",
        "---",
        "===",
        "<!--",
        "<script>",
        "- item",
        "1. one",
        "> quote",
        "    code",
        "[a](b)",
        "{{ x }}",
        "",
        "::error::x",
        "text",
        "\ttab",
        "&lt;",
    ]
)
fenced_body = st.lists(hostile_line | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20), min_size=1, max_size=8).map(
    lambda lines: "before\n\n" + fence("\n".join(lines)) + "\n\nafter"
)


def test_a_place_is_the_path_of_headings_in_snake_case() -> None:
    places = [region.place for region in parse(TEMPLATE).regions]
    assert places[:4] == ["title", "export_information", "problem_statement", "problem_statement.brief_description"]
    assert "success_criteria.how_well_know_its_fixed" in places
    assert places[-1] == "research_results.documentation_updates_needed"


def test_the_rule_before_the_last_section_belongs_to_no_body() -> None:
    assert (
        parse(TEMPLATE).body("notes_for_future_reference.process_improvements")
        == "[Note how this could have been prevented or caught earlier]"
    )


def test_headings_in_fences_lists_and_quotes_are_no_headings() -> None:
    text = "# Research Export: x\n\n## Context\n```\n## Hypotheses\n```\n> ## Hypotheses\n\n- ## Hypotheses\n"
    assert [region.place for region in parse(text).regions] == ["title", "context"]


def test_a_fence_that_is_never_closed_is_reported_with_its_line() -> None:
    assert parse("# T\n\n## Context\n\n```python\nx = 1\n").open_fence == 5
    assert parse("# T\n\n```\nx\n```\n").open_fence == 0


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_an_edit_without_changes_gives_the_same_bytes(style: object) -> None:
    text = style(TEMPLATE)  # type: ignore[operator]
    assert edit(text, {}) == text


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("place", PLACES)
def test_a_filled_place_parses_back_and_every_other_byte_stays(place: str, style: object) -> None:
    text = style(TEMPLATE)  # type: ignore[operator]
    region = parse(text).find(place)
    assert region is not None
    body = "- one\n\n````\n```\n# two\n````"
    changed = edit(text, {place: body})
    assert parse(changed).body(place) == body
    assert changed[: region.start] == text[: region.start]
    assert changed.endswith(text[region.end :])


@given(
    text=st.text(max_size=300),
    prefix=st.sampled_from(["", "\ufeff", "# Research Export: x\n\n"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_whatever_a_document_holds_an_empty_edit_keeps_it(text: str, prefix: str, newline: str) -> None:
    whole = prefix + text.replace("\n", newline)
    parse(whole)
    assert edit(whole, {}) == whole


@given(body=fenced_body, place=st.sampled_from(PLACES))
def test_evidence_in_a_fence_stays_inert_and_comes_back_whole(body: str, place: str) -> None:
    changed = edit(TEMPLATE, {place: body})
    document = parse(changed)
    assert document.body(place) == trim(body)
    assert [region.place for region in document.regions] == [region.place for region in parse(TEMPLATE).regions]
    assert document.open_fence == 0


@pytest.mark.parametrize(
    "body", ["## Hypotheses", "text\n\n# Title", "```\nnever closed", "<!-- never closed", "<script>\nx", "### Attempt 1", "  \n "]
)
def test_a_body_that_would_break_the_document_is_refused(body: str) -> None:
    with pytest.raises(DocumentError):
        edit(TEMPLATE, {"hypotheses.hypothesis_1": body})


def test_a_new_hypothesis_stands_after_the_last_one() -> None:
    changed = edit(TEMPLATE, {"hypotheses.hypothesis_3": "third", "hypotheses.hypothesis_4": "fourth"})
    places = [region.place for region in parse(changed).regions if region.place.startswith("hypotheses.")]
    assert places == ["hypotheses.hypothesis_1", "hypotheses.hypothesis_2", "hypotheses.hypothesis_3", "hypotheses.hypothesis_4"]
    assert parse(changed).body("hypotheses.hypothesis_4") == "fourth"


def test_search_queries_are_added_at_the_end_of_their_section() -> None:
    changed = edit(TEMPLATE, {"research_questions.search_queries": "- `x`"})
    places = [region.place for region in parse(changed).regions]
    assert places[places.index("research_questions.search_queries") - 1] == "research_questions.architecture_questions"


def test_none_removes_a_numbered_subsection_with_its_heading() -> None:
    changed = edit(TEMPLATE, {"what_we_tried.attempt_2": None})
    assert "### Attempt 2" not in changed
    assert "### Attempt 1" in changed
    assert "### Attempt 3" in changed


def test_a_place_that_the_schema_lacks_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"no place 'hypotheses\.guess'"):
        edit(TEMPLATE, {"hypotheses.guess": "x"})


def test_the_title_is_replaced_in_its_line() -> None:
    assert (
        edit("# Research Export: old\r\n\r\n## Context\r\n", {"title": "Research Export: new"})
        == "# Research Export: new\r\n\r\n## Context\r\n"
    )


def test_a_section_without_text_gets_its_first_body() -> None:
    text = "# Research Export: x\n\n## Context\n### Related Phases\n### System State\n- a\n"
    changed = edit(text, {"context.related_phases": "- b"})
    assert parse(changed).body("context.related_phases") == "- b"
    assert parse(changed).body("context.system_state") == "- a"


@given(st.text(st.sampled_from("`~> \ta\n"), max_size=60))
def test_a_fence_is_longer_than_any_run_of_backticks_inside(text: str) -> None:
    document = parse("# T\n\n" + fence(text) + "\n\n## Context\nend\n")
    assert document.body("context") == "end"
    assert len(document.fences) == 1
