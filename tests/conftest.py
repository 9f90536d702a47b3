"""What every test gets: no network but loopback, no settings of the machine."""

import socket
from pathlib import Path
from typing import Any

import pytest

LOOPBACK = ("127.", "::1", "localhost")
DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_ambient_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTOR", "GITLAB_USER_NAME", "CIRCLE_USERNAME", "BUILD_REQUESTEDFOR", "BUILDKITE_BUILD_CREATOR"):
        monkeypatch.delenv(name, raising=False)
