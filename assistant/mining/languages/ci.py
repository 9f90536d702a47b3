"""What CI services say in their own name: lost runners, timeouts, kills, permissions, caches and artifacts; and the verdicts, which tell no cause."""

import re
from collections.abc import Iterator

from assistant.evidence import Cause, Failure
from assistant.mining.decoration import said_before
from assistant.mining.languages import verdicts
from assistant.mining.languages.rules import INDENTED, Rule, find_by_rules
from assistant.mining.lines import MATCHED_LENGTH, Log, Taken, frame
from assistant.mining.patterns import Lazy

_KILLED = {
    "137": "SIGKILL",
    "139": "SIGSEGV",
    "134": "SIGABRT",
    "143": "SIGTERM",
    "135": "SIGBUS",
    "132": "SIGILL",
    "136": "SIGFPE",
    "124": "timeout",
}
_KILLS = "|".join(_KILLED)

RULES = (
    Rule(
        ("oom", "Out of memory", "out of memory", "OOM"),
        Lazy(
            r".{0,200}?(?P<message>(?:Out of memory: Kill|Memory cgroup out of memory|oom-kill:|oom_reaper: reaped"
            r"|invoked oom-killer|\S{0,60} was OOM[- ]killed).{0,500})$"
        ),
        "out of memory",
        Lazy(r".{0,100}?(?:Out of memory: Kill|Memory cgroup out of memory|oom-kill:|oom_reaper: reaped|Killed process)"),
    ),
    Rule(
        (
            "shutdown signal",
            "lost communication",
            "stopped hearing from agent",
            "The agent was lost",
            "agent lost",
            "went offline",
            "Cannot contact ",
            "worker shutdown",
            "does not seem to be touching the log file",
        ),
        Lazy(
            r"(?P<message>.{0,200}(?:The runner has received a shutdown signal|lost communication with the server"
            r"|stopped hearing from agent|[Aa]gent (?:was )?lost|\bAgent .{1,100} went offline|Cannot contact \S{1,200}: "
            r"|worker shutdown|does not seem to be touching the log file).{0,500})$"
        ),
        "lost runner",
    ),
    Rule(
        (
            "maximum execution time",
            "has timed out after",
            "longer than the maximum time",
            "maximum time limit",
            "max run time exceeded",
            "execution took longer than",
            "Task timeout after",
            "Build timed out",
            "due to timeout",
            "RESULT_TIMED_OUT",
            "Too long with no output",
            "No output has been received",
            "no output for",
            "without output",
            "command timed out",
        ),
        Lazy(
            r"(?P<message>.{0,300}(?:has exceeded the maximum execution time|has timed out after \d|ran longer than the maximum time"
            r"|maximum time limit for jobs"
            r"|max run time exceeded|execution took longer than|Task timeout after \d|Build timed out"
            r"|Cancelling nested steps due to timeout|RESULT_TIMED_OUT"
            r"|Too long with no output|No output has been received in the last|[Tt]imed out after \d{1,7} \w{1,12} (?:of"
            r"|without|with no) (?:inactivity|output)|command timed out: ).{0,300})$"
        ),
        "timeout",
    ),
    Rule(
        ("exit code", "exited with", "exit status", "exit code 1"),
        Lazy(
            rf"(?P<message>(?:Process completed with|ERROR: Job failed:|ERROR: script returned|Exited with code"
            rf"|.{{0,120}}exited with|.{{0,120}}failed with|.{{0,120}}terminated with) (?:code )?'?(?:exit (?:code"
            rf"|status) )?'?(?P<code>{_KILLS})\b.{{0,100}})$"
        ),
        "",
        names=_KILLED,
    ),
    Rule(
        ("Received signal: SIG", "terminated by signal", "killed by signal"),
        Lazy(r"(?P<message>.{0,500}(?:Received signal: |(?:terminated|killed) by signal )(?P<code>SIG[A-Z]{2,6}).{0,200})$"),
    ),
    Rule(
        (
            "operation was canceled",
            "Operation will be canceled",
            "was cancelled",
            "Received cancellation signal",
            "received SIGINT",
            "job was canceled",
        ),
        Lazy(
            r"(?P<message>(?:The [Oo]peration (?:was|will be) canceled|The (?:job|run|build|workflow) was cancell?ed"
            r"|Received cancellation signal|received SIGINT).{0,200})$"
        ),
        "cancelled",
    ),
    Rule(
        (
            "Resource not accessible by",
            "not authorized to perform",
            "denied to github-actions",
            "Credentials could not be loaded",
            "Bad credentials",
            "Could not load credentials",
            "refusing to allow a",
            "permissions: ",
        ),
        Lazy(
            r"(?P<message>.{0,300}(?:Resource not accessible by|is not authorized to perform|denied to github-actions"
            r"|Credentials could not be loaded|Bad credentials|Could not load credentials|refusing to allow a).{0,800})$"
        ),
        "forbidden",
    ),
    Rule(
        ("rate limit",),
        Lazy(
            r"(?P<message>.{0,300}(?:API rate limit exceeded|exceeded a secondary rate limit|You have reached your .{1,60} rate limit)"
            r".{0,500})$"
        ),
        "rate limit",
    ),
    Rule(
        ("Input required and not supplied", "is required, but not provided", "Secret ", "not defined in the referenced workflow"),
        Lazy(
            r"(?:Error: )?(?P<message>(?:Input required and not supplied: .{1,100}|Secret \S{1,100} is required, but not provided.{0,200}"
            r"|Invalid (?:input|secret), \S{1,100} is not defined.{0,200}))$"
        ),
        "missing input",
    ),
    Rule(
        (
            "Unable to resolve action",
            "Can't find 'action.yml'",
            "The template is not valid",
            "Invalid workflow file",
            "error parsing called workflow",
            "Unrecognized named-value",
            "Unexpected value",
        ),
        Lazy(
            r"(?P<message>(?:Unable to resolve action|Can't find 'action\.yml'|The template is not valid"
            r"|Invalid workflow file|error parsing called workflow|.{0,200}Unrecognized named-value).{0,500})$"
        ),
        "workflow",
        INDENTED,
    ),
    Rule(
        ("artifact", "Artifact"),
        Lazy(
            r"(?:Error: )?(?P<message>(?:Unable to (?:download artifact|find any artifacts)|Artifact not found"
            r"|Failed to (?:CreateArtifact|FinalizeArtifact|ListArtifacts|upload artifact)|.{0,80}[Aa]rtifact storage quota"
            r"|.{0,200}too large archive|ERROR: Uploading artifacts.{0,60}failed).{0,500})$"
        ),
        "artifact",
    ),
    Rule(
        ("ache service responded", "getCacheEntry failed", "reserveCache failed"),
        Lazy(r"(?:Error: )?(?P<message>.{0,100}(?:[Cc]ache service responded with|getCacheEntry failed|reserveCache failed).{0,300})$"),
        "cache",
    ),
    Rule(
        ("The version '", "not found for architecture"),
        Lazy(r"(?:Error: )?(?P<message>The version '.{1,60}' with architecture '.{1,40}' was not found.{0,200})$"),
        "no version",
    ),
    Rule(
        ("system failure", "Preparation failed", "failed to pull image", "prepare environment"),
        Lazy(r"ERROR: (?P<message>(?:Job failed(?: \(system failure\))?: (?!exit|command terminated)|Preparation failed: ).{1,800})$"),
        "system failure",
    ),
    Rule(
        ("RESULT_UNREACHABLE", "RESULT_ABORTED", "RESULT_DISK_FULL"),
        Lazy(r".{0,20}?(?P<message>RUN END RESULT_(?P<code>UNREACHABLE|ABORTED|DISK_FULL).{0,200})$"),
    ),
    Rule(("[taskcluster:error]",), Lazy(r"\[taskcluster:error\] (?P<message>(?!exit status|Aborting task).{1,800})$"), "taskcluster"),
    Rule(
        (
            "any revision to build",
            "Error cloning remote repo",
            "command execution failed",
            "maximum log length",
            "while generating the build script",
        ),
        Lazy(
            r"(?:ERROR: |FATAL: )?(?P<message>(?:Couldn't find any revision to build|Error cloning remote repo"
            r"|command execution failed|.{0,100}maximum log length|An error occurred while generating the build script).{0,300})"
            r"$"
        ),
        "ci",
        Lazy(r"\s{0,8}at \S|Caused by: "),
    ),
)

