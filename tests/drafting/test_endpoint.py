"""One endpoint, whatever it does: each answer it can give, and how the next request looks."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from fake_endpoint import (
    Behaviour,
    FakeEndpoint,
    answer,
    dripping,
    dropped,
    endless,
    raw,
    refusal,
    reply,
    silent,
    slow,
    status,
    without_field,
    without_schemas,
)

from assistant.drafting.endpoint import Endpoint
from assistant.drafting.requests import Answer, Payload, Profile, Usage

SCHEMA = {"type": "json_schema", "json_schema": {"name": "summary", "strict": True, "schema": {"type": "object"}}}
PAYLOAD = Payload(task="summary", messages=({"role": "user", "content": "why?"},), body={"response_format": SCHEMA})

Ask = Callable[..., Sequence[Answer]]


@pytest.fixture
def ask(fake: FakeEndpoint) -> Ask:
    """Ask as often as there are behaviours (or `times`), one after the other, and give the answers."""

    def asked(*behaviours: Behaviour, times: int = 0, **profile: Any) -> Sequence[Answer]:
        fake.script = {"any": behaviours}
        settings = {"model": "fake", "base_url": fake.url, "timeout_s": 5.0, "retries": 0} | profile

        async def calls() -> list[Answer]:
            async with Endpoint(Profile(**settings)) as endpoint:
                return [await endpoint.ask(PAYLOAD) for _ in range(times or len(behaviours))]

        return asyncio.run(calls())

    return asked


def test_a_reply_comes_back_with_its_tokens(ask: Ask) -> None:
    (got,) = ask(reply('{"a": 1}'))
    assert (got.text, got.failure, got.cut, got.form) == ('{"a": 1}', "", False, "json_schema")
    assert got.usage == Usage(sent=1000, cached=900, received=200, reasoning=50)
    assert 0 < got.seconds < 5


def test_the_request_holds_the_messages_the_schema_and_the_limit_and_nothing_else(ask: Ask, fake: FakeEndpoint) -> None:
    ask(reply("{}"), reply_tokens=77)
    assert fake.requests[0].path == "/v1/chat/completions"
    assert fake.requests[0].body == {
        "model": "fake",
        "messages": [{"role": "user", "content": "why?"}],
        "max_completion_tokens": 77,
        "response_format": SCHEMA,
    }


def test_a_key_goes_into_the_header_and_a_local_server_gets_one_that_means_nothing(ask: Ask, fake: FakeEndpoint) -> None:
    ask(reply("{}"), api_key="a key of this test")
    ask(reply("{}"))
    assert [request.headers["authorization"] for request in fake.requests] == ["Bearer a key of this test", "Bearer none"]


@pytest.mark.parametrize(
    ("behaviour", "failure"),
    [
        (refusal("I will not."), "the model refused: I will not."),
        (reply(""), "the reply is empty"),
        (reply(None), "the reply is empty"),
        (reply(" \n "), "the reply is empty"),
        (reply("", finish="length"), "the reply was cut before it began"),
        (reply("half", finish="content_filter"), "the reply was stopped by a content filter"),
        (raw(b"<html><h1>Sign in</h1></html>", kind="text/html"), "the answer is no JSON"),
        (raw(b'{"choices": [{"message": {"content": "unfinis'), "the answer is no JSON"),
        (raw(b""), "the answer is no JSON"),
        (raw(b"\xff\xfe\x00"), "the answer is no JSON"),
        (raw(b"[" * 100_000), "the answer is no JSON"),
        (answer([]), "the answer is no JSON object"),
        (answer("text"), "the answer is no JSON object"),
        (answer({"error": {"message": "model is loading", "code": 503}}), "the answer holds no reply: model is loading"),
        (answer({"error": "overloaded"}), "the answer holds no reply: overloaded"),
        (answer({}), "the answer holds no reply"),
        (answer({"choices": []}), "the answer holds no reply"),
        (answer({"choices": None}), "the answer holds no reply"),
        (answer({"choices": "none"}), "the answer holds no reply"),
        (answer({"choices": [None]}), "the answer holds no reply"),
        (answer({"choices": [{}]}), "the reply is empty"),
        (answer({"choices": [{"message": "text"}]}), "the reply is empty"),
        (answer({"choices": [{"message": {"content": ["a", "b"]}}]}), "the reply is empty"),
        (answer({"choices": [{"message": {"content": 7}}]}), "the reply is empty"),
        (status(400, "bad temperature", param="temperature"), "status 400: bad temperature"),
        (status(401, "Incorrect API key"), "status 401: Incorrect API key"),
        (status(404, "no model fake"), "status 404: no model fake"),
        (status(429, "slow down", headers={"Retry-After": "0"}), "status 429: slow down"),
        (status(429, "no credit", code="insufficient_quota"), "status 429: no credit"),
        (status(500, "crashed"), "status 500: crashed"),
        (status(503, "busy"), "status 503: busy"),
    ],
)
def test_what_is_no_reply_is_told_in_the_answer(ask: Ask, behaviour: Behaviour, failure: str) -> None:
    (got,) = ask(behaviour)
    assert (got.text, got.failure) == ("", failure)


def test_tokens_of_a_refused_or_empty_reply_count_too(ask: Ask) -> None:
    assert [got.usage.received for got in ask(refusal("no"), reply(""))] == [200, 200]


@pytest.mark.parametrize("usage", [None, [], "many", {}, {"prompt_tokens": "9"}, {"prompt_tokens": -1, "completion_tokens": True}])
def test_tokens_that_are_not_told_count_as_none(ask: Ask, usage: object) -> None:
    (got,) = ask(reply("{}", usage=usage))
    assert (got.text, got.usage) == ("{}", Usage())


def test_a_reply_that_ends_at_the_length_limit_is_kept_and_marked(ask: Ask) -> None:
    (got,) = ask(reply('{"title": "half', finish="length"))
    assert (got.text, got.cut, got.failure) == ('{"title": "half', True, "")


def test_half_a_surrogate_pair_is_replaced_since_it_could_not_be_sent_back_or_written(ask: Ask) -> None:
    (got,) = ask(reply("a \ud800 b"))
    assert got.text == "a ? b"


def test_a_long_message_of_the_endpoint_is_told_in_one_short_line(ask: Ask) -> None:
    (got,) = ask(status(500, "a\nb " + "c" * 1000))
    assert got.failure.startswith("status 500: a b ccc")
    assert "\n" not in got.failure
    assert len(got.failure) < 200


@pytest.mark.parametrize("body", [b"<html>Bad Gateway</html>", b"", b'{"error": "text"}', b'{"detail": "?"}', b"[1]", b'"x"'])
def test_an_error_in_any_form_is_told_by_its_status(ask: Ask, body: bytes) -> None:
    (got,) = ask(lambda connection, _: connection.write_body(body, status=502))
    assert got.failure.startswith("status 502: ")


def test_a_connection_that_breaks_in_the_middle_of_the_answer(ask: Ask) -> None:
    (got,) = ask(dropped())
    assert got.failure.startswith("no connection: ")


def test_a_server_that_hangs_up_at_once(ask: Ask) -> None:
    (got,) = ask(lambda connection, _: connection.hang_up())
    assert got.failure.startswith("no connection: ")


def test_no_server_at_all(ask: Ask) -> None:
    (got,) = ask(reply("{}"), base_url="http://127.0.0.1:9/v1")
    assert got.failure.startswith("no connection: ")


@pytest.mark.parametrize("behaviour", [dripping(), silent()])
def test_a_server_that_drips_for_ever_or_is_silent_is_left_after_the_time_given(ask: Ask, behaviour: Behaviour) -> None:
    (got,) = ask(behaviour, timeout_s=0.2)
    assert got.failure in ("no whole answer within 0.2 s", "no answer within 0.2 s")
    assert got.seconds < 0.5


def test_an_endless_answer_is_left_after_4_million_bytes(ask: Ask) -> None:
    (got,) = ask(endless())
    assert got.failure == "the answer has more than 4000000 bytes"


def test_429_with_retry_after_is_waited_for_and_asked_again(ask: Ask, fake: FakeEndpoint) -> None:
    got = ask(status(429, headers={"Retry-After": "0"}), reply('{"a": 1}'), times=1, retries=1)
    assert [one.text for one in got] == ['{"a": 1}']
    assert len(fake.requests) == 2
    assert fake.requests[0].raw == fake.requests[1].raw


@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_a_request_that_is_at_fault_itself_is_not_made_again(ask: Ask, fake: FakeEndpoint, code: int) -> None:
    ask(status(code, param="messages", headers={"Retry-After": "0"}), times=1, retries=2)
    assert len(fake.requests) == 1


def test_an_endpoint_that_refuses_schemas_is_asked_in_json_mode_from_then_on(ask: Ask, fake: FakeEndpoint) -> None:
    got = ask(without_schemas(reply("{}")), times=3)
    assert [one.failure for one in got] == ["form refused", "", ""]
    assert [one.form for one in got] == ["json_schema", "json_object", "json_object"]
    assert [request.body.get("response_format") for request in fake.requests] == [SCHEMA, {"type": "json_object"}, {"type": "json_object"}]


def test_an_endpoint_that_refuses_json_mode_too_is_asked_for_plain_text(ask: Ask, fake: FakeEndpoint) -> None:
    got = ask(without_schemas(reply("{}"), without_json_mode=True), times=3)
    assert [one.failure for one in got] == ["form refused", "form refused", ""]
    assert [request.form for request in fake.requests] == ["json_schema", "json_object", "text"]


@pytest.mark.parametrize(
    ("refused", "taken"), [("max_completion_tokens", "max_tokens"), ("max_tokens", "max_completion_tokens")], ids=lambda name: name
)
def test_an_endpoint_that_calls_the_length_limit_otherwise_gets_its_own_name(
    ask: Ask, fake: FakeEndpoint, refused: str, taken: str
) -> None:
    got = ask(without_field(refused, reply("{}")), times=2, max_tokens_field=refused)
    assert [one.failure for one in got] == ["form refused", ""]
    assert [request.form for request in fake.requests] == ["json_schema", "json_schema"]
    assert refused not in fake.requests[1].body
    assert fake.requests[1].body[taken] == 8000


def test_an_endpoint_that_refuses_both_names_of_the_length_limit_is_not_asked_for_ever(ask: Ask) -> None:
    both = without_field("max_completion_tokens", without_field("max_tokens", reply("{}")))
    got = ask(both, times=5)
    assert got[-1].failure.startswith("status 400: ")


@pytest.mark.parametrize("message", ["this model's maximum context length is 8192 tokens", "prompt is too long"])
def test_a_prompt_over_the_window_is_no_refused_form(ask: Ask, fake: FakeEndpoint, message: str) -> None:
    got = ask(status(400, message, code="context_length_exceeded", param="messages"), reply("{}"))
    assert got[0].failure == f"status 400: {message}"
    assert [request.form for request in fake.requests] == ["json_schema", "json_schema"]


@pytest.mark.parametrize(
    ("behaviour", "form"),
    [(without_schemas(reply("{}")), "json_object"), (without_field("max_completion_tokens", reply("{}")), "json_schema")],
    ids=["schema", "field"],
)
def test_calls_side_by_side_learn_of_a_refusal_once(fake: FakeEndpoint, behaviour: Behaviour, form: str) -> None:
    fake.script = {"any": slow(behaviour)}

    async def calls() -> list[Answer]:
        async with Endpoint(Profile(model="fake", base_url=fake.url, retries=0)) as endpoint:
            refused = await asyncio.gather(*(endpoint.ask(PAYLOAD) for _ in range(4)))
            return [*refused, await endpoint.ask(PAYLOAD)]

    *refused, taken = asyncio.run(calls())
    assert {one.failure for one in refused} == {"form refused"}
    assert (taken.text, taken.form) == ("{}", form)


def test_azure_is_asked_under_the_deployments_name_with_its_own_header(ask: Ask, fake: FakeEndpoint) -> None:
    resource = fake.url.removesuffix("/v1")
    (got,) = ask(
        reply("{}"), model="drafts", base_url="", azure_endpoint=resource, azure_version="2024-10-21", api_key="a key of this test"
    )
    assert got.text == "{}"
    assert fake.requests[0].path == "/openai/deployments/drafts/chat/completions?api-version=2024-10-21"
    assert fake.requests[0].headers["api-key"] == "a key of this test"


def test_the_body_shown_beforehand_is_the_body_sent(ask: Ask, fake: FakeEndpoint) -> None:
    shown = Endpoint(Profile(model="fake")).body(PAYLOAD)
    ask(reply("{}"))
    assert json.loads(fake.requests[0].raw) == shown
