"""Serving: the application under uvicorn, the workers beside it, and a stop that loses nothing."""

import ctypes
import logging
import logging.config
import signal
import socket
import sys
from types import FrameType
from typing import Any

import uvicorn

from assistant.errors import UsageError
from assistant.service.app import create_app
from assistant.service.configuration import ServiceConfig, refuse_unsafe
from assistant.service.context import Service
from assistant.service.workers import Workers

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {
        "assistant": {"handlers": ["stderr"], "level": "INFO"},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING"},
        # what it says of a fault is the exception's own text, which may hold anything; the observer tells of faults
        "uvicorn.error": {"level": "CRITICAL"},
    },
}
BACKLOG = 2048
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST_BYTES = 32 * 1024 * 1024
KEPT_BYTES = 128 * 1024 * 1024
LOG = logging.getLogger("assistant.service")


class _Server(uvicorn.Server):
    """uvicorn, telling the service when it is asked to stop, so that event streams end and readiness is taken back."""

    service: Service
    address: str

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        LOG.info("serving at %s", self.address)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.service.stage.stopping = True
        super().handle_exit(sig, frame)


def serve(config: ServiceConfig) -> None:
    """Serve until told to stop; open requests are finished, jobs under way stay in the queue.

    Args:
        config: what holds for the service.

    Raises:
        UsageError: it would be open to everybody, or its folder, database or address cannot be used.
    """
    refuse_unsafe(config)
    with _listening(config) as bound:
        app = create_app(config)
        logging.config.dictConfig(LOGGING)
        server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=BACKLOG,
                timeout_graceful_shutdown=config.limits.stop_s,
            )
        )
        server.service = app.state.service
        server.address = f"http://{config.host}:{bound.getsockname()[1]}/"
        _keep_memory()
        signal.signal(
            signal.SIGTERM, lambda *_: None
        )  # uvicorn raises it once more when it has stopped, and the workers have to be ended yet
        with Workers(config, app.state.service.stage):
            server.run([bound])


def _keep_memory() -> None:
    """Have the C library keep what an upload freed for the next one: handing it back and faulting it in again takes a quarter of the time."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:  # glibc; others have no such knob
        mallopt(M_MMAP_THRESHOLD, LARGEST_BYTES)
        mallopt(M_TRIM_THRESHOLD, 2 * KEPT_BYTES)
        memory = [b"x" * (LARGEST_BYTES // 2) for _ in range(2 * KEPT_BYTES // LARGEST_BYTES)]  # written to: the first crowd finds it, too
        del memory


def _listening(config: ServiceConfig) -> socket.socket:
    """A socket that takes connections."""
    host = config.host.strip("[]")
    try:
        return socket.create_server((host, config.port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=BACKLOG)
    except OSError as error:
        raise UsageError(
            f"{config.host}:{config.port}: cannot be listened on: {error.strerror or error}", hint="give another --port or --host"
        ) from None
