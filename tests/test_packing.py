"""Packing evidence into a token budget."""

import pytest
from hypothesis import given, strategies as st

from assistant.evidence import Evidence, Kind, Origin
from assistant.packing import LeftOut, cost_of, cut_end, cut_middle, pack, shortened
from assistant.redaction import Redactor
from assistant.redaction.masked import cut_note
from assistant.tokens import ESTIMATE, UPPER_BOUND, TokenCounter, token_counter

NUMBERED = [f"line {n} of the log" for n in range(1, 101)]
LIBRARY = [
    f'  File "/venv/lib/python3.12/site-packages/starlette/routing.py", line {n}, in handle\n    await self.app(scope)' for n in range(40)
]
OURS = [f'  File "/srv/app/services/orders.py", line {n}, in place\n    return store.put(order)' for n in range(4)]
FUNCTIONS = "\n\n\n".join(f"def step_{n}(order):\n    total = order.total * {n}\n    return total" for n in range(30))


def piece(lines: list[str], *, weight: float = 1.0, name: str = "E1", kind: Kind = Kind.ERROR, language: str = "") -> Evidence:
    text = Redactor().mask("\n".join(lines))
    return Evidence(kind, Origin("a.log", 1, len(lines)), text, id=name, weight=weight, language=language)


def test_heavy_pieces_come_first() -> None:
    packed = pack([piece(["light"], weight=0.2, name="E1"), piece(["heavy"], weight=0.9, name="E2")], token_budget=100)
    assert [item.id for item in packed.pieces] == ["E2", "E1"]


def test_failures_come_first_then_code_settings_environment_logs_and_notes() -> None:
    kinds = [Kind.NOTE, Kind.LOG, Kind.ENVIRONMENT, Kind.CONFIG, Kind.CODE, Kind.ERROR]
    pieces = [piece(["x"], kind=kind, weight=1 if kind is Kind.NOTE else 0.5, name=f"E{n}") for n, kind in enumerate(kinds, 1)]
    assert [item.kind for item in pack(pieces, token_budget=1000).pieces] == kinds[::-1]


def test_equal_pieces_keep_their_order() -> None:
    pieces = [piece(["x"], name=f"E{n}") for n in range(1, 6)]
    assert [item.id for item in pack(pieces, token_budget=1000).pieces] == ["E1", "E2", "E3", "E4", "E5"]


def test_what_does_not_fit_is_cut_in_its_middle_and_counted() -> None:
    short = cut_middle(piece(NUMBERED), token_budget=200)
    assert short is not None
    lines = short.text.split("\n")
    assert lines[0] == NUMBERED[0]
    assert lines[-1] == NUMBERED[-1]
    assert lines.count(cut_note(short.cut)) == 1
    assert short.cut == 100 - (len(lines) - 1)


def test_two_of_five_lines_are_kept_in_front_of_the_cut() -> None:
    short = cut_middle(piece(NUMBERED), token_budget=200)
    assert short is not None
    lines = short.text.split("\n")
    assert lines.index(cut_note(short.cut)) == pytest.approx(0.4 * len(lines), abs=1)


def test_a_piece_that_was_cut_before_keeps_one_note_that_counts_all() -> None:
    once = cut_middle(piece(NUMBERED), token_budget=400)
    assert once is not None
    twice = cut_middle(once, token_budget=200)
    assert twice is not None
    assert sum("lines cut" in line for line in twice.text.split("\n")) == 1
    assert twice.cut == 100 - (len(twice.text.split("\n")) - 1)


