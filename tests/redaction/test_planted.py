"""What masking reaches on planted secrets, look-alikes and personal data; every value is drawn when the test runs."""

from collections.abc import Callable, Iterator

import planting
import pytest
from planting import Planted

from assistant.redaction import Redactor
from assistant.redaction.contexts import contexts
from assistant.redaction.providers import shapes
from assistant.redaction.sieve import hints_in, suspicious_lines

SEEDS = (20, 21)
FOUND = 0.98
CHANGED = 0.01


def leaks(one: Planted, masked: str) -> bool:
    """Whether a secret, or half of one, still stands in the text."""
    for secret in one.secrets:
        size = max(8, len(secret) // 2)
        pieces = [secret[at : at + size] for at in range(len(secret) - size + 1)] if len(secret) >= size else []
        if secret in masked or any(piece in masked for piece in pieces):
            return True
    return False


def drawn(make: Callable[[int], Iterator[Planted]]) -> list[Planted]:
    return [one for seed in SEEDS for one in make(seed)]


@pytest.mark.parametrize("make", [planting.tokens, planting.assignments, planting.written])
def test_planted_secrets_go_and_nothing_of_them_is_left(make):
    everything = drawn(make)
    missed = [one.kind for one in everything if leaks(one, Redactor().mask(one.text))]
    assert len(missed) <= (1 - FOUND) * len(everything), missed


def test_planted_personal_data_goes_where_asked_for():
    everything = drawn(lambda seed: planting.written(seed, "personal"))
    missed = [one.kind for one in everything if leaks(one, Redactor(pii=True).mask(one.text))]
    assert len(missed) <= 0.05 * len(everything), missed


@pytest.mark.parametrize(("table", "pii"), [("harmless", False), ("harmless", True), ("impersonal", True)])
def test_what_looks_like_a_secret_or_speaks_of_one_stays_as_it_is(table, pii):
    everything = drawn(lambda seed: planting.harmless(seed, table))
    changed = [one.kind for one in everything if Redactor(pii=pii).mask(one.text) != one.text]
    assert len(changed) <= CHANGED * len(everything), changed


@pytest.mark.parametrize("make", [planting.tokens, planting.assignments, planting.written])
def test_masking_planted_texts_twice_is_masking_them_once_and_lines_stay(make):
    for one in make(22):
        masked = Redactor(pii=True).mask(one.text)
        assert Redactor(pii=True).mask(masked) == masked
        assert masked.count("\n") == one.text.count("\n")


def test_all_planted_secrets_go_from_one_text_too():
    everything = [one for make in (planting.tokens, planting.written) for one in make(23)]
    masked = Redactor().mask("\n\nan ordinary line\n\n".join(one.text for one in everything))
    missed = [one.kind for one in everything if leaks(one, masked)]
    assert len(missed) <= (1 - FOUND) * len(everything), missed


@pytest.mark.parametrize("kind", sorted({row.split(" ", 1)[0] for row in planting.rows("shapes")}))
def test_no_row_of_shapes_is_token_shaped_in_the_repository(kind):
    row = next(row for row in planting.rows("shapes") if row.startswith(kind + " "))
    assert "⟨" in row


ORDINARY = """\
2026-07-14 10:00:01,123 INFO orders.api.views GET /v1/orders/17/items status=200 dur=12ms rid=3b0339f17fb6528c1fb07c65b32fe52a
  File "/app/orders/views.py", line 12, in get_order
tests/test_orders.py::test_ship_order PASSED [ 12%]
E       assert 3 == 4
npm WARN deprecated request@2.88.2: request has been deprecated
Collecting sqlalchemy==2.0.58
Step 3/12 : COPY . /app
[INFO] Building shop-api 1.2.0-SNAPSHOT
ok 12 - renders the list
java.lang.IllegalStateException: no transaction is in progress"""


@pytest.mark.parametrize("line", ORDINARY.split("\n"))
def test_no_rule_looks_at_an_ordinary_line(line):
    assert list(suspicious_lines(line, pii=False)) == []


def test_every_rule_can_be_chosen():
    texts = [one.text for seed in SEEDS for make in (planting.tokens, planting.assignments, planting.written) for one in make(seed)]
    chosen = {rule for text in texts for line in text.split("\n") for rule in hints_in(line, pii=False).rules}
    assert {place.pattern for place in contexts()} <= {rule.pattern for rule in chosen}
    assert len([shape for shape in shapes() if shape not in chosen]) <= 0.1 * len(shapes())
