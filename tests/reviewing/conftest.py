"""A real export, drafted offline from the example, and the pages that serve it."""

import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

from assistant.assembly import Stated
from assistant.exporting import Target, write_export
from assistant.pipeline import Request
from assistant.reviewing.local import local_app
from assistant.reviewing.shelf import PageOptions

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders-service"
TOKEN = "a-path-that-nobody-guesses"


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example's export and its record."""
    folder = tmp_path_factory.mktemp("drafted")
    request = Request(logs=(str(EXAMPLE / "failing-test.log"),), repo=EXAMPLE, stated=Stated(date="2026-11-25", exported_by="A. Person"))
    with Path("/dev/null").open("rb") as nothing:
        write_export(request, Target(path=folder / "export.md"), stdin=nothing)
    return folder


@pytest.fixture
def export(drafted: Path, tmp_path: Path) -> Path:
    """A copy of the example's export that a test may change."""
    for name in ("export.md", "export.run.json"):
        shutil.copy(drafted / name, tmp_path / name)
    return tmp_path / "export.md"


@pytest.fixture
def client(export: Path) -> TestClient:
    """Talks to the pages of one export as a browser without scripts would."""
    app = local_app([export], TOKEN, PageOptions(alone="1"))
    return TestClient(app, base_url=f"http://127.0.0.1/{TOKEN}/", follow_redirects=False)


@pytest.fixture
def address(export: Path) -> Iterator[str]:
    """Where a real server on a free port of this machine serves the pages of one export."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(local_app([export], TOKEN, PageOptions(alone="1")), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/{TOKEN}/"
        server.should_exit = True
        thread.join(10)
