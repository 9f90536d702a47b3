"""What all lenses need: how to run it again, who stands on which side, sentences about versions."""

import builtins
import re
import shlex
from collections import Counter

from assistant.drafting.playbook.facts import FOREIGN, Facts, normalised
from assistant.drafting.playbook.quoting import distinct, literal_quote, message_quote, quote_of
from assistant.drafting.playbook.running import run_again
from assistant.drafting.playbook.wording import clean
from assistant.evidence import Frame, Kind
from assistant.sections import Quote, Stance

PYTHON = "python"
BUILTINS = frozenset(dir(builtins)) | {"assert", "pytest.raises", "self.assertEqual"}
NODE, SCRIPTS = "node_modules/", (".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx")
UNTELLING = re.compile(r"|(?:raise|warn(?:ings\.warn)?|throw)\b.{0,2000}|.{0,30}\(")
ASSIGNED = re.compile(r"\s{0,80}(?P<names>[A-Za-z_][\w, ]{0,80}?) = (?P<made>[^\n]{1,300})")
CALLED = re.compile(r"([A-Za-z_][\w.]{2,60})\(")
RUNNERS = re.compile(
    r"pytest|_pytest|pluggy|pytest_asyncio|anyio|unittest|runpy|concurrent|node|mocha|chai|jasmine[\w-]*|vitest|@vitest/.*|jest(?:-[\w-]+)?|@jest/.*|expect"
    r"|(?:org\.(?:junit|opentest4j|hamcrest|assertj|testng|mockito|apache\.maven|gradle|scalatest)|junit|kotlin\.test)(?:\..*)?|testing|rspec-\w+|minitest|phpunit"
)
"""Packages that run and compare: a failed comparison stands in them, not by them."""
LANGUAGE = re.compile(r"(?:java|javax|jdk|sun|com\.sun|kotlin|scala|System|std|core|alloc|runtime)(?:[.:/]|$)")
"""Packages that come with another language than Python."""
LISTINGS = {
    "java": "mvn dependency:tree -Dincludes='*{}*'",
    "javascript": "npm ls {}",
    "typescript": "npm ls {}",
    "go": "go list -m {}",
    "rust": "cargo tree -i {}",
    "ruby": "bundle info {}",
    "php": "composer show {}",
    "csharp": "dotnet list package",
}
"""How other languages' tools show which release of a package is used."""


def again(facts: Facts, options: str = "") -> str:
    """`Run ...` as a sentence's beginning."""
    command = clean(run_again(facts, options), 300)
    return f"Run `{command}`" if command else f"Run the failing {'test' if facts.failure.test_id else 'command'}"


def where(facts: Facts) -> str:
    """The place of ours nearest to the error, as in "`load` in `app/db.py`"; empty where none is known."""
    return place(facts.ours) if facts.ours else ""


def place(frame: Frame) -> str:
    """A frame in words."""
    path, function = clean(frame.path), clean(frame.function)
    if function and not function.startswith("<"):
        return f"`{function}` in `{path}`"
    return f"`{path}`"


def release(facts: Facts, package: str) -> str:
    """ "`httpx` 0.28.1" where the version is known, else "`httpx`"."""
    known = facts.version(package)
    name = clean(package)
    return f"`{name}` {known.value}" if known else f"`{name}`"


def pair(facts: Facts, *packages: str) -> str:
    """A pip command that shows packages and what they require."""
    names = " ".join(dict.fromkeys(shlex.quote(normalised(name)) for name in packages if name))
    return f"`{PYTHON} -m pip show {names}`"


def quotes(facts: Facts, *literals: str) -> tuple[Quote, ...]:
    """The message's line and lines that hold the literals, as far as they tell more than that something is raised or called."""
    return distinct(
        [message_quote(facts), *(literal_quote(facts, literal) for literal in literals if not UNTELLING.fullmatch(literal.strip()))]
    )


def pinned(facts: Facts, package: str) -> Quote | None:
    """The line of a requirements or lock file that holds a package at one version: it speaks against an upgrade by chance."""
    known = facts.version(package)
    name = re.escape(normalised(package)).replace(r"\-", "[-_.]")
    return quote_of(facts, rf"(?i)^{name}==[^\n]{{1,60}}", kind=Kind.ENVIRONMENT, stance=Stance.AGAINST) if known else None


def listing(facts: Facts, package: str) -> str:
    """The command that shows which version of a package is installed, in the failure's own ecosystem."""
    if facts.innermost and (NODE in facts.innermost.path or facts.innermost.path.endswith(SCRIPTS)):
        return f"npm ls {package}"
    return LISTINGS.get(facts.failure.language, f"{PYTHON} -m pip show {{}}").format(package)


def caller(facts: Facts) -> str:
    """The package whose code stands last before the error; empty where that is ours."""
    frame = facts.innermost
    return clean(frame.package) if frame and not frame.ours and not is_foreign(frame.package) else ""


def is_foreign(package: str) -> bool:
    """Whether a package is the language's own or a test runner's."""
    return package in FOREIGN or bool(RUNNERS.fullmatch(package) or LANGUAGE.match(package))


def third_parties(facts: Facts) -> tuple[str, str]:
    """The package that raised and the package that called it, where neither is ours, the language's or the test runner's; else empty."""
    frames = (facts.failure.cause.frames or facts.failure.frames)[::-1]
    inner = clean(frames[0].package) if frames and not frames[0].ours and not is_foreign(frames[0].package) else ""
    for frame in frames:
        if frame.ours or RUNNERS.fullmatch(frame.package):
            return "", ""
        if inner and frame.package not in FOREIGN and clean(frame.package) != inner:
            return inner, clean(frame.package)
    return "", ""


def suspects(facts: Facts, *besides: str) -> list[str]:
    """Distributions with a known version that the failure's own block names, the most often named first."""
    words = Counter(re.findall(r"\w+", facts.error.lower().replace("-", "_")))
    skipped = {normalised(name) for name in besides} | {
        "python",
        "pytest",
        "pip",
        "pluggy",
        "setuptools",
        "py",
        "tox",
        "nose",
        "wheel",
        "virtualenv",
        "coverage",
    }
    counted = {name: words[name.replace("-", "_")] for name in facts.case.versions}
    named = [name for name, count in counted.items() if count and normalised(name) not in skipped]
    return sorted(named, key=lambda name: (-counted[name], name))


def is_test(frame: Frame) -> bool:
    """Whether a frame lies in test code."""
    return bool(re.search(r"(?:^|/)(?:tests?/|test_|conftest)", frame.path))


def calls(facts: Facts) -> list[str]:
    """What the failing line of ours calls, without builtins and assertions."""
    code = facts.ours.code if facts.ours else ""
    if code.startswith(("raise ", "throw ")):
        return []
    return _called(code, facts) or _called(made_by(facts, code), facts)


def made_by(facts: Facts, code: str) -> str:
    """The last assignment above the failing line to a variable that this line reads, as far as the evidence shows it."""
    read = set(re.findall(r"[A-Za-z_]\w*", code))
    above = (facts.ran or facts.error).split("\n")
    for line in reversed(above):
        found = ASSIGNED.match(line)
        if found and read & {name.strip() for name in found["names"].split(",")}:
            return found[0].strip()
    return ""


def _called(code: str, facts: Facts) -> list[str]:
    found = dict.fromkeys(clean(name) for name in CALLED.findall(code))
    shown = f"{facts.error}\n{facts.code}"
    return [name for name in found if name and name not in BUILTINS and name in shown][:2]
