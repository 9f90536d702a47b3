"""Caps on cost and tokens: a call that could pass them is refused before it is made."""

import pytest
from hypothesis import given, strategies as st

from assistant.drafting.caps import Caps, Limits
from assistant.drafting.prices import price_usd
from assistant.drafting.requests import Profile, Usage

CALL = Usage(sent=900, received=100)


def a_dollar_a_thousand(usage: Usage) -> float | None:
    return (usage.sent + usage.received) / 1000


def unknown(usage: Usage) -> float | None:
    return None


def test_without_limits_every_call_may_be_made() -> None:
    caps = Caps(Limits(), unknown)
    assert [caps.refusal(CALL) for _ in range(3)] == ["", "", ""]


@pytest.mark.parametrize(
    ("limits", "allowed"),
    [
        (Limits(tokens=1000), 1),
        (Limits(tokens=999), 0),
        (Limits(tokens=2500), 2),
        (Limits(tokens=0), 0),
        (Limits(cost_usd=1.0), 1),
        (Limits(cost_usd=0.99), 0),
        (Limits(cost_usd=0.0), 0),
        (Limits(cost_usd=5.0, tokens=3000), 3),
        (Limits(cost_usd=2.0, tokens=9000), 2),
    ],
)
def test_calls_are_made_up_to_the_limit_and_not_past_it(limits: Limits, allowed: int) -> None:
    caps = Caps(limits, a_dollar_a_thousand)
    assert [not caps.refusal(CALL) for _ in range(4)] == [True] * allowed + [False] * (4 - allowed)


def test_what_a_call_under_way_may_take_counts_until_it_is_back() -> None:
    caps = Caps(Limits(tokens=1500), a_dollar_a_thousand)
    assert caps.refusal(CALL) == ""
    assert caps.refusal(CALL) != ""
    caps.settle(CALL, Usage(sent=400, received=50))
    assert caps.refusal(CALL) == ""


def test_a_failed_call_that_took_tokens_counts() -> None:
    caps = Caps(Limits(tokens=1500), a_dollar_a_thousand)
    caps.refusal(CALL)
    caps.settle(CALL, CALL)
    assert caps.refusal(CALL) == "--max-tokens 1500 would be passed: 1000 are used, the next call may take 1000"


def test_a_refusal_names_the_cap_what_is_spent_and_what_the_call_may_cost() -> None:
    caps = Caps(Limits(cost_usd=1.5), a_dollar_a_thousand)
    caps.refusal(CALL)
    assert caps.refusal(CALL) == "--max-cost 1.5 would be passed: $1.0000 are spent, the next call may cost $1.0000"


def test_a_cap_on_cost_lets_nothing_through_where_the_price_is_not_known() -> None:
    assert Caps(Limits(cost_usd=100.0), unknown).refusal(CALL) == "--max-cost is set, but the model's price is not known"


def test_a_refused_call_sets_nothing_aside() -> None:
    caps = Caps(Limits(tokens=1000), a_dollar_a_thousand)
    assert caps.refusal(Usage(sent=5000)) != ""
    assert caps.refusal(CALL) == ""


counts = st.integers(0, 2000)


@given(st.lists(st.tuples(counts, counts, st.floats(0, 1)), max_size=20), st.integers(0, 10_000))
def test_no_calls_in_any_order_take_more_than_the_cap(calls: list[tuple[int, int, float]], limit: int) -> None:
    caps, taken = Caps(Limits(tokens=limit), unknown), 0
    for sent, received, share in calls:
        most = Usage(sent=sent, received=received)
        if not caps.refusal(most):
            used = Usage(sent=sent, received=int(received * share))
            caps.settle(most, used)
            taken += used.sent + used.received
    assert taken <= limit


def test_the_users_own_prices_go_before_the_price_list() -> None:
    profile = Profile(model="gpt-4o", price_input=2.0, price_output=10.0)
    assert price_usd(Usage(sent=1_000_000, received=100_000), profile) == 3.0


def test_the_price_list_knows_hosted_models_and_that_cached_tokens_cost_less() -> None:
    full, cached = (price_usd(Usage(sent=100_000, cached=part, received=1000), Profile(model="gpt-4o")) for part in (0, 90_000))
    assert full
    assert cached
    assert 0 < cached < full


def test_a_model_that_the_price_list_does_not_know_has_no_price() -> None:
    assert price_usd(CALL, Profile(model="tiny-random", base_url="http://127.0.0.1:8000/v1")) is None


@pytest.mark.parametrize("model", ["gpt-4o", "tiny-random"])
def test_no_tokens_cost_nothing_or_have_no_price(model: str) -> None:
    assert not price_usd(Usage(), Profile(model=model))


def test_more_cached_tokens_than_sent_ones_do_not_break_the_price() -> None:
    assert price_usd(Usage(sent=10, cached=20, received=1), Profile(model="gpt-4o")) is not None
