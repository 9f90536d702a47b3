"""Package managers of systems: apt, dpkg, dnf, yum, zypper, pacman, apk, brew, nix; RPM builds; conan, vcpkg, spack."""

from collections.abc import Iterator

from assistant.evidence import Failure
from assistant.mining.languages.rules import INDENTED, Rule, find_by_rules
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

RULES = (
    Rule(
        ("unmet dependencies",),
        Lazy(r"(?P<message>The following packages have unmet dependencies:)"),
        "apt unmet dependencies",
        Lazy(r" \S|[ \t]{2,}|E: "),
    ),
    Rule(
        ("dpkg: ",),
        Lazy(r"dpkg: (?P<message>(?:error|dependency problems).{1,300})$"),
        "dpkg",
        Lazy(r" |Errors were encountered|E: Sub-process"),
    ),
    Rule(("E: ",), Lazy(r"E: (?P<message>(?!Sub-process ).{1,500})$"), "apt", Lazy(r"E: |N: ")),
    Rule(("E: Sub-process",), Lazy(r"E: (?P<message>Sub-process .{1,300})$"), "apt"),
    Rule(("Failed build dependencies",), Lazy(r"error: (?P<message>Failed build dependencies:)"), "rpm build dependencies", INDENTED),
    Rule(
        ("No match for argument", "Unable to find a match", "No package "),
        Lazy(r"(?:Error: )?(?P<message>No match for argument: .{1,300}|Unable to find a match: .{1,300}|No package .{1,200} available\.)$"),
        "dnf no match",
        Lazy(r"No match for argument|You can try to add|  --|Error: Unable to find a match|Error: Nothing to do"),
        Lazy(r"Failed to resolve the transaction"),
    ),
    Rule(
        (" Problem", "nothing provides"),
        Lazy(r"(?:Error: ?)?\s{0,4}(?P<message>Problem(?: \d{1,4})?: .{1,800})$"),
        "dnf conflict",
        Lazy(r"  - |[ \t]{2,}\S|\(try to add|You can try to add"),
        Lazy(r"Error: ?$|Failed to resolve the transaction"),
    ),
    Rule(("nothing provides",), Lazy(r"\s{0,8}(?:- )?(?P<message>nothing provides .{1,500})$"), "dnf conflict", Lazy(r"\s{0,8}- ")),
    Rule(
        (
            "Failed to download metadata",
            "GPG check FAILED",
            "Errors during downloading metadata",
            "Cannot download repomd",
            "All mirrors were tried",
        ),
        Lazy(
            r"(?:Error: |error: )?(?P<message>.{0,200}(?:Failed to download metadata|GPG check FAILED"
            r"|Errors during downloading metadata|Cannot download repomd|All mirrors were tried).{0,500})$"
        ),
        "dnf download",
        Lazy(r"  - "),
    ),
    Rule(
        ("Installed (but unpackaged)", "File not found: ", "File not found by glob", "Directory not found: "),
        Lazy(
            r"\s{0,8}(?:error: )?(?P<message>Installed \(but unpackaged\) file\(s\) found:|(?:File not found(?: by glob)?"
            r"|Directory not found): .{1,300})$"
        ),
        "rpm files",
        INDENTED,
    ),
    Rule(
        ("error: ",),
        Lazy(
            r"error: (?P<message>line \d{1,6}: .{1,300}|(?:Couldn't|Failed to) (?:download|find|open) .{1,300}"
            r"|query of specfile .{1,300})$"
        ),
        "rpm",
        leads=Lazy(r"curl: \(|\+{1,3} "),
    ),
    Rule(("No provider of", "nothing provides '"), Lazy(r"(?P<message>No provider of '.{1,200}' found\.)"), "zypper"),
    Rule(
        ("target not found: ", "failed to commit transaction", "failed to prepare transaction"),
        Lazy(r"error: (?P<message>(?:target not found: |failed to (?:commit|prepare) transaction).{1,300})$"),
        "pacman",
    ),
    Rule(("unable to select packages",), Lazy(r"ERROR: (?P<message>unable to select packages:)"), "apk", INDENTED),
    Rule((" (no such package)",), Lazy(r"\s{0,8}(?P<message>\S{1,100} \(no such package\):)"), "apk", INDENTED),
    Rule(
        ("No available formula", "No formulae or casks", "No available cask"),
        Lazy(r"Error: (?P<message>(?:No available (?:formula|cask)|No formulae or casks).{1,300})$"),
        "brew",
    ),
    Rule(
        ("Error: builder for '", "error: builder for '", "Cannot build '"),
        Lazy(r"(?:error|Error): (?P<message>(?:builder for|Cannot build) '.{1,300}'.{0,200})$"),
        "nix",
        Lazy(r"[ \t]+\S|For full logs"),
    ),
    Rule(
        ("Missing prebuilt package", "BUILD_FAILED", "==> Error: "),
        Lazy(
            r"(?:ERROR: |error: |==> Error: )(?P<message>(?:Missing prebuilt package|building \S{1,200} failed with: BUILD_FAILED"
            r"|.{1,300}).{0,300})$"
        ),
        "",
        INDENTED,
    ),
)


def find_packages(log: Log, taken: Taken) -> Iterator[Failure]:
    """What the package managers of systems complain of."""
    return find_by_rules(log, taken, "packages", RULES)
