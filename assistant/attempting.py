"""Record an attempt: run what the user typed, stream its output through, keep what was tried and what came of it."""

import datetime
import hashlib
import shlex
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from assistant.errors import UsageError
from assistant.gathering import learn_secrets, open_repository
from assistant.gathering.attempts.records import FOLDER, AttemptRecord, dump
from assistant.gathering.change.uncommitted import uncommitted_diff
from assistant.mining import mine
from assistant.redaction import Redactor
from assistant.saving import save
from assistant.sources.source import Source
from assistant.sources.text import decode, escape

HEAD_BYTES, TAIL_BYTES = 500_000, 1_500_000
CHUNK = 65_536
SIGNALLED = 128


@dataclass
class Kept:
    """The output of a command as far as it is kept: its beginning and its end, in the order in which it came."""

    head: bytearray = field(default_factory=bytearray)
    tail: bytearray = field(default_factory=bytearray)
    lost: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, data: bytes) -> None:
        """Keep a piece."""
        with self._lock:
            room = max(0, HEAD_BYTES - len(self.head))
            self.head += data[:room]
            self.tail += data[room:]
            if len(self.tail) > 2 * TAIL_BYTES:
                self.lost += len(self.tail) - TAIL_BYTES
                del self.tail[:-TAIL_BYTES]

    @property
    def text(self) -> str:
        """What was kept, with a line that counts what was not."""
        if not self.lost:
            return decode(bytes(self.head + self.tail))
        return f"{decode(bytes(self.head))}\n({self.lost} bytes of output were not kept)\n{decode(bytes(self.tail))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An attempt that was made: the command's exit code, and where the record lies."""

    exit_code: int
    path: Path
    record: AttemptRecord


def record_attempt(approach: str, command: Sequence[str], *, root: Path, output: BinaryIO, errors: BinaryIO) -> Recorded:
    """Run a command as it stands, and record it under `.assistant/attempts`.

    Args:
        approach: what is tried.
        command: the program and its arguments; no shell comes between.
        root: the folder whose attempt it is.
        output: where the command's output goes while it runs.
        errors: where its error output goes.

    Raises:
        UsageError: the command cannot be started, or the record cannot be written.
    """
    repository, redactor = open_repository(root), Redactor()
    learn_secrets(repository, redactor)
    diff = uncommitted_diff(repository, redactor)
    started, clock = datetime.datetime.now().astimezone(), time.monotonic()
    kept = Kept()
    exit_code = _run(command, kept, output, errors)
    text = escape(kept.text)[0]
    redactor.study(text)
    mined = mine((Source("log", text),), redactor)
    first = mined.failures[0] if mined.failures else None
    record = AttemptRecord(
        approach=redactor.mask(escape(approach)[0]),
        command=redactor.mask(escape(shlex.join(command))[0]),
        started=started.isoformat(timespec="seconds"),
        duration_s=round(time.monotonic() - clock, 2),
        exit_code=exit_code,
        diff=diff,
        diff_digest="sha256:" + hashlib.sha256(diff.encode()).hexdigest() if diff else "",
        commit=repository.revision,
        exception=first.exception if first else "",
        message=first.message.split("\n", 1)[0] if first else "",
        tests=first.test_ids if first else (),
        signature=first.signature if first else "",
        log=redactor.mask(text),
    )
    return Recorded(exit_code=exit_code, path=_write(record, root), record=record)


def _run(command: Sequence[str], kept: Kept, output: BinaryIO, errors: BinaryIO) -> int:
    """Run a command to its end; an interrupt goes to it as well, and what it printed until then is kept."""
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"{command[0]}: cannot be started: {reason}", hint="give the command after `--`, as you would type it") from None
    pairs = ((process.stdout, output), (process.stderr, errors))
    readers = [threading.Thread(target=_pass_on, args=(source, target, kept), daemon=True) for source, target in pairs]
    for reader in readers:
        reader.start()
    code = _waited(process)
    for (source, _), reader in zip(pairs, readers, strict=True):
        reader.join()
        if source:
            source.close()
    return code if code >= 0 else SIGNALLED - code


def _waited(process: "subprocess.Popen[bytes]") -> int:
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the terminal has interrupted the command too: its end is waited for


def _pass_on(source: BinaryIO, target: BinaryIO, kept: Kept) -> None:
    open_end = True
    while data := source.read1(CHUNK):  # type: ignore[attr-defined]  # a pipe is a buffered reader
        kept.add(data)
        if open_end:
            try:
                target.write(data)
                target.flush()
            except (BrokenPipeError, ValueError):
                open_end = False  # nobody reads on; the record is still made


def _write(record: AttemptRecord, root: Path) -> Path:
    folder = root / FOLDER
    if folder.is_symlink() or folder.parent.is_symlink():
        raise UsageError(f"{folder}: is a link", hint="the attempt was run and not recorded; remove the link")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror or error}", hint="the attempt was run and not recorded") from None
    numbers = [int(path.stem) for path in folder.glob("[0-9]*.json") if path.stem.isdigit()]
    path = folder / f"{max(numbers, default=0) + 1:04}.json"
    save(path, dump(record))
    return path
