"""A worker drafts what others have handed in, with nothing but what stands in the database."""

from dataclasses import asdict
from pathlib import Path

from pytest_logs import block, log

from assistant.assembly import Stated
from assistant.batch.cases import read_case
from assistant.batch.jobs import DRAFT, QUEUE, Order, jobs, settings_for_workers
from assistant.batch.scanning import Masking, scan
from assistant.batch.working import work
from assistant.queue import QueueOptions, open_queue, sqlite_url
from assistant.queue.store import Store
from assistant.settings import Settings


def test_a_worker_drafts_what_was_handed_in_and_stops_when_there_is_nothing_left(tmp_path: Path) -> None:
    path, url = tmp_path / "unit.log", sqlite_url(tmp_path / "queue.sqlite")
    path.write_text(log(block("tests/test_a.py::test_price", "ValueError: no price for 17 items", "shop/price.py:10:price_of")))
    ((read,), _) = scan([str(path)], Masking(), tmp_path)
    case = read_case(tmp_path / read.spool, read.groups[0].case)
    path.unlink()
    order = Order(batch="b", stated=asdict(Stated(date="2026-11-25")), settings=settings_for_workers(Settings()))
    store = Store(url)
    with open_queue(QueueOptions(database_url=url, name=QUEUE, work=False), jobs(store, Settings())) as queue:
        queue.enqueue(DRAFT, "b:1", [case], asdict(order))
    assert work(url, Settings(), idle_s=1.0) == 1
    with open_queue(QueueOptions(database_url=url, name=QUEUE, work=False), jobs(store, Settings())) as queue:
        assert queue.result("b:1")["text"].startswith("# Research Export: `ValueError: no price for 17 items`")
    store.close()


def test_no_key_is_handed_to_workers() -> None:
    assert "api_key" not in settings_for_workers(Settings(api_key="anything"))
