"""The only reader of the environment and of `[tool.assistant]` in pyproject.toml."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from assistant.errors import SettingsError

TABLE = "[tool.assistant]"
PREFIX = "ASSISTANT_"
OWN = ("ci_actor", "notes", "api_key")
"""Fields that are no settings of their own."""
KEYS = ("ASSISTANT_API_KEY", "AZURE_OPENAI_API_KEY", "OPENAI_API_KEY")
HINTS: dict[tuple[type, ...], str] = {
    (bool,): "true or false",
    (int,): "a whole number",
    (int, float): "a number",
    (str, int): "a text in quotes",
    (list,): "a list of texts in quotes",
}
AGENTS = ("GITHUB_ACTIONS", "TF_BUILD")
CI_ACTORS = ("GITHUB_ACTOR", "GITLAB_USER_NAME", "CIRCLE_USERNAME", "BUILD_REQUESTEDFOR", "BUILDKITE_BUILD_CREATOR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a user has configured; options of a command go before it.

    Args:
        exported_by: who exports.
        phase: phase of the project, as in `3`.
        endpoint: endpoint being implemented, as in `POST /orders`.
        phase_summaries: which paths are summaries of earlier phases, as in `docs/phase-*.md`.
        templates: folder of the user's own templates.
        pii: whether personal data is masked too.
        mask: patterns of values that are secret in this project; the group is the value where there is one.
        keep: patterns of values that are none, whatever they look like.
        model: the model to draft with; without one the playbook drafts.
        base_url: where an OpenAI-compatible endpoint is; empty for OpenAI's own.
        azure_endpoint: an Azure OpenAI resource; then `model` is the deployment's name.
        azure_version: its API version.
        max_tokens_field: `max_completion_tokens`, or `max_tokens` for servers that know only that.
        window: the model's context window, in tokens.
        reply_tokens: how long one reply may be, in tokens.
        budget: how many tokens of evidence a prompt may hold.
        concurrency: calls side by side.
        timeout_s: seconds that one call may take.
        retries: how often a call is made again after 429, 5xx or a lost connection.
        max_cost: cap on the cost of one export, in US dollars.
        max_tokens: cap on the tokens of one export.
        price_input: US dollars a million tokens sent, where the price list does not know the model.
        price_output: US dollars a million tokens received.
        prompts: folder of the user's own prompts.
        cache: folder for remembered replies; empty for the user's cache folder.
        api_key: the endpoint's key, from ASSISTANT_API_KEY, AZURE_OPENAI_API_KEY or OPENAI_API_KEY only.
        ci_actor: who started the CI job; empty outside CI.
        notes: what could not be read; a broken pyproject.toml may be the very failure, so it stops nothing.
    """

    exported_by: str = ""
    phase: str = ""
    endpoint: str = ""
    phase_summaries: str = "*phase*.md"
    templates: str = ""
    pii: bool | None = None
    mask: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    model: str = ""
    base_url: str = ""
    azure_endpoint: str = ""
    azure_version: str = ""
    max_tokens_field: str = "max_completion_tokens"
    window: int = 128_000
    reply_tokens: int = 8_000
    budget: int = 12_000
    concurrency: int = 4
    timeout_s: float = 180.0
    retries: int = 2
    max_cost: float | None = None
    max_tokens: int | None = None
    price_input: float | None = None
    price_output: float | None = None
    prompts: str = ""
    cache: str = ""
    api_key: str = field(default="", repr=False)
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
    kinds = {item.name: item.type for item in fields(Settings) if item.name not in OWN}
    table, notes = _table(folder / "pyproject.toml")
    values: dict[str, object] = {}
    for name, value in table.items():
        key = name.replace("-", "_")
        if key == "api_key":
            raise SettingsError(f"{TABLE} in pyproject.toml holds an API key", hint=f"remove it, and set {PREFIX}API_KEY instead")
        if key not in kinds:
            raise SettingsError(f"{TABLE} in pyproject.toml has an unknown key {name!r}", hint=f"known are {', '.join(sorted(kinds))}")
        values[key] = _typed(f"{TABLE} {name} in pyproject.toml", value, str(kinds[key]))
    for key, kind in kinds.items():
        if "tuple" not in str(kind) and (text := environment.get(PREFIX + key.upper())) is not None:
            values[key] = _parsed(PREFIX + key.upper(), text, str(kind))
    values["notes"] = notes
    values["ci_actor"] = next((environment[name] for name in CI_ACTORS if environment.get(name)), "")
    values["api_key"] = next((environment[name] for name in KEYS if environment.get(name)), "")
    return Settings(**values)  # type: ignore[arg-type]  # each value's type was checked above


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What the service must know and nobody else; from variables only.

    Args:
        token: that clients show, from ASSISTANT_TOKEN.
        github_secret: that GitHub signs webhooks with, from ASSISTANT_GITHUB_SECRET.
        github_token: that logs are downloaded with, from ASSISTANT_GITHUB_TOKEN.
    """

    token: str = field(default="", repr=False)
    github_secret: str = field(default="", repr=False)
    github_token: str = field(default="", repr=False)


def read_secrets(environment: Mapping[str, str] = os.environ) -> Secrets:
    """The secrets of the service."""
    return Secrets(**{item.name: environment.get(PREFIX + item.name.upper(), "").strip() for item in fields(Secrets)})


def agent_reads(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a CI agent that acts on commands anywhere in a line reads what is printed: GitHub's or Azure's."""
    return any(environment.get(name) for name in AGENTS)


def _typed(where: str, value: object, kind: str) -> object:
    """A value of the table, if it has the type of its field."""
    if "tuple" in kind:
        return _texts(where, value)
    right: tuple[type, ...] = (bool,) if "bool" in kind else (int,) if "int" in kind else (int, float) if "float" in kind else (str, int)
    if not isinstance(value, right) or (isinstance(value, bool) and bool not in right):
        raise SettingsError(f"{where} has the wrong type", hint=HINTS[right])
    return str(value) if right == (str, int) else value


def _texts(where: str, value: object) -> tuple[str, ...]:
    """A list of patterns, each of which can be compiled."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{where} has the wrong type", hint=HINTS[(list,)])
    # late: only who has patterns pays for their engine
    from assistant.patterns import compile_patterns

    compile_patterns(where, tuple(value))
    return tuple(value)


def _parsed(name: str, text: str, kind: str) -> object:
    """A variable's text as the type of its field."""
    if "bool" in kind:
        return _flag(name, text)
    try:
        return int(text) if "int" in kind else float(text) if "float" in kind else text
    except ValueError:
        raise SettingsError(f"{name}={text!r} is no number") from None


def _may_hold_settings(text: str) -> bool:
    """Whether a TOML file may have the table, however it is written."""
    plain = text.translate({ord(mark): None for mark in " \t\"'"})
    return "tool.assistant" in plain or ("[tool]" in plain and "assistant" in plain)


def _table(path: Path) -> tuple[dict[str, object], tuple[str, ...]]:
    try:
        text = path.read_text("utf-8") if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        return {}, (f"pyproject.toml cannot be read, its settings are not used: {error}",)
    if not _may_hold_settings(text):
        return {}, ()
    # late: reading TOML costs a bare start, and most projects have no settings for this program
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
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
