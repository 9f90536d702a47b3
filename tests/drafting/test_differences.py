"""The kind of difference between two values names the kind of mistake; where it has no name, nothing is said."""

import pytest
from hypothesis import given, strategies as st

from assistant.drafting.playbook.lenses import differences as kinds
from assistant.drafting.playbook.lenses.differences import difference


@pytest.mark.parametrize(
    ("actual", "expected", "kind"),
    [
        ("3", "2", kinds.OFF_BY_ONE),
        ("4.0", "8", kinds.FACTOR),
        ("1250", "12.5", kinds.FACTOR),
        ("0.30000000000000004", "0.3", kinds.FLOATING),
        ("-5", "5", kinds.SIGN),
        ("[2, 1]", "[1, 2]", kinds.ORDER),
        ("[1, 1]", "[1]", kinds.ENTRIES),
        ("'Ada'", "'ada'", kinds.CASE),
        ("'a b'", "'a  b'", kinds.SPACE),
        ("'5'", "5", kinds.TYPE),
        ("None", "5", kinds.NOTHING),
        ("2945", "3095", None),
        ("'open'", "'closed'", None),
        ("result.total", "5", None),
        ("__import__('os')", "5", None),
    ],
)
def test_a_difference_has_a_kind_or_none(actual, expected, kind):
    assert difference(actual, expected) == kind


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_of_a_log_can_be_compared(actual, expected):
    found = difference(actual, expected)
    assert found is None or found.theory
