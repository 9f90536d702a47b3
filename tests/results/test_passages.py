"""Notes cut into passages: what each is, what it stands under, and who says it."""

from collections.abc import Callable

import pytest

from assistant.redaction import Redactor
from assistant.results.passages import Form, Passage, cut_notes
from assistant.results.shown import addresses, is_quotable, readable
from assistant.sources.notes import Format, Note

Cut = Callable[..., list[Passage]]


@pytest.fixture
def cut() -> Cut:
    def call(text: str, form: Format = Format.MARKDOWN, **more: object) -> list[Passage]:
        note = Note("answer.md", form, text, **more)  # type: ignore[arg-type]
        return list(cut_notes([note], [Redactor().mask(text)]))

    return call


def test_paragraphs_code_and_steps_keep_their_lines_and_headings(cut: Cut) -> None:
    found = cut("# Fix\n\nPin it:\n\n```bash\npip install 'httpx<0.28'\n```\n\n1. Pin it.\n2. Run the tests.\n")
    assert [(one.form, str(one.evidence.origin), one.text, one.heading) for one in found] == [
        (Form.PROSE, "answer.md:3", "Pin it:", "fix"),
        (Form.COMMAND, "answer.md:6", "pip install 'httpx<0.28'", "fix"),
        (Form.STEP, "answer.md:9", "1. Pin it.", "fix"),
        (Form.STEP, "answer.md:10", "2. Run the tests.", "fix"),
    ]


@pytest.mark.parametrize(
    ("text", "form", "language"),
    [
        ("```python\nx = 1\n```", Form.CODE, "python"),
        ("```\nimport os\n```", Form.CODE, "python"),
        ("    x = compute(1)\n    y = 2\n", Form.CODE, "python"),
        ("```\n$ pip install x\n```", Form.COMMAND, "bash"),
        ("```\nalembic upgrade head\n```", Form.COMMAND, "bash"),
        ("```\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n```", Form.DIFF, "diff"),
        ("```\nTraceback (most recent call last):\n  x\n```", Form.OUTPUT, "text"),
        ("```yaml\na: 1\n```", Form.CODE, "yaml"),
    ],
)
def test_a_code_block_is_known_by_its_fence_or_by_how_it_looks(cut: Cut, text: str, form: Form, language: str) -> None:
    (found,) = cut(text)
    assert (found.form, found.evidence.language) == (form, language)


def test_what_is_quoted_is_the_words_of_somebody_who_asks(cut: Cut) -> None:
    asked, said = cut("> It fails.\n\nPin it.\n")
    assert (asked.is_question, said.is_question) == (True, False)


def test_turns_of_a_conversation_have_a_voice(cut: Cut) -> None:
    found = cut("User: It fails:\n\n```\nx = 1\n```\n\nAssistant: Pin it.\n\nUser: thanks\n", Format.CHAT)
    assert [(one.text.split("\n")[0], one.is_question) for one in found] == [
        ("User: It fails:", True),
        ("x = 1", True),
        ("Assistant: Pin it.", False),
        ("User: thanks", True),
    ]


def test_a_code_block_in_a_list_is_taken_without_its_indentation(cut: Cut) -> None:
    assert cut("1. Do:\n   ```python\n   if x:\n       y()\n   ```\n")[1].text == "if x:\n    y()"


def test_a_fence_that_is_never_closed_is_read_to_the_end(cut: Cut) -> None:
    assert cut("```python\nx = 1\ny = 2")[0].text == "x = 1\ny = 2"


def test_answers_to_questions_line_by_line_are_passages_of_their_own(cut: Cut) -> None:
    assert [one.text for one in cut("Q1 answered: yes.\nQ2 open\nH1 refuted: no.\n")] == ["Q1 answered: yes.", "Q2 open", "H1 refuted: no."]


def test_a_page_without_blank_lines_is_cut_where_sentences_end(cut: Cut) -> None:
    assert len(cut("\n".join(f"This is line {number}." for number in range(30)))) == 3


def test_a_pdf_passage_names_its_page(cut: Cut) -> None:
    assert [str(one.evidence.origin) for one in cut("One.\n\nTwo.\n", Format.PDF, has_lines=False, pages=(1, 3))] == [
        "answer.md, page 1",
        "answer.md, page 2",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- **Pin** it, see [the *guide*](https://x.org/a_b).", "Pin it, see the guide (`https://x.org/a_b`)."),
        ("Delete `__pycache__` and __init__ too", "Delete `__pycache__` and __init__ too"),
        ("Use List<String> or <b>x</b>", "Use List`<String>` or `<b>`x`</b>`"),
        ("**Assistant:** Pin it.", "Pin it."),
        ("Quote it: python-version", "Quote it: python-version"),
        ("Subject: [PATCH 1/2] Pin it", "Pin it"),
        ("see <https://x.org/a>, or https://x.org/b.", "see `https://x.org/a`, or `https://x.org/b`."),
        ("> > deep\n> quote", "deep quote"),
    ],
)
def test_a_passage_is_shown_without_marks(text: str, shown: str) -> None:
    assert readable(text) == shown


@pytest.mark.parametrize("text", ["[REVIEW: tell me?]", "> *Drafted by Ada from E1. Confirm, then delete this line.*", "Drafted by Ada"])
def test_what_looks_like_a_line_of_ours_is_not_quoted(text: str) -> None:
    assert not is_quotable(text)


def test_addresses_end_where_the_sentence_goes_on() -> None:
    assert addresses("See https://x.org/a_(b), (https://x.org/c). https://x.org/a") == [
        "https://x.org/a_(b",
        "https://x.org/c",
        "https://x.org/a",
    ]
