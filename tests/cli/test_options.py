"""Plain text on the command line reaches a command without pydantic; what needs more is still checked by typer."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from assistant.cli import COMMANDS, app as root
from assistant.cli.options import LeanCommand

seen: list[Any] = []
app = typer.Typer(add_completion=False)


@app.command(cls=LeanCommand)
def take(
    names: Annotated[list[str] | None, typer.Argument()] = None,
    folder: Annotated[Path | None, typer.Option()] = None,
    count: Annotated[int, typer.Option(min=1)] = 1,
    word: Annotated[str, typer.Option()] = "",
) -> None:
    """Keep what arrives."""
    seen.append((names, folder, count, word))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], (None, None, 1, "")),
        (["a", "b"], (["a", "b"], None, 1, "")),
        (["--folder", "x/y", "--word", "7"], (None, Path("x/y"), 1, "7")),
        (["--count", "3", "a"], (["a"], None, 3, "")),
    ],
)
def test_a_command_gets_the_types_that_it_declares(arguments: list[str], expected: tuple[Any, ...]) -> None:
    seen.clear()
    assert CliRunner().invoke(app, arguments).exit_code == 0
    names, *others = seen[0]
    assert (names or None, *others) == expected


@pytest.mark.parametrize("wrong", [["--count", "0"], ["--count", "many"], ["--unknown"]])
def test_a_wrong_value_is_refused(wrong: list[str]) -> None:
    assert CliRunner().invoke(app, wrong).exit_code == 2


def test_an_offline_export_of_plain_options_loads_no_pydantic(tmp_path: Path) -> None:
    log = tmp_path / "failure.log"
    log.write_text("Traceback (most recent call last):\n  File \"app.py\", line 3, in run\n    go()\nKeyError: 'id'\n")
    program = (
        "import sys\nfrom assistant.cli import main\n"
        f"sys.argv = ['assistant', 'draft-export', {str(log)!r}, '--repo', {str(tmp_path)!r}, '--offline', '-o', {str(tmp_path / 'e.md')!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print('pydantic' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["False"], done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_help_is_the_commands_own(name: str) -> None:
    command = import_module(f"assistant.cli.{COMMANDS[name].module}").command
    assert COMMANDS[name].help == command.__doc__.split("\n")[0]


def test_a_misspelt_command_is_told_what_is_near() -> None:
    got = CliRunner().invoke(root, ["draft-exprt"])
    assert got.exit_code == 2
    assert "Did you mean 'draft-export'" in got.output


def test_the_root_imports_no_command_before_it_runs() -> None:
    program = "import sys, assistant.cli; print([m for m in sys.modules if m.startswith('assistant.cli.') and m.rpartition('.')[2] in ('check', 'serve', 'draft_export')])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"