_ERROR_MARK = Lazy(r".{0,40}?#\[error\]|.{0,8}#vso\[task\.logissue [^\]]{0,500}?type=error|.{0,5}:error(?: (?P<at>[^:]{1,1000}))?::")
_FILE, _LINE = Lazy(r".{0,1000}?\bfile=([^,]{1,400})"), Lazy(r".{0,1000}?\bline=(\d{1,9})")
_ANNOTATIONS = ("#[error]", "type=error", ":error")


_TEAMCITY = Lazy(r".{0,100}?(?:\\x23|#)#teamcity\[(?:testFailed|buildProblem) (.{1,3800})$")
_ATTRIBUTE = r"\b(\w{1,40})='((?:\|.|[^'|]){0,3000})'"
_ESCAPED = r"\|(?:0x[0-9a-fA-F]{4}|[nrxlp'|\[\]])"


def find_ci(log: Log, taken: Taken) -> Iterator[Failure]:
    """What the CI service and its runner complain of; it comes last, so that nothing it repeats is told again.

    Verdicts are taken where the log says anything of a cause; else they are left, as they are all there is.
    """
    said = False
    for failure in find_by_rules(log, taken, "ci", RULES):
        said = True
        yield failure
    for failure in (*_teamcity(log, taken), *_annotations(log, taken)):
        said = True
        yield failure
    if said or taken.any:
        for index in sorted({at for mark in verdicts.MARKS for at in log.holding(mark)}):
            if index not in taken and verdicts.is_verdict(log.bare[index]):
                taken.take(index, index + 1)


