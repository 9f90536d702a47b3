"""`assistant serve` and `assistant mcp`: what is refused before anything listens."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Runner = Callable[..., Any]


def test_others_than_this_machine_are_not_served_without_a_token(run: Runner, tmp_path: Path) -> None:
    done = run("serve", "--host", "0.0.0.0", "--data", tmp_path)
    assert done.code == 2
    assert "error: --host 0.0.0.0: others can reach the service, and no token is set\n  set ASSISTANT_TOKEN" in done.err


def test_a_port_that_is_taken_is_told(run: Runner, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", port, "--data", tmp_path)
    assert done.code == 2
    assert f"127.0.0.1:{port}: cannot be listened on" in done.err


def test_a_data_folder_that_cannot_be_made_is_told(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("serve", "--data", tmp_path / "file" / "data")
    assert done.code == 2
    assert "cannot be made" in done.err


@pytest.mark.parametrize(
    ("command", "missing", "extra", "module"),
    [
        ("serve", "fastapi", "service", "assistant.service.app"),
        ("serve", "sqlalchemy", "service", "assistant.service.tables"),
        ("mcp", "mcp", "mcp", "assistant.agents"),
    ],
)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(
    run: Runner, monkeypatch: pytest.MonkeyPatch, command: str, missing: str, extra: str, module: str
) -> None:
    for name in [name for name in sys.modules if name.startswith(("assistant.service", "assistant.agents", "assistant.reviewing"))]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    done = run(command)
    assert done.code == 2
    assert f"pip install 'research-export-assistant[{extra}]'" in done.err


def test_traces_need_their_extra(run: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delitem(sys.modules, "assistant.service.telemetry", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    done = run("serve", "--traces", "--data", tmp_path)
    assert done.code == 2
    assert "pip install 'research-export-assistant[otel]'" in done.err
