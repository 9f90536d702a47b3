"""A step that fails on purpose is told apart from one that broke."""

import pytest

from assistant.assembly import Stated
from assistant.drafting import Drafted
from assistant.drafting.playbook import Playbook
from assistant.pipeline import Request, prepare_case

STEP = "##[group]Run yarn prettier-check\nshell: /usr/bin/bash -e {0}\nenv:\n  DOWNLOAD_TIMEOUT_MINS: 1\n##[endgroup]\n"
ASKS = "  Please run yarn prettier-all and add changes to files listed below to your commit:\nsrc/a.js\n"
END = "##[error]Process completed with exit code 1.\n"


@pytest.fixture
def drafted(tmp_path):
    def draft(log: str) -> Drafted:
        path = tmp_path / "job.log"
        path.write_text(
            "".join(f"2026-04-23T10:41:{10 + number:02d}.3130{number:03d}Z {line}\n" for number, line in enumerate(log.split("\n")))
        )
        case = prepare_case(Request(logs=(str(path),), stated=Stated(date="2026-11-25")))
        assert case
        return Playbook().draft(case)

    return draft


def test_the_step_names_a_failure_of_which_only_the_exit_code_is_told(drafted):
    assert drafted(STEP + "checking\n" + END).title == "yarn prettier-check: Process completed with exit code 1."


def test_a_check_that_asks_for_something_refuses_on_purpose(drafted):
    first = drafted(STEP + ASKS + END).hypotheses[0]
    assert first.theory.startswith(
        "The step `yarn prettier-check` refuses the change on purpose: `Please run yarn prettier-all and add changes to files listed below"
    )
    assert first.test.startswith("Run `yarn prettier-check` in a clean checkout of this commit, do what it asks")


def test_a_step_that_gives_no_reason_is_asked_for_its_output(drafted):
    theories = [hypothesis.theory for hypothesis in drafted(STEP + "packages/a has 3 problems\n" + END).hypotheses]
    assert any(
        theory.startswith("`yarn prettier-check` itself decided to fail") and "`packages/a has 3 problems`" in theory for theory in theories
    )


def test_a_setting_that_speaks_of_a_timeout_is_no_timeout(drafted):
    assert "waited for" not in " ".join(hypothesis.theory for hypothesis in drafted(STEP + ASKS + END).hypotheses)
