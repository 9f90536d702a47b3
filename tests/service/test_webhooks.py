"""Webhooks: signed, looked at, done once; logs come from where the configuration says and from nowhere else."""

import hmac
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from asked_service import LOG, Asked, Start

from assistant.errors import InputError
from assistant.service.github import GitHub, Run
from assistant.settings import Secrets

SECRET = "s" * 30
RUN = {"id": 17, "run_attempt": 2, "conclusion": "failure"}
EVENT: dict[str, Any] = {"action": "completed", "workflow_run": RUN, "repository": {"full_name": "acme/shop"}}


@pytest.fixture
def hooked(start: Start) -> Asked:
    return start(secrets=Secrets(github_secret=SECRET))


def _send(asked: Asked, event: object, *, kind: str = "workflow_run", signature: str = "") -> Any:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    signed = signature or "sha256=" + hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    headers = {"x-github-event": kind, "x-hub-signature-256": signed, "content-type": "application/json"}
    return asked.client.post("/api/v1/webhooks/github", content=body, headers=headers)


def test_a_run_that_failed_is_taken_in_once_however_often_it_is_told(hooked: Asked) -> None:
    first, second = _send(hooked, EVENT), _send(hooked, EVENT)
    assert (first.status_code, first.json()) == (202, second.json())
    (export,) = hooked.client.get("/api/v1/exports").json()["exports"]
    assert export["source"] == "acme/shop run 17.2"


def test_another_attempt_is_another_export(hooked: Asked) -> None:
    _send(hooked, EVENT)
    _send(hooked, EVENT | {"workflow_run": RUN | {"run_attempt": 3}})
    assert len(hooked.client.get("/api/v1/exports").json()["exports"]) == 2


@pytest.mark.parametrize(
    ("event", "kind", "why"),
    [
        (EVENT, "ping", "only workflow_run events are of use"),
        (EVENT | {"action": "requested"}, "workflow_run", "the run has not ended"),
        (EVENT | {"workflow_run": RUN | {"conclusion": "success"}}, "workflow_run", "the run did not fail"),
    ],
)
def test_what_asks_for_nothing_is_ignored(hooked: Asked, event: object, kind: str, why: str) -> None:
    answer = _send(hooked, event, kind=kind)
    assert (answer.status_code, answer.json()) == (200, {"ignored": why})


@pytest.mark.parametrize("signature", ["sha256=" + "0" * 64, "sha1=" + "0" * 40, "0" * 64, "sha256=é"])
def test_a_wrong_signature_is_refused(hooked: Asked, signature: str) -> None:
    headers = {"x-github-event": "workflow_run", "x-hub-signature-256": signature.encode()}
    answer = hooked.client.post("/api/v1/webhooks/github", content=json.dumps(EVENT), headers=headers)
    assert answer.status_code == 401
    assert hooked.client.get("/api/v1/exports").json()["exports"] == []


def test_without_a_secret_no_webhook_is_taken(asked: Asked) -> None:
    assert _send(asked, EVENT).status_code == 404


@pytest.mark.parametrize(
    "event",
    [
        b"no json",
        b"[" * 100_000,
        [],
        {"action": "completed"},
        EVENT | {"repository": {"full_name": "../../user"}},
        EVENT | {"repository": {"full_name": "acme/.."}},
        EVENT | {"repository": {"full_name": "acme/shop?x=/"}},
        EVENT | {"repository": {"full_name": 5}},
        EVENT | {"workflow_run": RUN | {"id": "17/../../.."}},
        EVENT | {"workflow_run": RUN | {"id": True}},
        EVENT | {"workflow_run": RUN | {"run_attempt": -1}},
        EVENT | {"workflow_run": RUN | {"id": 10**30}},
    ],
)
def test_a_signed_body_of_another_form_is_refused(hooked: Asked, event: object) -> None:
    assert _send(hooked, event).status_code == 422


def test_any_other_ci_says_here_is_a_log(asked: Asked) -> None:
    answer = asked.client.post("/api/v1/webhooks/log?name=build.log", content=LOG, headers={"idempotency-key": "job-5"})
    assert answer.status_code == 202
    asked.work()
    assert asked.client.get(answer.json()["url"]).json()["state"] == "blanks"


def test_here_is_a_log_needs_the_token_where_one_is_set(start: Start) -> None:
    token = "t" * 40
    asked = start(secrets=Secrets(token=token))
    statuses = [
        asked.client.post("/api/v1/webhooks/log", content=LOG, headers=headers).status_code
        for headers in ({}, {"authorization": "Bearer no"}, {"authorization": f"Bearer {token}"})
    ]
    assert statuses == [401, 401, 202]


class _Storage(BaseHTTPRequestHandler):
    """GitHub on loopback: the API sends on to a storage, the storage has the archive."""

    asked: list[tuple[str, str | None]]
    archive: bytes

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("authorization")))
        if self.path == "/repos/acme/shop/actions/runs/17/attempts/2/logs":
            self.send_response(302)
            self.send_header("location", "/storage/logs.zip?signed=yes")
            self.end_headers()
        elif self.path.startswith("/storage/"):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.archive)
        elif self.path.startswith("/repos/acme/loop/"):
            self.send_response(302)
            self.send_header("location", self.path)
            self.end_headers()
        else:
            self.send_response(404)
            self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def github() -> Iterator[Any]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("0_tests.txt", LOG)
        archive.writestr("tests/1_Run.txt", LOG)
    handler = type("Handler", (_Storage,), {"asked": [], "archive": packed.getvalue()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.api = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    server.asked = handler.asked  # type: ignore[attr-defined]
    yield server
    server.shutdown()
    server.server_close()


def test_the_logs_of_a_run_are_downloaded_and_drafted(hooked: Asked, github: Any) -> None:
    export = _send(hooked, EVENT).json()["export"]
    hooked.work(GitHub(github.api, "the-token"))
    body = hooked.client.get(f"/api/v1/exports/{export}").json()
    assert (body["state"], body["source"]) == ("blanks", "run-17.zip!0_tests.txt")
    assert list(hooked.service.config.uploads.iterdir()) == []


def test_the_token_goes_to_the_api_and_not_to_the_storage_behind_it(github: Any) -> None:
    GitHub(github.api, "the-token").fetch(Run(repository="acme/shop", number=17, attempt=2), io.BytesIO(), most_bytes=10_000)
    assert [token for _, token in github.asked] == ["Bearer the-token", None]


@pytest.mark.parametrize(
    ("run", "most", "why"),
    [
        (Run(repository="acme/shop", number=17, attempt=2), 50, "larger than 50 bytes"),
        (Run(repository="acme/gone", number=1), 10_000, "GitHub answered 404"),
        (Run(repository="acme/loop", number=1), 10_000, "sent on more than 3 times"),
    ],
)
def test_logs_that_cannot_be_had_are_told(github: Any, run: Run, most: int, why: str) -> None:
    with pytest.raises(InputError, match=why):
        GitHub(github.api, "").fetch(run, io.BytesIO(), most_bytes=most)


def test_a_run_whose_logs_are_gone_ends_as_failed_with_what_to_do(hooked: Asked, github: Any) -> None:
    export = _send(hooked, EVENT | {"repository": {"full_name": "acme/gone"}}).json()["export"]
    hooked.work(GitHub(github.api, ""))
    job = hooked.client.get(f"/api/v1/exports/{export}").json()["job"]
    assert job["error"] == "the logs of acme/gone run 17.2 cannot be had: GitHub answered 404"
    assert job["hint"] == "set ASSISTANT_GITHUB_TOKEN to a token that may read Actions"
