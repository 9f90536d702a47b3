"""An OpenAI-compatible endpoint on loopback that does what a test says, and remembers what it was sent."""

import json
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant.drafting.replies import REPLIES, strict_schema

CHUNK = b" " * 65536
ANY_TASK = "any"
ID = "chatcmpl-fake"
USAGE = {
    "prompt_tokens": 1000,
    "completion_tokens": 200,
    "prompt_tokens_details": {"cached_tokens": 900},
    "completion_tokens_details": {"reasoning_tokens": 50},
}


@dataclass(frozen=True)
class Received:
    """One request as it came in.

    Args:
        path: as in `/v1/chat/completions`.
        headers: by lower-case name.
        raw: the body's bytes.
        body: the body as JSON.
        beside: how many requests were being answered when it came, itself counted.
    """

    path: str
    headers: Mapping[str, str]
    raw: bytes
    body: Mapping[str, Any]
    beside: int

    @property
    def form(self) -> str:
        """How the reply's form was asked for."""
        return str(self.body.get("response_format", {"type": "text"})["type"])

    @property
    def task(self) -> str:
        """The task that asks: named with the schema, or known by the schema in the prompt."""
        if self.form == "json_schema":
            return str(self.body["response_format"]["json_schema"]["name"])
        return next((task for task, schema in _schema_texts().items() if schema in self.prompt), ANY_TASK)

    @property
    def schema(self) -> dict[str, Any]:
        """The schema that the reply was asked to fit."""
        return strict_schema(REPLIES[self.task])

    @property
    def prompt(self) -> str:
        """All messages, one after the other."""
        return "\n".join(message["content"] for message in self.body["messages"])

    @property
    def is_repair(self) -> bool:
        """Whether an answer is sent back to be mended."""
        return "You answered this task before" in self.body["messages"][-1]["content"]


Behaviour = Callable[["Connection", Received], None]
"""What is done with one request."""


class Connection(BaseHTTPRequestHandler):
    """One client's connection; `write_…` are what behaviours use."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_POST(self) -> None:
        """Note the request, and do with it what the script says."""
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.answering() as beside:
            received = Received(self.path, headers, raw, json.loads(raw), beside)
            behaviour = self.server.fake.next_for(received)
            try:
                behaviour(self, received)
            except OSError:
                self.close_connection = True  # the client had enough

    def write_body(
        self, body: bytes, *, status: int = 200, kind: str = "application/json", headers: Mapping[str, str] | None = None
    ) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def write_head(self, length: int) -> None:
        """The head of an answer whose body comes in pieces."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def hang_up(self) -> None:
        """Reset the connection."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class FakeEndpoint:
    """The endpoint; a context in which it runs on a free port.

    Args:
        script: task -> what is done with its requests, one after the other, the last again and again;
            `any` serves tasks that have no entry. One behaviour may stand for a list of one.
    """

    def __init__(self, script: Mapping[str, Behaviour | Sequence[Behaviour]] | None = None) -> None:
        self.script: dict[str, Behaviour | Sequence[Behaviour]] = dict(script or {ANY_TASK: reply("{}")})
        self.requests: list[Received] = []
        self.stopped = threading.Event()
        self._lock = threading.Lock()
        self._turns: dict[str, int] = {}
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """What `--base-url` is given."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def distinct(self) -> int:
        """How many different requests came."""
        with self._lock:
            return len({request.raw for request in self.requests})

    def __enter__(self) -> "FakeEndpoint":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def next_for(self, received: Received) -> Behaviour:
        """Note a request and choose what is done with it."""
        with self._lock:
            self.requests.append(received)
            task = received.task if received.task in self.script else ANY_TASK
            steps = self.script[task]
            if not isinstance(steps, Sequence):
                return steps
            turn = self._turns.get(task, 0)
            self._turns[task] = turn + 1
            return steps[min(turn, len(steps) - 1)]

    def asked(self, task: str) -> list[Received]:
        """The requests of a task, in order."""
        return [request for request in self.requests if request.task == task]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, fake: FakeEndpoint) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.fake = fake
        self._now = 0
        self._count = threading.Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed in the middle of a request is nothing to tell."""
        if not isinstance(sys.exception(), OSError | ValueError):
            super().handle_error(request, client_address)

    def answering(self) -> "_Answering":
        return _Answering(self)

    def count(self, step: int) -> int:
        with self._count:
            self._now += step
            return self._now


@dataclass(frozen=True)
class _Answering:
    server: _Server

    def __enter__(self) -> int:
        return self.server.count(1)

    def __exit__(self, *_: object) -> None:
        self.server.count(-1)


def reply(text: str | None, *, finish: str = "stop", usage: Any = USAGE, **message: Any) -> Behaviour:
    """A well-formed answer with this text."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text, **message}, "finish_reason": finish}
    return answer({"id": ID, "object": "chat.completion", "model": "fake", "choices": [choice], "usage": usage})


