"""Lines of installers, package managers and test runners that state which version of a package is there."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.mining.patterns import Lazy

VERSION = r"[0-9]+(?:\.[0-9]+){1,3}(?:[-.]?(?:a|b|rc|post|dev|alpha|beta)\.?[0-9]+){0,2}"
NAME = r"[A-Za-z][A-Za-z0-9_.-]{0,60}?"
_EXTRAS = r"(?:\[[\w,\s-]{1,60}\])?"
PIN = re.compile(rf"([A-Za-z][A-Za-z0-9_.-]{{0,60}}){_EXTRAS}==({VERSION})(?![\w.*])")
_DASHED = re.compile(rf"(?<![\w.-])({NAME})-({VERSION})(?![\w.])")
_INSTALLED = re.compile(r"(?i)(?:[\w.-]{1,40}:? )?installed(?: packages| versions)?:")
_PINS = re.compile(rf"(?:[\w.-]{{1,40}}: )?(?:[\w.-]{{1,60}}{_EXTRAS}==[\w.+!-]{{1,40}}(?:, ?|$)){{2,2000}}")
_PYTEST_OWN = frozenset(("anyio", "hypothesis", "faker", "syrupy"))


class Form(NamedTuple):
    """How one tool states versions.

    Args:
        marks: texts of which such a line holds one.
        pattern: finds name and version in it.
    """

    marks: tuple[str, ...]
    pattern: Lazy


FORMS = (
    Form(
        ("already satisfied: ",),
        Lazy(rf"Requirement already satisfied: ({NAME})(?:\[[^\]]{{1,60}}\])?(?:[ <>=!~;,(].{{0,200}})? in .{{1,200}}\(({VERSION})\)"),
    ),
    Form(("but you have ",), Lazy(rf"\bbut you have ({NAME}) ({VERSION})(?: which|\b)")),
    Form(
        (" requires ", " has requirement "), Lazy(rf"^(?:ERROR: )?({NAME}) ({VERSION}) (?:requires|has requirement) \S.{{0,200}}, but you")
    ),
    Form(("Collecting ",), Lazy(rf"^Collecting ({NAME}){_EXTRAS}==({VERSION})(?![\w.*])")),
    Form(
        ("Downloading ", "Using cached "),
        Lazy(rf"^(?:Downloading|Using cached) (?:\S{{0,500}}/)?({NAME})-({VERSION})(?:\.tar\.gz|\.zip|(?:-[\w.]{{1,80}}){{2,4}}\.whl)"),
    ),
    Form(("==",), Lazy(rf"^[+~] ({NAME}){_EXTRAS}==({VERSION})$")),  # uv
    Form(("nstalling ", "pdating ", "owngrading "), Lazy(rf"^[-•*] (?:Installing|Updating|Downgrading) ({NAME}) \((?:\S{{1,40}} -> )?({VERSION})[\s)]")),
    Form(("nstalling ", "pgrading "), Lazy(rf"^- (?:Installing|Upgrading) ([\w.-]{{1,60}}/[\w.-]{{1,60}}) \((?:\S{{1,40}} => )?v?({VERSION})\)")),
    Form(("Using ", "Fetching ", "Installing "), Lazy(rf"^(?:Using|Fetching|Installing) ({NAME}) ({VERSION})(?: \(was [\w.]{{1,40}}\))?$")),
    Form(
        ("Compiling ", "Checking ", "Downloaded ", "Locking ", "Adding "),
        Lazy(rf"^(?:Compiling|Checking|Downloaded|Locking|Adding) ({NAME}) v({VERSION})(?![\w.])"),
    ),
    Form(
        ("npm ", "── ", "added "),
        Lazy(rf"^(?:npm (?:ERR!|error|WARN|warn) (?:(?:Found|deprecated|EBADENGINE)[: ] {{0,4}})?|[│├└ ]{{0,40}}[├└]─[─┬] )(@?[a-z][\w./-]{{0,100}}?)@({VERSION})(?![\w.])"),
    ),
    Form(
        (":jar:", ":pom:", "--- ", "Could not "),
        Lazy(rf"(?:^(?:\[\w{{4,7}}\] )?[|+\\ -]{{1,80}}|: )[\w.-]{{1,100}}:({NAME}):(?:(?:jar|pom|war):)?({VERSION})(?:\.RELEASE|\.Final)?(?![\w.])"),
    ),
    Form((".jar", ".pom"), Lazy(rf"^(?:\[\w{{4,7}}\] )?Download(?:ed|ing)(?: from)? \S{{1,80}} \S{{1,500}}/({NAME})-({VERSION})(?:\.RELEASE|\.Final)?\.(?:jar|pom)")),
    Form((".dist-info", ".egg"), Lazy(rf"[/\\]({NAME})-({VERSION})(?:-py[0-9.]{{1,5}})?\.(?:dist-info|egg-info|egg)\b")),
)  # fmt: skip
MARKS = ("plugins: ", "nstalled", *dict.fromkeys(mark for form in FORMS for mark in form.marks))


def packages_of_line(line: str) -> Iterator[tuple[str, str]]:
    """The packages with their versions that a line states; what only asks for a version or talks of one states none.

    Args:
        line: without the prefixes of its carriers.
    """
    plain = line.strip()
    code = plain.partition("#")[0].strip()
    if plain.startswith("plugins: "):
        yield from (_plugin(found[1], found[2]) for found in _DASHED.finditer(plain[9:]))
    elif plain.startswith("platform ") and " -- Python " in plain:
        yield from _all(_DASHED, plain.partition(" -- ")[2])
    elif "uccessfully installed " in plain or _INSTALLED.match(plain):
        yield from (*_all(_DASHED, code), *_all(PIN, code))
    elif "==" in code and (PIN.fullmatch(code) or _PINS.fullmatch(code)):
        yield from _all(PIN, code)
    else:
        for form in FORMS:
            if any(mark in plain for mark in form.marks) and (found := form.pattern.search(plain)):
                yield found[1], found[2]


def _all(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    return ((found[1], found[2]) for found in pattern.finditer(text))


def _plugin(name: str, version: str) -> tuple[str, str]:
    """pytest prints its plugins without their prefix."""
    return (name if name.lower() in _PYTEST_OWN or name.startswith("pytest") else f"pytest-{name}"), version
