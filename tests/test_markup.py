"""Plain text as Markdown that stays plain."""

import re

import pytest
from hypothesis import given, strategies as st
from markdown_it import MarkdownIt

from assistant.markup import code_span, prose, rich

WORST = MarkdownIt("commonmark", {"html": True}).enable("table")


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("`pip install x` failed", "`pip install x` failed"),
        ("foo_bar_baz stays, __init__ is shown", r"foo_bar_baz stays, \_\_init\_\_ is shown"),
        ("a *b* [c](d) <e> | f", r"a \*b\* \[c\](d) \<e\> \| f"),
        ("# no heading", r"\# no heading"),
        ("1. no list", r"1\. no list"),
        ("- no list", r"\- no list"),
        ("see https://example.org/a?b=c now", "see `https://example.org/a?b=c` now"),
        ("ask @someone about #12", "ask `@someone` about `#12`"),
        ("{{ 7*7 }} and {% x %}", "`{{ 7*7 }}` and `{% x %}`"),
        ("&lt; stays &amp; so", r"\&lt; stays \&amp; so"),
        ("[REVIEW: Which version?] stands", "[REVIEW: Which version?] stands"),
        ("two\nlines", "two lines"),
        ("an `unclosed tick", r"an \`unclosed tick"),
    ],
)
def test_text_becomes_markdown_that_shows_the_text(text: str, markdown: str) -> None:
    assert prose(text) == markdown


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "<https://evil.invalid>",
        "[x]: https://evil.invalid",
        "![i](//evil.invalid/p.png)",
        "<img src=x onerror=y>",
        "=SUM(A1)",
    ],
)
def test_hostile_text_makes_no_link_image_or_html(text: str) -> None:
    html = WORST.render(prose(text) + "\n\n[x]\n")
    assert not re.search(r"<(?!/?(?:p|code)\b)", html)


@given(st.text(max_size=120))
def test_any_text_stays_one_paragraph_of_text_and_code(text: str) -> None:
    html = WORST.render(prose("x " + text))
    assert not re.search(r"<(?!/?(?:p|code)\b)", html)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=60))
def test_a_code_span_holds_its_text_whatever_backticks_are_in_it(text: str) -> None:
    inline = WORST.parseInline(code_span(text))[0].children
    assert inline is not None
    assert [token.type for token in inline] == ["code_inline"]
    assert inline[0].content == text


def test_a_text_is_split_into_paragraphs_and_fenced_blocks() -> None:
    assert rich("Run it:\n\n```bash\npytest -x\n```\n\nThen *look*.") == [("", "Run it:"), ("bash", "pytest -x"), ("", r"Then \*look\*.")]
