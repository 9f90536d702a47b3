import pytest
from hypothesis import given, strategies as st

from assistant.sources.text import decode, escape


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[1m\x1b[31mred\x1b[0m\x1b[K", "red"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31mred", "\\x9b31mred"),
        ("50%\r100%", "50%\\r100%".replace("\\r", "\\x0d")),
        ("one\r\ntwo\r\r\nthree", "one\ntwo\nthree"),
        ("form\x0cfeed\x0b\x85\u2028end", "form\\x0cfeed\\x0b\\x85\\u2028end"),
        ("a\u202eb\u200bc\U000e0041", "a\\u202eb\\u200bc\\U000e0041"),
        ("tab\tstays, ünïcode stays", "tab\tstays, ünïcode stays"),
        ("x\x00y\x7f", "x\\x00y\\x7f"),
    ],
)
def test_what_a_terminal_would_act_on_is_shown_instead(raw: str, shown: str) -> None:
    assert escape(raw)[0] == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("::error file=a.py::boom", "\\x3a:error file=a.py::boom"),
        ("ok\n  ##[error]boom", "ok\n  \\x23#[error]boom"),
        ("##vso[task.complete]", "\\x23#vso[task.complete]"),
        ("section_start:1:a", "\\x73ection_start:1:a"),
        ("tests/a.py::test_b", "tests/a.py::test_b"),
        ("## A heading", "## A heading"),
        ("12:00 INFO ##[error]boom", "12:00 INFO \\x23#[error]boom"),
        ("E   assert '##vso[task.complete]' == ##VSO[x]", "E   assert '\\x23#vso[task.complete]' == \\x23#VSO[x]"),
        ("a ##teamcity[x] ###[y]", "a \\x23#teamcity[x] #\\x23#[y]"),
        ("a ::error::b", "a ::error::b"),
        ("a section_start:1:b", "a section_start:1:b"),
        ("\x1b[0m\u00a0::error::b", "\u00a0\\x3a:error::b"),
    ],
)
def test_a_ci_command_loses_its_first_character_to_an_escape(raw: str, shown: str) -> None:
    assert escape(raw)[0] == shown


def test_a_pile_of_combining_marks_is_shortened_and_said() -> None:
    text, notes = escape("e" + "\u0301" * 30)
    assert text == "e\u0301"
    assert notes == ("1 pile of combining marks shortened to one mark",)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfabc", "abc"),
        ("äb".encode("utf-16"), "äb"),
        (b"\xfe\xff\x00a", "a"),
        (b"caf\xe9 \xff", "caf\\xe9 \\xff"),
        ("日本".encode(), "日本"),
    ],
)
def test_bytes_are_decoded_by_their_mark_and_nothing_is_dropped(data: bytes, text: str) -> None:
    assert decode(data) == text


@given(st.text())
def test_escaping_keeps_the_lines_and_is_done_after_one_pass(text: str) -> None:
    once, _ = escape(text)
    assert once.count("\n") == text.count("\n")
    assert escape(once)[0] == once