@pytest.mark.parametrize(
    "stack",
    [[*OURS, *LIBRARY], [*LIBRARY, *OURS], [*LIBRARY[:20], *OURS, *LIBRARY[20:]]],
    ids=["ours first", "ours last", "ours between"],
)
@pytest.mark.parametrize("prefix", ["", "2026-11-25T04:51:12.981Z "])
def test_frames_of_libraries_are_cut_before_ours(stack: list[str], prefix: str) -> None:
    shown = "\n".join(["Traceback (most recent call last):", *stack, "KeyError: 'order'"])
    block = piece([prefix + line for line in shown.split("\n")])
    short = cut_middle(block, token_budget=cost_of(block, ESTIMATE) * 2 // 3)
    assert short is not None
    assert all(prefix + line in short.text for frame in OURS for line in frame.split("\n"))
    assert short.text.endswith("KeyError: 'order'")


def test_code_above_a_place_of_pytest_belongs_to_its_frame() -> None:
    library = [
        *(f"    value_{n} = self.fetch({n})" for n in range(40)),
        "E       KeyError: 3",
        "",
        "/v/site-packages/lib/core.py:40: KeyError",
    ]
    ours = [*(f"    assert order_{n}.total" for n in range(20)), "", "tests/test_orders.py:20: "]
    block = piece([*ours, "_ _ _ _ _", *library])
    short = cut_middle(block, token_budget=cost_of(block, ESTIMATE) // 2)
    assert short is not None
    assert all(line in short.text for line in [*ours, "E       KeyError: 3"])


def test_what_was_raised_outlives_all_else() -> None:
    block = piece([*NUMBERED[:50], "E       " + "KeyError: " + "k" * 200, "", "/v/site-packages/lib/core.py:40: KeyError"])
    short = cut_middle(block, token_budget=150)
    assert short is not None
    assert "KeyError: kkk" in short.text


def test_code_keeps_its_beginning_up_to_a_definition() -> None:
    code = piece(FUNCTIONS.split("\n"), kind=Kind.CODE, language="python")
    short = cut_end(code, token_budget=300)
    assert short is not None
    lines = short.text.split("\n")
    assert code.text.startswith("\n".join(lines[:-1]))
    assert lines[-2:] == ["    return total", cut_note(short.cut)]
    assert short.cut == len(FUNCTIONS.split("\n")) - (len(lines) - 1)
    assert short.origin == code.origin
    assert cost_of(short, ESTIMATE) > 150


def test_code_that_was_cut_before_keeps_one_note_that_counts_all() -> None:
    code = piece(FUNCTIONS.split("\n"), kind=Kind.CODE, language="python")
    once = cut_end(code, token_budget=600)
    assert once is not None
    twice = cut_end(once, token_budget=300)
    assert twice is not None
    assert sum("lines cut" in line for line in twice.text.split("\n")) == 1
    assert twice.cut == len(FUNCTIONS.split("\n")) - (len(twice.text.split("\n")) - 1)


def test_one_large_piece_leaves_half_of_the_budget_to_others_that_need_it() -> None:
    pieces = [piece(NUMBERED, name="E1"), piece(NUMBERED, name="E2", kind=Kind.LOG)]
    packed = pack(pieces, token_budget=800)
    assert [item.id for item in packed.pieces] == ["E1", "E2"]
    assert all(350 < cost_of(item, ESTIMATE) <= 400 for item in packed.pieces)


def test_one_large_piece_takes_what_others_do_not_need() -> None:
    packed = pack([piece(NUMBERED, name="E1"), piece(["x"], name="E2")], token_budget=400)
    assert cost_of(packed.pieces[0], ESTIMATE) > 350
    assert len(packed.pieces) == 2


def test_a_small_budget_goes_to_the_gravest_failure() -> None:
    packed = pack([piece(NUMBERED, name="E1"), piece(NUMBERED, name="E2")], token_budget=250)
    assert [item.id for item in packed.pieces] == ["E1"]
    assert cost_of(packed.pieces[0], ESTIMATE) > 200


def test_what_is_left_out_is_named_with_its_size() -> None:
    packed = pack([piece(["short"], name="E1"), piece(["x" * 5000], weight=0.5, name="E2")], token_budget=50)
    assert [item.id for item in packed.pieces] == ["E1"]
    assert packed.left_out == (LeftOut("E2", "does not fit: 2005 tokens"),)


def test_the_marks_around_each_piece_are_counted() -> None:
    pieces = [piece(["x"], name=f"E{n}") for n in range(1, 6)]
    assert len(pack(pieces, token_budget=100).pieces) == 5
    assert len(pack(pieces, token_budget=100, overhead=40).pieces) == 2


def test_a_long_line_that_alone_is_too_large_is_cut_and_the_rest_kept() -> None:
    short = shortened(piece(["first", "x" * 5000, "last"]), token_budget=100)
    assert short is not None
    assert short.text.split("\n") == ["first", cut_note(1), "last"]


LINES = st.sampled_from(
    ["", "x", "y" * 90, "def f():", "    return {", "@cached", "```", '  File "/usr/lib/python3.12/json/__init__.py", line 9, in loads',
     "app/a.py:3: KeyError", "E   KeyError", "漢字 😀", ")\n/etc".replace("\n", " "), "[… 3 lines cut …] in a text"]
)  # fmt: skip
PIECES = st.tuples(st.lists(LINES, max_size=60), st.sampled_from(Kind), st.floats(0, 1), st.sampled_from(["python", "go", "yaml", ""]))


@pytest.mark.parametrize("counter", [ESTIMATE, UPPER_BOUND, token_counter()], ids=lambda counter: counter.name)
@given(drawn=st.lists(PIECES, max_size=8), budget=st.integers(1, 3000), overhead=st.integers(0, 50))
def test_the_budget_is_never_exceeded_and_nothing_is_lost_or_made_up(
    counter: TokenCounter, drawn: list[tuple[list[str], Kind, float, str]], budget: int, overhead: int
) -> None:
    pieces = [
        piece(lines, weight=weight, name=f"E{n}", kind=kind, language=language)
        for n, (lines, kind, weight, language) in enumerate(drawn, 1)
    ]
    packed = pack(pieces, token_budget=budget, counter=counter, overhead=overhead)
    assert sum(cost_of(taken, counter) + overhead for taken in packed.pieces) <= budget
    assert sorted([*(taken.id for taken in packed.pieces), *(item.id for item in packed.left_out)]) == sorted(one.id for one in pieces)
    whole = {one.id: one.text.split("\n") for one in pieces}
    for taken in packed.pieces:
        lines, shown = whole[taken.id], taken.text.split("\n")
        note = shown.index(cut_note(taken.cut)) if taken.cut else len(shown)
        front, back = shown[:note], shown[note + 1 :]
        assert lines == front + lines[len(front) : len(front) + taken.cut] + back


def test_of_a_huge_file_only_what_could_fit_is_looked_at() -> None:
    counted: list[int] = []

    def count(text: str) -> int:
        counted.append(len(text))
        return len(text) // 4

    code = piece((FUNCTIONS + "\n").split("\n") * 200, kind=Kind.CODE, language="python")
    assert cut_end(code, token_budget=400, counter=TokenCounter("counting", count))
    assert sum(counted) < len(code.text) / 4
