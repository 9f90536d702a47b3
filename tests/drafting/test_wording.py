"""Texts are cut where a sentence or clause ends, and what is left is verbatim."""

import pytest

from assistant.drafting.playbook.wording import shorten, without_tail


@pytest.mark.parametrize(
    ("text", "limit", "wanted"),
    [
        ("It was not called; use it here. Was IO attempted in an unexpected place?", 50, "It was not called; use it here."),
        ("Several heads are present for 'head'; please specify one of them, 'a' or 'b'", 60, "Several heads are present for 'head'"),
        ("cannot import name 'x' from 'y' (/usr/lib/python3/site-packages/y/__init__.py)", 60, "cannot import name 'x' from 'y'"),
        ("Cannot invoke the method of this customer because the return value is null", 60, "Cannot invoke the method of this customer"),
        ("one two three four five six seven eight of the nine", 45, "one two three four five six seven eight"),
        ("short enough", 45, "short enough"),
    ],
)
def test_a_text_ends_with_a_sentence_or_clause_or_at_least_no_joining_word(text, limit, wanted):
    assert shorten(text, limit) == wanted


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("not called here. (Background on this error at: https://sqlalche.me/e/20/xd2s)", "not called here."),
        ("invoice 8 cannot be rendered] with root cause", "invoice 8 cannot be rendered"),
        ("a list ends with ]", "a list ends with ]"),
    ],
)
def test_what_is_added_behind_a_message_is_no_part_of_it(message, wanted):
    assert without_tail(message) == wanted


@pytest.mark.parametrize("hostile", ["(, " * 100_000, "]" * 200_000, " " * 200_000 + "x", "a;" * 100_000])
def test_hostile_messages_are_cut_at_once(hostile):
    assert len(shorten(without_tail(hostile), 180)) <= 180