def _annotations(log: Log, taken: Taken) -> Iterator[Failure]:
    """Lines that a tool or an action marked as errors for the service."""
    for index in sorted({at for mark in _ANNOTATIONS for at in log.holding(mark)}):
        line = log.bare[index]
        mark = _ERROR_MARK.match(said_before(log.shown[index][:MATCHED_LENGTH], line))
        if mark is None or index in taken or not line.strip() or verdicts.is_verdict(line):
            continue
        taken.take(index, index + 1)
        file, number = (pattern.match(mark.group("at") or "") for pattern in (_FILE, _LINE))
        frames = (frame(file.group(1), int(number.group(1)) if number else 0),) if file else ()
        yield log.failure((index, index + 1), (Cause("", line.strip(), frames),), language="ci")


def _teamcity(log: Log, taken: Taken) -> Iterator[Failure]:
    """Failed tests and problems that a test runner reports to TeamCity."""
    for index in log.holding("#teamcity["):
        match = _TEAMCITY.match(log.bare[index])
        if index in taken or match is None:
            continue
        told = {name: _unescaped(value) for name, value in re.findall(_ATTRIBUTE, match.group(1))}
        taken.take(index, index + 1)
        cause = Cause("", told.get("message") or told.get("description") or told.get("details", ""))
        test_id = told.get("name", "")
        yield log.failure((index, index + 1), (cause,), language="ci", test_id=test_id, phase="call" if test_id else "")


def _unescaped(value: str) -> str:
    """A value of a TeamCity service message as it was before its escapes."""
    marks = {"|n": "\n", "|r": "", "|'": "'", "||": "|", "|[": "[", "|]": "]"}
    return re.sub(_ESCAPED, lambda match: marks.get(match.group(), " "), value)
