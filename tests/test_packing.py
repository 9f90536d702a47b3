"""Packing evidence into a token budget."""

from hypothesis import given, strategies as st

from assistant.evidence import Evidence, Kind, Origin
from assistant.packing import cut_middle, estimated_tokens, pack
from assistant.redaction import Redactor
from assistant.redaction.masked import cut_note


def piece(lines: list[str], *, weight: float = 1.0, name: str = "E1") -> Evidence:
    return Evidence(Kind.ERROR, Origin("a.log", 1, len(lines)), Redactor().mask("\n".join(lines)), id=name, weight=weight)


NUMBERED = [f"line {n} of the log" for n in range(1, 101)]


def test_heavy_pieces_come_first() -> None:
    packed = pack([piece(["light"], weight=0.2, name="E1"), piece(["heavy"], weight=0.9, name="E2")], token_budget=100)
    assert [item.id for item in packed.pieces] == ["E2", "E1"]


def test_what_does_not_fit_is_cut_in_its_middle_and_counted() -> None:
    short = cut_middle(piece(NUMBERED), token_budget=200)
    assert short is not None
    lines = short.text.split("\n")
    assert lines[0] == NUMBERED[0]
    assert lines[-1] == NUMBERED[-1]
    assert lines.count(cut_note(short.cut)) == 1
    assert short.cut == 100 - (len(lines) - 1)


def test_a_piece_that_was_cut_before_keeps_one_note_that_counts_all() -> None:
    once = cut_middle(piece(NUMBERED), token_budget=400)
    assert once is not None
    twice = cut_middle(once, token_budget=200)
    assert twice is not None
    assert sum("lines cut" in line for line in twice.text.split("\n")) == 1
    assert twice.cut == 100 - (len(twice.text.split("\n")) - 1)


def test_what_is_left_out_is_named_with_its_size() -> None:
    packed = pack([piece(["short"], name="E1"), piece(["x" * 5000], weight=0.5, name="E2")], token_budget=50)
    assert [item.id for item in packed.pieces] == ["E1"]
    assert packed.left_out[0].startswith("E2 (2")


@given(
    sizes=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 200), st.floats(0, 1)), max_size=8),
    budget=st.integers(1, 4000),
)
def test_the_budget_is_never_exceeded_and_every_line_is_a_line_of_the_piece(sizes: list[tuple[int, int, float]], budget: int) -> None:
    pieces = [piece(["y" * width] * count, weight=weight, name=f"E{n}") for n, (count, width, weight) in enumerate(sizes, 1)]
    packed = pack(pieces, token_budget=budget)
    assert sum(estimated_tokens(f"{p.id} {p.origin}\n{p.text}") for p in packed.pieces) <= budget
    known = {p.id: set(p.text.split("\n")) for p in pieces}
    for taken in packed.pieces:
        assert set(taken.text.split("\n")) - {cut_note(taken.cut)} <= known[taken.id]
