"""A small project with a history: what all stories of the tests begin with, and the harmless commits around the guilty one."""

PROJECT = {
    "README.md": "# shop\n\nSells tea.\n",
    "requirements.lock": "anyio==4.6.0\nhttpx==0.27.2\npydantic==2.9.2\npytest==8.3.3\nsqlalchemy==2.0.36\n",
    ".env": "SHOP_CURRENCY=EUR\nSHOP_TOKEN=aaa\n",
    "pytest.ini": "[pytest]\ntestpaths = tests\n",
    "shop/__init__.py": '__version__ = "1.0.0"\n',
    "shop/settings.py": '''"""Settings of the shop."""
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    currency: str = "EUR"
    basket_minutes: int = 60
    free_from: int = 50
    express: bool = True


def read() -> Settings:
    return Settings(currency=os.environ.get("SHOP_CURRENCY", "EUR"))
''',
    "shop/pricing.py": '''"""What things cost."""
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def net(price: Decimal, count: int) -> Decimal:
    return (price * count).quantize(CENT, rounding=ROUND_HALF_UP)


def shipping(total: Decimal, free_from: int) -> Decimal:
    return Decimal(0) if total >= free_from else Decimal("4.90")
''',
    "shop/basket.py": '''"""Baskets and what becomes of them."""
from datetime import datetime, timedelta

from .pricing import net, shipping
from .settings import Settings


class Basket:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lines = []

    def put(self, name, price, count, at: datetime) -> None:
        self.lines.append((name, price, count, at))

    def alive(self, now: datetime):
        border = now - timedelta(minutes=self.settings.basket_minutes)
        return [line for line in self.lines if line[3] >= border]

    def total(self, now: datetime):
        amount = sum(net(price, count) for _, price, count, _ in self.alive(now))
        return amount + shipping(amount, self.settings.free_from)
''',
    "shop/memo.py": '''"""Remembers answers of slow services."""


def memo_key(*parts: object) -> str:
    return ":".join(map(str, parts))


class Memo:
    def __init__(self) -> None:
        self._held = {}

    def get(self, key, make):
        if key not in self._held:
            self._held[key] = make()
        return self._held[key]
''',
    "shop/rates.py": '''"""Exchange rates from a slow service."""
import time

from .memo import Memo, memo_key

TRIES = 3
PAUSE_S = 0.0


class Rates:
    def __init__(self, fetch) -> None:
        self._fetch = fetch
        self._memo = Memo()

    def rate(self, day, source, target):
        return self._memo.get(memo_key(day, source, target), lambda: self._asked(day, source, target))

    def _asked(self, day, source, target):
        for _ in range(TRIES):
            try:
                return self._fetch(day, source, target)
            except TimeoutError:
                time.sleep(PAUSE_S)
        raise TimeoutError("no rate")
''',
    "shop/orders.py": '''"""Orders in a database."""
import sqlite3
from pathlib import Path

HERE = Path(__file__).parent
MIGRATIONS = HERE / "migrations"


class Orders:
    def __init__(self, path: str = ":memory:") -> None:
        self.db = sqlite3.connect(path)
        for file in sorted(MIGRATIONS.glob("*.sql")):
            self.db.executescript(file.read_text())
        self._top = (HERE / "sql" / "top.sql").read_text()

    def add(self, customer, day, cents) -> None:
        with self.db:
            self.db.execute("INSERT INTO orders (customer, day, cents) VALUES (?, ?, ?)", (customer, day, cents))

    def top(self, limit=3):
        return self.db.execute(self._top, (limit,)).fetchall()

    def days(self):
        return [day for (day,) in self.db.execute("SELECT DISTINCT day FROM orders ORDER BY day")]
''',
    "shop/sql/top.sql": "SELECT customer, sum(cents) AS spent\nFROM orders\nGROUP BY customer\nORDER BY spent DESC, customer\nLIMIT ?\n",
    "shop/migrations/0001_orders.sql": "CREATE TABLE orders (\n    id INTEGER PRIMARY KEY,\n    customer TEXT NOT NULL,\n    day TEXT NOT NULL,\n    cents INTEGER NOT NULL\n);\n",
    "shop/flags.json": '{\n  "gift_wrap": true,\n  "loyalty": true\n}\n',
    "shop/checkout.py": '''"""The last step."""
import json
from pathlib import Path

from .names import clean_name

FLAGS = json.loads((Path(__file__).parent / "flags.json").read_text())


def slip(customer: str, cents: int) -> str:
    points = cents // 100 if FLAGS["loyalty"] else 0
    return f"{clean_name(customer)}: {cents / 100:.2f}, {points} points"
''',
    "shop/names.py": '''"""Names as they are printed."""

SEEN = 0


def clean_name(name: str) -> str:
    return " ".join(name.split()).title()


def initials(names) -> list[str]:
    found = []
    for name in names:
        found.append(clean_name(name)[:1])
    return found
''',
    "shop/letters/receipt.txt": "Dear {name},\nyou paid {amount}.\n",
    "shop/letters.py": '''"""Letters to customers."""
from pathlib import Path

from . import extras, steps  # each adds its steps when it is imported


def receipt(name: str, amount: str) -> str:
    text = (Path(__file__).parent / "letters" / "receipt.txt").read_text()
    for step in steps.STEPS:
        text = step(text)
    return text.format(name=name, amount=amount)
''',
    "shop/registry.py": '''"""Steps that a letter goes through, in the order in which they were added."""

STEPS = []


def step(function):
    STEPS.append(function)
    return function
''',
    "shop/steps.py": '''"""Steps of all letters."""
from .registry import STEPS, step


@step
def without_last_break(text: str) -> str:
    return text.rstrip()
''',
    "shop/extras.py": '''"""Steps that came later."""
from .registry import step


@step
def with_greeting(text: str) -> str:
    return text + "Your shop\\n"
''',
    "tests/test_letters.py": """from shop.letters import receipt


def test_receipt():
    assert receipt("Ann", "5.00") == "Dear Ann,\\nyou paid 5.00.\\nYour shop"
""",
    "tests/conftest.py": """import datetime

import pytest

from shop.basket import Basket
from shop.orders import Orders
from shop.settings import read


@pytest.fixture
def noon():
    return datetime.datetime(2026, 3, 2, 12, 0)


@pytest.fixture
def basket():
    return Basket(read())


@pytest.fixture
def orders():
    held = Orders()
    for customer, day, cents in [("bo", "2026-03-01", 900), ("al", "2026-03-01", 900), ("cy", "2026-03-02", 1500), ("bo", "2026-03-02", 200)]:
        held.add(customer, day, cents)
    return held
""",
    "tests/test_basket.py": """from datetime import timedelta
from decimal import Decimal


def test_total_with_shipping(basket, noon):
    basket.put("tea", Decimal("3.335"), 3, noon)
    assert basket.total(noon) == Decimal("14.91")


def test_slow_shopper(basket, noon):
    basket.put("pot", Decimal("50"), 1, noon - timedelta(minutes=40))
    assert basket.total(noon) == Decimal("50")


def test_empty(basket, noon):
    assert basket.alive(noon) == []
""",
    "tests/test_rates.py": """import pytest

from shop.rates import Rates


def test_there_and_back():
    rates = Rates(lambda day, source, target: 2 if source == "EUR" else 0.5)
    assert (rates.rate("d", "EUR", "USD"), rates.rate("d", "USD", "EUR")) == (2, 0.5)


def test_third_try():
    answers = [TimeoutError, TimeoutError, 7]

    def fetch(day, source, target):
        answer = answers.pop(0)
        if answer is TimeoutError:
            raise answer
        return answer

    assert Rates(fetch).rate("d", "EUR", "USD") == 7


def test_asks_once():
    asked = []
    rates = Rates(lambda *parts: asked.append(parts) or 1)
    rates.rate("d", "EUR", "USD")
    rates.rate("d", "EUR", "USD")
    assert len(asked) == 1
""",
    "tests/test_settings.py": """from shop.settings import read


def test_currency(monkeypatch):
    monkeypatch.setenv("SHOP_CURRENCY", "CHF")
    assert read().currency == "CHF"
""",
    "tests/test_orders.py": """def test_top(orders):
    assert orders.top(2) == [("cy", 1500), ("bo", 1100)]


def test_days(orders):
    assert orders.days() == ["2026-03-01", "2026-03-02"]
""",
    "tests/test_checkout.py": """from shop.checkout import slip
from shop.names import initials


def test_slip():
    assert slip("ann  lee", 1250) == "Ann Lee: 12.50, 12 points"


def test_initials():
    assert initials(["ann", "bo"]) == ["A", "B"]


def test_initials_of_nobody():
    assert initials([]) == []
""",
}

