"""Git: what it refuses, whom it does not let in, what it cannot merge."""

from collections.abc import Iterator

from assistant.evidence import Failure
from assistant.mining.languages.rules import Rule, find_by_rules
from assistant.mining.languages.verdicts import ended_by
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_HINT = Lazy(
    r"hint: |remote: |fatal: (?:[Cc]ould not read from remote|clone of)|Please make sure you have"
    r"|and the repository exists|Aborting|Please commit your|\t\S|error: failed to push"
)
_ABOVE = Lazy(
    r"remote: |error: RPC|ERROR: |error: |warning: (?:Could not|redirecting)|git@\S{1,200}: Permission denied"
    r"| ! \[|To (?:https?:|git@|ssh:)|Host key"
)
_NAMES = {
    "Authentication failed": "auth", "could not read Username": "auth", "could not read Password": "auth", "Permission denied": "auth",
    "Could not read from remote repository": "auth", "unable to access": "unreachable", "Could not resolve host": "unreachable",
    "not found": "not found", "couldn't find remote ref": "not found", "Remote branch": "not found", "reference is not a tree": "not found",
    "did not match any": "not found", "bad revision": "not found", "unrelated histories": "unrelated histories",
    "dubious ownership": "dubious ownership", "early EOF": "disconnected", "the remote end hung up": "disconnected", "index-pack failed": "disconnected",
    ".lock": "locked", "rejected": "rejected", "failed to push": "rejected", "not a git repository": "not a repository",
}  # fmt: skip
_WORD = "|".join(word.replace(".", r"\.") for word in _NAMES)

RULES = (
    Rule(
        ("fatal: ",),
        Lazy(
            rf"(?:\S{{1,60}}: )?fatal: (?!\[|No names found|No tags|error in|parse)(?P<message>[^\n]{{0,800}}?(?P<code>{_WORD})"
            rf"[^\n]{{0,500}})$"
        ),
        "",
        _HINT,
        _ABOVE,
        _NAMES,
    ),
    Rule(("fatal: ",), Lazy(r"fatal: (?!\[|No names found|No tags|error in|parse)(?P<message>.{1,800})$"), "fatal", _HINT, _ABOVE),
    Rule(
        ("Merge conflict in", "CONFLICT ("),
        Lazy(r"CONFLICT \((?P<code>[\w/ ]{1,40})\): (?P<message>.{1,500})$"),
        "conflict",
        Lazy(
            r"CONFLICT \(|Auto-merging |Automatic merge failed|error: could not apply|error: Failed to merge"
            r"|hint: |Could not apply|Recorded preimage"
        ),
        Lazy(r"Auto-merging |Applying: |Falling back to patching"),
    ),
    Rule(
        ("could not apply", "could not revert"),
        Lazy(r"(?:error|fatal): (?P<message>could not (?:apply|revert) .{1,300})$"),
        "conflict",
        Lazy(r"hint: |Could not apply|Resolve all conflicts"),
    ),
    Rule(
        ("patch failed: ", "patch does not apply"),
        Lazy(r"error: (?P<message>(?:patch failed: .{1,300}|.{1,300}: patch does not apply))$"),
        "patch",
        Lazy(r"error: .{1,300}(?:patch does not apply|patch failed)|Patch failed at|hint: "),
    ),
    Rule(
        (" ! [rejected]", " ! [remote rejected]", "failed to push some refs"),
        Lazy(r"(?: ! \[(?:remote )?rejected\]\s{1,20}(?P<message>.{1,300})|error: failed to push some refs to .{1,300})$"),
        "rejected",
        Lazy(r"error: failed to push|hint: | ! \["),
        Lazy(r"To \S{1,300}|remote: "),
    ),
    Rule(
        ("would be overwritten by",),
        Lazy(
            r"error: (?P<message>(?:Your local changes to the following|The following untracked working tree) files would be overwritten by .{1,100})"
            r"$"
        ),
        "overwritten",
        Lazy(r"\t\S|Please (?:commit|move)|Aborting"),
    ),
    Rule(
        ("did not match any file(s) known",),
        Lazy(r"error: (?P<message>pathspec .{1,300} did not match any file\(s\) known to git)"),
        "not found",
    ),
    Rule(("RPC failed",), Lazy(r"error: (?P<message>RPC failed; .{1,300})$"), "disconnected", Lazy(r"fatal: |error: |send-pack: ")),
    Rule(
        ("over its data quota", "Smudge error", "smudge filter lfs failed"),
        Lazy(
            r"(?:batch response: |Error downloading object: |error: external filter |fatal: )?(?P<message>.{0,300}(?:over its data quota"
            r"|Smudge error|smudge filter lfs failed).{0,300})$"
        ),
        "lfs",
    ),
    Rule(("Permission denied (publickey",), Lazy(r"(?P<message>\S{1,300}: Permission denied \(publickey.{0,100})$"), "auth", _HINT),
    Rule(
        ("Permission to ",),
        Lazy(r"remote: (?P<message>Permission to \S{1,300} denied to .{1,200})$"),
        "auth",
        Lazy(r"fatal: unable to access"),
    ),
    Rule(
        ("no changes added to commit", "nothing to commit"),
        Lazy(r"(?P<message>no changes added to commit.{0,100})$"),
        "nothing to commit",
        leads=Lazy(r"On branch |HEAD detached|Changes not staged|Untracked files|[ \t]{1,8}\S|Your branch |$|nothing added"),
    ),
)


def find_git(log: Log, taken: Taken) -> Iterator[Failure]:
    """What git complains of."""
    explained = taken.any
    return find_by_rules(log, taken, "git", RULES, lambda index: not explained or ended_by(log, index))
