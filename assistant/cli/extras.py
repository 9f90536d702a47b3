"""Extras: what is missing is named, with the command that installs it."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import UsageError

OWN = "assistant"


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Tell of a missing library as of a missing extra.

    Raises:
        UsageError: names the library and the command that installs it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == OWN:
            raise
        raise UsageError(
            f"this command needs {error.name}, which is not installed", hint=f"pip install 'research-export-assistant[{extra}]'"
        ) from None