BEFORE = [
    ("Notes of phase 1", {"docs/phase-1.md": "# Phase 1\n\nBaskets work.\n"}),
]

HARMLESS = [
    (
        "Count what lies in a basket",
        {"shop/basket.py": (("", "\n    def count(self) -> int:\n        return sum(line[2] for line in self.lines)\n"),)},
        {"tests/test_count.py": "def test_count(basket, noon):\n    basket.put('tea', 1, 3, noon)\n    assert basket.count() == 3\n"},
    ),
    ("Say what the memo is for", {"shop/memo.py": (("slow services.", "slow services, for one process."),)}, {}),
    (
        "Give the price of shipping a name",
        {
            "shop/pricing.py": (
                ('Decimal("4.90")', "SHIPPING"),
                ('CENT = Decimal("0.01")', 'CENT = Decimal("0.01")\nSHIPPING = Decimal("4.90")'),
            )
        },
        {},
    ),
    (
        "Labels for the printer",
        {},
        {
            "shop/labels.py": "WIDTH = 30\n\n\ndef label(name: str) -> str:\n    return name.center(WIDTH)\n",
            "tests/test_labels.py": "from shop.labels import label\n\n\ndef test_label():\n    assert label('a').strip() == 'a'\n",
        },
    ),
    (
        "Refuse negative counts",
        {
            "shop/basket.py": (
                ("at: datetime) -> None:\n", "at: datetime) -> None:\n        if count < 0:\n            raise ValueError(count)\n"),
            )
        },
        {},
    ),
    ("Version 1.1.0", {"shop/__init__.py": (("1.0.0", "1.1.0"),)}, {}),
]
"""What other people do in the meantime: what they replace in files, an empty text stands for the end; and the files they add."""
