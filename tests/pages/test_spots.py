"""Which lines a citation means."""

import pytest
from hypothesis import given, strategies

from assistant.evidence import Evidence, Kind, Masked, Origin
from assistant.pages.spots import Spots, find_rows, numbers

LOG = Evidence(Kind.LOG, Origin("a.log", 11, 16), Masked("start\n  two  words\non  two lines\nlast words\n\nend"), id="E1")


def marked(spots: Spots) -> dict[str, list[str]]:
    return {spot.anchor: [row.text for row in spot.rows] for view in spots.views() for spot in view.spots if spot.anchor}


@pytest.mark.parametrize(
    ("text", "rows"),
    [("two words", (1, 1)), ("words on two", (1, 2)), ("start", (0, 0)), ("words end", (3, 5)), ("not there", None), ("end", None)],
)
def test_a_text_is_found_whatever_blanks_are_in_it(text: str, rows: tuple[int, int] | None) -> None:
    assert find_rows(LOG, text) == rows


def test_of_an_error_the_last_line_that_says_it_counts() -> None:
    text = Masked("raise Broken\nE  Broken: it\nx.py:3: Broken")
    assert find_rows(Evidence(Kind.ERROR, Origin("a.log", 1, 3), text), "Broken") == (2, 2)
    assert find_rows(Evidence(Kind.LOG, Origin("a.log", 1, 3), text), "Broken") == (0, 0)


def test_what_is_cited_is_marked_under_the_anchor_given_out() -> None:
    spots = Spots((LOG,))
    assert spots.anchor("E1", ("not there", "two words")) == "E1-2"
    assert spots.anchor("E1", ("words on two",)) == "E1-2-3"
    assert spots.anchor("E1", ("not there",)) == "E1"
    assert spots.anchor("E9") == ""
    assert marked(spots) == {"E1-2": ["  two  words"], "E1-2-3": ["on  two lines"]}


def test_lines_carry_the_numbers_of_their_origin() -> None:
    assert numbers(LOG, LOG.text.split("\n")) == ["11", "12", "13", "14", "15", "16"]


def test_behind_a_cut_they_count_on_from_the_end() -> None:
    texts = ["one", "[… 5 lines cut …]", "seven", "eight"]
    piece = Evidence(Kind.LOG, Origin("a.log", 1, 8), Masked("\n".join(texts)), cut=5)
    assert numbers(piece, texts) == ["1", "", "7", "8"]


@pytest.mark.parametrize("origin", [Origin("a command"), Origin("a.log", 1, 9)])
def test_numbers_that_cannot_be_told_are_not(origin: Origin) -> None:
    assert numbers(Evidence(Kind.LOG, origin, Masked("a\nb")), ["a", "b"]) == ["", ""]


@given(lines=strategies.lists(strategies.text(alphabet="ab \t", max_size=6), min_size=1, max_size=8), data=strategies.data())
def test_a_line_of_the_piece_is_found_where_it_stands_or_before(lines: list[str], data: strategies.DataObject) -> None:
    piece = Evidence(Kind.LOG, Origin("a.log"), Masked("\n".join(lines)))
    at = data.draw(strategies.integers(0, len(lines) - 1))
    rows = find_rows(piece, lines[at])
    if len(" ".join(lines[at].split())) >= 4:
        assert rows is not None
        assert rows[0] <= at
        assert " ".join(lines[at].split()) in " ".join(" ".join(lines[rows[0] : rows[1] + 1]).split())
