"""What CI runs: the action's scripts with a stand-in for `gh`, and the files that other tools read."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pytest_logs import block, log

CHECKOUT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the scripts are bash")
GH = """#!/usr/bin/env bash
echo "$@" >> "$CALLS"
case "$*" in
  *--paginate*) if [ -f "$COMMENT" ]; then echo 4711; fi ;;
  *--method*) cp "${@: -1}" /dev/null 2> /dev/null; for one in "$@"; do case "$one" in body=@*) cp "${one#body=@}" "$COMMENT" ;; esac; done ;;
esac
"""


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """The environment of a step, in which `assistant` is this checkout's."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "assistant").write_text(f'#!/usr/bin/env bash\nexec "{sys.executable}" -m assistant "$@"\n')
    (programs / "gh").write_text(GH)
    for program in programs.iterdir():
        program.chmod(0o755)
    return {
        "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(CHECKOUT), "HOME": str(tmp_path), "OUTPUT": "exports", "REPO": "",
        "MODEL": "gpt-5-mini", "BASE_URL": "", "ASSISTANT_API_KEY": "", "MAX_COST": "1", "MAX_DRAFTS": "20",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        "CALLS": str(tmp_path / "calls"), "COMMENT": str(tmp_path / "comment"), "NUMBER": "7", "GITHUB_REPOSITORY": "a/b",
        "RUN_URL": "https://github.com/a/b/actions/runs/1", "SUMMARY": str(tmp_path / "exports" / "index.md"),
    }  # fmt: skip


def run(script: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(["bash", CHECKOUT / "ci" / script], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_without_a_key_the_action_drafts_offline_and_writes_summary_outputs_and_annotations(tmp_path: Path, runner: dict[str, str]) -> None:
    (tmp_path / "pytest.log").write_text(
        log(block("tests/test_a.py::test_a", "ValueError: no price for 17 items", "shop/price.py:10:price_of"))
    )
    printed = run("draft.sh", tmp_path, runner | {"PATHS": "pytest.log\n  missing.xml\n\n"})
    assert "::notice::research exports: there is no missing.xml\n" in printed
    assert re.search(
        r"::error file=shop/price\.py,line=10,title=ValueError%3A no price for 17 items::1 failure, see valueerror-\S+\.md\n", printed
    )
    assert "## 1 failure, 1 cause\n" in (tmp_path / "summary.md").read_text()
    assert (tmp_path / "outputs").read_text() == "failures=1\ncauses=1\nindex=exports/index.json\n"


def test_where_nothing_can_be_drafted_the_step_says_so_and_does_not_fail(tmp_path: Path, runner: dict[str, str]) -> None:
    assert run("draft.sh", tmp_path, runner | {"PATHS": "junit.xml"}).endswith(
        "::warning::research exports: none of the paths is there, nothing was drafted\n"
    )


def test_one_comment_is_made_and_then_brought_up_to_date(tmp_path: Path, runner: dict[str, str]) -> None:
    (tmp_path / "exports").mkdir()
    for text in ("## 2 failures, 1 cause\n", "## 1 failure, 1 cause\n"):
        (tmp_path / "exports" / "index.md").write_text(text)
        run("comment.sh", tmp_path, runner)
        assert (tmp_path / "comment").read_text() == (
            f"<!-- research-export-assistant -->\n{text}\n\nThe exports are an artifact of [this run](https://github.com/a/b/actions/runs/1).\n"
        )
    written = [line.split(" --field")[0] for line in (tmp_path / "calls").read_text().splitlines() if "--method" in line]
    assert written == [
        "api --silent --method POST repos/a/b/issues/7/comments",
        "api --silent --method PATCH repos/a/b/issues/comments/4711",
    ]


def test_every_input_of_the_action_is_used_and_every_use_is_an_input() -> None:
    text = (CHECKOUT / "action.yml").read_text()
    action = yaml.safe_load(text)
    assert set(re.findall(r"inputs\.([a-z-]+)", text)) == set(action["inputs"])
    assert action["runs"]["using"] == "composite"
    workflow = yaml.safe_load((CHECKOUT / "examples" / "ci" / "github.yml").read_text())
    assert set(workflow["jobs"]["tests"]["steps"][-1]["with"]) <= set(action["inputs"])


def test_the_hook_takes_exports_and_no_index() -> None:
    (hook,) = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
    taken = [
        path
        for path in ("research-exports/a.md", "docs/research_export/b.md", "x.research.md", "research-exports/index.md", "README.md")
        if re.search(hook["files"], path)
    ]
    assert taken == ["research-exports/a.md", "docs/research_export/b.md", "x.research.md"]


def test_the_jobs_for_gitlab_can_be_read_and_upload_what_is_written() -> None:
    jobs = yaml.safe_load((CHECKOUT / "examples" / "ci" / "gitlab.yml").read_text())
    (folder,) = jobs["research-exports"]["artifacts"]["paths"]
    assert f"-o {folder}" in jobs["research-exports"]["script"][-1]
    assert json.dumps(jobs["tests"]["artifacts"]["paths"]) == '["junit.xml", "pytest.log"]'
