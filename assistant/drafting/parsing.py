"""A model's text as a reply: JSON found in it, validated, and of a cut one what is whole."""

import json
import re
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from assistant.drafting.replies import Reply

FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n?```", re.S)
MAX_FAULTS = 5
R = TypeVar("R", bound=Reply)
M = TypeVar("M", bound=BaseModel)


class ReplyError(ValueError):
    """A text that is no reply of the wanted form; `faults` says where and why, `is_json` whether it was JSON at all."""

    def __init__(self, faults: tuple[tuple[str, str], ...], *, is_json: bool) -> None:
        super().__init__(faults[0][1])
        self.faults = faults
        self.is_json = is_json


def parse_reply(text: str, model: type[R]) -> R:
    """Read a reply.

    Args:
        text: what the model wrote: JSON, perhaps in a fence or with words around it.
        model: the reply's form.

    Raises:
        ReplyError: there is no JSON, or it does not fit.
    """
    try:
        return model.model_validate_json(_json_in(text))
    except ValidationError as error:
        faults = tuple((_path(item["loc"]), str(item["msg"])) for item in error.errors()[:MAX_FAULTS])
        raise ReplyError(faults, is_json=True) from None


def salvage(text: str, model: type[R]) -> R | None:
    """What is whole in a reply that was cut or does not fit: list entries that validate, texts that are there.

    Returns:
        A reply in which the missing is empty, or None where nothing is whole.
    """
    start = text.find("{")
    if start < 0:
        return None
    try:
        data = from_json(text[start:], allow_partial=True)
    except ValueError:
        return None
    found, whole = _whole(data, model)
    return found if whole else None


def _json_in(text: str) -> bytes:
    """The JSON in a text; half a surrogate pair is replaced, since no file could hold it."""
    candidates = [text.strip(), *(block.strip() for block in FENCED.findall(text)), text[text.find("{") : text.rfind("}") + 1]]
    for candidate in candidates:
        try:
            return json.dumps(json.loads(candidate), ensure_ascii=False).encode("utf-8", "replace")
        except (ValueError, RecursionError):
            continue
    raise ReplyError((("", "the answer is not one JSON object"),), is_json=False)


def _whole(data: Any, model: type[M]) -> tuple[M, bool]:
    """The model with whatever of the data fits each field, and whether anything did."""
    values: dict[str, Any] = {}
    any_whole = False
    for name, field in model.model_fields.items():
        given = data.get(name) if isinstance(data, dict) else None
        values[name], fits = _fitting(given, field.annotation)
        any_whole = any_whole or fits
    return model.model_construct(**values), any_whole


def _fitting(given: Any, annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) is list:
        kind = get_args(annotation)[0]
        items = [item for entry in (given if isinstance(given, list) else []) if (item := _item(entry, kind)) is not None]
        return items, bool(items)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _whole(given, annotation)
    if choices := get_args(annotation):
        return (given, True) if given in choices else (choices[0], False)
    return (given, True) if isinstance(given, str) and given else ("", False)


def _item(entry: Any, kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        try:
            return kind.model_validate(entry)
        except ValidationError:
            return None
    return entry if isinstance(entry, kind) and entry else None


def _path(loc: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
