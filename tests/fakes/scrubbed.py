"""How exchanges are recorded: matched by method, path and body, and scrubbed of machines, clients and accounts."""

from pathlib import Path
from typing import Any

import pytest

CASSETTES = Path(__file__).parent.parent.parent / "cassettes"
KEPT_HEADERS = frozenset({"content-type", "retry-after"})


@pytest.fixture(scope="module")
def vcr_config() -> dict[str, Any]:
    return {
        "match_on": ["method", "path", "body"],
        "filter_headers": ["authorization", "api-key", "user-agent", "host"],
        "before_record_request": scrubbed_request,
        "before_record_response": scrubbed_response,
        "decode_compressed_response": True,
    }


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(CASSETTES)


def scrubbed_request(request: Any) -> Any:
    """A request that names no machine and no client."""
    request.uri = f"http://endpoint.invalid{request.path}"
    request.headers = {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
    return request


def scrubbed_response(response: dict[str, Any]) -> dict[str, Any]:
    """A response without cookies, organisation and request ids."""
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}
    return response
