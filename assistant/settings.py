"""The only reader of the environment and of `[tool.assistant]` in pyproject.toml."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from assistant.errors import SettingsError

TABLE = "[tool.assistant]"
PREFIX = "ASSISTANT_"
CI_ACTORS = ("GITHUB_ACTOR", "GITLAB_USER_NAME", "CIRCLE_USERNAME", "BUILD_REQUESTEDFOR", "BUILDKITE_BUILD_CREATOR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a user has configured; options of a command go before it.

    Args:
        exported_by: who exports.
        phase: phase of the project, as in `3`.
        endpoint: endpoint being implemented, as in `POST /orders`.
        templates: folder of the user's own templates.
        pii: whether personal data is masked too.
        ci_actor: who started the CI job; empty outside CI.
        notes: what could not be read; a broken pyproject.toml may be the very failure, so it stops nothing.
    """

    exported_by: str = ""
    phase: str = ""
    endpoint: str = ""
    templates: str = ""
    pii: bool = False
    ci_actor: str = ""
    notes: tuple[str, ...] = ()


def read_settings(folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings that hold in a folder: `ASSISTANT_…` variables before `[tool.assistant]`.

    Args:
        folder: the current folder or the repository; its pyproject.toml is read if there is one.
        environment: the variables.

    Raises:
        SettingsError: a key is not known or a value has the wrong type.
    """
    known = {item.name: item.type for item in fields(Settings) if item.name not in ("ci_actor", "notes")}
    values: dict[str, object] = {}
    table, values["notes"] = _table(folder / "pyproject.toml")
    for name, value in table.items():
        key = name.replace("-", "_")
        if key not in known:
            raise SettingsError(f"{TABLE} in pyproject.toml has an unknown key {name!r}", hint=f"known are {', '.join(sorted(known))}")
        if not isinstance(value, bool if known[key] is bool else (str, int)) or (known[key] is str and isinstance(value, bool)):
            raise SettingsError(
                f"{TABLE} {name} in pyproject.toml has the wrong type", hint="true or false" if known[key] is bool else "a text in quotes"
            )
        values[key] = value if known[key] is bool else str(value)
    for key, kind in known.items():
        if (text := environment.get(PREFIX + key.upper())) is not None:
            values[key] = _flag(PREFIX + key.upper(), text) if kind is bool else text
    values["ci_actor"] = next((environment[name] for name in CI_ACTORS if environment.get(name)), "")
    return Settings(**values)  # type: ignore[arg-type]  # the loop above checked each value's type


def _table(path: Path) -> tuple[dict[str, object], tuple[str, ...]]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}, ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return {}, (f"pyproject.toml cannot be read, its settings are not used: {error}",)
    tool = data.get("tool", {})
    table = tool.get("assistant", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise SettingsError(f"{TABLE} in pyproject.toml is no table")
    return table, ()


def _flag(name: str, text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off", ""):
        return False
    raise SettingsError(f"{name}={text!r} is neither true nor false")