def reply_with(make: Callable[[Received], str]) -> Behaviour:
    """A well-formed answer whose text is made from the request."""
    return lambda connection, received: reply(make(received))(connection, received)


def answer(data: Any) -> Behaviour:
    """Any JSON with status 200."""
    return raw(json.dumps(data).encode())


def raw(body: bytes, *, kind: str = "application/json") -> Behaviour:
    """Any bytes with status 200."""
    return lambda connection, _: connection.write_body(body, kind=kind)


def refusal(why: str) -> Behaviour:
    """The model declines."""
    return reply(None, refusal=why)


def status(number: int, message: str = "no", /, *, headers: Mapping[str, str] | None = None, **error: Any) -> Behaviour:
    """An error in OpenAI's form."""
    body = json.dumps({"error": {"message": message, "type": "error", "param": None, "code": None, **error}}).encode()
    return lambda connection, _: connection.write_body(body, status=number, headers=headers)


def without_schemas(then: Behaviour, *, without_json_mode: bool = False) -> Behaviour:
    """An endpoint that refuses `response_format` json_schema, and json_object too if so told."""

    def behave(connection: Connection, received: Received) -> None:
        refused = received.form == "json_schema" or (without_json_mode and received.form == "json_object")
        refuse = status(400, f"response_format {received.form} is not supported", param="response_format")
        (refuse if refused else then)(connection, received)

    return behave


def without_field(field: str, then: Behaviour) -> Behaviour:
    """An endpoint that does not know a field of the request."""
    refuse = status(400, f"Unsupported parameter: {field}", param=field, code="unsupported_parameter")
    return lambda connection, received: (refuse if field in received.body else then)(connection, received)


def dropped(body: bytes = b'{"id": "chatcmpl-fake", "choices": [{"mess') -> Behaviour:
    """The connection breaks in the middle of the body."""

    def behave(connection: Connection, _: Received) -> None:
        connection.write_head(len(body) + 1000)
        connection.wfile.write(body)
        connection.hang_up()

    return behave


def dripping(pause_s: float = 0.02) -> Behaviour:
    """A body that comes byte by byte and never ends."""

    def behave(connection: Connection, _: Received) -> None:
        connection.write_head(1_000_000)
        while not connection.server.fake.stopped.wait(pause_s):
            connection.wfile.write(b" ")

    return behave


def silent() -> Behaviour:
    """No answer at all."""
    return lambda connection, _: connection.server.fake.stopped.wait(5) and None


def endless() -> Behaviour:
    """A body that comes fast and never ends."""

    def behave(connection: Connection, _: Received) -> None:
        connection.write_head(10**12)
        while not connection.server.fake.stopped.is_set():
            connection.wfile.write(CHUNK)

    return behave


def slow(then: Behaviour, *, pause_s: float = 0.03) -> Behaviour:
    """An answer that takes its time, so that requests stand side by side."""

    def behave(connection: Connection, received: Received) -> None:
        connection.server.fake.stopped.wait(pause_s)
        then(connection, received)

    return behave


@cache
def _schema_texts() -> dict[str, str]:
    return {task: json.dumps(strict_schema(model), ensure_ascii=False) for task, model in REPLIES.items()}


def running(script: Mapping[str, Behaviour | Sequence[Behaviour]] | None = None) -> Iterator[FakeEndpoint]:
    """A running endpoint, for fixtures."""
    with FakeEndpoint(script) as endpoint:
        yield endpoint
