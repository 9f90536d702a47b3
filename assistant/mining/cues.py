"""What tells of a failure in a line, how much each sign weighs, and what takes weight from it."""

from typing import NamedTuple

from assistant.mining.patterns import Lazy
from assistant.mining.screening import Screen


class Cue(NamedTuple):
    """One kind of sign.

    Args:
        reason: what a reader is told of a line that was chosen for it.
        weight: how much it tells, 0 to 10.
        pattern: finds it in an undecorated line.
    """

    reason: str
    weight: float
    pattern: Lazy


class Weighed(NamedTuple):
    """How much a line tells, and why; nothing and no reason where it holds no sign."""

    weight: float = 0.0
    reason: str = ""


TEST, LISTED, STEP, JOB = "failed test", "in a list of failures", "failed step", "job"
"""Reasons that other modules treat apart: many tests may fail in one way, and each name counts."""

PLAIN = frozenset((TEST, LISTED, "diagnostic", "linker or package", "exception", "crash", "annotation", "cause", "what pytest says"))
"""Reasons that hardly any line of a run without failure has."""
CONSEQUENCES = frozenset(("count of failures", "exit"))
"""Reasons of lines that tell that something failed, not what."""

CUES = (
    # what test frameworks print beside the name of a test that failed
    Cue(TEST, 10, Lazy(
        r"^(?:\[gw\d+\] .{0,20})?(?:FAILED|ERROR) \S{0,400}(?:::|/|\.py)|^\S{1,400}::\S.{0,400} (?:FAILED|ERROR)\b"
        r"|^(?:FAIL|ERROR|FAILURE|UNEXPECTED SUCCESS): ?\S"
    )),
    Cue(TEST, 10, Lazy(
        r"<<< (?:FAILURE|ERROR)!|TEST-UNEXPECTED-|PROCESS-CRASH|^\s*--- FAIL: |^\s*not ok \d|^\s*● \S|^\s*test \S{1,300} \.\.\. FAILED"
        r"|panicked at|^\s*[✕✗✖×✘] "
    )),
    Cue(TEST, 10, Lazy(
        r"^\S.{0,300} (?:>|»|->) \S.{0,300} FAILED\b|^\[  ?FAILED  ?\]|^\s+\d+/\d+ Test.{0,200}\*\*\*(?:Failed|Exception|Timeout)"
        r"|^\S.{0,300} \.\.\. (?:FAIL|ERROR)$|^FAIL \S{1,300}\.\w"
    )),
    # compilers and linters
    Cue("diagnostic", 10, Lazy(
        r"(?:[:)\]] ?|^)(?:fatal |internal compiler )?[Ee]rror(?: ?\[?[A-Z]+\d+\]?|\[\w+\])?: \S|: error [A-Z]+\d+:|\(\d+(?:,\d+)?\): error"
        r"|^\s*\d+:\d+\s+error\b|^\[ERROR\] \S{1,300}\.\w{1,20}:\[\d+|^e: (?:file:)?|- error TS\d+"
    )),
    Cue("linker or package", 9, Lazy(
        r"undefined reference|[Uu]ndefined symbol|unresolved external|multiple definition|cannot find -l|^(?:\S{0,200}/)?ld(?:\.\w{1,20})?: "
        r"|nothing provides|No match for argument|^collect2: "
    )),
    Cue("exception", 9, Lazy(
        r"^\s*(?:[A-Za-z_][\w$]{0,80}[.:]{1,2}){0,15}[A-Z][\w$]{0,80}(?:Error|Exception|Failure|Fault)\b(?: \[\w{1,60}\])?(?:: |:?$)"
        r"|^\s*(?:[a-z_]\w{0,80}\.){1,15}[A-Z]\w{0,80}: \S"
    )),
    Cue("crash", 9, Lazy(
        r"^\s*Traceback \(most|^panic: |[Ss]egmentation fault|(?:Address|Leak|Thread|Memory|UndefinedBehavior)Sanitizer|^SUMMARY: "
        r"|[Aa]ssertion.{0,120} failed|core dumped|\bSIG(?:SEGV|ABRT|KILL|BUS|ILL|INT|TERM)\b|stack overflow|Fatal Python error"
        r"|data race|DATA RACE|[Oo]ut of memory|OOMKilled|\bOOM\b|MOZ_CRASH|LEAKING"
    )),
    Cue("annotation", 9, Lazy(r"#\[error\]|^(?:\\x3a|:):error|\[taskcluster:error\]|^\[error\]")),
    Cue(TEST, 8, Lazy(r"^_{3,200} (?:ERROR \w{1,20} .{0,10})?\S.{0,200} _{3,200}$")),
    Cue("what pytest says", 8, Lazy(r"^E {1,12}\S")),
    Cue("cause", 8, Lazy(r"\bCaused by: ")),
    Cue("count of failures", 7, Lazy(
        r"\bTests? run:.{0,40}(?:Failures: [1-9]|Errors: [1-9])|^=+ .{0,200}\d (?:failed|errors?)\b"
        r"|\b[1-9]\d{0,6} (?:failed|failing|failures?|tests? failed|examples?, [1-9]\d{0,6} failures?)\b|^FAILED \((?:failures|errors)"
        r"|^test result: FAILED|Found [1-9]\d{0,6} (?:errors?|warnings?)|[1-9]\d{0,6} errors? (?:generated|found)|[1-9]\d{0,6} (?:problems?|errors?)\b"
    )),
    Cue("exception", 7, Lazy(r"\b[A-Z][a-z]\w{0,80}(?:Error|Exception)(?:\b: \S|\()")),
    Cue("error level", 6.5, Lazy(
        r"\b(?:FATAL|CRITICAL|SEVERE|PANIC)\b|\[ERROR\]|\bERROR\b(?!_)|^E: |ERR!|^(?:npm|pnpm|yarn)? ?error |^fatal: "
    )),
    Cue("numbered failure", 6, Lazy(r"^\s{0,6}\d{1,4}\) \S")),
    Cue("assertion", 6, Lazy(
        r"^\s*(?:[Ee]xpected|[Rr]eceived|[Aa]ctual|[Gg]ot|[Ww]ant(?:ed)?|left|right)(?: \w{1,30}){0,2}:? ?[:=] \S|expected:? ?<|\bbut (?:was|got)\b"
        r"|did not (?:match|equal)|\bexpected\b.{1,200} to (?:equal|be|have|match) \S"
    )),
    Cue("failure word", 5, Lazy(r"(?i)(?<![\w/.=-])fail(?:ed|ure|ures|s|ing)?(?![\w/-])")),
    Cue("exit", 5, Lazy(
        r"(?i)\bexit(?:ed|ing)?(?: with)?(?: code| status)?:? ?\(?[1-9]\d{0,9}|\*\*\* \[|Error \d{1,9}$|BUILD FAIL|build stopped"
        r"|returned (?:a )?non-zero|returned: [1-9]|subcommand failed|Finished: FAILURE|result: FAILURE"
    )),
    Cue(JOB, 5, Lazy(r"^Complete job name: ")),
    Cue("trouble", 4.5, Lazy(
        r"(?i)timed[ -]?out|time-?out|killed\b|permission denied|access ?denied|no such file|not found\b|unable to|could ?n[o']t|cannot\b|can't\b"
        r"|refused\b|rate limit|manifest unknown|no space left|\binvalid\b|\bunexpected\b|mismatch|conflict\b|not permitted|not accessible|\babort"
        r"|unsupported|not supported|forbidden|unauthorized|does not exist|doesn't exist|is not a |unknown (?:option|command|argument)"
        r"|not recognized|incompatible|(?<![\w/.-])missing\b(?!\.\w)|exceed|more than the|too (?:many|large|long)|unreachable|unresolved"
    )),
    Cue("error word", 4, Lazy(r"(?i)(?<![\w/.=-])errors?(?![\w/=-])")),
    Cue("word of trouble", 3.5, Lazy(
        r"(?i)(?<![\w/.-])(?:exception|fatal|crash(?:ed)?|panic|corrupt(?:ed)?|leak(?:ed|s)?|denied|rejected|retry|retries)\b"
    )),
)  # fmt: skip
"""The heaviest first: the first that a line shows is what it counts for."""
_SCREEN = Screen([cue.pattern for cue in CUES])

