"""Hand-written replies about `tests/data/notes/helpful.md`, an answer to the example's export: what a good model says of it, and how one goes wrong."""

import json
from typing import Any

from good_replies import changed_in

GOOD: dict[str, dict[str, Any]] = {
    "results": {
        "answer_found": "yes",
        "solution": [
            {
                "text": "Set `eager_defaults` in the mapper arguments of `Timestamped`, so that the flush fetches `updated_at`.",
                "ids": ["R2", "R3"],
            },
            {"text": "Or await a refresh of `updated_at` in `record` before the payload is built.", "ids": ["R4", "R5"]},
        ],
        "why": [
            {
                "text": "The column has `onupdate=func.now()`: the database makes the value in the UPDATE of the flush, and SQLAlchemy expires the "
                "attribute. The read in `order_payload` then loads it outside of an awaited call.",
                "ids": ["R1", "E1"],
            }
        ],
        "steps": [
            {"text": "Add the mapper argument to `Timestamped` in `app/models.py`.", "ids": ["R3"]},
            {
                "text": "Run `tests/test_orders.py::test_ship_order` and `tests/test_outbox.py::test_cancelled_order_is_told`.",
                "ids": ["R6", "E1"],
            },
        ],
        "code": [{"language": "python", "code": 'await session.refresh(order, ["updated_at"])', "ids": ["R5"]}],
        "tests": [
            {
                "language": "python",
                "code": "async def test_updated_at_can_be_read_after_a_flush(session, open_order):\n"
                '    open_order.status = "shipped"\n    await session.flush()\n    assert open_order.updated_at is not None\n',
                "ids": ["R7"],
            }
        ],
        "documentation": [],
        "links": [
            {
                "id": "R8",
                "url": "https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.Mapper.params.eager_defaults",
            }
        ],
    },
    "answers": {
        "questions": [
            {
                "number": 1,
                "status": "answered",
                "answer": "The flush leaves `updated_at` expired, since the database makes its value.",
                "ids": ["R1"],
            },
            {"number": 2, "status": "open", "answer": "", "ids": []},
        ],
        "hypotheses": [
            {
                "number": 1,
                "status": "supported",
                "quotes": [{"id": "R1", "quote": "SQLAlchemy expires the attribute and loads it again on the next read", "stance": "for"}],
            },
            {"number": 2, "status": "untouched", "quotes": []},
            {
                "number": 3,
                "status": "refuted",
                "quotes": [{"id": "R1", "quote": "it is a flush, not a commit", "stance": "against"}],
            },
        ],
        "contradictions": [],
        "off_topic": [],
    },
}
TEXTS = {task: json.dumps(reply) for task, reply in GOOD.items()}


def changed(task: str, *path: str | int, to: Any) -> str:
    """A good reply with one part replaced, as text."""
    return changed_in(GOOD, task, *path, to=to)


def _results(found: str, **parts: Any) -> dict[str, Any]:
    return {name: parts.get(name, [] if name != "answer_found" else found) for name in GOOD["results"]}


def _answers(**parts: Any) -> dict[str, Any]:
    return {name: parts.get(name, []) for name in GOOD["answers"]}


def _said(text: str, *ids: str) -> dict[str, Any]:
    return {"text": text, "ids": list(ids)}


SETTING = "Set `eager_defaults` in the mapper arguments of `Timestamped`."
ABOUT: dict[str, dict[str, dict[str, Any]]] = {
    "helpful": GOOD,
    "contradictory": {
        "results": _results(
            "partly",
            solution=[
                _said("One note sets `eager_defaults=True`.", "R1"),
                _said("The other calls `order_payload` before the flush.", "R2"),
            ],
        ),
        "answers": _answers(
            contradictions=[
                {
                    "subject": "whether to set `eager_defaults`",
                    "quotes": [
                        {"id": "R1", "quote": "Set `eager_defaults=True` in the mapper arguments", "stance": "for"},
                        {"id": "R2", "quote": "Do not set `eager_defaults=True`", "stance": "against"},
                    ],
                }
            ]
        ),
    },
    "injected": {"results": _results("yes", solution=[_said(SETTING, "R4")]), "answers": _answers()},
    "other_version": {
        "results": _results(
            "partly", solution=[_said("Set `eager_defaults` in the mapper arguments; the page is about SQLAlchemy 1.4.", "R1", "R2")]
        ),
        "answers": _answers(),
    },
    "diff_applies": {
        "results": _results("yes", solution=[_said("Apply the patch, which sets `eager_defaults`.", "R3")]),
        "answers": _answers(),
    },
    "diff_broken": {
        "results": _results("yes", solution=[_said("Apply the patch, which sets `eager_defaults`.", "R3")]),
        "answers": _answers(),
    },
    "five_megabytes": {"results": _results("yes", solution=[_said(SETTING, "R51")]), "answers": _answers()},
    "pdf": {
        "results": _results("yes", solution=[_said("Set `eager_defaults` in the mapper arguments of `Timestamped`.", "R2")]),
        "answers": _answers(),
    },
}
"""The replies about each note of `tests/results/test_cassettes.py`."""
