"""`assistant review`: the pages of files on this machine."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

DATA = Path(__file__).parents[1] / "data" / "export_v1"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    for name in ("export.md", "export.run.json"):
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path / "export.md"


@pytest.fixture
def started(export: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "assistant", "review", str(export), "--no-open"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_it_tells_a_secret_address_on_loopback_and_ends_with_ctrl_c(started: subprocess.Popen[str]) -> None:
    assert started.stderr is not None
    address = re.fullmatch(r"Review at (http://127\.0\.0\.1:[0-9]+/[\w-]{32}/)\n", started.stderr.readline())
    assert address is not None
    with urlopen(address[1]) as answer:
        assert answer.url == f"{address[1]}exports/1"
        assert b"Has blanks" in answer.read()
    started.send_signal(signal.SIGINT)
    assert started.wait(20) == 0
    said = started.stderr.read()
    assert "Ctrl-C ends the review" in said
    assert re.search(r"export\.md: [0-9]+ blanks, [0-9]+ drafts to confirm, 0 problems\n$", said)


def test_packages_that_are_missing_are_named_with_the_command_that_installs_them(
    run: Any, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name: None if name == "uvicorn" else found(name))
    for name in [name for name in sys.modules if name.startswith("assistant.reviewing")]:
        monkeypatch.delitem(sys.modules, name)
    got = run("review", export, "--no-open")
    assert got.code == 2
    assert got.err.startswith(
        "error: the pages need packages that are not installed: uvicorn\n  install them: pip install 'research-export-assistant[service]'"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["missing.md"], 3, "missing.md: cannot be read: there is no such file"),
        (["log.md"], 3, "log.md: is no Research Export"),
        (["export.md", "--repo", "."], 2, "--repo goes with --log"),
        (["export.md", "--log", "x.log", "--repo", "nowhere"], 2, "--repo nowhere: is no folder"),
    ],
)
def test_what_cannot_be_reviewed_is_refused_at_once(
    run: Any, export: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, said: str
) -> None:
    monkeypatch.chdir(export.parent)
    Path("log.md").write_text("just a log\n")
    got = run("review", *arguments, "--no-open")
    assert got.code == code
    assert got.err.startswith(f"error: {said}")
