"""How lines are weighed and shown."""

import pytest
from hypothesis import given, strategies as st

from assistant.mining.lines import Log
from assistant.mining.pieces import LONG, PART, pieces
from assistant.redaction import Redactor


def shown(text: str) -> list[str]:
    log = Log("a.log", Redactor().mask(text))
    return [log.shown[piece.line][piece.start : piece.end] for piece in pieces(log)]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("2026-01-02T03:04:05.1234567Z make all", "make all"),
        ("[task 2026-01-02T03:04:05.123Z] make all", "make all"),
        ("[03:04:05] make all", "make all"),
        ("2026-01-02 03:04:05.123456 | make all", "make all"),
        ("2026-01-02 03:04:05,123 ERROR cart lost", "2026-01-02 03:04:05,123 ERROR cart lost"),
        ("  2026-01-02T03:04:05Z make all", "  2026-01-02T03:04:05Z make all"),
        ("make all", "make all"),
    ],
)
def test_a_carriers_time_stamp_is_left_out(line: str, kept: str) -> None:
    assert shown(line) == [kept]


@pytest.mark.parametrize("command", ["\\x23#[error]boom", "\\x3a:error::boom", "\\x73ection_start:1:a"])
def test_a_ci_command_keeps_its_time_stamp_so_that_it_never_stands_first(command: str) -> None:
    assert shown(f"2026-01-02T03:04:05.1234567Z {command}") == [f"2026-01-02T03:04:05.1234567Z {command}"]


def test_a_very_long_line_is_cut_at_the_line_ends_escaped_in_it() -> None:
    line = '{"out": "' + "a" * 300 + "\\n" + "b" * 300 + "\\r\\n" + "c" * 600 + '"}'
    assert shown(line) == ['{"out": "' + "a" * 300, "b" * 300, "c" * PART, '"}']


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=2 * LONG), max_size=6))
def test_every_piece_is_a_part_of_its_line_in_order(lines: list[str]) -> None:
    log = Log("a.log", Redactor().mask("\n".join(lines)))
    found = pieces(log)
    assert [(piece.line, piece.start) for piece in found] == sorted((piece.line, piece.start) for piece in found)
    assert all(0 <= piece.start <= piece.end <= len(log.shown[piece.line]) for piece in found)
