"""What every test gets: no network but loopback, no settings of the machine."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from assistant.settings import CI_ACTORS

LOOPBACK = ("127.", "::1", "localhost")
MODEL = ("ASSISTANT_", "OPENAI_", "AZURE_OPENAI_")
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")  # a run of the tests tells the same twice; new examples are for longer fuzzing
DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _no_ambient_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name in CI_ACTORS or name.startswith(MODEL) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
