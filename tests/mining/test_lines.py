import pytest

from assistant.evidence import Masked
from assistant.mining.lines import Log, Taken, package_of


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


def test_the_lines_that_hold_a_piece_of_text_are_found_once_each_and_in_order() -> None:
    log = Log("x", Masked("a b a\nb\n\na\nc a"))
    assert list(log.holding("a")) == [0, 3, 4]
    assert list(log.holding("b")) == [0, 1]
    assert list(log.holding("nothing")) == []
    assert list(Log("x", Masked("")).holding("a")) == []


def test_it_is_known_whether_anything_is_explained() -> None:
    taken = Taken(3)
    assert not taken.any
    taken.take(1, 2)
    assert taken.any
