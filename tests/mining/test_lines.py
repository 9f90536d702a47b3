import pytest

from assistant.mining.lines import package_of, undecorated


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("2024-05-01T10:11:12.1234567Z     x = 1", "    x = 1"),
        ("2024-05-01T10:11:12.123456Z 01O   x", "  x"),
        ("2021-03-21T05:06:02.316153+00:00 app[worker.1]:   File", "  File"),
        ("2024-05-01 10:11:12.123456 | node-1 |   x", "  x"),
        ("web_1  |   File", "  File"),
        ("web (stderr)         | x", "x"),
        ("db_1   |", ""),
        ("Mar  4 09:37:56 host app[12]:   x", "  x"),
        ("kernel[12]: x", "x"),
        ("#12 0.345   x", "  x"),
        ("error[E0308]: mismatched types", "error[E0308]: mismatched types"),
        ("  | Traceback (most recent call last):", "  | Traceback (most recent call last):"),
        ("2024-03-04 09:37:56,520 ERROR x", "2024-03-04 09:37:56,520 ERROR x"),
        ("a plain line", "a plain line"),
    ],
)
def test_what_carriers_put_before_a_line_is_seen_through(line: str, bare: str) -> None:
    assert undecorated(line) == bare


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("app/main.py", None),
        ("/srv/app/main.py", None),
        ("C:\\app\\main.py", None),
        ("tests/test_a.py", None),
        ("../usr/local/lib/python3.11/site-packages/numpy/__init__.py", "numpy"),
        ("/usr/lib/python3/dist-packages/yaml/__init__.py", "yaml"),
        (".venv/lib/python3.12/site-packages/six.py", "six"),
        ("/usr/local/lib/python3.12/asyncio/runners.py", "asyncio"),
        ("/opt/hostedtoolcache/Python/3.11.7/x64/lib/python3.11/concurrent/futures/_base.py", "concurrent"),
        ("C:\\Python311\\Lib\\json\\decoder.py", "json"),
        ("<frozen importlib._bootstrap>", "importlib"),
        ("<string>", ""),
        ("asyncpg/protocol/protocol.pyx", "asyncpg"),
        ("node_modules/express/lib/router.js", "express"),
        ("node:internal/process", "internal"),
        ("/root/go/pkg/mod/github.com/x/y@v1/z.go", "github.com"),
    ],
)
def test_a_path_tells_whose_code_it_is(path: str, package: str | None) -> None:
    assert package_of(path) == package
