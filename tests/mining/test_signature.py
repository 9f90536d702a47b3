"""The same failure has the same signature wherever it happened; different failures have different ones."""

import string
from datetime import datetime

import pytest
from hypothesis import given, strategies as st

from assistant.evidence import Cause, Failure, Frame, Masked, Origin
from assistant.mining.normalising import normalised
from assistant.mining.signature import matches, signature


def failure(message: str, exception: str = "ValueError", *frames: Frame, test: str = "") -> Failure:
    return Failure("python", exception, message, frames, (Cause(exception, message, frames),), Origin("a.log", 1, 1), Masked(message), test)


SAME = [
    # machines and paths
    ("cannot open /usr/lib/python3.11/json/decoder.py", "cannot open /opt/hostedtoolcache/Python/3.12.1/x64/lib/python3.12/json/decoder.py"),
    ("cannot open /home/ci/work/app/data/a.yaml", "cannot open D:\\a\\app\\app\\data\\a.yaml"),
    ("cannot open app/data/a.yaml", "cannot open app\\data\\a.yaml"),
    ("cannot open 'C:\\\\Users\\\\ci\\\\a.yaml'", "cannot open '/Users/runner/a.yaml'"),
    ("no file /tmp/pytest-of-x/pytest-12/test_a0/out.db", "no file C:\\Users\\ci\\AppData\\Local\\Temp\\pytest-of-ci\\pytest-0\\test_a1\\out.db"),
    ("no file /var/folders/zz/zyx_12/T/tmpab12cd34", "no file /tmp/tmpx9_k2l1m"),
    ("in workspace /home/jenkins/workspace/a", "in workspace /builds/group/a"),
    ("connection to server at \"localhost\" (127.0.0.1), port 5432 failed", "connection to server at \"localhost\" (::1), port 5433 failed"),
    ("cannot reach 10.0.0.5:8080", "cannot reach 172.18.0.2:9090"),
    ("cannot reach db-1.prod.internal:5432", "cannot reach db-2.test.internal:5433"),
    ("on ip-10-0-0-12.ec2.internal", "on ip-10-3-0-1.eu-west-1.compute.internal"),
    # ids
    ("job 8c1f4a3e-1111-2222-3333-444455556666", "job 9C1F4A3E-AAAA-2222-3333-444455556666"),
    ("commit 8c1f4a3 is gone", "commit 0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e is gone"),
    ("request req_9aB8cD7eF6 failed", "request req_1zY2xW3vU4 failed"),
    ("trace 01HV5ZK3QW8N9T2R4Y6M failed", "trace 01HW7AB2CD3EF4GH5JKM failed"),
    ("container 3f2a1b4c5d6e exited", "container 9e8d7c6b5a43 exited"),
    ("pod api-5d8f7c9b4-x2x9z was evicted", "pod api-7c9d5f8b6-q8w7e was evicted"),
    ("<app.Row object at 0x7f00aabbccdd>", "<app.Row object at 0x000001F2A3B4C5D6>"),
    ("worker gw0 crashed", "worker gw13 crashed"),
    ("in Thread-1 (run)", "in Thread-42 (run)"),
    ("ThreadPoolExecutor-0_3 died", "ThreadPoolExecutor-12_0 died"),
    ("process 4242 died", "process 17 died"),
    ("[SECRET:password:1] is not valid", "[SECRET:password:2] is not valid"),
    # times, counts, sizes
    ("since 2024-01-02T03:04:05Z", "since 2025-11-12 13:14:15.123+02:00"),
    ("at Mon May  6 10:00:00 2024", "at Tue Jun 11 09:59:59 2024"),
    ("at 12:00:01.123", "at 23:59:59"),
    ("timed out after 1.5s", "timed out after 2m30s"),
    ("timed out after 30 seconds", "timed out after 1 minute"),
    ("tried to allocate 512 MiB", "tried to allocate 4.39 GiB"),
    ("1 error found", "12 errors found"),
    ("row 12 of 40", "row 7 of 9"),
    ("assert [1, 2, 3] == []", "assert [4, 5] == []"),
    ("expected 1,234 got 5", "expected 7 got 1,000,000"),
    ("delta -1.5e-07", "delta 3"),
    # releases of Python, systems, quotes, colours
    ("A.load() missing 1 required positional argument: 'x'", "load() missing 1 required positional argument: 'x'"),
    ("module 'a' has no attribute 'b'. Did you mean: 'c'?", "module 'a' has no attribute 'b'"),
    ("name 'jsn' is not defined. Did you forget to import 'json'?", "name 'jsn' is not defined"),
    (
        "module 'random' has no attribute 'x' (consider renaming '/a/random.py' since it has the same name as the standard library module)",
        "module 'random' has no attribute 'x'",
    ),
    ("cannot import name 'a' from 'b' (/usr/lib/python3.11/b.py)", "cannot import name 'a' from 'b' (unknown location)"),
    ("cannot import name 'a' from partially initialized module 'b' (most likely due to a circular import) (/b.py)", "cannot import name 'a' from 'b' (/c/b.py)"),
    ("local variable 'x' referenced before assignment", "cannot access local variable 'x' where it is not associated with a value"),
    ("can't set attribute 'x'", "property 'x' of 'A' object has no setter"),
    ("Can't instantiate abstract class A with abstract method f", "Can't instantiate abstract class A without an implementation for abstract method 'f'"),
    ("unhashable type: 'list'", "cannot use 'list' as a dict key (unhashable type: 'list')"),
    ("[Errno 2] No such file or directory: '/a/b.txt'", "[WinError 2] The system cannot find the file specified: 'C:\\\\a\\\\b.txt'"),
    ("[Errno 111] Connection refused", "[Errno 61] Connection refused"),
    ("no column `a`", "no column ‘a’"),
    ('no column "a"', "no column 'a'"),
    ("\x1b[31mno column a\x1b[0m", "no column a"),
    ("no column a.", "no column a"),
    ("no column a\n    f(x)\n      ^^^^", "no column a\n    f(x)"),
    ("no column a\nDETAIL: row 3", "no column a"),
    ("expected int32, got object", "expected int64, got object"),
]  # fmt: skip

