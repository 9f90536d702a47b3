"""Hand-written replies about `examples/orders-service`: what a good model says, and how one goes wrong.

They cite the evidence that the example gives with `--repo`; every statement in `GOOD` holds against it.
"""

import json
from copy import deepcopy
from typing import Any

GOOD: dict[str, dict[str, Any]] = {
    "hypotheses": {
        "hypotheses": [
            {
                "theory": "`onupdate=func.now()` makes the database set `updated_at` in the UPDATE that `session.flush()` sends (E5, E12). "
                "SQLAlchemy expires such a column after the flush (not in evidence), so reading `order.updated_at` in `order_payload` (E4) "
                "loads it lazily, and a lazy load outside of `greenlet_spawn` raises `MissingGreenlet` (E1).",
                "evidence": [
                    {"id": "E12", "quote": "server_default=func.now(), onupdate=func.now())", "stance": "for"},
                    {"id": "E5", "quote": "await session.flush()", "stance": "for"},
                    {"id": "E1", "quote": "return state._load_expired(state, passive)", "stance": "for"},
                    {"id": "E13", "quote": "SessionLocal = async_sessionmaker(engine, expire_on_commit=False)", "stance": "against"},
                ],
                "test": "pytest tests/test_orders.py::test_ship_order --log-level=DEBUG",
                "if_true": "It passes once `onupdate=func.now()` is taken out of `Timestamped`.",
                "if_false": "It fails with the same `MissingGreenlet` although no column is expired by the flush.",
                "solution": "Fetch the column within the flush: set `eager_defaults` in the mapper arguments of `Timestamped`",
            },
            {
                "theory": "`record` flushes before it builds the payload (E5), so whatever the UPDATE in `close_order` (E6) leaves to the "
                "database is read too early.",
                "evidence": [
                    {"id": "E5", "quote": "the flush gives the payload its id", "stance": "for"},
                    {"id": "E6", "quote": 'await outbox.record(session, f"order.{status}", order)', "stance": "for"},
                ],
                "test": "pytest tests/test_outbox.py::test_cancelled_order_is_told",
                "if_true": "It passes once `order_payload` is called before `session.flush()`.",
                "if_false": "It still fails in `order_payload`.",
                "solution": "Call `order_payload` before the flush, or await `session.refresh(order)` after it",
            },
        ]
    },
    "summary": {
        "title": "MissingGreenlet when order_payload reads updated_at after a flush",
        "brief_description": "`/orders/{order_id}/ship` fails: `order_payload` reads `order.updated_at` and SQLAlchemy raises "
        "`MissingGreenlet` (E1, E4). Two tests fail this way, seven pass (E3). Wanted: why the attribute is loaded again after the flush, "
        "and how a column that the database sets should be read.",
        "severity": "High",
    },
    "questions": {
        "primary_questions": ["Why does reading `order.updated_at` after `session.flush()` load it from the database again (E1, E5)?"],
        "technical_questions": [
            "Does SQLAlchemy 2.0.58 (E19) expire a column with `onupdate=func.now()` after every UPDATE (E12)?",
            "Does `expire_on_commit=False` (E13) have any effect on columns that a flush expires?",
        ],
        "architecture_questions": ["Should `record` in `app/outbox.py` (E5) read values that only the database knows?"],
    },
    "search_queries": {
        "exact": ["sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_only() here"],
        "general": ["SQLAlchemy asyncio attribute expired after flush onupdate server side default lazy load"],
        "version_change": ["SQLAlchemy 2.0.58 eager_defaults onupdate asyncpg"],
    },
    "criteria": {
        "success_criteria": [
            "`tests/test_orders.py::test_ship_order` passes",
            "`tests/test_outbox.py::test_cancelled_order_is_told` passes",
            "`/orders/{order_id}/ship` answers 200",
        ],
        "acceptance_test": "from httpx import AsyncClient\n\nfrom app.models import Order\n\n\n"
        "async def test_solution(client: AsyncClient, open_order: Order) -> None:\n"
        '    response = await client.post(f"/orders/{open_order.id}/ship")\n'
        "    assert response.status_code == 200\n",
    },
    "next_steps": {
        "information_needed": [
            "The SQL that `session.flush()` sends: does the UPDATE return `updated_at`? It decides between the first and the second theory.",
            "Whether `order.updated_at` is in the expired attributes of the order right after `session.flush()`.",
        ]
    },
}


def texts(replies: dict[str, dict[str, Any]] = GOOD) -> dict[str, str]:
    """Replies as a model writes them; with the one of `--single-call`."""
    single = {
        "summary": replies["summary"],
        "hypotheses": replies["hypotheses"]["hypotheses"],
        "questions": replies["questions"],
        "search_queries": replies["search_queries"],
        "criteria": replies["criteria"],
        "next_steps": replies["next_steps"],
    }
    return {task: json.dumps(reply) for task, reply in (replies | {"single": single}).items()}


def changed(task: str, *path: str | int, to: Any) -> str:
    """A good reply with one part replaced, as text."""
    return changed_in(GOOD, task, *path, to=to)


def changed_in(replies: dict[str, dict[str, Any]], task: str, *path: str | int, to: Any) -> str:
    """One of some replies with one part replaced, as text."""
    reply = deepcopy(replies[task])
    at: Any = reply
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return json.dumps(reply)