WORDS = (
    "error", "fail", "fatal", "critical", "severe", "panic", "exception", "cause", "not ok", "●", "✕", "✗", "✖", "×", "✘", "unexpected",
    "crash", ") ", "\ne ", "___", "traceback", "fault", "sanitizer", "summary", "assert", "sig", "overflow", "race", "memory", "oom",
    "leak", "timed", "timeout", "time-out", "kill", "denied", "no such", "not ", "unable", "couldn", "could n", "cannot", "can't", "refused",
    "limit", "unknown", "space", "invalid", "mismatch", "conflict", "abort", "support", "forbid", "unauth", "exist", "recogn", "incompat",
    "missing", "exceed", "more than", "too ", "unreach", "unresolv", "corrupt", "reject", "retr", "exit", "returned", "stopped",
    "job name", "undefined", "multiple", "ld: ", "provides", "no match", "collect2", "problem", "***", "<<<", "err!", "e: ", "expected",
    "received", "actual", "\ngot", "want", "\nleft", "\nright", " got", "  left", "  right", "but ", "equal", "to be", "process-", "test-", "--- ",
)  # fmt: skip
"""Lower-case pieces, one of which every line with a sign holds."""

EXIT = Lazy(
    r"(?i)#\[error\]|\bexit(?:ed|ing)?(?: with)?(?: code| status)?:? ?\(?[1-9]|\*\*\* \[|BUILD FAIL|build stopped|Finished: FAILURE|result: FAILURE"
    r"|\[taskcluster:error\]|returned (?:a )?non-zero|returned: [1-9]|ELIFECYCLE|=+ .{0,200}\d failed.{0,200} in \d"
)
"""Where something ended because it had failed: what matters stands not long before it."""

