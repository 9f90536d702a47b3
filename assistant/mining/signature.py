"""The key that equal failures share, whatever machine, path, id or moment they happened at."""

import hashlib
import re
from collections.abc import Sequence

from assistant.evidence import Failure, Frame
from assistant.mining.normalising import normalised
from assistant.mining.patterns import Lazy
from assistant.mining.signature_v1 import signature_v1

__all__ = ["VERSION", "matches", "normalised", "signature"]

VERSION = 2
FRAMES = 3
SHORTEST = 2
"""Shorter values of a parametrised test are not sought in its message."""

ALIASES = {"IOError": "OSError", "EnvironmentError": "OSError", "WindowsError": "OSError", "timeout": "TimeoutError"}
"""Names that later releases of Python dropped for another."""

_TEST_FILE = Lazy(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?)\.py$|(?:^|/)[^/]*\.(?:test|spec)\.[jt]sx?$")
_UNSTABLE = Lazy(r"::h[0-9a-f]{16}\b|\$\d{1,6}\b|\+0x[0-9a-f]{1,16}|\.func\d{1,4}(?:\.\d{1,4})*|\{closure[^}]{0,100}\}")
"""What compilers add to the names of functions."""
_COMPREHENSION = ("<listcomp>", "<dictcomp>", "<setcomp>")
"""Frames of their own until Python 3.11."""
_PASSED_THROUGH = ("<module>", *_COMPREHENSION)


def signature(failure: Failure) -> str:
    """The versioned key of a failure: innermost exception, its message without what varies, our last frames.

    Args:
        failure: a failure as mined.

    Returns:
        The version, a colon and twelve hexadecimal digits.
    """
    cause = failure.cause
    frames = _telling(cause.frames) or _telling(failure.frames)
    if not frames and cause.exception.endswith("AssertionError"):
        frames = [one for one in failure.frames if one.ours and one.function not in _COMPREHENSION]
    places = [f"{_suffix(one.path)}:{_UNSTABLE.sub('', one.function)}" for one in frames[-FRAMES:]]
    if not cause.exception and not cause.message:
        places.append(failure.test_id.partition("[")[0] or normalised(failure.text))
    name = cause.exception.rpartition(".")[2]
    key = "\n".join([ALIASES.get(name, name), normalised(_without_parameters(cause.message, failure.test_id)), *places])
    return f"{VERSION}:{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:12]}"


def matches(failure: Failure, known: str) -> bool:
    """Whether a signature, of this version or an older one, is that of a failure.

    Args:
        failure: a failure as mined.
        known: a signature as an export or a record holds it.
    """
    if known and known == failure.signature:
        return True
    version, _, _ = known.partition(":")
    computed = {"1": signature_v1, str(VERSION): signature}.get(version)
    return computed is not None and computed(failure) == known


def _without_parameters(message: str, test_id: str) -> str:
    """A message without the values of the parametrised test that it comes from: they vary from test to test, the failure does not."""
    values = [value for value in test_id.partition("[")[2].removesuffix("]").split("-") if len(value) >= SHORTEST and value in message]
    if not values:
        return message
    return re.sub("|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in sorted(values, key=len, reverse=True)[:20]), "<value>", message)


def _telling(frames: Sequence[Frame]) -> list[Frame]:
    """Our frames but tests and imports: many tests fail through one place, and many paths lead to one import; fixtures where nothing else is."""
    ours = [
        one for one in frames if one.ours and one.function not in _PASSED_THROUGH and not _TEST_FILE.search(one.path.replace("\\", "/"))
    ]
    return [one for one in ours if not one.path.endswith("conftest.py")] or ours


def _suffix(path: str) -> str:
    return "/".join(path.replace("\\", "/").split("/")[-2:])
