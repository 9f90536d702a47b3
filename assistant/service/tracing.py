"""What a trace is told, whether anybody listens or not; without the extra `[otel]` nobody does."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.drafting.calls import ModelUse

Attributes = dict[str, str | int | float | bool]


class Span(Protocol):
    """One operation while it goes on."""

    def name(self, name: str, attributes: Attributes) -> None:
        """Name it by what is known only later."""
        ...

    def failed(self, kind: str) -> None:
        """Say that it failed, and by which kind of error."""
        ...


class Tracing(Protocol):
    """Where spans go."""

    def span(self, name: str, *, parent: str = "", attributes: Attributes | None = None) -> AbstractContextManager[Span]:
        """An operation; `parent` is a W3C trace context."""
        ...

    def context(self) -> str:
        """The W3C trace context of the operation that goes on; empty where there is none."""
        ...

    def calls(self, use: "ModelUse") -> None:
        """The calls to a model that were made in the operation that goes on."""
        ...

    def close(self) -> None:
        """Send what was not sent yet."""
        ...


class Unheard:
    """No tracing."""

    @contextmanager
    def span(self, name: str, *, parent: str = "", attributes: Attributes | None = None) -> Iterator["Unheard"]:
        """Nothing begins."""
        yield self

    def name(self, name: str, attributes: Attributes) -> None:
        """Nobody listens."""

    def failed(self, kind: str) -> None:
        """Nobody listens."""

    def context(self) -> str:
        """None."""
        return ""

    def calls(self, use: "ModelUse") -> None:
        """Nobody listens."""

    def close(self) -> None:
        """Nothing to send."""


def open_tracing(wanted: bool) -> Tracing:
    """Tracing by OpenTelemetry, if it is wanted.

    Raises:
        UsageError: the extra is missing.
    """
    if not wanted:
        return Unheard()
    try:
        # late: an extra
        from assistant.service.telemetry import open_telemetry
    except ModuleNotFoundError as error:
        raise UsageError(
            f"--traces needs OpenTelemetry ({error.name} is not installed)", hint="pip install 'research-export-assistant[otel]'"
        ) from None
    return open_telemetry()
