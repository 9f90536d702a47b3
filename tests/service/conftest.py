"""A service on a temporary folder, asked without a network; its jobs are done by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asked_service import ADDRESS, Asked, Start
from starlette.testclient import TestClient

from assistant.service import ServiceConfig, create_app


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    clients: list[TestClient] = []

    def begin(**options: Any) -> Asked:
        app = create_app(ServiceConfig(**{"data": tmp_path / "data", **options}))
        clients.append(TestClient(app, base_url=ADDRESS, follow_redirects=False))
        clients[-1].__enter__()
        return Asked(clients[-1], app.state.service)

    yield begin
    for client in clients:
        client.__exit__()


@pytest.fixture
def asked(start: Start) -> Asked:
    return start()