LIST_HEAD = Lazy(
    r"(?i)^\W{0,3}(?:\[\w{1,20}\] ?)?(?:(?:Tests? in error|Failed tests?|Failures?|Failing tests?|Errors?|Failed scenarios"
    r"|Summary of (?:all )?fail\w{1,10} tests?|The following tests? FAILED|(?:\d{1,6} )?tests? failed|Failed examples"
    r"|=+ short test summary info =+|Regressed|Unexpected results)(?: ?\(\d{1,6}\))?:?)\s*$"
)
"""The heading over a list of what failed."""

_GOOD = Lazy(
    r"\b(?:0|[Nn]o|[Ww]ithout|[Zz]ero) (?:errors?|failures?|failed|warnings?)\b"
    r"|(?:[Ee]rrors?|[Ff]ailures?|[Ff]ailed|errno)[\"']?\s?[:=]\s?(?:0\b|[Nn]one|null|false)|\bpassed\b(?!.{0,300}\b[1-9]\d{0,6} (?:failed|error))"
    r"|\bPASS(?:ED)?\b|\.\.\. ?ok\b|^\s*(?:ok|✓|√|✔)\b|TEST-PASS|-Werror\b(?!=)|^-- |[Cc]hecking (?:for|whether)"
    r"|^(?:Get|Hit|Ign|Selecting|Unpacking|Setting up|Preparing|Processing|Collecting|Requirement|Downloading|Installing|Using cached)\b"
    r"|[Dd]ownload(?:ing|ed)\b|(?i:expected (?:error|failure))|\b\d+ XFAIL|^XFAIL|TEST-KNOWN|error_?(?:code|handler|page|msg)s?\b"
)
_WARNING = Lazy(r"(?i)\bwarn(?:ing)?\b|deprecat")
_ERROR = Lazy(r"\b[Ee]rror\b")
_CODE = Lazy(
    r"^\s*(?:[+$>] |\+\+ |set -|if |elif |raise |except |assert |export |def |import |from |return |throw |catch |#{1,2}\[(?:group|command)\]"
    r"|\\x23#\[(?:group|command)\]|\[command\]|(?:\x1b|\^\[|\\x1b)\[36;1m|echo |//|#|\*)"
)
_LOGGED = Lazy(r"^\W{0,2}(?:\d{4}[-/]\d\d[-/]\d\d[ T]|\w{3} \d\d? \d\d:\d\d:\d\d |\d\d:\d\d:\d\d[.,]\d{3} )")
_COLOUR = Lazy(r"\^\[\[[0-9;]{0,20}m")

GOOD_SHARE, WARNED_SHARE, CODE_SHARE, LOGGED_SHARE = 0.2, 0.3, 0.3, 0.6
"""What is left of the weight of a line that says all is well, only warns, is source code, or is a program's own log record."""
SURE, SPOKEN = 9.0, 8.0
"""From these weights on a warning word, or being a log record, takes nothing away."""


def weighed(line: str) -> Weighed:
    """How much a line tells of a failure.

    Args:
        line: without decoration, not much longer than a screen is wide.
    """
    text = _COLOUR.sub("", line) if "^[[" in line else line
    cue = next((CUES[number] for number in _SCREEN.candidates(text) if CUES[number].pattern.search(text)), None)
    if cue is None:
        return Weighed()
    weight = cue.weight
    if _GOOD.search(text):
        weight *= GOOD_SHARE
    if weight < SURE and _WARNING.search(text) and not _ERROR.search(text):
        weight *= WARNED_SHARE
    if _CODE.match(line):
        weight *= CODE_SHARE
    if weight < SPOKEN and _LOGGED.match(text):
        weight *= LOGGED_SHARE
    return Weighed(weight, cue.reason)
