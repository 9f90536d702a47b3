"""What may not stand in a search query: what only this project knows."""

import pytest

from assistant.checking.private import Private
from assistant.evidence import Evidence, Kind, Ledger, Origin
from assistant.redaction import Redactor

TRACE = """\
tests/test_orders.py::test_ship_order
app/services.py:47: in close_order
    await outbox.record(session, order)
.venv/lib/python3.11/site-packages/sqlalchemy/orm/attributes.py:569: in load_scalar_attributes
    return load_on_pk_identity(
/home/marlene/shop/app/main.py:40: in ship_order
E   sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; event_loop is closed
connecting to http://ci-17:8080 and postgresql://orders_rw@db.shop.acme.io:5432/orders"""
CODE = """\
from fastapi.testclient import TestClient
class OutboxEvent(Base): ...
async def order_payload(order): ...
def event_loop(): ...
def record(): ...
session = async_sessionmaker(expire_on_commit=False)"""


@pytest.fixture(scope="module")
def private() -> Private:
    mask = Redactor().mask
    pieces = [
        Evidence(kind=Kind.ERROR, origin=Origin("run.log", 1, 9), text=mask(TRACE)),
        Evidence(kind=Kind.CODE, origin=Origin("app/outbox.py", 1, 7), text=mask(CODE)),
        Evidence(kind=Kind.CODE, origin=Origin("tests/conftest.py", 1, 7), text=mask("def open_order(): ...")),
    ]
    return Private(Ledger().extend(pieces)[0])


@pytest.mark.parametrize(
    ("query", "kind", "text"),
    [
        ("MissingGreenlet in app/services.py", "a path", "app/services.py"),
        ("services.py MissingGreenlet", "a path", "services.py"),
        ("error in sqlalchemy/orm/attributes.py", "a path", "sqlalchemy/orm/attributes.py"),
        ("MissingGreenlet close_order", "a name of this project", "close_order"),
        ("`order_payload` MissingGreenlet", "a name of this project", "order_payload"),
        ("OutboxEvent MissingGreenlet", "a name of this project", "OutboxEvent"),
        ("open_order fixture scope", "a name of this project", "open_order"),
        ("test_ship_order fails", "a name of this project", "test_ship_order"),
        ("tests/test_orders.py::test_ship_order", "a test id", "tests/test_orders.py::test_ship_order"),
        ("app.services MissingGreenlet", "a module of this project", "app.services"),
        ("app.services.close MissingGreenlet", "a module of this project", "app.services.close"),
        ("marlene cannot log in", "a user", "marlene"),
        ("connection to ci-17 refused", "a host", "ci-17"),
        ("could not connect to build.corp", "a host", "build.corp"),
        ("timeout 10.1.2.3", "a host", "10.1.2.3"),
        ("mail from ada@acme.io", "an e-mail address", "ada@acme.io"),
    ],
)
def test_private_parts_of_a_query_are_found(private, query, kind, text):
    assert (kind, text) in list(private.parts(query))


@pytest.mark.parametrize(
    "query",
    [
        "sqlalchemy.exc.MissingGreenlet greenlet_spawn has not been called",
        "sqlalchemy async_sessionmaker expire_on_commit lazy load after commit",
        "pytest-asyncio event_loop fixture conftest.py",
        "sqlalchemy load_scalar_attributes load_on_pk_identity",
        "fastapi TestClient async transactional outbox pattern record",
        "Node.js django.test threading.local socket.io asyncio",
        "connection refused localhost redis 127.0.0.1",
    ],
)
def test_public_words_of_a_query_are_left_alone(private, query):
    assert list(private.parts(query)) == []
