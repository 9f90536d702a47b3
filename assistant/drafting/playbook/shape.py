"""Strict reading of a YAML record: each key is taken once, and what is left over is an error."""

from typing import Any

from assistant.errors import TemplateError


class Fields:
    """The keys of one record.

    Args:
        held: what YAML gave; must be a mapping.
        where: the file, and the rule where it is known, for errors.

    Raises:
        TemplateError: `held` is no mapping; later, a key is missing, unknown or of the wrong type.
    """

    def __init__(self, held: Any, where: str) -> None:
        self.where = where
        if not isinstance(held, dict):
            raise self.error(f"a mapping is wanted, not {type(held).__name__}")
        self._held: dict[str, Any] = dict(held)

    def error(self, message: str) -> TemplateError:
        """An error that says where."""
        return TemplateError(f"{self.where}: {message}", hint="the format is told in assistant/drafting/playbook/rules.py")

    def text(self, key: str, *, needed: bool = True) -> str:
        """Take a text; empty where it may be missing and is."""
        value = self._held.pop(key, None)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"`{key}` must be a text")
        return value.strip()

    def texts(self, key: str, *, needed: bool = True) -> tuple[str, ...]:
        """Take a list of texts; a single text is a list of one."""
        value = self._held.pop(key, None)
        if value is None and not needed:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not items or not all(isinstance(item, str) and item.strip() for item in items):
            raise self.error(f"`{key}` must be a text or a list of texts")
        return tuple(item.strip() for item in items)

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        """Take a text out of a set; empty where it is missing."""
        value = self.text(key, needed=False)
        if value and value not in allowed:
            raise self.error(f"`{key}` is {value!r}, must be one of {', '.join(allowed)}")
        return value

    def anything(self, key: str) -> list[Any]:
        """Take a list of anything; empty where it is missing."""
        value = self._held.pop(key, None) or []
        if not isinstance(value, list):
            raise self.error(f"`{key}` must be a list")
        return value

    def records(self, key: str) -> list[Any]:
        """Take a list that holds at least one record."""
        value = self.anything(key)
        if not value:
            raise self.error(f"`{key}` must hold at least one entry")
        return value

    def mapping(self, key: str) -> dict[str, str]:
        """Take a mapping of texts; empty where it is missing."""
        value = self._held.pop(key, None) or {}
        if not isinstance(value, dict) or not all(isinstance(part, str) for pair in value.items() for part in pair):
            raise self.error(f"`{key}` must map names to texts")
        return value

    def inner(self, key: str, *, needed: bool = True) -> "Fields":
        """Take a record within this one."""
        if key not in self._held and not needed:
            return Fields({}, self.where)
        return Fields(self._held.pop(key, None), f"{self.where}: {key}")

    def finish(self) -> None:
        """Refuse keys that nobody took."""
        if self._held:
            raise self.error(f"unknown key `{next(iter(self._held))}`")
