"""`assistant redact`: a filter that masks secrets."""

import gc
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import typer

from assistant.cli.console import put_bytes
from assistant.errors import InputError

CHUNK = 1 << 18


def command(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A text; standard input without it.", show_default=False)] = None,
    pii: Annotated[bool, typer.Option("--pii", help="Mask e-mail addresses, IPs and user names too.")] = False,
) -> None:
    """Print a text with its secrets masked, line by line as it comes; every other byte stays."""
    # late: `--help` must not pay for the rules
    from assistant.redaction import Redactor
    from assistant.redaction.stream import mask_stream
    from assistant.settings import read_settings

    gc.enable()  # a stream may go on for days
    settings = read_settings(Path.cwd())
    redactor = Redactor(pii=pii, mask=settings.mask, keep=settings.keep)
    for piece in mask_stream(_chunks(file), redactor):
        put_bytes(piece)


def _chunks(file: Path | None) -> Iterator[bytes]:
    """What can be read at once, again and again."""
    try:
        if file is None or str(file) == "-":
            yield from _read(sys.stdin.buffer)
            return
        with file.open("rb") as stream:
            yield from _read(stream)
    except OSError as error:
        raise InputError(f"{file or 'stdin'}: cannot be read: {error.strerror or error}") from None


def _read(stream: BinaryIO) -> Iterator[bytes]:
    read1 = cast(io.BufferedReader, stream).read1
    while chunk := read1(CHUNK):
        yield chunk
