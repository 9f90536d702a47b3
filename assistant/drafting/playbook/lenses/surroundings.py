"""Lenses on what the code runs in: servers, files, rights, resources, settings."""

import re

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.lenses.common import quotes, where
from assistant.drafting.playbook.pattern import find
from assistant.drafting.playbook.proposal import Asked, Proposal
from assistant.drafting.playbook.wording import clean

UNREACHABLE = r"(?i)connection refused|connect call failed|name or service not known|could not translate host|temporary failure in name resolution|failed to resolve|nodename nor servname|no route to host|network is unreachable|connection reset|cannot connect|could not connect|connection to server|max retries exceeded"
ADDRESS = re.compile(r"(?:port (?P<port>\d{2,5})|[\w\].\-]:(?P<after>\d{2,5}))\b")
MISSING = re.compile(
    r"(?:No such file or directory|[Ff]ile not found|ENOENT|cannot find the file|(?:path|file|folder|directory) does not exist)[:,]?(?: no such file or directory,?)?\s{0,3}(?:(?:open|stat|scandir|lstat|access|mkdir|copyfile|unlink) )?(?:['\"](?P<path>[^'\"\n]{1,160})['\"])?"
)
PERMISSION = r"(?i)unable to locate credentials|authentication failed|permission denied|EACCES|operation not permitted|access is denied|read-only file system|403 forbidden|unauthorized|not authorized|AccessDenied"
RESOURCES = r"(?i)no space left|cannot allocate memory|out of memory|\bMemoryError\b|OutOfMemoryError|exit code 137|OOMKilled|too many open files|disk quota|Killed\b"
NAME = r"(?<![\w\-])(?P<{}>[A-Z][A-Z0-9]{{1,30}}(?:_[A-Z0-9]{{1,30}}){{1,6}})(?![\w\-])"
UNSET = (
    r"(?:not set|is required|[Mm]issing|not configured|not specified|undefined|must be set|no value|[Ee]nvironment variable|not defined)"
)
SETTING = re.compile(
    rf"{NAME.format('first')}[^\n]{{0,50}}{UNSET}|{UNSET}[^\n]{{0,50}}?{NAME.format('second')}|^'{NAME.format('key')}'$", re.MULTILINE
)
COMMAND = re.compile(
    r"(?:(?:^|[\s/:])(?P<name>[\w.+\-]{1,60}): (?:command )?not found|executable file not found in \$PATH: ?\"?(?P<quoted>[\w.+\-]{1,60})|'(?P<other>[\w.+\-]{1,60})' is not recognized as an internal)",
    re.MULTILINE,
)
ANSWER = re.compile(r"\b(?P<status>[45]\d\d)\b")
HTTP_ERRORS = frozenset(
    {"HTTPStatusError", "HTTPError", "ClientResponseError", "ClientError", "HttpError", "StatusCodeError", "ApiException"}
)

LOOKED_AT = 20_000


def unreachable(facts: Facts) -> Proposal | None:
    """A server that does not answer under that name and port."""
    found = find(UNREACHABLE, facts.messages) or (find(UNREACHABLE, facts.error) if not facts.names & {"AssertionError"} else None)
    if found is None:
        return None
    address = ADDRESS.search(facts.messages[found.start() : found.start() + 300]) if found[0].lower() in facts.messages.lower() else None
    port = f" on port `{address['port'] or address['after']}`" if address else ""
    return Proposal(
        key="unreachable",
        score=7.0,
        theory=(
            f"The server that the code wants to reach{port} is not running or not yet listening when the step starts: the service was not started in this job, "
            "its container exited, or the name and port in the settings belong to another environment."
        ),
        quotes=quotes(facts, found[0]),
        test="On the machine of the failing run, list what listens (`ss -ltn`) and which containers run (`docker ps -a`), then connect by hand with the same host and port.",
        if_true="Nothing listens there, or the container has exited; its own log says why.",
        if_false="The server answers by hand; then the code uses another host, port or network than was tried.",
        solution="Start the service before the step and wait until it is ready, or correct host and port in the settings of this environment.",
        asked=Asked(
            primary=(f"Is the server up{port} at the moment of `{clean(found[0])}`, and under which name does this environment reach it?",),
            technical=(f"What makes the client report `{clean(found[0])}` rather than wait for the server?",),
            architecture=(f"Should the run wait for its services (health check) rather than fail with `{clean(found[0])}`?",),
        ),
    )


def missing_file(facts: Facts) -> Proposal | None:
    """A file that is not where the code looks."""
    found = MISSING.search(facts.messages)
    if found is None:
        return None
    path = clean(found["path"] or "")
    what = f"`{path}`" if path else "the file"
    return Proposal(
        key="missing-file",
        score=6.5,
        theory=(
            f"{where(facts) or 'The step'} looks for {what} relative to another folder than the one it lies in, or the step that makes it (build, copy, checkout, volume mount) did not run here."
        ),
        quotes=quotes(facts, found[0]),
        test=f"Print the working directory and list the folder of {what} just before the step: `pwd; ls -la`.",
        if_true="The file is missing there and lies elsewhere, or is made by a step that did not run.",
        if_false="The file is there; then rights, a broken link or a missing interpreter is meant.",
        solution="Build the path from the location of the code, or add the step that provides the file.",
        asked=Asked(
            primary=(
                f"Which step should have provided {what}, and into which folder?"
                if path
                else f"Which file is meant by `{clean(found[0])}`, and which step provides it?",
            )
        ),
    )


