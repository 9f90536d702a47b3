"""Archives: the members that look like logs, each as a stream, read in order and never extracted."""

import io
import lzma
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple, Self, cast

from assistant.sources.finding import repeated_steps
from assistant.sources.streams import BLOCK, Reader, StreamCut, as_damage

DAMAGE = (
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    tarfile.TarError,
)

MAX_MEMBERS = 1000
"""How many members of an archive are read."""

UNKNOWN = 3
"""So many more members a tar archive is taken to have: only its end tells."""

MAX_ENTRIES = 20_000
MAX_DIRECTORY = 8 * 1024 * 1024
"""How many bytes the list of a zip archive's members may have."""

MAX_SPOOLED = 1024 * 1024 * 1024
MAX_READ = 4 * 1024 * 1024
"""A tar archive's header that wants to be longer is an attack."""

_END = b"PK\x05\x06"


class Member(NamedTuple):
    """One member of an archive.

    Args:
        name: its name in the archive.
        pull: gives up to so many of its bytes; None where it is skipped.
        size: how many bytes of the archive it takes, as far as that is told.
        reason: why it is skipped.
        following: how many more members there are, as far as that can be told.
    """

    name: str
    pull: Callable[[int], bytes] | None = None
    size: int | None = None
    reason: str = ""
    following: int = 0


def zip_members(file: BinaryIO, wanted: Callable[[str], bool]) -> Iterator[Member]:
    """The members of a zip archive that are wanted, and those that are refused.

    Args:
        file: a file that can seek.
        wanted: whether a member with that name may be a log.

    Raises:
        StreamCut: It is no archive that can be read.
    """
    try:
        if _directory_bytes(file) > MAX_DIRECTORY:
            raise StreamCut("it has too many members")
        archive = zipfile.ZipFile(file)
    except DAMAGE as error:
        raise StreamCut("the archive is damaged") from error
    infos = [info for info in archive.infolist() if not info.is_dir()]
    names = Counter(info.filename for info in infos)
    steps = repeated_steps(list(names))
    chosen = [info for info in infos if wanted(info.filename) and info.filename not in steps]
    if steps:
        yield Member("", reason=f"{len(steps)} log{'s' * (len(steps) > 1)} of single steps, which the logs of their jobs repeat")
    for following, info in zip(range(min(len(chosen), MAX_MEMBERS) - 1, -1, -1), chosen, strict=False):
        names[info.filename] -= 1
        reason = _refusal(info) or ("another member of that name comes later" if names[info.filename] else "")
        yield Member(info.filename, reason=reason) if reason else _opened(archive, info)._replace(following=following)
    if len(chosen) > MAX_MEMBERS:
        yield Member("", reason=f"{len(chosen) - MAX_MEMBERS} members: only the first {MAX_MEMBERS} are read")


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    try:
        return Member(info.filename, as_damage(cast(zipfile.ZipExtFile, archive.open(info)).read1, *DAMAGE), info.compress_size)
    except DAMAGE:
        return Member(info.filename, reason="the member is damaged")


def _refusal(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x1:
        return "it is encrypted"
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a link or a device"
    return "its name leads out of the archive" if leads_out(info.filename) else ""


def _directory_bytes(file: BinaryIO) -> int:
    """How long the list of members is, by the record at the archive's end; reading the list itself would need memory for all of it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 70_000))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END)
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0


def tar_members(file: Reader, wanted: Callable[[str], bool]) -> Iterator[Member]:
    """The members of a tar archive that are wanted, and those that are refused; each must be read before the next.

    Raises:
        StreamCut: The archive is damaged.
    """
    seen: set[str] = set()
    count = 0
    try:
        archive = tarfile.TarFile(fileobj=cast(BinaryIO, _Forward(file)), tarinfo=_Header)
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # else it remembers all it has passed
            count += 1
            if count > MAX_ENTRIES or len(seen) >= MAX_MEMBERS:
                yield Member("", reason=f"what follows {count - 1} members: only the first {MAX_MEMBERS} logs are read")
                return
            if info.isdir() or not wanted(info.name):
                continue
            if reason := _tar_refusal(info, seen):
                yield Member(info.name, reason=reason)
                continue
            seen.add(info.name)
            member = archive.extractfile(info)
            yield Member(info.name, as_damage(cast(io.BufferedReader, member).read1, *DAMAGE), info.size, following=UNKNOWN)
    except DAMAGE as error:
        raise StreamCut("the archive is damaged; what stands before the damage was read") from error


def _tar_refusal(info: tarfile.TarInfo, seen: set[str]) -> str:
    if not info.isreg() or info.issparse():
        return "it is a link, a device or a sparse file"
    if leads_out(info.name):
        return "its name leads out of the archive"
    return "another member of that name came before" if info.name in seen else ""


def leads_out(name: str) -> bool:
    """Whether a member's name is absolute, has a drive or climbs above the archive."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0][1:2]


class _Header(tarfile.TarInfo):
    """A header that says where it is broken; tarfile takes a broken one for the archive's end."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        """The next header."""
        try:
            return super().fromtarfile(archive)
        except (tarfile.TruncatedHeaderError, tarfile.InvalidHeaderError) as error:  # type: ignore[attr-defined]
            raise tarfile.ReadError(str(error)) from error


class _Forward:
    """A file that tarfile can only read forward, in pieces of a bounded size."""

    def __init__(self, file: Reader) -> None:
        self._file, self._at = file, 0

    def tell(self) -> int:
        return self._at

    def seek(self, position: int) -> int:
        if position < self._at:
            raise tarfile.ReadError("cannot go back")
        while self._at < position and self.read(min(BLOCK, position - self._at)):
            pass
        return self._at

    def read(self, size: int) -> bytes:
        if size > MAX_READ:
            raise tarfile.ReadError("a header is too long")
        data = self._file.read(size)
        self._at += len(data)
        return data


def spooled(file: Reader) -> BinaryIO:
    """A temporary copy of something that cannot seek; deleted when it is closed.

    Raises:
        StreamCut: It is too big, or damaged.
    """
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - its members are read from it later
    try:
        for block in file.blocks():
            copy.write(block)
            if copy.tell() > MAX_SPOOLED:
                raise StreamCut("an archive that stands in a stream may have 1 GB at most")
    except StreamCut:
        copy.close()
        raise
    copy.seek(0)
    return copy
