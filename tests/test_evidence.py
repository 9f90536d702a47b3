"""Evidence and its ledger."""

import pytest

from assistant.evidence import CITATION, Evidence, Kind, Ledger, Origin
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


@pytest.mark.parametrize(
    ("text", "ids"), [("see (E1), E12.", ["E1", "E12"]), ("E501-x E1.5 PE3 E0 xE1 R2", ["R2"]), ("Е1 (Cyrillic) E٣", [])]
)
def test_only_an_id_that_stands_alone_is_a_citation(text: str, ids: list[str]) -> None:
    assert [found[0] for found in CITATION.finditer(text)] == ids
