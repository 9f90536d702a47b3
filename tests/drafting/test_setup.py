"""From settings to an endpoint: what can never work is refused at once, with what to do."""

from pathlib import Path
from typing import Any

import pytest

from assistant.drafting.requests import Profile
from assistant.drafting.setup import cache_folder, model_drafter, profile_of
from assistant.errors import SettingsError, TemplateError
from assistant.settings import Settings

LOCAL = {"model": "m", "base_url": "http://localhost:11434/v1"}


def test_a_local_server_needs_no_key() -> None:
    assert profile_of(Settings(**LOCAL)).address == "http://localhost:11434/v1"  # type: ignore[arg-type]


def test_a_hosted_model_needs_one_and_the_hint_names_the_variable_and_the_other_way() -> None:
    with pytest.raises(SettingsError) as caught:
        profile_of(Settings(model="gpt-4o"))
    assert "OPENAI_API_KEY" in caught.value.hint
    assert "--base-url" in caught.value.hint


def test_azure_needs_its_version() -> None:
    with pytest.raises(SettingsError, match="without azure_version"):
        profile_of(Settings(model="drafts", azure_endpoint="https://one.openai.azure.com", api_key="k"))


@pytest.mark.parametrize(
    "address",
    [
        "localhost:11434/v1",
        "11434",
        "ftp://one/v1",
        "http://",
        "http://one:99999/v1",
        "http://one:0/v1",
        "http://[one/v1",
        "http://o ne",
        "\x00",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="is no address"):
        profile_of(Settings(model="m", base_url=address))


@pytest.mark.parametrize("key", ["with a blank", "with a line end\n", "kéy", "“quoted”"])
def test_a_key_that_no_header_can_hold_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        profile_of(Settings(**LOCAL, api_key=key))  # type: ignore[arg-type]
    assert key not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(("name", "value"), [("concurrency", 0), ("timeout_s", 0.0), ("retries", -1), ("reply_tokens", 0), ("window", 0)])
def test_a_number_that_would_never_end_or_never_work_is_refused(name: str, value: float) -> None:
    with pytest.raises(SettingsError, match=f"{name} is "):
        profile_of(Settings(**LOCAL, **{name: value}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:word@one.example/v1?key=word", "https://one.example/v1"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("", "https://api.openai.com/v1"),
    ],
)
def test_the_address_shown_to_people_holds_no_password(address: str, shown: str) -> None:
    assert Profile(model="m", base_url=address).address == shown


def test_the_key_is_not_shown_where_a_profile_or_the_settings_are_printed() -> None:
    settings = Settings(**LOCAL, api_key="not-to-be-shown")  # type: ignore[arg-type]
    assert "not-to-be-shown" not in repr(settings) + repr(profile_of(settings))


def test_replies_lie_in_the_users_cache_folder_or_where_the_settings_say(tmp_path: Path) -> None:
    assert cache_folder(Settings(cache=str(tmp_path))) == tmp_path / "replies"
    assert cache_folder(Settings()).parts[-2:] == ("research-export-assistant", "replies")


def test_a_broken_prompt_stops_before_anything_is_drafted(tmp_path: Path) -> None:
    (tmp_path / "summary.md").write_text("no front matter")
    settings: dict[str, Any] = LOCAL | {"prompts": str(tmp_path)}
    with pytest.raises(TemplateError):
        model_drafter(Settings(**settings), single_call=False, fresh=False, tell=lambda _: None)
