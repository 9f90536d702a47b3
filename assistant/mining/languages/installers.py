"""Python's installers: pip, uv, poetry, conda: versions that do not fit, wheels that do not build."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure
from assistant.mining.languages.rules import INDENTED, Rule, find_by_rules
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

_BUILD = "error: subprocess-exited-with-error"
_WHAT = Lazy(r"\s{0,20}× (.{1,300})$")
_CODE = Lazy(r"\s{0,20}│ exit code: (-?\d{1,10})")
_CLOSES = Lazy(
    r"\s{0,20}(?:\[end of output\]|hint: See above|note: This (?:error originates|is an issue)"
    r"|ERROR: Failed building wheel|╰─> See above)"
)
_TELLS = Lazy(r".{0,200}?\b(?:[Ee]rror|ERROR|fatal|[Ff]ailed|not found|No such|[Cc]annot|[Mm]issing)\b")
_NAMED = Lazy(r"((?:[a-z_]\w{0,60}\.){0,8}[A-Z]\w{0,80}(?:Error|Exception)): (.{1,1000})$")
_NOISE = Lazy(r".{0,200}?(?:\[end of output\]|╰─>|note: This)")
MOST_LINES = 400

RULES = (
    Rule(
        ("Could not find a version that satisfies",),
        Lazy(r"\s{0,20}(?:ERROR: )?(?P<message>Could not find a version that satisfies the requirement .{1,3000})$"),
        "no version",
        Lazy(r"\s{0,20}(?:ERROR: )?No matching distribution found"),
    ),
    Rule(
        ("No matching distribution found",),
        Lazy(r"\s{0,20}(?:ERROR: )?(?P<message>No matching distribution found for .{1,500})$"),
        "no version",
    ),
    Rule(
        ("Cannot install ",),
        Lazy(r"\s{0,20}(?:ERROR: )?(?P<message>Cannot install .{1,800} because these package versions have conflicting dependencies\.?)"),
        "ResolutionImpossible",
        Lazy(r"$|The conflict is caused by|To fix this|1\. loosen|2\. remove|[ \t]+\S|.{0,20}ResolutionImpossible"),
    ),
    Rule(("ResolutionImpossible",), Lazy(r"\s{0,20}(?:ERROR: )?(?P<message>ResolutionImpossible.{0,300})$"), "ResolutionImpossible"),
    Rule(
        ("requires a different Python",),
        Lazy(r"\s{0,20}(?:ERROR: )?(?P<message>Package .{1,200} requires a different Python: .{1,200})$"),
        "requires-python",
    ),
    Rule(
        ("DO NOT MATCH THE HASHES",), Lazy(r"(?:ERROR: )?(?P<message>THESE PACKAGES DO NOT MATCH THE HASHES.{1,400})$"), "hashes", INDENTED
    ),
    Rule(
        ("externally-managed-environment",),
        Lazy(r"error: (?P<message>externally-managed-environment)"),
        "externally managed",
        Lazy(r"$|[×╰│]|[ \t]+\S|note: |hint: "),
    ),
    Rule(
        (
            "Could not install packages",
            "Could not open requirements file",
            "Invalid requirement",
            "Failed building wheel",
            "Failed to build installable wheels",
            "does not appear to be a Python project",
        ),
        Lazy(
            r"\s{0,20}ERROR: (?P<message>(?:Could not install packages|Could not open requirements file"
            r"|Invalid requirement|Failed building wheel for|Failed to build installable wheels|.{1,200} does not appear to be a Python project)"
            r".{0,800})$"
        ),
        "pip",
    ),
    Rule(
        ("Command errored out with exit status", 'Command "'),
        Lazy(
            r"\s{0,20}(?:ERROR: )?(?P<message>Command (?:errored out with exit status \d{1,3}:|\".{1,600}\" failed with error code \d{1,3})"
            r".{0,600})$"
        ),
        "pip",
        Lazy(r"\s{1,20}\S|-{20,}|$"),
    ),
    Rule(
        ("No solution found when resolving", "version solving failed", "Failed to build `", "Failed to download `", "Failed to fetch"),
        Lazy(
            r"\s{0,8}(?:error: |× |x )(?P<message>(?:No solution found when resolving|Failed to build `"
            r"|Failed to download|Failed to fetch).{0,500})$"
        ),
        "uv",
        Lazy(r"\s{0,8}(?:╰─|├─|│|Caused by:|hint:|help:|↳)|[ \t]+\S"),
    ),
    Rule(
        ("version solving failed",),
        Lazy(r"(?P<message>(?:So, )?[Bb]ecause .{0,1000}version solving failed\.?|version solving failed\.?)"),
        "version solving failed",
        leads=Lazy(r"\s{0,4}(?:Because|And because|So, because|Thus|Hence|SolverProblemError|\(\d)|$"),
    ),
    Rule(
        (
            "PackagesNotFoundError",
            "UnsatisfiableError",
            "ResolvePackageNotFound",
            "CondaHTTPError",
            "CondaError",
            "CondaValueError",
            "EnvironmentLocationNotFound",
            "InvalidArchiveError",
        ),
        Lazy(
            r"(?P<code>(?:LibMamba)?\w{0,40}(?:PackagesNotFoundError|UnsatisfiableError|ResolvePackageNotFound"
            r"|CondaHTTPError|CondaError|CondaValueError|EnvironmentLocationNotFound|InvalidArchiveError)): ?(?P<message>.{0,500})"
            r"$"
        ),
        "",
        Lazy(r"[ \t]+\S|- |$|Could not solve|Encountered|The following packages|Package .{1,100} conflicts|Elapsed: "),
    ),
)


def find_installers(log: Log, taken: Taken) -> Iterator[Failure]:
    """What Python's package installers complain of."""
    yield from _builds(log, taken)
    yield from find_by_rules(log, taken, "packages", RULES)


def _builds(log: Log, taken: Taken) -> Iterator[Failure]:
    """Builds that pip ran and that failed, with all of their output."""
    for index in log.holding(_BUILD):
        if index in taken or not log.bare[index].strip().startswith(_BUILD):
            continue
        end = _end(log.bare, index)
        explained = any(line in taken for line in range(index, end))
        taken.take(index, end)
        if not explained:
            yield log.failure((index, end), _causes(log.bare[index:end]), language="packages")


def _end(lines: Sequence[str], index: int) -> int:
    limit = min(len(lines), index + MOST_LINES)
    limit = next((line for line in range(index + 1, limit) if lines[line].strip().startswith(_BUILD)), limit)
    end = next((line + 1 for line in range(index + 1, limit) if _CLOSES.match(lines[line])), index + 1)
    while end < limit and (_CLOSES.match(lines[end]) or (not lines[end].strip() and end + 1 < limit and _CLOSES.match(lines[end + 1]))):
        end += 1
    return end


def _causes(block: Sequence[str]) -> list[Cause]:
    """The last line of the output that tells an error, then what pip says was run."""
    what = next((match.group(1) for line in block if (match := _WHAT.match(line))), block[0].strip())
    code = next((match.group(1) for line in block if (match := _CODE.match(line))), "")
    outer = Cause(f"exit {code}".strip(), what)
    output = block[1 : next((number for number, line in enumerate(block) if _CLOSES.match(line)), len(block))]
    told = next((line.strip() for line in reversed(output) if _TELLS.match(line) and not _NOISE.match(line) and not _WHAT.match(line)), "")
    named = _NAMED.match(told)
    if not told:
        return [outer]
    return [Cause(named.group(1), named.group(2)) if named else Cause("", told), outer]
