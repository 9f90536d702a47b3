"""Links come from the metadata of packages that lie in the repository's own environment, and say of which release they are."""

import pytest

from assistant.evidence import Frame

METADATA = """Metadata-Version: 2.4
Name: SQL_Toys
Version: 2.1.0
Project-URL: Documentation, https://toys.example/docs
Project-URL: Issue Tracker, https://toys.example/issues
Project-URL: Funding, https://toys.example/pay
Project-URL: Source, javascript:alert(1)

Project-URL: Changelog, https://toys.example/in-the-description
"""
IN_TOYS = (
    Frame("app/a.py", 1, "go", "load()", ours=True),
    Frame("sql_toys/core.py", 9, "load", "raise Broken", ours=False, package="sql_toys"),
)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages" / "SQL_Toys-2.1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(METADATA)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("version = 3.12.1\n")
    (tmp_path / "requirements.txt").write_text("sql-toys==2.0.0\n")
    return tmp_path


def test_documentation_and_tracker_of_the_package_that_raised_are_named(root, failure, gathered):
    found = gathered(failure("Broken: no", IN_TOYS), root)
    (told,) = found.documentation
    piece = next(piece for piece in found.ledger if "metadata of the installed" in str(piece.origin))
    assert told == (
        "`sql-toys`: documentation `https://toys.example/docs`, issue tracker `https://toys.example/issues` "
        f"(metadata of the installed release 2.1.0, {piece.id})"
    )


def test_without_an_environment_in_the_repository_nothing_is_told(tmp_path, failure, gathered):
    assert gathered(failure("Broken: no", IN_TOYS), tmp_path).documentation == ()
