"""Uploads as they come: a body, raw or of several parts, goes to the disk piece by piece, under limits, and is parsed by nobody yet."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from assistant.service.configuration import Limits
from assistant.service.refusing import RefusedError, shown
from assistant.service.spool import Spool, write_all

FORM = "multipart/form-data"
NAME_CHARACTERS = 120
FIELD_BYTES = 8 * 1024
FIELDS = 50
UPLOAD_S = 600.0
BUFFER = 256 * 1024
"""So much of a body is held before it is written."""
UNNAMED = "log"


@dataclass(slots=True)
class Upload:
    """What came with a request.

    Args:
        files: under which name each is stored, and how its sender calls it.
        fields: of the form.
        size: bytes of all files.
    """

    files: list[dict[str, str]] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    size: int = 0


async def receive(request: Request, upload_id: str, spool: Spool, limits: Limits) -> Upload:
    """Store the body of a request; what came of one that breaks off is deleted.

    Args:
        request: its body is raw, or a form with files.
        upload_id: the files are stored under.
        spool: where.
        limits: how many files; how many bytes the guard sees to.

    Raises:
        RefusedError: the form is broken, too much is in it, it is empty or took too long.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    try:
        async with asyncio.timeout(UPLOAD_S):
            if kind.decode("latin-1") == FORM:
                upload = await _form(request.stream(), options.get(b"boundary", b""), _Parts(upload_id, spool, limits))
            else:  # whatever it is called: `curl --data-binary` says that a log is a form
                upload = await _raw(request, upload_id, spool)
        if not upload.size:
            raise RefusedError(422, "the upload is empty", hint="send a log, or an archive of logs")
        return upload
    except TimeoutError:
        spool.remove(upload_id)
        raise RefusedError(408, f"the upload took more than {UPLOAD_S:.0f} s") from None
    except BaseException:
        spool.remove(upload_id)
        raise


async def _raw(request: Request, upload_id: str, spool: Spool) -> Upload:
    """A body that is the log itself."""
    stored = ""
    size = held = 0
    blocks: list[bytes] = []
    async for block in request.stream():
        blocks.append(block)
        held += len(block)
        size += len(block)
        if held >= BUFFER:
            # in a thread: the disk must not hold up the others
            stored = await asyncio.to_thread(spool.append, upload_id, 1, blocks)
            blocks, held = [], 0
    stored = await asyncio.to_thread(spool.append, upload_id, 1, blocks)
    name = name_of(request.query_params.get("name", "") or request.headers.get("x-file-name", ""))
    return Upload([{"stored": stored, "name": name}], {}, size)


async def _form(stream: AsyncIterator[bytes], boundary: bytes, parts: "_Parts") -> Upload:
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": parts.begin,
                "on_header_field": parts.header_field,
                "on_header_value": parts.header_value,
                "on_header_end": parts.header_end,
                "on_headers_finished": parts.headers_finished,
                "on_part_data": parts.data,
                "on_part_end": parts.end,
            },
        )
        async for block in stream:
            parser.write(block)
        parser.finalize()
    except FormParserError:
        raise RefusedError(422, "the form is broken", hint=f"send {FORM} with a boundary, as curl -F does") from None
    finally:
        parts.close()
    return parts.upload


class _Parts:
    """Takes the parts of a form as the parser finds them."""

    def __init__(self, upload_id: str, spool: Spool, limits: Limits) -> None:
        self._upload_id = upload_id
        self._spool = spool
        self._limits = limits
        self.upload = Upload()
        self._headers: dict[bytes, bytes] = {}
        self._name = b""
        self._value = b""
        self._file: BinaryIO | None = None
        self._field = ""
        self._text = bytearray()

    def begin(self) -> None:
        self._headers = {}

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        self._text = bytearray()
        if b"filename" not in options:
            if len(self.upload.fields) >= FIELDS:
                raise RefusedError(422, f"the form has more than {FIELDS} fields")
            return
        if len(self.upload.files) >= self._limits.files:
            raise RefusedError(422, f"the form has more than {self._limits.files} files", hint="send an archive of them")
        stored, self._file = self._spool.create(self._upload_id, len(self.upload.files) + 1)
        self.upload.files.append({"stored": stored, "name": name_of(options[b"filename"].decode("utf-8", "replace"))})

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            write_all(self._file, memoryview(data)[start:end])
            self.upload.size += end - start
        elif len(self._text) + end - start > FIELD_BYTES:
            raise RefusedError(422, f"a field of the form has more than {FIELD_BYTES} bytes")
        else:
            self._text += data[start:end]

    def end(self) -> None:
        if self._file:
            self.close()
        elif self._field:
            self.upload.fields[self._field] = self._text.decode("utf-8", "replace")

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


def name_of(given: str) -> str:
    """How an upload is called: the last part of the name that its sender gave it, masked; never used as a path."""
    last = given.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return shown(last[:NAME_CHARACTERS].replace("\n", " ").replace("\t", " ")).strip() or UNNAMED
