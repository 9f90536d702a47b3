"""What the commands print: results to stdout as UTF-8, everything else to stderr, control characters escaped."""

import errno
import sys

from assistant.errors import UsageError
from assistant.sources.text import escape


def say(text: str) -> None:
    """Tell the user something on stderr."""
    sys.stderr.write(escape(text)[0] + "\n")
    sys.stderr.flush()


def put(text: str) -> None:
    """Write a result to stdout, UTF-8 whatever the locale says, newlines as they are."""
    put_bytes(text.encode("utf-8", "surrogateescape"))


def put_bytes(data: bytes) -> None:
    """Write bytes to stdout as they are."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # the reader has gone: nobody is left to be told
        raise UsageError(f"standard output cannot be written: {error.strerror or error}") from None


def plural(count: int, word: str) -> str:
    """`1 blank`, `2 blanks`."""
    return f"{count} {word}" + ("" if count == 1 else "s")
