"""Settings: variables before [tool.assistant], nothing unknown."""

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings, read_settings


def write(folder: Path, table: str) -> Path:
    (folder / "pyproject.toml").write_text(table)
    return folder


def test_without_a_file_and_variables_nothing_is_set(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}) == Settings()


def test_the_table_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path, '[tool.assistant]\nphase = 3\nexported-by = "Ada"\npii = true\n')
    assert read_settings(folder, {}) == Settings(phase="3", exported_by="Ada", pii=True)


def test_a_variable_goes_before_the_table(tmp_path: Path) -> None:
    folder = write(tmp_path, '[tool.assistant]\nphase = "3"\n')
    assert read_settings(folder, {"ASSISTANT_PHASE": "4", "ASSISTANT_PII": "yes"}) == Settings(phase="4", pii=True)


def test_the_ci_actor_is_known(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {"GITHUB_ACTOR": "ada"}).ci_actor == "ada"


@pytest.mark.parametrize("table", ['phse = "3"', "pii = 1", "phase = true", "exported_by = []"])
def test_an_unknown_key_or_a_wrong_type_is_refused(tmp_path: Path, table: str) -> None:
    with pytest.raises(SettingsError):
        read_settings(write(tmp_path, f"[tool.assistant]\n{table}\n"), {})


def test_a_flag_that_is_neither_true_nor_false_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_PII='maybe'"):
        read_settings(tmp_path, {"ASSISTANT_PII": "maybe"})


def test_a_broken_pyproject_stops_nothing_and_is_said(tmp_path: Path) -> None:
    settings = read_settings(write(tmp_path, "[tool.assistant\n"), {})
    assert settings.phase == ""
    assert settings.notes[0].startswith("pyproject.toml cannot be read, its settings are not used")
