"""What the commands print: results to stdout as UTF-8, everything else to stderr, control characters escaped."""

import sys

from assistant.sources.text import escape


def say(text: str) -> None:
    """Tell the user something on stderr."""
    sys.stderr.write(escape(text)[0] + "\n")
    sys.stderr.flush()


def put(text: str) -> None:
    """Write a result to stdout, UTF-8 whatever the locale says, newlines as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def plural(count: int, word: str) -> str:
    """`1 blank`, `2 blanks`."""
    return f"{count} {word}" + ("" if count == 1 else "s")
