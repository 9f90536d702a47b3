"""Replies remembered on disk, so that the same draft again costs nothing."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.drafting.requests import Answer, Usage
from assistant.errors import UsageError
from assistant.saving import save

KEPT_S = 30 * 24 * 3600.0
FORMAT_VERSION = 1


class Memory:
    """Answers by the digest of what was asked.

    Args:
        folder: where they lie; None remembers nothing.
        fresh: whether what is remembered is ignored (new answers are still kept).
    """

    def __init__(self, folder: Path | None, *, fresh: bool = False) -> None:
        self._folder = folder
        self._fresh = fresh

    def recall(self, body: Mapping[str, Any]) -> Answer | None:
        """The answer that was given to exactly this request before, or None."""
        path = self._path(body)
        if path is None or self._fresh or not path.exists() or time.time() - path.stat().st_mtime > KEPT_S:
            return None
        try:
            return answer_of(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            return None  # the model is asked again

    def keep(self, body: Mapping[str, Any], answer: Answer) -> str:
        """Remember a whole answer.

        Returns:
            A note where that was not possible, else an empty text.
        """
        path = self._path(body)
        if path is None or not is_whole(answer):
            return ""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            save(path, held_of(answer))
        except (OSError, UsageError) as error:
            return f"a reply could not be remembered: {error}"
        return ""

    def _path(self, body: Mapping[str, Any]) -> Path | None:
        if self._folder is None:
            return None
        digest = digest_of(body)
        return self._folder / digest[:2] / f"{digest}.json"


def digest_of(body: Mapping[str, Any]) -> str:
    """The key of a request."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def is_whole(answer: Answer) -> bool:
    """Whether an answer is worth remembering: a failed or cut one is not."""
    return not (answer.failure or answer.cut)


def held_of(answer: Answer) -> str:
    """An answer as it is kept."""
    held = {"format_version": FORMAT_VERSION, "text": answer.text, "usage": asdict(answer.usage), "form": answer.form}
    return json.dumps(held, ensure_ascii=False)


def answer_of(text: str) -> Answer | None:
    """The answer that was kept; None for a damaged one, which is as good as none."""
    try:
        held = json.loads(text)
        if held["format_version"] != FORMAT_VERSION or not isinstance(held["text"], str):
            return None
        usage = Usage(**{name: int(count) for name, count in held["usage"].items()})
        return Answer(text=held["text"], usage=usage, form=held["form"], remembered=True)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
