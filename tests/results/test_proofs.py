"""What is checked of code before anybody tries it: it is only read, never run, and the work tree stays as it is."""

import ast
import subprocess
from pathlib import Path

import pytest

from assistant.results.drafted import CodePart
from assistant.results.proofs import Bench, proved
from assistant.results.proofs.collecting import collection_finding
from assistant.results.proofs.patches import patch_finding
from assistant.results.proofs.symbols import has_name, symbol_findings

FILE = "".join(f"line {number}\n" for number in range(1, 9))
DIFF = "--- a/app/x.txt\n+++ b/app/x.txt\n@@ -3,3 +3,3 @@\n line 3\n-line 4\n+line four\n line 5"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "x.txt").write_text(FILE)
    return tmp_path


@pytest.mark.parametrize(
    ("diff", "said"),
    [
        (DIFF, "applies to the repository (`git apply --check`)"),
        (DIFF.replace("a/app", "app").replace("b/app", "app"), "applies to the repository (`git apply --check`)"),
        (DIFF.replace("-3,3 +3,3", "-3,9 +3,9"), "applies once the line counts of its hunks are corrected (`git apply --recount`)"),
        (DIFF.replace("line 3", "line three"), "does not apply to the repository: patch failed: app/x.txt:3"),
        (DIFF.replace("x.txt", "y.txt"), "does not apply to the repository: app/y.txt: No such file or directory"),
        ("--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+new", "applies to the repository (`git apply --check`)"),
        (DIFF.replace("app/x.txt", "../../etc/passwd"), "does not apply"),
        ("not a diff", "does not apply"),
    ],
    ids=["applies", "without prefixes", "wrong counts", "other context", "no such file", "a new file", "outside", "no diff"],
)
def test_whether_a_diff_applies(repo: Path, diff: str, said: str) -> None:
    assert patch_finding(diff, repo).startswith(said)


def test_a_link_out_of_the_repository_is_not_followed(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.txt"
    outside.write_text(FILE)
    (repo / "app" / "x.txt").unlink()
    (repo / "app" / "x.txt").symlink_to(outside)
    assert patch_finding(DIFF, repo).startswith("does not apply")


def test_checking_a_diff_leaves_work_tree_and_index_as_they_are(repo: Path) -> None:
    run = lambda *command: subprocess.run(["git", *command], cwd=repo, check=True, capture_output=True).stdout  # noqa: E731
    run("init", "-q")
    run("add", ".")
    held = {path: path.read_bytes() for path in repo.rglob("*") if path.is_file()}
    assert patch_finding(DIFF, repo).startswith("applies")
    assert {path: path.read_bytes() for path in repo.rglob("*") if path.is_file()} == held


def test_a_configuration_of_the_repository_runs_nothing(repo: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=repo, check=True)
    subprocess.run(["git", "config", "core.fsmonitor", f"touch {repo}/ran"], cwd=repo, check=True)
    patch_finding(DIFF, repo)
    assert not (repo / "ran").exists()


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A repository with a virtual environment that holds a package."""
    site = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    (site / "shop" / "sub").mkdir(parents=True)
    (site / "shop-2.1.dist-info").mkdir()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("version = 3.11.7\n")
    (site / "shop" / "__init__.py").write_text(
        "from shop.base import *\nfrom .sub import helper as helping\nclass Cart: ...\nLIMIT: int = 3\n"
    )
    (site / "shop" / "base.py").write_text("def checkout(): ...\n")
    (site / "shop" / "dynamic.py").write_text("def __getattr__(name): ...\n")
    (site / "shop" / "sub" / "__init__.py").write_text("def helper(): ...\n")
    return tmp_path


@pytest.mark.parametrize(
    ("module", "name", "there"),
    [
        ("shop", "Cart", True),
        ("shop", "LIMIT", True),
        ("shop", "helping", True),
        ("shop", "checkout", True),
        ("shop", "sub", True),
        ("shop.sub", "helper", True),
        ("shop", "Basket", False),
        ("shop.nowhere", "", False),
        ("shop.dynamic", "anything", None),
    ],
)
def test_whether_a_module_has_a_name(installed: Path, module: str, name: str, there: bool | None) -> None:
    assert has_name(installed / ".venv" / "lib" / "python3.11" / "site-packages", module, name) is there


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("from shop import Cart", ["the installed shop 2.1 has `Cart`"]),
        ("from shop import Cart, Basket", ["not in the installed shop 2.1: `shop.Basket`"]),
        ("from shop.dynamic import x", ["not checked in the installed shop 2.1: `shop.dynamic.x`"]),
        ("import nowhere_at_all", ["not checked: `nowhere_at_all` is not installed where this can be looked up"]),
        ("import os\nfrom __future__ import annotations", []),
        ("from . import x", []),
    ],
)
def test_what_is_said_of_the_names_that_code_imports(installed: Path, code: str, said: list[str]) -> None:
    assert list(symbol_findings(ast.parse(code), installed, {})) == said


def test_this_programs_own_packages_count_only_where_they_are_of_the_exports_version() -> None:
    from importlib.metadata import version

    tree = ast.parse("from jinja2 import Environment")
    assert list(symbol_findings(tree, None, {"jinja2": frozenset({version("jinja2")})})) == [
        f"jinja2 {version('jinja2')} has `Environment`"
    ]
    assert list(symbol_findings(tree, None, {"jinja2": frozenset({"1.0"})})) == [
        "not checked: `jinja2` is not installed where this can be looked up (give `--repo`)"
    ]


@pytest.mark.parametrize(
    ("code", "language", "findings"),
    [
        ("x = 1", "python", ("parses as Python",)),
        ("await x", "python", ("parses as Python",)),
        (">>> x = 1\n1\n>>> if x:\n...     y()", "python", ("parses as Python",)),
        ("x = (", "python", ("does not parse as Python: '(' was never closed (line 1)",)),
        ("SELECT 1", "sql", ("not checked: only Python and diffs can be",)),
        ("x" * 200_000 + "(" * 500, "python", None),
    ],
)
def test_what_is_said_of_code(code: str, language: str, findings: tuple[str, ...] | None) -> None:
    found = proved(CodePart(code, language, ("R1",)), Bench(versions={})).findings
    assert found == findings if findings else found[0].startswith("does not parse")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def test_x():\n    assert True", "pytest collects 1 test"),
        ("import nowhere_at_all\ndef test_x(): ...", "pytest does not collect it: ModuleNotFoundError"),
        ("x = 1", "pytest does not collect it: no test stands in it"),
    ],
)
def test_whether_pytest_collects_a_test(tmp_path: Path, code: str, said: str) -> None:
    assert collection_finding(code, tmp_path).startswith(said)
    assert list(tmp_path.iterdir()) == []


def test_tests_are_collected_only_when_asked_for(tmp_path: Path) -> None:
    part = CodePart(f"open({str(tmp_path / 'ran')!r}, 'w')\ndef test_x(): ...", "python", ("R1",))
    proved(part, Bench(repo=tmp_path, versions={}), is_test=True)
    assert not (tmp_path / "ran").exists()
    assert "pytest collects 1 test" in proved(part, Bench(repo=tmp_path, collect=True, versions={}), is_test=True).findings
    assert (tmp_path / "ran").exists()
