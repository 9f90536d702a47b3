"""The parts of logs that are shown within a budget."""

from hypothesis import given, strategies as st

from assistant.mining.lines import Log
from assistant.mining.novelty import usual
from assistant.mining.passages import HEAD_COST, Passages, passages
from assistant.mining.pieces import pieces
from assistant.redaction import Redactor


def log(text: str, name: str = "a.log") -> Log:
    return Log(name, Redactor().mask(text))


def chosen(text: str, room: int = 1000) -> Passages:
    return passages([(log(text), ())], room=room)


def test_the_most_telling_part_comes_first() -> None:
    found = chosen("warning: slow\n" + "fine\n" * 60 + "ValueError: bad\n" + "fine\n" * 60 + "exit code 1", room=300).chosen
    assert "ValueError: bad" in found[0].text
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)


def test_a_passage_says_where_it_stands_and_why_it_was_chosen() -> None:
    found = chosen("fine\n" * 50 + "ValueError: bad\n" + "fine\n" * 400, room=63).chosen
    assert [(str(one.origin), one.reason, one.repeats) for one in found] == [("a.log:51", "exception", 1)]


def test_a_larger_budget_shows_more_around_the_same_sign() -> None:
    text = "\n".join(f"step {number}" for number in range(50)) + "\nValueError: bad"
    little, much = (chosen(text, room).chosen[0] for room in (70, 300))
    assert much.origin.first < little.origin.first
    assert much.text.endswith(little.text)


def test_what_is_not_shown_is_counted() -> None:
    found = chosen("cart.c:1: error: a\n" + "fine\n" * 99 + "basket.c:2: error: no such thing", room=70)
    assert (found.lines, found.left_out, found.telling) == (101, 100, 1)


def test_lines_too_near_to_be_worth_a_head_of_their_own_are_bridged() -> None:
    found = chosen("ValueError: bad\n\n\nKeyError: worse", room=100).chosen
    assert [str(one.origin) for one in found] == ["a.log:1-4"]


def test_equal_parts_of_one_long_line_are_shown_once() -> None:
    record = ("KeyError: 'id'\\n" + "quite a long filler of no interest " * 20) * 6
    for room in range(100, 1000, 50):
        found = chosen("\n".join(["start", record, *["fine"] * 300, "end"]), room).chosen
        assert len({(one.origin, one.text) for one in found}) == len(found)


def test_several_logs_compete_for_one_budget() -> None:
    found = passages([(log("fine\nerror", "a.log"), ()), (log("ValueError: bad", "b.log"), ())], room=70)
    assert [one.origin.path for one in found.chosen] == ["b.log"]


def test_what_a_green_run_says_too_gives_way_to_what_is_new() -> None:
    green = usual(pieces(log("connect: error 1, retrying\nready\nstarted 3 workers")))
    red = log("connect: error 2, retrying\nready\nclock wrong, adjusting\nstarted 4 workers")
    found = passages([(red, ())], room=70, usual=green)
    assert [(one.text, one.reason) for one in found.chosen] == [("clock wrong, adjusting", "not in the green run")]


@given(
    st.lists(st.sampled_from(["fine", "ValueError: bad", "", "  at x", "x" * 900, "error: a\\nb" * 200]), max_size=40), st.integers(0, 3000)
)
def test_passages_fit_their_room_and_hold_only_lines_of_the_log(lines: list[str], room: int) -> None:
    source = log("\n".join(lines))
    found = passages([(source, ())], room=room).chosen
    assert sum(len(one.text) + 1 + HEAD_COST + len(source.name) for one in found) <= room
    assert all(any(line in shown for shown in source.shown) for one in found for line in one.text.split("\n"))
