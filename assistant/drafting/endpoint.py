"""One OpenAI-compatible endpoint: a request in, an answer out, whatever the endpoint does."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any

import httpx2
import openai
from openai import AsyncAzureOpenAI, AsyncOpenAI

from assistant.drafting.requests import Answer, Payload, Profile, Usage

FORMS = ("json_schema", "json_object", "text")
"""How a reply's form is asked for; an endpoint that refuses one is asked in the next."""
TOKEN_FIELDS = ("max_completion_tokens", "max_tokens")
MAX_REPLY_BYTES = 4_000_000
LOCAL_KEY = "none"
HOPELESS = frozenset({401, 403, 404})


class EndlessReplyError(Exception):
    """An answer that grows past any use."""


class Endpoint:
    """The client of one endpoint, for the length of one `async with`.

    What the endpoint turns out not to know (a schema, the name of the length limit) is remembered for the next calls.

    Args:
        profile: where it is and how to talk to it.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._form = 0
        self._token_field = profile.max_tokens_field
        self._field_changed = False
        self._client: AsyncOpenAI | AsyncAzureOpenAI | None = None

    @property
    def form(self) -> str:
        """How replies are asked for at present."""
        return FORMS[self._form]

    async def __aenter__(self) -> "Endpoint":
        profile = self._profile
        if profile.azure_endpoint:
            self._client = AsyncAzureOpenAI(
                azure_endpoint=profile.azure_endpoint,
                api_version=profile.azure_version,
                api_key=profile.api_key,
                timeout=profile.timeout_s,
                max_retries=profile.retries,
            )
        else:
            self._client = AsyncOpenAI(
                base_url=profile.base_url or None,
                api_key=profile.api_key or LOCAL_KEY,
                timeout=profile.timeout_s,
                max_retries=profile.retries,
            )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._client:
            await self._client.close()

    def body(self, payload: Payload) -> dict[str, Any]:
        """What is sent for a payload, in the form that the endpoint is known to take."""
        body: dict[str, Any] = {
            "model": self._profile.model,
            "messages": list(payload.messages),
            self._token_field: self._profile.reply_tokens,
        }
        if self.form == "json_schema":
            body["response_format"] = payload.body["response_format"]
        elif self.form == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    async def ask(self, payload: Payload) -> Answer:
        """Send a payload and wait for its answer; what goes wrong is told in the answer, never raised.

        A refused form or field is not a failure: the answer says `form refused`, and the next call asks otherwise.
        """
        started = time.monotonic()
        form, field = self.form, self._token_field
        try:
            async with asyncio.timeout(self._profile.timeout_s):
                text = await self._post(self.body(payload))
            answer = read_answer(text)
        except TimeoutError:
            answer = Answer(failure=f"no whole answer within {self._profile.timeout_s:g} s")
        except EndlessReplyError:
            answer = Answer(failure=f"the answer has more than {MAX_REPLY_BYTES} bytes")
        except openai.APITimeoutError:
            answer = Answer(failure=f"no answer within {self._profile.timeout_s:g} s")
        except (openai.APIConnectionError, httpx2.HTTPError) as error:  # the second: while the answer's body is read
            answer = Answer(
                failure=f"no connection: {_first_line(error.__cause__ or error)}", hopeless=isinstance(error.__cause__, httpx2.ConnectError)
            )
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            answer = Answer(failure="form refused" if self._step_down(error, form, field) else _status(error), billed=False)
        except openai.APIStatusError as error:
            answer = Answer(failure=_status(error), billed=False, hopeless=error.status_code in HOPELESS)
        except openai.OpenAIError as error:
            answer = Answer(failure=_first_line(error))
        return replace(answer, seconds=time.monotonic() - started, form=form)

    async def _post(self, body: Mapping[str, Any]) -> str:
        """The raw text of the answer: the client's own parsing would lose it where it is no JSON."""
        if self._client is None:
            raise RuntimeError("the endpoint is used outside of `async with`")
        data = bytearray()
        async with self._client.chat.completions.with_streaming_response.create(**body) as response:
            async for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_REPLY_BYTES:
                    raise EndlessReplyError
        return data.decode("utf-8", "replace")

    def _step_down(self, error: openai.APIStatusError, form: str, field: str) -> bool:
        """Choose the next way to ask after a refused request; False where the request itself is at fault."""
        if (form, field) != (self.form, self._token_field):
            return True  # a call beside this one found out first
        if self._token_field in f"{error.param} {error.body}" and not self._field_changed:
            self._token_field = next(name for name in TOKEN_FIELDS if name != self._token_field)
            self._field_changed = True
            return True
        at_fault = error.param and not error.param.startswith("response_format")
        if at_fault or error.code == "context_length_exceeded" or self._form + 1 >= len(FORMS):
            return False
        self._form += 1
        return True

    def ignores_schema(self, answer: Answer) -> None:
        """Told that an answer under a schema was no JSON at all: from now on the schema goes into the prompt."""
        if answer.form == self.form == "json_schema":
            self._form += 1


def read_answer(text: str) -> Answer:
    """Read an answer's body, which may be anything."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Answer(failure="the answer is no JSON")
    if not isinstance(data, dict):
        return Answer(failure="the answer is no JSON object")
    usage, choices = _usage(data.get("usage")), data.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        error = data.get("error")
        said = error.get("message") if isinstance(error, dict) else error
        return Answer(failure=f"the answer holds no reply{f': {_clip(said)}' if said else ''}", usage=usage)
    message = choices[0].get("message")
    message = message if isinstance(message, dict) else {}
    if refusal := message.get("refusal"):
        return Answer(failure=f"the model refused: {_clip(refusal)}", usage=usage)
    content = message.get("content")
    finish = choices[0].get("finish_reason")
    if finish == "content_filter":
        return Answer(failure="the reply was stopped by a content filter", usage=usage)
    if not isinstance(content, str) or not content.strip():
        return Answer(failure="the reply was cut before it began" if finish == "length" else "the reply is empty", usage=usage)
    content = content.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair could not be sent back or written
    return Answer(text=content, cut=finish == "length", usage=usage)


def _usage(data: Any) -> Usage:
    if not isinstance(data, dict):
        return Usage()
    sent, received = data.get("prompt_tokens_details"), data.get("completion_tokens_details")
    return Usage(
        sent=_count(data.get("prompt_tokens")),
        cached=_count(sent.get("cached_tokens")) if isinstance(sent, dict) else 0,
        received=_count(data.get("completion_tokens")),
        reasoning=_count(received.get("reasoning_tokens")) if isinstance(received, dict) else 0,
    )


def _count(value: Any) -> int:
    return value if type(value) is int and value >= 0 else 0


def _status(error: openai.APIStatusError) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return f"status {error.status_code}: {_clip(body.get('message') or error.response.reason_phrase)}"


def _first_line(error: BaseException) -> str:
    return _clip(str(error) or type(error).__name__)


def _clip(text: Any) -> str:
    return " ".join(str(text).split())[:160]
