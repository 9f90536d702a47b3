"""Texts that stand once kept, and sums that do not pass their limit whoever adds."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.queue import sqlite_url
from assistant.queue.store import Store


def test_the_first_text_under_a_name_stands(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "a.sqlite"))
    assert (store.keep("a", "first"), store.keep("a", "second"), store.text("a"), store.text("b")) == (True, False, "first", None)
    store.close()


def test_a_sum_does_not_pass_its_limit_however_many_add_at_once(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "a.sqlite"))
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda _: store.add("cost", 0.3, limit=1.0), range(20)))
    assert (sum(added), round(store.total("cost"), 6)) == (3, 0.9)
    store.close()


def test_what_was_set_aside_can_be_put_back(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "a.sqlite"))
    store.add("cost", 1.0, limit=1.0)
    store.add("cost", -0.6)
    assert (store.add("cost", 0.5, limit=1.0), round(store.total("cost"), 6)) == (True, 0.9)
    store.close()
