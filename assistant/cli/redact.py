"""`assistant redact`: a filter that masks secrets."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import put
from assistant.errors import InputError


def command(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A text; standard input without it.", show_default=False)] = None,
    pii: Annotated[bool, typer.Option("--pii", help="Mask e-mail addresses, IPs and user names too.")] = False,
) -> None:
    """Print a text with its secrets masked; every other byte stays."""
    try:
        data = file.read_bytes() if file and str(file) != "-" else sys.stdin.buffer.read()
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from None
    # late: `--help` must not pay for the rules
    from assistant.redaction import Redactor

    put(Redactor(pii=pii).mask(data.decode("utf-8", "surrogateescape")))
