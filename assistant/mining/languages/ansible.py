"""Ansible: tasks that failed on a host, hosts that were out of reach, playbooks that could not be read."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.evidence import Cause, Failure
from assistant.mining import python
from assistant.mining.languages.rules import Rule, find_by_rules
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_FATAL = Lazy(r"(?:fatal|failed): \[([^\]]{1,200})\](?: \(item=.{0,300}?\))?(?:: (FAILED|UNREACHABLE)!)? => ?(.*)$")
_TASK = Lazy(r"(?:TASK|RUNNING HANDLER|PLAY) \[(.{0,300}?)\] \*")
_FIELD = Lazy(r"\s{0,12}(msg|stderr|module_stderr|rc|stdout|reason|cmd): (.*)$")
_OF_JSON = r'"(msg|stderr|module_stderr|rc|stdout|reason|cmd)": (?:"((?:[^"\\]|\\.){0,4000})"|(-?\d{1,9}))'
_IGNORED = "...ignoring"
_RAISED = Lazy(r"(?:[a-z_]\w{0,60}\.){0,8}[A-Z]\w{0,80}(?:Error|Exception): .{1,500}$")
MOST_LINES = 120
ABOVE = 12

RULES = (
    Rule(
        ("ERROR! ",),
        Lazy(r"ERROR! (?P<message>.{1,1000})$"),
        "playbook",
        Lazy(r"[ \t]+\S|The error appears|The offending line|We could be wrong|be elsewhere|$"),
    ),
    Rule(
        ("[ERROR]: ",),
        Lazy(r"\[ERROR\]: (?P<message>(?:Task failed|couldn't resolve|YAML parsing|conflicting action).{1,1000})$"),
        "playbook",
        Lazy(r"Origin: |[ \t]+\S"),
    ),
    Rule(("Ansible timeout exceeded",), Lazy(r"(?P<message>Ansible timeout exceeded: \d{1,9})"), "timeout"),
)


def find_ansible(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failed tasks of playbooks, and what kept a playbook from running."""
    for index in sorted({*log.holding("fatal: ["), *log.holding("failed: [")}):
        match = _FATAL.match(log.bare[index])
        if index in taken or match is None:
            continue
        end = _end(log.bare, index, match.group(3))
        first = _task(log, taken, index)
        taken.take(first, end)
        if not any(_IGNORED in line for line in log.bare[end : end + 2]):
            fields = _fields(match.group(3), log.bare[index + 1 : end])
            yield log.failure((first, end), _causes(match.group(2) or "FAILED", fields), language="ansible")
    yield from find_by_rules(log, taken, "ansible", RULES)


def _end(lines: Sequence[str], index: int, rest: str) -> int:
    """JSON that goes on to its closing brace, or the indented fields of the YAML style."""
    end = index + 1
    limit = min(len(lines), index + MOST_LINES)
    if rest.strip() == "{":
        while end < limit and lines[end].rstrip() != "}":
            end += 1
        return min(end + 1, limit)
    if not rest.startswith("{"):
        while end < limit and (lines[end][:2] == "  " or (not lines[end].strip() and end + 1 < limit and lines[end + 1][:4] == "    ")):
            end += 1
    return end


def _task(log: Log, taken: Taken, index: int) -> int:
    """The header of the task, where nothing but its path and other hosts stand between."""
    for first in range(index, max(-1, index - ABOVE), -1):
        if first in taken:
            break
        if _TASK.match(log.bare[first]):
            return first
    return index


def _fields(rest: str, below: Sequence[str]) -> Mapping[str, Any]:
    """What the module returned: JSON, what is left of JSON that was cut or masked, or YAML."""
    if not rest.startswith("{"):
        return _of_yaml(below)
    text = "\n".join([rest, *below])
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return {match.group(1): match.group(2) or match.group(3) for match in re.finditer(_OF_JSON, text)}
    return loaded if isinstance(loaded, dict) else {}


def _of_yaml(lines: Sequence[str]) -> Mapping[str, str]:
    fields: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if match := _FIELD.match(line):
            value = match.group(2).strip()
            block = (
                [piece.strip() for piece in lines[number : number + 20] if piece[:4] == "    "] if value in ("|-", "|", ">-") else [value]
            )
            fields.setdefault(match.group(1), "\n".join(block))
    return fields


def _causes(kind: str, fields: Mapping[str, Any]) -> list[Cause]:
    """Innermost first: what the command or the module printed at last, then what ansible says of it."""
    said = {name: str(value) for name in ("msg", "stderr", "module_stderr", "stdout", "reason", "cmd") if (value := fields.get(name))}
    code = f"rc={fields['rc']}" if str(fields.get("rc", "0")).strip() not in ("0", "None") else kind
    outer = Cause(code, said.get("msg") or said.get("reason") or said.get("cmd") or kind)
    printed = said.get("module_stderr") or said.get("stderr") or (said.get("stdout", "") if "non-zero" in outer.message else "")
    lines = [line.strip() for line in printed.replace("\\n", "\n").replace("\\r", "").split("\n") if line.strip()]
    if not lines:
        return [outer]
    start = next((number for number, line in enumerate(lines) if python.HEADER in line), None)
    raised = next((line for line in reversed(lines) if _RAISED.match(line)), "") if start is not None else ""
    name, _, message = raised.partition(": ")
    return [Cause(name, message) if raised else Cause("", lines[-1]), outer]
