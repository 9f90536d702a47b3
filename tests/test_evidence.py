"""Evidence and its ledger."""

import time

import pytest
from hypothesis import given, settings, strategies as st

from assistant.evidence import CITATION, SKIMMED_LINE, SKIMMED_TEXT, Evidence, Kind, Ledger, Masked, Origin, skimmed
from assistant.redaction import Redactor


def piece(text: str, first: int = 1) -> Evidence:
    return Evidence(Kind.LOG, Origin("a.log", first, first), Redactor().mask(text))


@pytest.mark.parametrize(
    ("origin", "printed"),
    [(Origin("tests.log", 120, 164), "tests.log:120-164"), (Origin("a.py", 3, 3), "a.py:3"), (Origin("pip list"), "pip list")],
)
def test_an_origin_prints_as_path_and_lines(origin: Origin, printed: str) -> None:
    assert str(origin) == printed


def test_ids_count_on_and_the_old_ledger_stays_as_it_was() -> None:
    first, one = Ledger().add(piece("a"))
    second, two = first.add(piece("b"))
    assert (one.id, two.id) == ("E1", "E2")
    assert (len(first), len(second)) == (1, 2)


def test_a_piece_that_is_held_already_keeps_its_id() -> None:
    ledger, one = Ledger().add(piece("a"))
    again, same = ledger.add(piece("a"))
    assert same is one
    assert again is ledger


def test_the_same_text_from_another_place_is_another_piece() -> None:
    ledger, pieces = Ledger().extend([piece("a", 1), piece("a", 9)])
    assert [item.id for item in pieces] == ["E1", "E2"]
    assert ledger.get("E2") == pieces[1]
    assert ledger.get("E3") is None


def test_ids_given_out_by_a_lost_ledger_are_not_given_again() -> None:
    _, one = Ledger(offset=7).add(piece("a"))
    assert one.id == "E8"


def test_two_ledgers_that_grow_out_of_one_do_not_see_each_other() -> None:
    parent, _ = Ledger().add(piece("a"))
    one, _ = parent.add(piece("b"))
    other, (held, new) = parent.extend([piece("a"), piece("c")])
    assert (held.id, new.id) == ("E1", "E2")
    assert [[item.text for item in ledger] for ledger in (parent, one, other)] == [["a"], ["a", "b"], ["a", "c"]]
    assert [ledger.get("E2") and ledger.get("E2").text for ledger in (parent, one, other)] == [None, "b", "c"]
    assert parent.add(piece("b"))[1].id == "E2"


def test_a_piece_given_twice_at_once_is_held_once() -> None:
    ledger, (one, two) = Ledger().extend([piece("a"), piece("a")])
    assert one is two
    assert len(ledger) == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=4), max_size=6))
def test_adding_one_by_one_is_adding_at_once(groups: list[list[str]]) -> None:
    single = together = Ledger()
    for texts in groups:
        together, numbered = together.extend(piece(text) for text in texts)
        for text, wanted in zip(texts, numbered, strict=True):
            single, one = single.add(piece(text))
            assert one == wanted
    assert single == together
    assert all(single.get(item.id) == item for item in single)


def test_ten_thousand_pieces_are_added_in_no_time() -> None:
    start = time.process_time()
    ledger, _ = Ledger().extend(Evidence(Kind.LOG, Origin("a.log", line, line), Masked("x")) for line in range(10_000))
    assert len(ledger.extend(ledger)[1]) == 10_000
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "ids"), [("see (E1), E12.", ["E1", "E12"]), ("E501-x E1.5 PE3 E0 xE1 R2", ["R2"]), ("Е1 (Cyrillic) E٣", [])]
)
def test_only_an_id_that_stands_alone_is_a_citation(text: str, ids: list[str]) -> None:
    assert [found[0] for found in CITATION.finditer(text)] == ids


@pytest.mark.parametrize("text", ["", "short", "two\nlines"])
def test_a_short_text_is_looked_at_whole(text: str) -> None:
    assert skimmed(text) == text


def test_of_a_long_text_each_line_is_cut_and_then_the_whole() -> None:
    assert skimmed("x" * 9_000_000 + "\nend") == "x" * SKIMMED_LINE + "\nend"
    assert len(skimmed("word " * 700 + "\n" + "line\n" * 100_000)) == SKIMMED_TEXT
