"""What CI services say: causes that only they can tell, annotations, and verdicts that tell no cause."""

import pytest

from assistant.evidence import Failure
from assistant.mining import mine
from assistant.mining.languages.verdicts import is_verdict
from assistant.redaction import Redactor
from assistant.sources.source import Source
from assistant.sources.text import escape

STAMP = "2024-05-01T10:11:12.1234567Z "


def found(text: str) -> list[Failure]:
    return list(mine([Source("x", escape(text)[0])], Redactor()).failures)


CAUSES = [
    ("##[error]The runner has received a shutdown signal. This can happen when the runner service is stopped.", "lost runner"),
    ("##[error]The hosted runner: Hosted Agent lost communication with the server.", "lost runner"),
    ("##[error]We stopped hearing from agent Azure Pipelines 3. Verify the agent machine is running", "lost runner"),
    ("##[error]The job running on runner GitHub Actions 2 has exceeded the maximum execution time of 360 minutes.", "timeout"),
    ("##[error]The action 'Test' has timed out after 360 minutes.", "timeout"),
    ("ERROR: Job failed: execution took longer than 1h0m0s seconds", "timeout"),
    ("Build timed out (after 60 minutes). Marking the build as aborted.", "timeout"),
    ("No output has been received in the last 10m0s, this potentially indicates a stalled build", "timeout"),
    ("Too long with no output (exceeded 10m0s): context deadline exceeded", "timeout"),
    ("[taskcluster:error] Task aborted - max run time exceeded", "timeout"),
    ("##[error]The operation was canceled.", "cancelled"),
    ("##[error]Process completed with exit code 137.", "SIGKILL"),
    ("ERROR: script returned exit code 143", "SIGTERM"),
    ("ERROR: Job failed: exit code 139", "SIGSEGV"),
    ("[  123.456789] Out of memory: Killed process 4242 (node) total-vm:123kB", "out of memory"),
    ("##[error]Resource not accessible by integration", "forbidden"),
    ("##[error]Credentials could not be loaded, please check your action inputs: no providers", "forbidden"),
    ("remote: Permission to acme/app.git denied to github-actions[bot].", "auth"),
    ("##[error]API rate limit exceeded for installation ID 1.", "rate limit"),
    ("##[error]Input required and not supplied: path", "missing input"),
    ("##[error]Unable to resolve action `acme/none@v1`, repository not found", "workflow"),
    ("##[error]Unable to download artifact(s): Artifact not found for name: dist", "artifact"),
    ("##[error]The version '3.99' with architecture 'x64' was not found for Ubuntu 24.04.", "no version"),
    ("ERROR: Job failed (system failure): prepare environment: waiting for pod running", "system failure"),
    ("[taskcluster:error] Error downloading image from task", "taskcluster"),
]


@pytest.mark.parametrize(("line", "reason"), CAUSES)
def test_what_only_the_service_can_tell_is_a_cause(line: str, reason: str) -> None:
    for text in (f"{STAMP}step 1\n{STAMP}{line}\n", f"step 1\n{line}\n"):
        assert reason in [failure.exception for failure in found(text)]


VERDICTS = [
    "Process completed with exit code 1.",
    "ERROR: Job failed: exit code 1",
    "ERROR: Job failed: command terminated with exit code 2",
    "ERROR: script returned exit code 1",
    "Finished: FAILURE",
    "Build step 'Execute shell' marked build as failure",
    'The command "npm test" exited with 1.',
    "Done. Your build exited with 1.",
    "Bash exited with code '1'.",
    "The process '/usr/bin/git' failed with exit code 128",
    "🚨 Error: The command exited with status 1",
    "Exited with code exit status 1",
    "[Zuul] Job complete, result: FAILURE",
    "[taskcluster:error] exit status 1",
    "Unsuccessful task run with exit code: 255 completed in 493.48 seconds",
    "error: Bad exit status from /var/tmp/rpm-tmp.x6tBrE (%build)",
    "Copr build error: Build failed",
]


@pytest.mark.parametrize("line", VERDICTS)
def test_verdicts(line: str) -> None:
    assert is_verdict(line)
    assert not any(failure.message == line for failure in found(f"bash: line 3: poetry: command not found\n{line}\n"))


@pytest.mark.parametrize(
    "line", ["Process completed with exit code 0.", "Finished: SUCCESS", "make: *** [all] Error 2", "exit code handling", "ValueError: 1"]
)
def test_what_is_no_verdict(line: str) -> None:
    assert not is_verdict(line)


def test_a_verdict_is_told_where_there_is_nothing_else() -> None:
    assert found("step 1\nstep 2\n##[error]Process completed with exit code 1.\n")


def test_what_was_marked_as_an_error_for_the_service_is_told_with_its_place() -> None:
    (failure,) = found("step 1\n::error file=app/main.py,line=12,col=3::Missing docstring\n")
    assert (failure.language, failure.message) == ("ci", "Missing docstring")
    assert [(frame.path, frame.line) for frame in failure.frames] == [("app/main.py", 12)]


def test_a_marker_inside_a_line_marks_nothing() -> None:
    assert not [one for one in found("test lexer::error::missing_quote ... ok\nrunning echo '::error::x'\n") if one.language == "ci"]


def test_a_traceback_behind_the_services_marks_is_the_languages_own() -> None:
    lines = ["Traceback (most recent call last):", '  File "a.py", line 3, in f', "    x()", "ValueError: no"]
    (failure,) = found("\n".join(f"{STAMP}##[error]{line}" for line in lines) + f"\n{STAMP}##[error]Process completed with exit code 1.\n")
    assert (failure.language, failure.exception) == ("python", "ValueError")


def test_unexpected_results_of_mozillas_harnesses_are_failed_tests() -> None:
    prefix = "[task 2025-02-13T21:32:14.225Z] 21:32:14     INFO - "
    text = f"{prefix}TEST-START | a/test_b.js\n{prefix}TEST-UNEXPECTED-FAIL | a/test_b.js | got 1, expected 2\n{prefix}    check@a/test_b.js:12:3\n"
    text += f"{prefix}PROCESS-CRASH | application crashed [@ libc.so + 0x1] | a/test_c.js\n"
    fail, crash = found(text)
    assert (fail.exception, fail.message, fail.test_id, fail.origin.last) == ("TEST-UNEXPECTED-FAIL", "got 1, expected 2", "a/test_b.js", 3)
    assert (crash.exception, crash.test_id) == ("PROCESS-CRASH", "a/test_c.js")


def test_tests_that_failed_in_teamcity_are_read_from_its_messages() -> None:
    text = "##teamcity[testStarted name='a.test_b']\n##teamcity[testFailed name='a.test_b' message='it|'s |[1|] not 2' details='at a:3|nat b:4']\n"
    (failure,) = found(text)
    assert (failure.test_id, failure.message, failure.phase) == ("a.test_b", "it's [1] not 2", "call")
