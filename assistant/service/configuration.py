"""What the service is told when it starts."""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import UsageError
from assistant.settings import Secrets, Settings

MIN_TOKEN = 16
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much the service takes.

    Args:
        upload_bytes: of one request's body.
        files: of one request.
        spool_bytes: of all uploads that wait, together.
        waiting: jobs that have not ended.
        uploads: bodies that are received at the same time.
        requests_per_s: of one client, lasting.
        burst: requests of one client at once.
        streams: event streams at the same time.
        stream_s: seconds after which an event stream ends and the client asks again.
        stop_s: seconds that open requests may take when the service stops.
    """

    upload_bytes: int = 256 * 1024 * 1024
    files: int = 100
    spool_bytes: int = 20 * 1024 * 1024 * 1024
    waiting: int = 10_000
    uploads: int = 256
    requests_per_s: float = 50.0
    burst: int = 1000
    streams: int = 100
    stream_s: float = 600.0
    stop_s: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfig:
    """What holds for one service.

    Args:
        data: folder of the database and of uploads that wait.
        database_url: a PostgreSQL database for many machines; an SQLite file in `data` without it.
        host: address that is listened on.
        port: its port; 0 lets the system choose.
        allowed_hosts: names under which the service may be addressed, besides loopback's own.
        secrets: the token of clients, the webhook's secret, the token for logs on GitHub.
        github_api: where runs' logs are downloaded.
        workers: processes that draft.
        silent_s: seconds without a sign of life after which a worker is taken for dead.
        traces: whether traces are sent.
        limits: how much it takes.
        settings: how drafts are made.
    """

    data: Path
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ()
    secrets: Secrets = field(default_factory=Secrets)
    github_api: str = "https://api.github.com"
    workers: int = 1
    silent_s: float = 15.0
    traces: bool = False
    limits: Limits = field(default_factory=Limits)
    settings: Settings = field(default_factory=Settings)

    @property
    def database(self) -> str:
        """URL of the database."""
        return self.database_url or f"sqlite:///{self.data / 'service.sqlite'}"

    @property
    def uploads(self) -> Path:
        """Folder of uploads that wait."""
        return self.data / "uploads"

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False


def refuse_unsafe(config: ServiceConfig) -> None:
    """Refuse to serve what everybody could read.

    Raises:
        UsageError: there is no token, or one that could be guessed, and more than this machine can reach the service.
    """
    token = config.secrets.token
    if not token and not config.on_loopback:
        raise UsageError(
            f"--host {config.host}: others can reach the service, and no token is set",
            hint="set ASSISTANT_TOKEN to a long random text, or listen on 127.0.0.1",
        )
    if token and (len(token) < MIN_TOKEN or not all("!" <= character <= "~" for character in token)):
        raise UsageError(
            "ASSISTANT_TOKEN is too short or holds a blank or a character outside ASCII",
            hint=f"at least {MIN_TOKEN} characters, as from: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
