"""Where code and notes may be cut."""

import pytest
from hypothesis import given, strategies as st

from assistant.cutting import LANGUAGES, line_borders

MODULE = """import os

LIMIT = 3


def first(x):
    return x + LIMIT


@cached
def second(x):
    y = first(x)

    return y


class Third:
    pass
"""

NOTE = """# Tried

We raised the pool size.

```
pool_size=20

timeout=5
```

It failed again.
"""


def kept(text: str, border: int) -> str:
    return text.split("\n")[border - 1]


def test_python_is_cut_before_definitions_with_their_decorators() -> None:
    borders = line_borders(MODULE, language="python", size=60, count=len)
    assert [kept(MODULE, border) for border in borders] == ["LIMIT = 3", "    return x + LIMIT", "    return y"]


def test_a_note_is_never_cut_within_a_fence() -> None:
    borders = line_borders(NOTE, language="markdown", size=12, count=len)
    assert borders
    assert all(NOTE.split("\n")[:border].count("```") != 1 for border in borders)


def test_a_text_in_an_unknown_language_is_cut_at_blank_lines() -> None:
    assert line_borders("a: 1\nb: 2\n\nc: 3\nd: 4", language="yaml", size=12, count=len) == [2]


def test_a_long_line_is_never_cut() -> None:
    assert line_borders(f"a\n{'x' * 5000}\nb", language="python", size=10, count=len) == [1, 2]


@given(
    lines=st.lists(
        st.sampled_from(["def f():", "    return 1", "", "@x", "class A:", "```", "# h", "    if x:", "\tdef g():"]), max_size=40
    ),
    language=st.sampled_from([*LANGUAGES, "yaml", ""]),
    size=st.integers(0, 60),
)
def test_borders_lie_within_the_text_and_ascend(lines: list[str], language: str, size: int) -> None:
    borders = line_borders("\n".join(lines), language=language, size=size, count=len)
    assert borders == sorted(set(borders))
    assert all(0 < border < len(lines) for border in borders)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_known_language_has_borders(language: str) -> None:
    assert line_borders("x = 1\n\n" * 50, language=language, size=20, count=len)
