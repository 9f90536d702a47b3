"""The step of a job that failed where its log says no more than that it ended."""

import re

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.wording import clean

ENDED = re.compile(
    r"(?i)^\W{0,12}(?:error:? )?(?:process completed with|command failed with|exited with|job failed:?|the process .{1,200} failed with|script returned)"
    r" ?(?:exit )?(?:code|status)?:? ?\(?[1-9]\d{0,9}\)?\.?$"
)
_STEP = re.compile(r"#\[group\]Run (\S[^\n]{0,200})|^(?:\x1b\[[0-9;]{1,12}m|\^\[\[[0-9;]{1,12}m)?\$ (\S[^\n]{0,200})", re.M)


def only_ended(facts: Facts) -> bool:
    """Whether all that is said of the failure is the code that something ended with."""
    return not facts.exception and ENDED.match(facts.headline.strip()) is not None


def failed_step(facts: Facts) -> str:
    """The command of the step that failed, as the runner printed it; empty where the evidence does not hold it."""
    for text in (facts.error, facts.text):
        found = [match[1] or match[2] for match in _STEP.finditer(text)]
        if found:
            return clean(found[-1].strip(), 120)
    return ""
