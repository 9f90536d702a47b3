"""Lines that tell that a job failed and not why: the consequences of what stands above them."""

from assistant.mining.lines import Log
from assistant.mining.patterns import Lazy

_VERDICT = Lazy(
    r"(?:\[[\w .-]{1,40}\] )?(?:Error: |ERROR: |error: |fatal: )?(?:"
    r"(?:[\w .'\"/()-]{0,160}? )?(?:exited|failed|completed|terminated|finished) with (?:an? )?(?:non-zero )?(?:exit )?(?:code|status|result)(?: code)?:? ?'?\(?-?[1-9]"
    r"|Job failed: (?:exit|command terminated)|script returned exit code|The process '.{1,1500}' failed with exit code"
    r"|Finished: (?:FAILURE|UNSTABLE|ABORTED)|Build step ['‘].{1,200}['’] (?:marked|changed) build|The command \".{1,2000}\" (?:exited with|failed and exited)"
    r"|Done\. Your build exited with|.{0,60}The command exited with status|user command error: exit status|Exited with code exit status"
    r"|(?:\[Zuul\] )?(?:Task exit code: [1-9]|Job complete, result: FAILURE)|\[taskcluster:error\] (?:exit status|Aborting task)|Unsuccessful task run with exit code"
    r"|Return code: [1-9]\d{0,2}$|exit status [1-9]\d{0,2}$|exit code:? [1-9]\d{0,2}$|Copr build error: Build failed|Bad exit status from \S{1,200} \(%"
    r"|Executing the custom container implementation failed|No files were found with the provided path|Command failed with exit code [1-9]"
    r"|Step ['‘]Publish .{1,100}['’] failed: No test report files)"
)
MARKS = (
    "xited with", "ailed with", "ompleted with", "erminated with", "inished with", "Job failed: ", "script returned", "Finished: ", "Build step ",
    "exit status", "exit code", "Task exit code", "Job complete", "Aborting task", "Return code: ", "Copr build error", "Bad exit status", "custom container",
    "No files were found", "No test report files",
)  # fmt: skip
"""Pieces of text, one of which every verdict holds."""

NEAR, TAIL = 12, 25


def is_verdict(line: str) -> bool:
    """Whether an undecorated line only tells that a step or a job failed."""
    return _VERDICT.match(line) is not None


def ended_by(log: Log, index: int) -> bool:
    """Whether what a line says may have ended its step: a verdict or the end of the log comes soon after it."""
    return index >= len(log) - TAIL or any(is_verdict(line) for line in log.bare[index + 1 : index + 1 + NEAR])