DIFFERENT = [
    ("no column a", "no column b"),
    ("'a'", "'b'"),
    ("No module named 'app.db'", "No module named 'app.models'"),
    ("cannot open /etc/app/a.yaml", "cannot open /etc/app/b.yaml"),
    ("status code 404", "status code 500"),
    ("HTTP 404", "HTTP 503"),
    ("[Errno 13] Permission denied", "[Errno 1] Operation not permitted"),
    ("exit code 1", "exit code 137"),
    ("can't set attribute 'x'", "can't set attribute 'y'"),
    ("load() missing 1 required positional argument: 'x'", "load() missing 1 required positional argument: 'y'"),
    ("load() missing 1 required positional argument: 'x'", "save() missing 1 required positional argument: 'x'"),
    ("expected str, got int", "expected int, got str"),
    ("timed out after 3 seconds", "refused after 3 seconds"),
    ("text/html is not allowed", "text/plain is not allowed"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_said_elsewhere_has_the_same_signature(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)
    assert signature(failure(one)) == signature(failure(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_something_else_has_another_signature(one: str, other: str) -> None:
    assert signature(failure(one)) != signature(failure(other))


OURS = Frame("/home/ci/work/app/db.py", 12, "load")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (failure("x", "app.errors.Bad"), failure("x", "Bad")),
        (failure("x", "IOError"), failure("x", "OSError")),
        (failure("x", "socket.timeout"), failure("x", "TimeoutError")),
        (failure("x", "V", OURS), failure("x", "V", Frame("C:\\ci\\app\\db.py", 99, "load"))),
        (failure("x", "V", OURS, Frame("app/db.py", 3, "<listcomp>")), failure("x", "V", OURS)),
        (failure("x", "V", Frame("tests/conftest.py", 3, "db"), OURS), failure("x", "V", Frame("tests/test_a.py", 3, "test_a"), OURS)),
        (
            failure("x", "V", Frame("a/b.rs", 3, "a::b::h0123456789abcdef")),
            failure("x", "V", Frame("a/b.rs", 9, "a::b::hfedcba9876543210")),
        ),
        (failure("no 'red' here", test="t.py::test_a[red-1]"), failure("no 'blue' here", test="t.py::test_a[blue-2]")),
        (failure("", "", test="t.py::test_a[red]"), failure("", "", test="t.py::test_a[blue]")),
    ],
)
def test_the_same_failure_on_another_way_has_the_same_signature(one: Failure, other: Failure) -> None:
    assert signature(one) == signature(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (failure("x", "KeyError"), failure("x", "ValueError")),
        (failure("x", "V", OURS), failure("x", "V", Frame(OURS.path, 12, "save"))),
        (failure("x", "V", OURS), failure("x", "V", Frame("app/cache.py", 12, "load"))),
        (failure("", "", test="t.py::test_a"), failure("", "", test="t.py::test_b")),
    ],
)
def test_another_exception_or_place_has_another_signature(one: Failure, other: Failure) -> None:
    assert signature(one) != signature(other)


def test_a_signature_of_an_older_export_is_known_again() -> None:
    one = failure("no row 7 in '/srv/a/b.db'", "KeyError", OURS)
    assert matches(one, "1:60f131fca7d2")
    assert matches(one, signature(one))
    assert not matches(one, "1:000000000000")
    assert not matches(one, "9:60f131fca7d2")
    assert not matches(one, "")


HEX = st.text("0123456789abcdef", min_size=12, max_size=40).map(lambda text: f"a1{text}")
NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=8)
VARYING = {
    "uuid": st.uuids().map(str),
    "hex": HEX,
    "time": st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)).map(lambda moment: moment.isoformat(timespec="microseconds") + "Z"),
    "folder": st.lists(NAMES, min_size=2, max_size=5).map(lambda names: "/" + "/".join(names) + "/"),
    "address": st.integers(0, 2**48).map(hex),
    "number": st.integers(0, 10**6).map(str),
    "duration": st.decimals(0, 999, places=2).map(lambda value: f"{value}s"),
    "size": st.integers(1, 999).map(lambda value: f"{value} MiB"),
    "host": st.tuples(*[st.integers(0, 255)] * 4).map(lambda parts: ".".join(map(str, parts)) + ":8080"),
}


@pytest.mark.parametrize("kind", VARYING)
@given(data=st.data())
def test_what_varies_from_run_to_run_does_not_change_it(kind: str, data: st.DataObject) -> None:
    one, other = (normalised(f"cannot read {data.draw(VARYING[kind])} as wanted") for _ in range(2))
    assert one == other


@given(st.text() | st.lists(st.sampled_from([text for pair in (*SAME, *DIFFERENT) for text in pair]), max_size=4).map(" ".join))
def test_normalising_again_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize("piece", ["a", "/a", "a.", "1.", "a1", "a-", "1s", "f:", "a.a()", "[31m", "<n>, "])
def test_long_messages_of_one_piece_are_normalised(piece: str) -> None:
    assert len(normalised(piece * 5000)) <= 2000
