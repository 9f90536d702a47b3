"""The failing route, by the test's own call or by the server's log; none where several are as likely."""

import pytest

from assistant.evidence import Frame, Origin

ONE = 'def test_x(client):\n    r = client.get("/items/7")\n    assert r.status_code == 200\n'
TWO = 'def test_x(client):\n    made = client.post("/items", json={})\n    client.get("/items")\n    assert made.status_code == 201\n    assert client.delete("/items/1").status_code == 204\n'
FORMATTED = 'async def test_x(client):\n    r = await client.get(f"/sites/{site}/board?x=1")\n    assert r\n'
REQUEST = 'def test_x(client):\n    r = client.request("PATCH", "/items/7")\n    assert r.ok\n'
HELPED = 'def make(client):\n    return client.post("/orders")\n\n\ndef test_x(client):\n    assert make(client).status_code == 201\n'
NONE = 'def test_x(session):\n    assert session.get("key") == 1\n'


@pytest.mark.parametrize(
    ("source", "line", "expected"),
    [
        (ONE, 3, "`GET /items/7` (E2)"),
        (FORMATTED, 3, "`GET /sites/{site}/board` (E2)"),
        (REQUEST, 3, "`PATCH /items/7` (E2)"),
        (TWO, 4, "`POST /items` (E2)"),
        (TWO, 5, "`DELETE /items/1` (E2)"),
        (TWO, 1, None),
        (HELPED, 6, "`POST /orders` (E3)"),
        (NONE, 2, None),
    ],
)
def test_the_route_is_that_of_the_failing_request(project, failure, gathered, source, line, expected):
    root = project({"tests/test_x.py": source})
    failed = failure(frames=(Frame("tests/test_x.py", line, "test_x"),), test_id="tests/test_x.py::test_x", phase="call")
    assert gathered(failed, root).endpoint == expected


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ('INFO: 127.0.0.1:5 - "POST /orders HTTP/1.1" 500 Internal Server Error\nValueError: boom', "`POST /orders` (E2)"),
        ('"GET /health HTTP/1.1" 200\n"PUT /orders/1 HTTP/1.1" 500\nValueError: boom', "`PUT /orders/1` (E2)"),
        ('"GET /a HTTP/1.1" 500\n"GET /b HTTP/1.1" 500\nValueError: boom', None),
        ("GET /a was fine\nValueError: boom", None),
    ],
)
def test_the_route_is_that_of_the_request_that_failed_beside_the_error(failure, gathered, log, expected):
    last = log.count("\n") + 1
    failed = failure(origin=Origin("tests.log", last, last))
    assert gathered(failed, logs={"tests.log": log}).endpoint == expected


def test_the_error_may_be_the_request_itself(failure, gathered):
    assert gathered(failure("POST /api/join -> 422 Unprocessable Entity", language="text")).endpoint == "`POST /api/join` (E1)"


def test_parameters_are_named_as_the_route_declares_them(project, failure, gathered):
    route = '@router.get("/{site}/board")\ndef board(site):\n    return 1 / 0\n'
    root = project({"tests/test_x.py": FORMATTED.replace("{site}", "{made.id}"), "app/sites.py": route})
    frames = (Frame("tests/test_x.py", 2, "test_x"), Frame("app/sites.py", 3, "board"))
    failed = failure(frames=frames, test_id="tests/test_x.py::test_x", phase="call")
    assert gathered(failed, root).endpoint == "`GET /sites/{site}/board` (E2, E3)"


def test_the_handler_of_the_failing_route_is_shown_where_only_tests_are_in_the_trace(project, failure, gathered):
    root = project(
        {
            "app/api.py": '@router.post("/orders/{order_id}/ship")\ndef ship(order_id):\n    raise HTTPException(409)\n\n\n@router.get("/orders")\ndef orders():\n    return []\n',
            "tests/test_api.py": 'def test_ship(client):\n    reply = client.post("/api/orders/7/ship")\n    assert reply.status_code == 200\n',
        }
    )
    frame = Frame("tests/test_api.py", 3, "test_ship", "assert reply.status_code == 200")
    found = gathered(failure("AssertionError: assert 409 == 200", (frame,), test_id="tests/test_api.py::test_ship"), root)
    assert [(block.file, block.lines, block.note) for block in found.related] == [
        ("app/api.py", "1-3", "`ship`; handles `POST /api/orders/7/ship`")
    ]
