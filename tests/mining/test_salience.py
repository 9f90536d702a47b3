"""Which lines of a log matter, and why."""

from assistant.mining.lines import Log
from assistant.mining.pieces import pieces
from assistant.mining.salience import Salience, salience
from assistant.redaction import Redactor


def weighed(text: str, ours: frozenset[int] = frozenset()) -> Salience:
    return salience(pieces(Log("a.log", Redactor().mask(text))), ours)


def test_the_same_message_counts_less_each_time_and_is_counted() -> None:
    found = weighed("error: cart 1 lost\nerror: cart 2 lost\nerror: cart 3 lost")
    first, second, third = (sign.weight for sign in found.signs)
    assert first > second > third
    assert found.repeats == [3, 3, 3]


def test_messages_of_one_shape_count_less_each_time_but_more_than_equal_ones() -> None:
    alike = weighed("a.py:1: error: no attribute 'x'\nb.py:2: error: no attribute 'y'").signs[1].weight
    equal = weighed("a.py:1: error: no attribute 'x'\na.py:2: error: no attribute 'x'").signs[1].weight
    assert alike > equal


def test_names_of_failed_tests_keep_most_of_their_weight() -> None:
    tests = weighed("\n".join(f"FAILED tests/test_a.py::test_{name}" for name in "abcdefgh")).signs
    errors = weighed("\n".join(f"{name}.py:1: error: no attribute '{name}'" for name in "abcdefgh")).signs
    assert tests[-1].weight > errors[-1].weight


def test_what_stands_under_a_heading_of_failures_is_a_sign() -> None:
    found = weighed("Failed tests:\n  CartTest.total:31 expected:<3> but was:<4>\n  CartTest.clear:40 null\n\nDone")
    assert [sign.reason for sign in found.signs] == ["in a list of failures", "in a list of failures", "in a list of failures", "", ""]


def test_a_list_of_failures_ends_at_a_blank_line() -> None:
    assert weighed("Failures:\n  CartTest.total\n\n  something else").signs[3].weight == 0


def test_the_command_of_a_failed_step_is_a_sign() -> None:
    found = weighed("\\x23#[group]Run make\nmake\n\\x23#[endgroup]\nbuilding\n\\x23#[error]Process completed with exit code 2.")
    assert [sign.reason for sign in found.signs] == ["failed step", "failed step", "", "", "annotation"]


def test_the_script_that_a_runner_prints_is_hardly_a_sign() -> None:
    script = weighed("\\x23#[group]Run x\necho failed to start\n\\x23#[endgroup]\nok").signs[1].weight
    said = weighed("x\nit failed to start\ny\nok").signs[1].weight
    assert script < said / 2


def test_an_error_after_the_end_of_the_failed_run_counts_less() -> None:
    before = weighed("cart lost: error\nmake: *** [all] Error 2\nbye").signs[0].weight
    after = weighed("make: *** [all] Error 2\ncart lost: error\nbye").signs[1].weight
    assert before > 2 * after


def test_an_error_near_the_end_of_the_failed_run_counts_more_than_one_far_from_it() -> None:
    log = "cart lost: error\n" + "fine\n" * 1000 + "basket lost: error\nmake: *** [all] Error 2"
    signs = weighed(log).signs
    assert signs[1001].weight > 1.5 * signs[0].weight


def test_lines_beside_a_sign_matter_the_less_the_further_they_are() -> None:
    weights = weighed("one\ntwo\nthree\nValueError: bad\nfour\nfive\nsix\n" + "fine\n" * 300 + "exit code 1").weights
    assert weights[3] > weights[2] > weights[1] > weights[0]
    assert weights[3] > weights[4] > weights[5]


def test_indented_lines_after_a_sign_belong_to_it() -> None:
    indented = weighed("ValueError: bad\n  a\n  b\n  c").weights[3]
    plain = weighed("ValueError: bad\na\nb\nc").weights[3]
    assert indented > plain


def test_the_last_lines_of_a_log_matter_a_little_without_any_sign() -> None:
    weights = weighed("fine\n" * 500 + "fine").weights
    assert 0 < weights[0] < weights[-1] < 1


def test_lines_with_frames_of_our_code_are_signs() -> None:
    assert weighed("a\napp/cart.py:3: in total\nb", frozenset([1])).signs[1].reason == "our code in the trace"
