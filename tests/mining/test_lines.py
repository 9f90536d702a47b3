import pytest

from assistant.mining.lines import package_of


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
