"""OpenAI's Batch endpoint on loopback: takes a file of requests, lets itself be asked, and gives a file of answers."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

USAGE = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
Say = Callable[[Mapping[str, Any]], str | None]
"""The reply to the body of one request; None where it fails."""


class FakeBatches:
    """The endpoint; a context in which it runs on a free port.

    Args:
        say: what is replied.
        polls: how often a batch is still in progress when it is asked for.
        status: how batches end.
    """

    def __init__(self, say: Say, *, polls: int = 1, status: str = "completed") -> None:
        self.say, self.polls, self.status = say, polls, status
        self.files: dict[str, str] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.asked: dict[str, int] = {}
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                self._give(fake.take_file(raw) if self.path.endswith("/files") else fake.begin(json.loads(raw)))

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path.endswith("/content"):
                    self._give(fake.files[path.split("/")[-2]])
                elif path.endswith("/batches"):
                    self._give({"object": "list", "data": list(fake.batches.values()), "has_more": False})
                else:
                    self._give(fake.poll(path.rpartition("/")[2]))

            def _give(self, data: Any) -> None:
                body = data.encode() if isinstance(data, str) else json.dumps(data).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain" if isinstance(data, str) else "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """What `--base-url` is given."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "FakeBatches":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take_file(self, raw: bytes) -> dict[str, Any]:
        """Keep the lines of an uploaded file."""
        name = f"file-{len(self.files) + 1}"
        lines = re.findall(r"^\{.*\}\r?$", raw.decode(), re.M)
        self.files[name] = "\n".join(line.strip() for line in lines)
        return {
            "id": name,
            "object": "file",
            "bytes": len(raw),
            "created_at": 0,
            "filename": "requests.jsonl",
            "purpose": "batch",
            "status": "processed",
        }

    def begin(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Take a batch."""
        name = f"batch_{len(self.batches) + 1}"
        self.batches[name] = {
            "id": name, "object": "batch", "endpoint": body["endpoint"], "input_file_id": body["input_file_id"], "created_at": 0,
            "completion_window": body["completion_window"], "status": "validating", "metadata": body.get("metadata"),
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
        }  # fmt: skip
        return self.batches[name]

    def poll(self, name: str) -> dict[str, Any]:
        """How a batch stands; after some polls it has ended."""
        batch, self.asked[name] = self.batches[name], self.asked.get(name, 0) + 1
        lines = [json.loads(line) for line in self.files[batch["input_file_id"]].split("\n")]
        batch["request_counts"]["total"] = len(lines)
        batch["status"] = "in_progress" if self.asked[name] <= self.polls else self.status
        if batch["status"] == "completed" and "output_file_id" not in batch:
            batch["output_file_id"] = f"file-out-{name}"
            self.files[batch["output_file_id"]] = "\n".join(json.dumps(self._answer(line)) for line in lines)
            batch["request_counts"]["completed"] = len(lines)
        return batch

    def _answer(self, line: Mapping[str, Any]) -> dict[str, Any]:
        text = self.say(line["body"])
        if text is None:
            return {"id": "x", "custom_id": line["custom_id"], "response": None, "error": {"code": "server_error", "message": "it broke"}}
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        body = {"id": "chatcmpl-fake", "object": "chat.completion", "model": "fake", "choices": [choice], "usage": USAGE}
        return {"id": "x", "custom_id": line["custom_id"], "response": {"status_code": 200, "request_id": "x", "body": body}, "error": None}


def task_of(body: Mapping[str, Any]) -> str:
    """The task that a request asks for."""
    return str(body["response_format"]["json_schema"]["name"])
