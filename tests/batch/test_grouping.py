"""What has one cause comes together, and why is told; what only looks alike stays apart."""

from collections.abc import Callable

import pytest
from pytest_logs import block, log

from assistant.batch.values import Cluster

Grouped = Callable[[dict[str, str]], list[Cluster]]
LIBRARY = ".venv/lib/python3.12/site-packages"

ONE_CAUSE = {
    "a service that cannot be reached, told by two drivers": (
        [
            block("tests/test_a.py::test_a", 'psycopg.OperationalError: connection to server at "db" (10.0.0.7), port 5432 failed: Connection refused', "shop/store.py:10:load", f"{LIBRARY}/psycopg/connection.py:99:connect"),
            block("tests/test_b.py::test_b", "ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 5432)", "shop/jobs.py:55:run", f"{LIBRARY}/asyncpg/connect_utils.py:802:_connect"),
        ],
        "the service PostgreSQL could not be reached",
    ),
    "a column that is missing, named with and without its table's schema": (
        [
            block("tests/test_a.py::test_a", 'psycopg.errors.UndefinedColumn: column "fee" of relation "orders" does not exist', "shop/store.py:10:save", f"{LIBRARY}/psycopg/cursor.py:97:execute"),
            block("tests/test_b.py::test_b", "psycopg.errors.UndefinedColumn: column orders.fee does not exist", "shop/report.py:70:total", f"{LIBRARY}/psycopg/cursor.py:97:execute"),
        ],
        "they need the same: the column orders.fee is missing",
    ),
    "names that a library of another version does not have": (
        [
            block("tests/test_a.py::test_a", "AttributeError: module 'numpy' has no attribute 'float'", "shop/numbers_.py:10:mean"),
            block("tests/test_b.py::test_b", "AttributeError: module 'numpy' has no attribute 'int'", "shop/counts.py:12:count"),
        ],
        "they need the same: names that numpy does not have",
    ),
    "setups of test classes that did not run": (
        [
            block("tests/test_a.py::TestA::test_a", "AttributeError: 'TestA' object has no attribute 'client'", "tests/test_a.py:8:test_a"),
            block("tests/test_b.py::TestB::test_b", "AttributeError: 'TestB' object has no attribute 'queue'", "tests/test_b.py:9:test_b"),
        ],
        "the test objects lack what the setup of their tests should have given them",
    ),
    "one line of ours that raises for different values": (
        [
            block("tests/test_a.py::test_a", "ValueError: unknown currency 'XAU' in the price list", "shop/a.py:4:a", "shop/money.py:31:parse"),
            block("tests/test_b.py::test_b", "ValueError: unknown currency 'BTC' in the price list", "shop/b.py:4:b", "shop/money.py:31:parse"),
        ],
        "ValueError was raised in the same line, shop/money.py:31",
    ),
    "one call of a library that several places of ours make wrongly": (
        [
            block("tests/test_a.py::test_a", "TypeError: Client.__init__() got an unexpected keyword argument 'app'", "shop/a.py:4:a", f"{LIBRARY}/starlette/testclient.py:399:__init__"),
            block("tests/test_b.py::test_b", "TypeError: Client.__init__() got an unexpected keyword argument 'app'", "shop/b.py:8:b", f"{LIBRARY}/starlette/testclient.py:399:__init__"),
        ],
        "TypeError with the same message was raised at the same place of starlette",
    ),
}  # fmt: skip

