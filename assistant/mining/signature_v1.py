"""Signatures as exports of format 0.1 and 0.2 carry them; frozen, so that a failure is known again in an older export."""

import hashlib
import re
from collections.abc import Sequence

from assistant.evidence import Failure, Frame
from assistant.mining.patterns import Lazy

FRAMES = 3
LINES = 3

_TEST_FILE = Lazy(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?)\.py$|(?:^|/)[^/]*\.(?:test|spec)\.[jt]sx?$")
_DETAIL = Lazy(r"\s*(?:LINE \d|\[SQL|\[parameters|\(Background on|DETAIL:|HINT:|CONTEXT:|\^|[?+-] )")
_NOISE = (
    (Lazy(r"\[SECRET:[\w:-]{1,80}\]"), "<secret>"),
    (Lazy(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.I), "<id>"),
    (Lazy(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"), "<time>"),
    (Lazy(r"\b0x[0-9a-fA-F]{1,16}\b"), "<address>"),
    (Lazy(r"(?:[A-Za-z]:)?(?:[\\/][\w.@+~%-]{1,255}){2,}"), "<path>"),
    (Lazy(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b"), "<hex>"),
    (Lazy(r"\d+(?:\.\d+)*"), "<n>"),
    (Lazy(r"\s+"), " "),
)


def signature_v1(failure: Failure) -> str:
    """The key of a failure by version 1: innermost exception, its message without what varies, our last frames.

    Args:
        failure: a failure as mined.

    Returns:
        `1:` and twelve hexadecimal digits.
    """
    cause = failure.cause
    frames = _telling(cause.frames) or _telling(failure.frames)
    if not frames and cause.exception.endswith("AssertionError"):
        frames = [one for one in failure.frames if one.ours]
    places = [f"{_suffix(one.path)}:{one.function}" for one in frames[-FRAMES:]]
    if not cause.exception and not cause.message:
        places.append(failure.test_id or str(failure.origin))
    key = "\n".join([cause.exception.rpartition(".")[2], _normalised(cause.message), *places])
    return f"1:{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _normalised(message: str) -> str:
    """A message without numbers, ids, times, addresses and paths."""
    text = "\n".join([line for line in message[:2000].split("\n") if line.strip() and not _DETAIL.match(line)][:LINES])
    for pattern, mark in _NOISE:
        text = pattern.sub(mark, text)
    return text.strip()


def _telling(frames: Sequence[Frame]) -> list[Frame]:
    """Our frames but tests and imports: many tests fail through one place, and many paths lead to one import."""
    return [one for one in frames if one.ours and one.function != "<module>" and not _TEST_FILE.search(one.path.replace("\\", "/"))]


def _suffix(path: str) -> str:
    return "/".join(path.replace("\\", "/").split("/")[-2:])
