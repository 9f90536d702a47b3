"""Kubernetes: what keeps a pod from running, what the API server refuses, what helm gives up on."""

from collections.abc import Iterator

from assistant.evidence import Failure
from assistant.mining.languages.rules import INDENTED, Rule, find_by_rules
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

REASONS = (
    "CrashLoopBackOff",
    "ImagePullBackOff",
    "ErrImagePull",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "OOMKilled",
    "ContainerCannotRun",
    "StartError",
    "DeadlineExceeded",
    "Evicted",
)
"""Why a container does not run."""

EVENTS = (
    "FailedScheduling",
    "FailedMount",
    "FailedAttachVolume",
    "FailedCreate",
    "FailedCreatePodSandBox",
    "BackOff",
    "Unhealthy",
    "Failed",
    "FailedToUpdateEndpoint",
    "NodeNotReady",
    "FailedKillPod",
    "InspectFailed",
    "NetworkNotReady",
    "ProvisioningFailed",
)
"""Warnings among the events."""

_SAYS = ("CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "ErrImageNeverPull", "InvalidImageName", "OOMKilled", "RunContainerError")
"""Those that nothing else says."""

_WHERE = r"(?:\d\S{0,12}(?: \(x\d{1,6} over \S{1,12}\))? {1,20}[\w.,/-]{1,60} {1,20}|\w{1,40}/\S{1,200} {1,20})?"
_REASON, _EVENT = "|".join(REASONS), "|".join(EVENTS)

RULES = (
    Rule(
        (" Warning ", "Warning  "),
        Lazy(rf" {{0,8}}(?:\S{{1,60}} {{1,20}})?Warning {{1,20}}(?P<code>{_EVENT}|{_REASON}) {{1,20}}{_WHERE}(?P<message>\S.{{1,1000}})$"),
    ),
    Rule(
        ("Reason:",),
        Lazy(rf"\s{{1,20}}Reason: {{1,20}}(?P<code>{_REASON})\s*$"),
        goes_on=Lazy(r"\s{1,20}(?:Message|Exit Code|Started|Finished): "),
        leads=Lazy(r"\s{1,20}(?:State|Last State): "),
    ),
    Rule(
        REASONS,
        Lazy(
            rf"(?P<message>[a-z0-9][\w.-]{{0,200}} {{1,40}}(?:\S{{1,80}} {{1,20}}){{0,1}}\d{{1,3}}/\d{{1,3}} {{1,20}}(?:Init:)?(?P<code>{_REASON})"
            rf"\b.{{0,200}})$"
        ),
    ),
    Rule(_SAYS, Lazy(rf"(?P<message>[^|]{{0,300}}?\b(?P<code>{'|'.join(_SAYS)})\b.{{0,500}})$")),
    Rule(("Error from server",), Lazy(r"Error from server(?: \((?P<code>\w{1,60})\))?: (?P<message>.{1,1000})$"), "", INDENTED),
    Rule(
        ("timed out waiting for the condition",),
        Lazy(r"(?:error: |Error: )?(?P<message>.{0,300}timed out waiting for the condition.{0,200})$"),
        "timeout",
    ),
    Rule(("exceeded its progress deadline",), Lazy(r"(?:error: )?(?P<message>.{0,300}exceeded its progress deadline)"), "timeout"),
    Rule(
        ("The connection to the server", "Unable to connect to the server"),
        Lazy(r"(?P<message>(?:The connection to the server \S{1,300} was refused|Unable to connect to the server: ).{0,500})$"),
        "unreachable",
    ),
    Rule(
        ("error validating", "is invalid: "),
        Lazy(r"(?:error: )?(?P<message>(?:error validating|The \w{1,60} \".{1,200}\" is invalid: ).{1,1000})$"),
        "Invalid",
        Lazy(r"\* |[ \t]+\S"),
    ),
    Rule(
        ("resource mapping not found", "no matches for kind"),
        Lazy(r"(?:error: )?(?P<message>(?:resource mapping not found for|unable to recognize|no matches for kind).{1,500})$"),
        "NoMatch",
        Lazy(r"ensure CRDs"),
    ),
    Rule(
        ("INSTALLATION FAILED", "UPGRADE FAILED", "ROLLBACK FAILED"),
        Lazy(r"Error: (?P<code>INSTALLATION|UPGRADE|ROLLBACK) FAILED: (?P<message>.{1,1000})$"),
        "helm",
        INDENTED,
    ),
    Rule(("command terminated with exit code",), Lazy(r"(?P<message>command terminated with exit code (?P<code>137|139|143))"), "exit"),
    Rule(
        ("pod failed to come online", "is unhealthy with phase status"),
        Lazy(r"(?:Error: )?(?P<message>.{0,200}(?:pod failed to come online|is unhealthy with phase status).{0,1000})$"),
        "pod failed",
    ),
)


def find_kubernetes(log: Log, taken: Taken) -> Iterator[Failure]:
    """What kubelet, kubectl and helm complain of."""
    return find_by_rules(log, taken, "kubernetes", RULES)
