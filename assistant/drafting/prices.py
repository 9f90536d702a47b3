"""What a call costs, by the price list of genai-prices or by the user's own prices."""

from genai_prices import Usage as PricedUsage, calc_price

from assistant.drafting.requests import Profile, Usage

MILLION = 1_000_000


def price_usd(usage: Usage, profile: Profile) -> float | None:
    """The price of a call in US dollars, or None where the model's price is not known.

    Args:
        usage: tokens sent and received.
        profile: names the model, and the user's own prices if there are any.
    """
    if profile.price_input is not None and profile.price_output is not None:
        return (usage.sent * profile.price_input + usage.received * profile.price_output) / MILLION
    priced = PricedUsage(input_tokens=usage.sent, cache_read_tokens=min(usage.cached, usage.sent), output_tokens=usage.received)
    try:
        return float(calc_price(priced, profile.model, provider_api_url=profile.base_url or None).total_price)
    except LookupError:
        return None
