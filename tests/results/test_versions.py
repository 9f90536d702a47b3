"""Which versions a text speaks of, and whether an answer is for another major version than the one that runs."""

import pytest

from assistant.results.versions import OtherVersion, differing, major, other_versions, versions_in

OURS = {
    "sqlalchemy": frozenset({"2.0.36"}),
    "httpx": frozenset({"0.28.1"}),
    "python": frozenset({"3.12.1"}),
    "postgresql": frozenset({"15"}),
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SQLAlchemy 2.0.36 (E4), httpx 0.28.1 (E5)", {"sqlalchemy": {"2.0.36"}, "httpx": {"0.28.1"}}),
        ("installed: connexion==3.0.5  starlette-0.32.0", {"connexion": {"3.0.5"}, "starlette": {"0.32.0"}}),
        ("- Python version: 3.12.1 (E2)", {"python": {"3.12.1"}}),
        ("- Database: PostgreSQL 15 (image `postgres:15`)", {"postgresql": {"15"}}),
        ("fails on line 15 of step 3", {}),
    ],
)
def test_versions_stand_right_behind_names(text: str, wanted: dict[str, set[str]]) -> None:
    assert {name: set(versions) for name, versions in versions_in(text).items()} == wanted


@pytest.mark.parametrize(("version", "wanted"), [("2.0.36", "2"), ("0.28.1", "0.28"), ("15", "15"), ("0", "0")])
def test_below_one_the_second_number_is_what_is_compatible(version: str, wanted: str) -> None:
    assert major(version) == wanted


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("Mapping Columns — SQLAlchemy 1.4 Documentation", "1.4"),
        ("I use SQLAlchemy 1.4 with asyncpg.", "1.4"),
        ("This page is for SQLAlchemy 1.3.", "1.3"),
        ("See https://docs.sqlalchemy.org/en/14/orm/session.html", "1.4"),
    ],
)
def test_a_note_for_another_major_version_is_pointed_out(text: str, theirs: str) -> None:
    assert other_versions([(0, text)], OURS) == (OtherVersion("sqlalchemy", theirs, "2.0.36", 0),)


@pytest.mark.parametrize(
    "text",
    [
        "SQLAlchemy 2.0 Documentation",
        "Since SQLAlchemy 1.4 this is a warning.",
        "Upgrade from SQLAlchemy 1.4.",
        "httpx 0.27 removed nothing yet.",
        "It was removed in SQLAlchemy 1.4.",
        "Pin `httpx<0.28`.",
        "Use Django 4.2.",
        "I use SQLAlchemy 1.4 at home and SQLAlchemy 2.0 at work.",
    ],
)
def test_versions_that_a_note_names_as_steps_of_a_change_say_nothing_of_what_it_is_for(text: str) -> None:
    assert other_versions([(0, part) for part in text.split(" and ")] if " and " in text else [(0, text)], OURS) == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Upgrade to SQLAlchemy 2.0.40, which fetches it.", [("sqlalchemy", "2.0.40", "2.0.36")]),
        ("Since SQLAlchemy 2.0 and `httpx==0.28` it fails.", []),
        ("httpx 0.27 dropped it, and it was removed in SQLAlchemy 1.4.", []),
        ("In SQLAlchemy 1.4 you set it by hand.", [("sqlalchemy", "1.4", "2.0.36")]),
        ("Use Django 4.2.", []),
    ],
)
def test_other_versions_than_those_that_run_are_told(text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert list(differing(text, OURS)) == wanted
