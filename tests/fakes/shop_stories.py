"""Stories of a change: an edit somewhere in the shop, under an innocent message, and the tests that fail from then on."""

from typing import NamedTuple


class Story(NamedTuple):
    """A guilty commit: what it replaces in which file, and which tests fail then."""

    subject: str
    edits: dict[str, tuple[tuple[str, str], ...]]
    culprit: str
    failing: tuple[str, ...]
    says: tuple[str, ...]


STORIES = {
    "a default": Story(
        "Tidy the settings",
        {"shop/settings.py": (("basket_minutes: int = 60", "basket_minutes: int = 30"),)},
        "shop/settings.py",
        ("tests/test_basket.py::test_slow_shopper",),
        ("basket_minutes", "60", "30"),
    ),
    "a cache key": Story(
        "Keys of the memo need no order",
        {"shop/memo.py": (('":".join(map(str, parts))', '":".join(sorted(map(str, parts)))'),)},
        "shop/memo.py",
        ("tests/test_rates.py::test_there_and_back",),
        ("memo_key", "same key"),
    ),
    "a retry": Story(
        "Be kind to the rate service",
        {"shop/rates.py": (("TRIES = 3", "TRIES = 2"),)},
        "shop/rates.py",
        ("tests/test_rates.py::test_third_try",),
        ("TRIES", "3", "2"),
    ),
    "an order": Story(
        "Simplify the query",
        {"shop/sql/top.sql": (("ORDER BY spent DESC, customer", "ORDER BY customer"),)},
        "shop/sql/top.sql",
        ("tests/test_orders.py::test_top",),
        ("order", "ORDER BY customer"),
    ),
    "a migration": Story(
        "Days are days",
        {"shop/migrations/0001_orders.sql": (("day TEXT NOT NULL", "day INTEGER NOT NULL CHECK (typeof(day) = 'integer')"),)},
        "shop/migrations/0001_orders.sql",
        ("tests/test_orders.py::test_top", "tests/test_orders.py::test_days"),
        ("migration", "run already"),
    ),
    "a flag": Story(
        "Flags for the summer",
        {"shop/flags.json": (('"loyalty": true', '"loyalty": false'),)},
        "shop/flags.json",
        ("tests/test_checkout.py::test_slip",),
        ("loyalty", "switch"),
    ),
    "rounding": Story(
        "Plain rounding",
        {"shop/pricing.py": (("rounding=ROUND_HALF_UP", "rounding=ROUND_DOWN"), ("import ROUND_HALF_UP", "import ROUND_DOWN"))},
        "shop/pricing.py",
        ("tests/test_basket.py::test_total_with_shipping",),
        ("ROUND_DOWN", "rounded"),
    ),
    "state that lasts": Story(
        "Allocate once",
        {"shop/names.py": (("    found = []\n", ""), ("SEEN = 0\n", "SEEN = 0\nfound = []\n"))},
        "shop/names.py",
        ("tests/test_checkout.py::test_initials_of_nobody",),
        ("found = []", "outlives"),
    ),
    "a border": Story(
        "Free shipping above the limit",
        {"shop/pricing.py": (("if total >= free_from", "if total > free_from"),)},
        "shop/pricing.py",
        ("tests/test_basket.py::test_slow_shopper",),
        ("border itself",),
    ),
    "a fixture's scope": Story(
        "Faster tests",
        {"tests/conftest.py": (("@pytest.fixture\ndef basket():", '@pytest.fixture(scope="session")\ndef basket():'),)},
        "tests/conftest.py",
        ("tests/test_basket.py::test_slow_shopper", "tests/test_basket.py::test_empty", "tests/test_count.py::test_count"),
        ("scope", "fixture is made once"),
    ),
    "a name in the environment": Story(
        "One prefix for all variables",
        {"shop/settings.py": (('"SHOP_CURRENCY"', '"TEA_CURRENCY"'),)},
        "shop/settings.py",
        ("tests/test_settings.py::test_currency",),
        ("TEA_CURRENCY",),
    ),
    "a lock file": Story(
        "Refresh the lock file",
        {"requirements.lock": (("httpx==0.27.2", "httpx==0.28.0"), ("pytest==8.3.3", "pytest==8.3.4"))},
        "requirements.lock",
        ("tests/test_rates.py::test_third_try",),
        ("httpx", "0.27.2", "0.28.0"),
    ),
    "a statement that went": Story(
        "Less code",
        {
            "shop/memo.py": (
                (
                    "        if key not in self._held:\n            self._held[key] = make()\n        return self._held[key]",
                    "        return make()",
                ),
            )
        },
        "shop/memo.py",
        ("tests/test_rates.py::test_asks_once",),
        ("Memo.get",),
    ),
    "the order of imports": Story(
        "Sort imports",
        {"shop/letters.py": (("from . import extras, steps  # each", "from . import steps, extras  # each"),)},
        "shop/letters.py",
        ("tests/test_letters.py::test_receipt",),
        ("imports", "another order"),
    ),
    "a text file": Story(
        "Friendlier letters",
        {"shop/letters/receipt.txt": (("you paid {amount}.", "you have paid {amount}."),)},
        "shop/letters/receipt.txt",
        ("tests/test_letters.py::test_receipt",),
        ("you have paid",),
    ),
    "a decorator": Story(
        "Register steps at the front",
        {"shop/registry.py": (("STEPS.append(function)", "STEPS.insert(0, function)"),)},
        "shop/registry.py",
        ("tests/test_letters.py::test_receipt",),
        ("insert", "append"),
    ),
}
