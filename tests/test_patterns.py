"""The user's own patterns: what is secret in this project, and what is none."""

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.patterns import compile_patterns
from assistant.redaction import Redactor
from assistant.settings import read_settings


def settings_of(folder: Path, table: str):
    (folder / "pyproject.toml").write_text(f"[tool.assistant]\n{table}\n")
    return read_settings(folder, {})


def test_patterns_are_read_from_the_table(tmp_path):
    settings = settings_of(tmp_path, "mask = ['ACME-[0-9]{6}', 'ticket=(\\w+)']\nkeep = ['known-[a-z]+']")
    assert settings.mask == ("ACME-[0-9]{6}", "ticket=(\\w+)")
    assert settings.keep == ("known-[a-z]+",)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("mask = ['ok', '(unclosed']", "[tool.assistant] mask in pyproject.toml 2 is no pattern: '(unclosed': missing ): (unclosed"),
        ("keep = ['(?=x)x']", "[tool.assistant] keep in pyproject.toml 1 is no pattern: '(?=x)x': invalid perl operator: (?="),
        ("mask = ['x*']", "[tool.assistant] mask in pyproject.toml 1 matches everything: 'x*'"),
        ("keep = ['.+']", "[tool.assistant] keep in pyproject.toml 1 matches everything: '.+'"),
        ("mask = 'ACME'", "[tool.assistant] mask in pyproject.toml has the wrong type"),
        ("mask = [1]", "[tool.assistant] mask in pyproject.toml has the wrong type"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_told_with_its_key(tmp_path, table, said, capfd):
    with pytest.raises(SettingsError) as error:
        settings_of(tmp_path, table)
    assert error.value.message == said
    assert error.value.hint
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("patterns", [("x",) * 101, ("x" * 501,)])
def test_too_many_or_too_long_patterns_are_refused(patterns):
    with pytest.raises(SettingsError):
        compile_patterns("mask", patterns)


def test_a_pattern_that_backtracks_elsewhere_takes_linear_time_here():
    assert Redactor(mask=("(a+)+b",)).mask("a" * 200_000) == "a" * 200_000


def test_the_users_secrets_are_masked_with_their_group_where_there_is_one():
    masked = Redactor(mask=(r"ACME-[0-9]{6}", r"ticket=(\w+)")).mask("see ACME-123456 ticket=abc1\nACME-123456 \udcff\n")
    assert masked == "see [SECRET:custom:1] ticket=[SECRET:custom:2]\n[SECRET:custom:1] \udcff\n"


def test_a_pattern_over_line_ends_masks_each_line():
    masked = Redactor(mask=(r"BEGIN X\n([a-z\n]+)END X",)).mask("BEGIN X\nabc\ndef\nEND X\n")
    assert masked == "BEGIN X\n[SECRET:custom:1]\n[SECRET:custom:1]\nEND X\n"


def test_what_the_user_keeps_stays_and_all_else_goes():
    redactor = Redactor(keep=("known-[a-z0-9]+",), pii=True)
    assert redactor.mask("password=known-fixture1\npassword=other-Fixture1") == "password=known-fixture1\npassword=[SECRET:password:1]"
    redactor.learn([("password", "known-fixture2")])
    assert redactor.mask("a known-fixture2") == "a known-fixture2"
