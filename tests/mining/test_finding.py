from hypothesis import given, strategies as st

from assistant.mining.finding import lines_with

WORDS = ("ab", "\nb", "c")


@given(st.lists(st.text(alphabet="abcAB ", max_size=6), max_size=8))
def test_the_marked_lines_are_those_that_hold_a_word(lines: list[str]) -> None:
    assert [bool(mark) for mark in lines_with(lines, WORDS)] == [
        "ab" in line.lower() or line.lower().startswith("b") or "c" in line.lower() for line in lines
    ]
