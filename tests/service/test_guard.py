"""What every request passes before anything reads it."""

import pytest
from asked_service import LOG, Asked, Start

from assistant.errors import UsageError
from assistant.service import Limits
from assistant.settings import Secrets

TOKEN = "x" * 40


@pytest.fixture
def closed(start: Start) -> Asked:
    return start(secrets=Secrets(token=TOKEN))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "example.org", "::"])
def test_others_than_this_machine_are_served_only_with_a_token(start: Start, host: str) -> None:
    with pytest.raises(UsageError, match="no token is set"):
        start(host=host)
    assert start(host=host, secrets=Secrets(token=TOKEN)).client.get("/health/live").status_code == 200


@pytest.mark.parametrize("token", ["short", "with a blank in all of it", "ümlaut-ümlaut-ümlaut"])
def test_a_token_that_could_be_guessed_or_never_be_sent_is_refused(start: Start, token: str) -> None:
    with pytest.raises(UsageError, match="ASSISTANT_TOKEN"):
        start(secrets=Secrets(token=token))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": f"Basic {TOKEN}"}, 401),
        ({"authorization": TOKEN}, 401),
        ({"cookie": "assistant_session=9999999999.a.b"}, 401),
        ({"authorization": f"Bearer {TOKEN}"}, 200),
        ({"authorization": f"bearer {TOKEN}"}, 200),
    ],
)
def test_with_a_token_set_it_must_be_shown(closed: Asked, headers: dict[str, str], status: int) -> None:
    for path in ("/api/v1/exports", "/metrics", "/api/v1/openapi.json"):
        assert closed.client.get(path, headers=headers).status_code == status


def test_health_is_told_to_everybody_and_says_nothing_else(closed: Asked) -> None:
    assert closed.client.get("/health/live").json() == {"status": "alive"}
    assert closed.client.get("/health/ready").json() == {"status": "ready"}


def test_a_browser_is_led_to_sign_in_and_back(closed: Asked) -> None:
    html = {"accept": "text/html"}
    led = closed.client.get("/some/page", headers=html)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?next=/some/page")
    assert "not the service" in closed.client.post("/sign-in?next=/some/page", data={"token": "wrong"}).text
    signed = closed.client.post("/sign-in?next=/metrics", data={"token": TOKEN})
    assert (signed.status_code, signed.headers["location"]) == (303, "/metrics")
    assert {"HttpOnly", "SameSite=lax"} <= set(signed.headers["set-cookie"].split("; "))
    assert closed.client.get("/metrics").status_code == 200
    closed.client.post("/sign-out")
    assert closed.client.get("/metrics").status_code == 401


def test_behind_a_proxy_that_ends_tls_the_cookie_is_sent_over_tls_only(closed: Asked) -> None:
    signed = closed.client.post("/sign-in", data={"token": TOKEN}, headers={"x-forwarded-proto": "https"})
    assert "Secure" in signed.headers["set-cookie"].split("; ")


@pytest.mark.parametrize("target", ["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""])
def test_after_signing_in_nobody_is_led_elsewhere(closed: Asked, target: str) -> None:
    signed = closed.client.post("/sign-in", params={"next": target}, data={"token": TOKEN})
    assert signed.headers["location"] == "/"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost:1", 200),
        ("[::1]:8000", 200),
        ("LOCALHOST", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
    ],
)
def test_on_loopback_only_loopbacks_names_are_answered(asked: Asked, host: str, status: int) -> None:
    assert asked.client.get("/health/live", headers={"host": host}).status_code == status


def test_more_names_can_be_allowed(start: Start) -> None:
    asked = start(allowed_hosts=("Drafts.example",))
    assert asked.client.get("/health/live", headers={"host": "drafts.example:443"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 202),
        ({"origin": "http://127.0.0.1:8000"}, 202),
        ({"sec-fetch-site": "same-origin"}, 202),
        ({"sec-fetch-site": "none"}, 202),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9000"}, 403),
        ({"origin": "http://[broken"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_what_a_page_of_another_site_sends_is_refused(asked: Asked, headers: dict[str, str], status: int) -> None:
    assert asked.client.post("/api/v1/exports", content=LOG, headers=headers).status_code == status


def test_a_client_that_hurries_is_told_to_wait(start: Start) -> None:
    asked = start(limits=Limits(requests_per_s=0.001, burst=3))
    statuses = [asked.client.get("/health/live").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert int(asked.client.get("/health/live").headers["retry-after"]) > 100


@pytest.mark.parametrize("path", ["/health/live", "/no/such/page", "/api/v1/exports", "/sign-in"])
def test_every_answer_says_what_a_browser_may_do_with_it(asked: Asked, path: str) -> None:
    headers = asked.client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


def test_a_body_that_is_no_upload_is_small(start: Start) -> None:
    asked = start(secrets=Secrets(token=TOKEN))
    assert asked.client.post("/sign-in", content=b"x" * 5_000_000).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_a_method_that_is_not_served_is_told_as_an_error(asked: Asked, method: str) -> None:
    answer = asked.client.request(method, "/health/live")
    assert (answer.status_code, answer.json()["title"], answer.headers["allow"]) == (405, "The method is not allowed here", "GET")
