"""What README shows of an export is what comes out."""

import os
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest

from assistant import Request, Stated, draft_export

CHECKOUT = Path(__file__).parent.parent
EXAMPLE = Path("examples/orders-service")


def test_every_paragraph_of_the_excerpt_stands_in_the_examples_export_in_that_order() -> None:
    shown = (CHECKOUT / "README.md").read_text("utf-8").partition("````markdown\n")[2].partition("\n````\n")[0].split("\n\n")
    with chdir(CHECKOUT):
        export = draft_export(Request(logs=(str(EXAMPLE / "failing-test.log"),), repo=EXAMPLE, stated=Stated(date="2026-11-25"))).text
    assert len(shown) > 5
    assert [part for part in shown if f"{part}\n" not in export] == []
    assert sorted(shown, key=export.index) == shown


@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are those of a shell")
def test_the_commands_of_out_and_back_work_as_pasted(tmp_path: Path) -> None:
    commands = (CHECKOUT / "README.md").read_text("utf-8").partition("## Out and back")[2].partition("```bash\n")[2].partition("```")[0]
    shutil.copytree(CHECKOUT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns(".venv", ".assistant"))
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "assistant").write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from assistant.cli import main; main()" "$@"\n')
    (folder / "assistant").chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(["bash", "-e", "-c", commands], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, ", 0 problems; " in done.stderr) == (0, True), done.stderr
    assert "## How to Answer" in (tmp_path / "question.md").read_text("utf-8")
    assert "- Checked: applies to the repository (`git apply --check`)" in (tmp_path / "export.md").read_text("utf-8")
