"""Docker: builds, the daemon, registries, compose."""

from collections.abc import Iterator

from assistant.evidence import Cause, Failure
from assistant.mining.languages.rules import INDENTED, Rule, find_by_rules
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_STEP = Lazy(r" > (?:\[|importing|exporting|resolve|transferring)")
_RULER = "------"
_SOLVE = Lazy(
    r"(?:ERROR: |error: )?failed to solve: (?:(?P<code>[a-z][a-z ]{2,40}): )?(?P<message>.{1,1500})$"
    r"|target .{1,200}: failed to solve: .{1,1500}$"
)
_EXIT = Lazy(r".{0,1500}did not complete successfully: (exit code: \d{1,3})")
_REASON = Lazy(
    r".{0,1500}?\b(pull access denied|manifest unknown|toomanyrequests|unauthorized|insufficient_scope"
    r"|not found|dockerfile parse error"
    r"|failed to compute cache key|no match for platform|no space left on device|deadline exceeded"
    r"|connection refused|no such host|forbidden)\b"
)
MOST_LINES = 200

RULES = (
    Rule(
        ("failed to solve", "ERROR: failed to build"),
        Lazy(
            r"(?:ERROR: |error: )?(?:target .{1,200}?: )?(?:failed to build: )?failed to (?:solve|build)(?: with frontend [\w.]{1,60})?: (?P<message>.{1,1500})"
            r"$"
        ),
        "build failed",
    ),
    Rule(
        ("returned a non-zero code",),
        Lazy(
            r"(?:ERROR: Service '.{1,100}' failed to build *: )?(?P<message>The command '.{1,1500}' returned a non-zero code: (?P<code>\d{1,3})"
            r")"
        ),
        "exit",
    ),
    Rule(
        ("Error response from daemon", "rror response from daemon:"),
        Lazy(r"(?:docker: |ERROR: (?:for \S{1,100}  )?|error )?Error response from daemon: (?P<message>.{1,1500})$"),
        "daemon",
        INDENTED,
    ),
    Rule(
        ("Cannot connect to the Docker daemon", "error during connect"),
        Lazy(r"(?:docker: |ERROR: |error: )?(?P<message>(?:Cannot connect to the Docker daemon|error during connect).{1,500})$"),
        "no daemon",
    ),
    Rule(
        ("port is already allocated", "ports are not available"),
        Lazy(r"(?P<message>.{0,500}(?:port is already allocated|ports are not available).{0,200})$"),
        "EADDRINUSE",
    ),
    Rule(("toomanyrequests",), Lazy(r"(?P<message>.{0,300}toomanyrequests: .{1,300})$"), "toomanyrequests"),
    Rule(
        ("pull access denied", "manifest unknown", "manifest for "),
        Lazy(r"(?P<message>.{0,300}(?P<code>pull access denied|manifest unknown|manifest for \S{1,200} not found).{0,300})$"),
    ),
    Rule(
        ("is unhealthy", "dependency failed to start"),
        Lazy(
            r"(?:ERROR: (?:for \S{1,100}  )?)?(?P<message>(?:dependency failed to start: )?(?:container \S{1,200}"
            r"|Container \"?\S{1,200}) is (?P<code>unhealthy).{0,100})$"
        ),
    ),
    Rule(("dependency failed to start",), Lazy(r"(?P<message>dependency failed to start: .{1,300})$"), "dependency failed"),
    Rule(("ERROR: for ",), Lazy(r"ERROR: for (?P<message>\S{1,100}  .{1,500})$"), "compose"),
    Rule(
        (
            "no configuration file provided",
            "services must be a mapping",
            "refers to undefined",
            "Additional propert",
            "undefined volume",
            "undefined network",
            "additional propert",
        ),
        Lazy(
            r"(?:ERROR: |validating .{1,200}: )?(?P<message>(?:no configuration file provided|services must be"
            r"|service \".{1,100}\" (?:refers to|depends on) undefined|services\.\S{1,100} [Aa]dditional propert"
            r"|services\.\S{1,100} must be).{0,300})$"
        ),
        "compose file",
    ),
    Rule(
        ("Dockerfile",),
        Lazy(
            r"(?:unable to prepare context: |ERROR: |Error: )(?P<message>.{0,200}(?:failed to read dockerfile"
            r"|Dockerfile parse error|unable to evaluate symlinks in Dockerfile path|Cannot locate specified Dockerfile).{0,500})"
            r"$"
        ),
        "Dockerfile",
    ),
)


def find_docker(log: Log, taken: Taken) -> Iterator[Failure]:
    """What docker's builder, daemon and compose complain of."""
    yield from _builds(log, taken)
    yield from find_by_rules(log, taken, "docker", RULES)


def _builds(log: Log, taken: Taken) -> Iterator[Failure]:
    """BuildKit's closing report: the step with its last output between rulers, the place in the Dockerfile, what failed."""
    for index in log.holding("failed to solve"):
        match = _SOLVE.match(log.bare[index])
        if index in taken or match is None:
            continue
        first = _report(log, index)
        if first is None:
            continue
        explained = any(line in taken for line in range(first, index))
        taken.take(first, index + 1)
        if not explained or not _EXIT.match(log.bare[index]):
            yield log.failure((first, index + 1), _causes(log, first, index), language="docker")


def _report(log: Log, index: int) -> int | None:
    """Where the report that ends with a line begins."""
    for start in range(index - 1, max(-1, index - MOST_LINES), -1):
        if "failed to solve" in log.bare[start]:
            break
        if _STEP.match(log.bare[start]):
            return start - 1 if start and log.bare[start - 1].startswith(_RULER) else start
    return None


def _causes(log: Log, first: int, index: int) -> list[Cause]:
    """What the step printed last, where it ran a command; what failed."""
    said = log.bare[index].partition("failed to solve: ")[2].strip()
    exited, reason = _EXIT.match(said), _REASON.match(said)
    outer = Cause(exited.group(1).replace("code: ", "") if exited else reason.group(1) if reason else "build failed", said)
    start = next((line for line in range(first, index) if _STEP.match(log.bare[line])), first)
    ruler = next((line for line in range(start + 1, index) if log.bare[line].startswith(_RULER)), index)
    output = [line.strip() for line in log.bare[start + 1 : ruler] if line.strip()]
    return [Cause("", output[-1]), outer] if exited and output else [outer]
