"""OpenAI's Batch endpoint: many requests in one file, answered within a day for half the price."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import openai
from openai import OpenAI

from assistant.drafting.endpoint import LOCAL_KEY, read_answer
from assistant.drafting.requests import Answer, Profile
from assistant.errors import ModelError

MAX_LINES, MAX_BYTES = 50_000, 190_000_000
"""What one batch may hold."""

PRICE_SHARE = 0.5
FIRST_POLL_S, LAST_POLL_S = 5.0, 60.0
ENDED = ("completed", "failed", "expired", "cancelled")
URL: Final = "/v1/chat/completions"
WINDOW: Final = "24h"


class Submitted(NamedTuple):
    """A batch as the endpoint has it.

    Args:
        id: its name there.
        status: `validating`, `in_progress`, `finalizing`, `completed`, `failed`, `expired`, `cancelling` or `cancelled`.
        output: name of the file with answers; empty where there is none.
        errors: name of the file with what failed; empty where there is none.
        done: how many requests are answered.
        total: how many there are.
    """

    id: str
    status: str
    output: str = ""
    errors: str = ""
    done: int = 0
    total: int = 0


class BatchApi:
    """The client of the Batch endpoint.

    Args:
        profile: the endpoint.
        sleep: waits so many seconds.
    """

    def __init__(self, profile: Profile, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = OpenAI(
            base_url=profile.base_url or None, api_key=profile.api_key or LOCAL_KEY, timeout=profile.timeout_s, max_retries=profile.retries
        )
        self._sleep = sleep

    def submit(self, bodies: Sequence[Mapping[str, Any]], label: str) -> Submitted:
        """Hand in requests; each is known by its place among them.

        Args:
            bodies: what would be sent one by one; at most so many as `portions` gives.
            label: by which `find` knows the batch again.

        Raises:
            ModelError: the endpoint does not take it.
        """
        lines = [json.dumps({"custom_id": str(number), "method": "POST", "url": URL, "body": body}) for number, body in enumerate(bodies)]
        try:
            file = self._client.files.create(file=("requests.jsonl", ("\n".join(lines) + "\n").encode()), purpose="batch")
            batch = self._client.batches.create(input_file_id=file.id, endpoint=URL, completion_window=WINDOW, metadata={"label": label})
        except openai.OpenAIError as error:
            raise _failed(error) from None
        return _submitted(batch)

    def find(self, label: str) -> Submitted | None:
        """A batch that was handed in under a label, by a process that died before it could note that.

        Raises:
            ModelError: the endpoint cannot be asked.
        """
        try:
            held = self._client.batches.list(limit=100).data
        except openai.OpenAIError as error:
            raise _failed(error) from None
        return next((_submitted(one) for one in held if (one.metadata or {}).get("label") == label), None)

    def wait(self, batch: str, told: Callable[[Submitted], None]) -> Submitted:
        """Ask how a batch stands until it has ended, ever less often.

        Raises:
            ModelError: the endpoint cannot be asked.
        """
        pause_s = FIRST_POLL_S
        while True:
            try:
                found = _submitted(self._client.batches.retrieve(batch))
            except openai.OpenAIError as error:
                raise _failed(error) from None
            told(found)
            if found.status in ENDED:
                return found
            self._sleep(pause_s)
            pause_s = min(LAST_POLL_S, pause_s * 1.5)

    def answers(self, batch: Submitted) -> Iterator[tuple[int, Answer]]:
        """The answers of a batch that has ended, each with the place of its request.

        Raises:
            ModelError: the files cannot be read.
        """
        for name in filter(None, (batch.output, batch.errors)):
            try:
                text = self._client.files.content(name).text
            except openai.OpenAIError as error:
                raise _failed(error) from None
            for line in text.split("\n"):
                if line.strip():
                    yield from _answer(line)


def portions(bodies: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Requests cut into so many as one batch may hold."""
    held: list[Mapping[str, Any]] = []
    size = 0
    for body in bodies:
        length = len(json.dumps(body)) + 200
        if held and (len(held) == MAX_LINES or size + length > MAX_BYTES):
            yield held
            held, size = [], 0
        held.append(body)
        size += length
    if held:
        yield held


def _answer(line: str) -> Iterator[tuple[int, Answer]]:
    try:
        data = json.loads(line)
        number, response = int(data["custom_id"]), data.get("response") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # a line of nothing: its request stays unanswered
    status = response.get("status_code")
    if status == 200:
        yield number, read_answer(json.dumps(response.get("body")))
        return
    error = data.get("error") or (response.get("body") or {}).get("error") or {}
    yield (
        number,
        Answer(failure=f"the Batch endpoint: {error.get('message') or error.get('code') or f'status {status}'}"[:200], billed=False),
    )


def _submitted(batch: Any) -> Submitted:
    counts = batch.request_counts
    return Submitted(
        batch.id,
        batch.status,
        batch.output_file_id or "",
        batch.error_file_id or "",
        counts.completed + counts.failed if counts else 0,
        counts.total if counts else 0,
    )


def _failed(error: openai.OpenAIError) -> ModelError:
    said = " ".join(str(error).split())[:200]
    return ModelError(f"the Batch endpoint cannot be used: {said}", hint="leave out --use-batch-api, or run the same with --resume later")
