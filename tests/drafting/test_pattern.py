"""Looking for literal texts first must never lose what a pattern finds."""

import pytest

from assistant.drafting.playbook.lenses import building, interfaces, surroundings, timing
from assistant.drafting.playbook.pattern import compiled, find, literals
from assistant.drafting.playbook.rules import all_rules


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("(?i)timed out|deadline exceeded", ("timed out", "deadline exceeded")),
        ("time ?out (?:expired|reached)", ("time",)),
        (r"exit code 14[03]", ("exit code 14",)),
        (r"abcd?e{0,3}|wxyz", ()),
        (r"reset by peers?|a\.b", ()),
        ("(?:a|b)", ()),
        ("colou?r is wrong", ("r is wrong",)),
    ],
)
def test_the_literal_texts_of_a_pattern_stand_in_all_that_it_matches(pattern, wanted):
    assert literals(pattern) == wanted


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(?i)timed out", "TIMED OUT"),
        ("Connection refused|no route", "xx Connection refused"),
        (r"exit code 14[03]", "exit code 143"),
        ("(?:a|b)", "b"),
    ],
)
def test_a_pattern_finds_what_it_matches(pattern, text):
    assert find(pattern, text)


def test_no_pattern_of_the_playbook_loses_a_match_on_its_own_words():
    patterns = [
        value
        for module in (building, interfaces, surroundings, timing)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    ]
    patterns += [
        pattern for rule in all_rules() for pattern in (rule.when.message, rule.when.text, rule.when.code, rule.when.ran) if pattern
    ]
    for pattern in patterns:
        for sign in literals(pattern):
            text = f" {sign} "
            assert (find(pattern, text) is None) == (compiled(pattern).search(text) is None)
