"""A running llama-server with a tiny random model, as `make test-server` builds it."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

VARIABLE = "TEST_SERVER"
"""Names the folder that tests/server/build.py filled."""
WINDOW = 32_768
START_S = 30.0


@pytest.fixture(scope="session")
def folder() -> Path:
    if VARIABLE not in os.environ:
        pytest.skip("run with `make test-server`")
    return Path(os.environ[VARIABLE]).resolve()


@pytest.fixture(scope="session")
def server(folder: Path) -> Iterator[str]:
    """The server's address, for `--base-url`."""
    port = _free_port()
    options = ("-m", folder / "tiny.gguf", "-c", WINDOW * 2, "-np", 2, "-t", 1, "--host", "127.0.0.1", "--port", port, "--no-warmup")
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([folder / "llama-server", *map(str, options)], stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    last = time.monotonic() + START_S
    while time.monotonic() < last and process.poll() is None:
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("llama-server did not start: see server.log in the folder")