def missing_command(facts: Facts) -> Proposal | None:
    """A program that the shell does not find."""
    found = COMMAND.search(facts.messages)
    if found is None or facts.failure.test_id:
        return None
    name = clean(found["name"] or found["quoted"] or found["other"])
    return Proposal(
        key="missing-command",
        score=6.5,
        theory=(
            f"The program `{name}` is not installed in this job or image, or its folder is not on the `PATH` of the shell that runs the step: an image changed, the step that sets it up was left out or runs later, "
            "or it is called by another user or shell."
        ),
        quotes=quotes(facts, found[0]),
        test=f'Just before the failing step run `command -v {name}; echo "$PATH"` in the same shell, and look in the log of the last green run for the step that provides it.',
        if_true=f"`{name}` is not found, and a green run has a step or image that provides it.",
        if_false=f"`{name}` is found; then the failing step runs in another shell, container or folder.",
        solution=f"Install `{name}` in a step before (pinned), or call it by its full path.",
        asked=Asked(
            primary=(f"Which step or image provides `{name}` where it works, and does it run before this step?",),
            architecture=(f"Should the job check for `{name}` first, so that a missing tool is named at once?",),
            queries=(f"CI {name} command not found install before step PATH",),
        ),
    )


def answer(facts: Facts) -> Proposal | None:
    """Another server that answers with an error."""
    found = ANSWER.search(facts.messages)
    if found is None or not facts.names & HTTP_ERRORS:
        return None
    status = found["status"]
    side = (
        "that server failed itself, or what stands before it (proxy, gateway) did not reach it"
        if status.startswith("5")
        else "the address, the method or the credentials that this code builds are not what that server offers in this environment"
    )
    return Proposal(
        key="answer",
        score=6.8,
        theory=(
            f"The server that {where(facts) or 'the code'} calls answers `{status}`: {side}. In a test this also shows that a real server is called where a double was meant to answer."
        ),
        quotes=quotes(facts, facts.ours.code if facts.ours else ""),
        test="Send the same request by hand (`curl -i`, same method, address and headers) from the failing environment, and print the body of the answer next to its status.",
        if_true="It answers the same by hand, and the body says which part it refuses.",
        if_false="By hand it works; then the code sends another request than was tried, or another server answers under that name.",
        solution="Correct what builds the request or the setting it takes the address from; in tests, replace the server by a double.",
        asked=Asked(
            primary=(f"Which server answers `{status}` to {where(facts) or 'the code'}, and is it meant to be called here?",),
            technical=(f"What does the documentation of that server say about `{status}` for this request?",),
            architecture=(f"Should the code that gets `{status}` handle it (retry, default, clear message) or let it end the step?",),
            queries=(f"{clean(facts.library.package)} {facts.exception} {status} raise_for_status handling",) if facts.library else (),
        ),
    )


def permission(facts: Facts) -> Proposal | None:
    """Rights that the running user does not have."""
    found = find(PERMISSION, facts.messages)
    if found is None:
        return None
    return Proposal(
        key="permission",
        score=6.5,
        theory=(
            f"The user or token that runs {where(facts) or 'this step'} has fewer rights here than where it works: other owner or mode of the file, another account, a token without that scope."
        ),
        quotes=quotes(facts, found[0]),
        test="Run `id` and `ls -la` on the refused path in the failing environment, or ask the service which account the token stands for.",
        if_true="Owner, mode or scope excludes the running account.",
        if_false="The account has the rights; then a read-only mount or a policy refuses.",
        solution="Give the account the missing right, or write to a place that belongs to it.",
        asked=Asked(primary=(f"Which account runs the step that gets `{clean(found[0])}`, and which right does it lack?",)),
    )


def resources(facts: Facts) -> Proposal | None:
    """Memory, disk or handles that ran out."""
    found = find(RESOURCES, facts.text)
    if found is None:
        return None
    return Proposal(
        key="resources",
        score=6.0,
        theory="The machine or container ran out of a resource (memory, disk, file handles); the error that surfaced is only where that showed first.",
        quotes=quotes(facts, found[0]),
        test="Watch `free -m`, `df -h` and `ulimit -a` in the failing environment while the step runs again.",
        if_true="One of them reaches its limit at the moment of the failure.",
        if_false="All stay far from their limits.",
        solution="Raise the limit that is reached, or make the step use less of it.",
        asked=Asked(primary=(f"Which limit is reached when the log says `{clean(found[0])}`?",)),
    )


def configuration(facts: Facts) -> Proposal | None:
    """A setting that is missing or wrong in this environment."""
    named = SETTING.search(facts.messages[:LOOKED_AT])
    name = clean(named["first"] or named["second"] or named["key"]) if named else ""
    if not name:
        return None
    return Proposal(
        key="configuration",
        score=6.0,
        theory=(
            f"The setting `{name}` is missing, empty or wrong in the environment of this run (not exported, not passed into the container or job, or read before it is loaded), "
            f"and {where(facts) or 'the code'} depends on it."
        ),
        quotes=quotes(facts, name),
        test=f"In the failing environment run `env | cut -d= -f1 | sort` and look for `{name}` (names only, so that no value is shown).",
        if_true=f"`{name}` is not listed, or is listed under another name.",
        if_false=f"`{name}` is set; then its value is wrong or it is set too late.",
        solution=f"Pass `{name}` into this environment, and check all settings at start-up with a clear message.",
        asked=Asked(
            primary=(f"Who sets `{name}` where it works, and does that reach this environment?",),
            architecture=(f"Should settings such as `{name}` be checked once at start-up?",),
        ),
    )