APART = {
    "a wrong result in two tests": [
        block("tests/test_a.py::test_a", "assert 500 == 200", "tests/test_a.py:8:test_a"),
        block("tests/test_b.py::test_b", "assert 500 == 200", "tests/test_b.py:8:test_b"),
    ],
    "two columns": [
        block("tests/test_a.py::test_a", "psycopg.errors.UndefinedColumn: column orders.fee does not exist", "shop/a.py:1:a"),
        block("tests/test_b.py::test_b", "psycopg.errors.UndefinedColumn: column orders.tax does not exist", "shop/b.py:1:b"),
    ],
    "two services": [
        block("tests/test_a.py::test_a", "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.", "shop/a.py:1:a"),
        block("tests/test_b.py::test_b", 'psycopg.OperationalError: connection to server at "db", port 5432 failed: Connection refused', "shop/b.py:1:b"),
    ],
    "two names that modules of the project itself do not have": [
        block("tests/test_a.py::test_a", "ImportError: cannot import name 'price' from 'shop.money' (/home/runner/work/shop/shop/money.py)", "tests/test_a.py:1:<module>"),
        block("tests/test_b.py::test_b", "ImportError: cannot import name 'count' from 'shop.stock' (/home/runner/work/shop/shop/stock.py)", "tests/test_b.py:1:<module>"),
    ],
    "what the language's own library raises for everybody": [
        block("tests/test_a.py::test_a", "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)", "shop/a.py:1:a", "/usr/lib/python3.12/json/decoder.py:355:raw_decode"),
        block("tests/test_b.py::test_b", "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)", "shop/b.py:1:b", "/usr/lib/python3.12/json/decoder.py:355:raw_decode"),
    ],
    "words in brackets that no driver of a database wrote": [
        block("tests/test_a.py::test_a", "ValueError: the value (of a) must be a number of items", "shop/a.py:1:a"),
        block("tests/test_b.py::test_b", "ValueError: the sum (of b) must be a number of items", "shop/b.py:1:b"),
    ],
    "nothing where something was wanted, at two places": [
        block("tests/test_a.py::test_a", "AttributeError: 'NoneType' object has no attribute 'id'", "shop/a.py:1:a", f"{LIBRARY}/lib/x.py:9:get"),
        block("tests/test_b.py::test_b", "AttributeError: 'NoneType' object has no attribute 'id'", "shop/b.py:1:b", f"{LIBRARY}/lib/x.py:9:get"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_CAUSE)
def test_one_cause_is_one_group_and_the_reason_is_told(grouped: Grouped, name: str) -> None:
    blocks, reason = ONE_CAUSE[name]
    (cause,) = grouped({"run.log": log(*blocks)})
    assert cause.reasons == (reason,)
    assert [one.test_id for one in cause.sightings] == [test for test, _ in blocks]


@pytest.mark.parametrize("name", APART)
def test_what_only_looks_alike_stays_apart(grouped: Grouped, name: str) -> None:
    assert len(grouped({"run.log": log(*APART[name])})) == 2


def test_one_message_is_split_by_the_errors_that_were_logged_behind_it(grouped: Grouped) -> None:
    def behind(test: str, error: str, place: str) -> tuple[str, str]:
        _, body = block(test, "assert 500 == 200", "tests/api.py:8:post")
        return (
            test,
            f'{body}\n---------- Captured log call ----------\nERROR    app:app.py:9 failed\nTraceback (most recent call last):\n  File "{place}", line 7, in handle\n    work()\n{error}',
        )

    causes = grouped(
        {
            "run.log": log(
                behind("tests/test_a.py::test_a", "KeyError: 'price'", "shop/orders.py"),
                behind("tests/test_b.py::test_b", "KeyError: 'price'", "shop/orders.py"),
                behind("tests/test_c.py::test_c", "ZeroDivisionError: division by zero", "shop/tax.py"),
            )
        }
    )
    assert [[one.test_id[-6:] for one in cause.sightings] for cause in causes] == [["test_a", "test_b"], ["test_c"]]


def test_jobs_of_a_matrix_and_shards_share_a_cause(grouped: Grouped) -> None:
    (cause,) = grouped(
        {
            "py311/run.log": log(
                block("tests/test_a.py::test_a", "ModuleNotFoundError: No module named 'yaml'", "tests/test_a.py:1:<module>")
            ),
            "py312-windows/run.log": log(
                block("tests/test_b.py::test_b", "ModuleNotFoundError: No module named 'yaml'", "tests/test_b.py:1:<module>")
            ),
        }
    )
    assert cause.count == 2


def test_runs_of_different_code_share_none(grouped: Grouped) -> None:
    logs = {
        f"{name}/run.log": log(
            block(f"{name}/tests/test_{name}.py::test_x", "ModuleNotFoundError: No module named 'yaml'", f"{name}/core.py:1:<module>")
        )
        for name in ("kombu", "webob")
    }
    assert len(grouped(logs)) == 2


def test_what_a_failed_test_left_behind_is_its_consequence(grouped: Grouped) -> None:
    teardown = block(
        "tests/test_a.py::ERROR at teardown of test_a", "RuntimeError: the connection is still open", "tests/conftest.py:9:clean"
    )
    call = block("tests/test_a.py::test_a", "LookupError: nothing is there", "shop/a.py:3:find")
    head, _, summary = log(call).partition(f"{'=' * 30} FAILURES")
    errors = log(teardown, kind="ERRORS").partition("\n\n")[2].partition(f"{'=' * 30} short")[0]
    text = f"{head}{errors}{'=' * 30} FAILURES{summary}".replace("FAILED tests", "ERROR tests/test_a.py::test_a\nFAILED tests")
    (cause,) = grouped({"run.log": text})
    assert [(one.test_id, one.phase) for one in cause.sightings] == [
        ("tests/test_a.py::test_a", "call"),
        ("tests/test_a.py::test_a", "teardown"),
    ]
    assert cause.first.title == "LookupError: nothing is there"


def test_a_report_and_a_log_of_one_run_tell_each_failure_once(grouped: Grouped) -> None:
    report = (
        '<testsuites><testsuite name="pytest" tests="1"><testcase classname="tests.test_a" name="test_a"><failure message="KeyError: 1">'
        "shop/a.py:3: in find\n    work()\nE   KeyError: 'one'\n\nshop/a.py:4: KeyError</failure></testcase></testsuite></testsuites>"
    )
    (cause,) = grouped({"junit.xml": report, "run.log": log(block("tests/test_a.py::test_a", "KeyError: 'one'", "shop/a.py:4:find"))})
    assert [(one.test_id, one.source.rpartition("/")[2]) for one in cause.sightings] == [("tests/test_a.py::test_a", "run.log")]


def test_an_exception_that_programs_live_with_is_no_root(grouped: Grouped) -> None:
    handled = "shop/pool.py:9: in take\n    return free.pop()\nE   IndexError: pop from empty list\n\nDuring handling of the above exception, another exception occurred:\n\n"
    one, other = (
        (test, handled + block(test, error, place)[1])
        for test, error, place in (
            ("tests/test_a.py::test_a", "RuntimeError: no credentials were found", "shop/a.py:3:a"),
            ("tests/test_b.py::test_b", "OSError: the disk is full again", "shop/b.py:3:b"),
        )
    )
    assert len(grouped({"run.log": log(one, other)})) == 2
