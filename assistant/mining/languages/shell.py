"""Shells and the everyday commands: what is not found, not allowed, not there; PowerShell and cmd too."""

from collections.abc import Iterator

from assistant.evidence import Failure
from assistant.mining.languages.rules import INDENTED, Rule, find_by_rules
from assistant.mining.languages.verdicts import ended_by
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_TRACED = Lazy(r"\+{1,4} \S")
"""The command as `set -x` shows it."""

ERRNO = {
    "No such file or directory": "ENOENT",
    "Permission denied": "EACCES",
    "Operation not permitted": "EPERM",
    "No space left on device": "ENOSPC",
    "Exec format error": "ENOEXEC",
    "cannot execute binary file": "ENOEXEC",
    "Argument list too long": "E2BIG",
    "Text file busy": "ETXTBSY",
    "Read-only file system": "EROFS",
    "Is a directory": "EISDIR",
    "Not a directory": "ENOTDIR",
    "File exists": "EEXIST",
    "Directory not empty": "ENOTEMPTY",
    "Device or resource busy": "EBUSY",
    "Cannot allocate memory": "ENOMEM",
    "Connection refused": "ECONNREFUSED",
    "Address already in use": "EADDRINUSE",
    "Too many open files": "EMFILE",
    "Disk quota exceeded": "EDQUOT",
}
"""The names of the errors that the C library words so."""

_TOOLS = (
    r"(?:bash|sh|dash|zsh|ash|ksh|env|cp|mv|rm|ln|cat|mkdir|rmdir|chmod|chown|cd|ls|touch|stat|find|grep|sed|awk|head|tail|sort|tar|install|rsync"
    r"|source|tee|du|df|patch|diff|test|mktemp|mount|umount|sudo|su|nohup|timeout|xargs|exec|strip|realpath|readlink|gzip|unzip|zip|xz|dd)"
)
_PLACE = r"(?:line \d{1,7}: |\d{1,7}: )"
_WORDS = "|".join(ERRNO)

RULES = (
    Rule(
        (": not found", "command not found"),
        Lazy(rf"(?:[\w./+-]{{1,200}}: )?{_PLACE}?(?P<message>[^\s:][^:\n]{{0,200}}: (?:command )?not found)$"),
        "command not found",
        leads=_TRACED,
    ),
    Rule(("command not found: ",), Lazy(r"zsh:(?:\d{1,7}:)? (?P<message>command not found: \S{1,200})$"), "command not found", leads=_TRACED),
    Rule(
        tuple(ERRNO),
        Lazy(
            rf"(?:(?:[\w./+-]{{0,200}}/)?{_TOOLS}: {_PLACE}?|[\w./+-]{{1,200}}: {_PLACE})(?P<message>[^\n]{{1,400}}?: (?P<code>{_WORDS}))(?::.{{0,80}})?$"
        ),
        leads=_TRACED,
        names=ERRNO,
    ),
    Rule(
        (": unbound variable", ": bad substitution", ": Bad substitution", "syntax error", "Syntax error", ": parameter null or not set"),
        Lazy(
            r"[\w./+-]{1,200}: (?:(?:-c: |eval: )?line \d{1,7}: |\d{1,7}: )(?P<message>.{0,200}?(?P<code>unbound variable|[Bb]ad substitution"
            r"|[Ss]yntax error|parameter null or not set).{0,300})$"
        ),
        leads=_TRACED,
    ),
    Rule(
        ("is not recognized as",),
        Lazy(r"(?:.{1,300} : )?(?P<message>(?:'.{1,200}'|The term .{1,200}) is not recognized as (?:an internal|the name|a name).{0,300})$"),
        "command not found",
        Lazy(r"[ \t]+\S|operable program|At (?:line|[A-Za-z]:|/)|\+ |correct and try again|or operable|check the spelling|spelling of the name"),
    ),
    Rule(
        ("FullyQualifiedErrorId",),
        Lazy(r" {0,8}\+ FullyQualifiedErrorId : (?P<code>[\w.,]{1,200})"),
        leads=Lazy(r"(?! *$)(?!PS )(?!Run ).{1,500}"),
    ),
    Rule(("The system cannot find the",), Lazy(r"(?P<message>The system cannot find the (?:path|file|batch label) specified.{0,100})$"), "ENOENT"),
    Rule(("curl: (",), Lazy(r"curl: \((?P<code>\d{1,3})\) (?P<message>.{1,500})$"), "curl", leads=_TRACED),
    Rule(
        ("wget: ", "ERROR 4", "ERROR 5"),
        Lazy(r"(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d )?(?:wget: (?P<message>.{1,300})|ERROR (?P<code>[45]\d\d): .{1,200})$"),
    ),
    Rule(("ssh: ", "scp: "), Lazy(r"(?:ssh|scp): (?P<message>(?:connect to host|Could not resolve|Permission denied).{1,300})$"), "ssh"),
    Rule(("Host key verification failed",), Lazy(r"(?P<message>Host key verification failed\.?)"), "ssh"),
    Rule(("tar: ",), Lazy(r"tar: (?P<message>(?!Exiting with failure|Removing leading).{1,300}(?:Cannot |not recoverable|Unexpected EOF).{0,200})$"), "tar"),
    Rule(("exec format error",), Lazy(r"(?:standard_init_linux\.go:\d{1,6}: )?(?P<message>exec .{0,300}exec format error\"?)$"), "ENOEXEC"),
    Rule(("jq: ",), Lazy(r"jq: (?P<message>(?:parse )?error.{1,300})$"), "jq", INDENTED),
    Rule(
        (": Killed", "Killed  ", "Segmentation fault", "Aborted  ", "Bus error", "Illegal instruction", "Floating point exception"),
        Lazy(
            r"(?:[\w./+-]{1,200}: (?:line )?\d{1,7}: +)?\d{1,9} (?P<message>(?P<code>Killed|Segmentation fault|Aborted|Bus error|Illegal instruction"
            r"|Floating point exception)\b.{0,500})$"
        ),
        leads=_TRACED,
    ),
    Rule(("Killed",), Lazy(r"(?P<message>(?P<code>Killed))\s*$"), leads=_TRACED),
)  # fmt: skip


def find_shell(log: Log, taken: Taken) -> Iterator[Failure]:
    """What shells and everyday commands complain of; what a script went on after is no failure where another was found."""
    explained = taken.any
    return find_by_rules(log, taken, "shell", RULES, lambda index: not explained or ended_by(log, index))
