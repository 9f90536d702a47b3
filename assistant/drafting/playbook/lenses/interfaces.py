"""Lenses on the border between two pieces of code: what one passes and what the other takes."""

import re

from assistant.drafting.playbook.facts import FOREIGN, Facts
from assistant.drafting.playbook.lenses.common import again, caller, is_foreign, pair, place, quotes, release, suspects, where
from assistant.drafting.playbook.lenses.modules import gone_from_python
from assistant.drafting.playbook.pattern import find
from assistant.drafting.playbook.proposal import Asked, Proposal
from assistant.drafting.playbook.wording import clean

ARGUMENT = re.compile(
    r"(?:(?P<callee>[\w.<>]{1,120})\(\) )?(?:got an unexpected keyword argument '(?P<extra>\w+)'|missing \d+ required (?:positional|keyword-only) arguments?: (?P<missing>'\w+')"
    r"|takes (?:from )?\d[\w ]{0,30} positional arguments? but \d+ (?:was|were) given)"
)
ATTRIBUTE = re.compile(
    r"(?:module '(?P<module>[\w.]+)'|type object '(?P<kind>[\w.]+)'|'(?P<object>[\w.]+)' object) has no attribute '(?P<name>\w+)'"
)
ABOUT_VALUES = frozenset(
    {"TypeError", "ValueError", "AttributeError", "KeyError", "ArgumentError", "StatementError", "CompileError", "DataError"}
)
PLAIN = frozenset(
    {
        "str",
        "bytes",
        "dict",
        "list",
        "tuple",
        "int",
        "float",
        "bool",
        "set",
        "generator",
        "function",
        "type",
        "method",
        "map",
        "filter",
        "zip",
    }
)
FILLED_AT_START = frozenset(
    {"State", "_AppCtxGlobals", "Namespace", "SimpleNamespace", "Request", "WSGIRequest", "HTTPConnection", "local", "Context"}
)
"""Objects that have no attributes of their own but what a start-up, a middleware or a fixture puts there."""

DEPRECATED = r"(?i)deprecat|will be removed|is no longer supported"


def argument(facts: Facts) -> Proposal | None:
    """A call with arguments that the callee does not take, or without one it wants."""
    found = ARGUMENT.search(facts.messages)
    if found is None:
        return None
    callee = clean(found["callee"] or "")
    named = clean((found["extra"] or found["missing"] or "").strip("'"))
    called = f"`{callee}`" if callee else "the function it calls"
    what = f"the argument `{named}`" if named else "that number of arguments"
    package = caller(facts)
    other = (suspects(facts, package) or [""])[0]
    if package:
        owner = f" of {release(facts, other)}" if other else ""
        verb = "demands" if found["missing"] else "no longer accepts" if found["extra"] else "no longer takes"
        theory = (
            f"{release(facts, package)} calls {called}{owner} in the way of another release: {_changed(found, named)}, and the installed version {verb} {what}. "
            f"The two packages are incompatible: upgrade `{package}` to a newer release, or pin the other one to the older."
        )
        solution = f"Move `{package}` to a release made for the installed versions, or pin the package that provides {called} to the release before the change."
    else:
        theory = (
            f"{where(facts) or 'The calling code'} calls {called} with arguments that its present signature does not take ({what}): the definition was changed, or it belongs to a "
            "library of which another version is installed than the caller was written for (a newer release removed or renamed it)."
        )
        solution = f"Bring the call and the signature of {called} together, and pin the version that provides it."
    return Proposal(
        key="argument",
        score=8.0,
        theory=theory,
        quotes=quotes(facts, facts.innermost.code if facts.innermost else ""),
        test=f'Run {pair(facts, package or other or "pip", other)} and compare the signature: `python -c "import inspect"` with `inspect.signature` on {called}.',
        if_true=f"The installed signature of {called} does not have {what} as the call needs it, and an earlier release does.",
        if_false="The signature fits the call; another object of that name is called.",
        solution=solution,
        asked=Asked(
            primary=(f"Which release changed the signature of {called} with regard to {what}?",),
            technical=(
                f"Which versions of {f'`{package}`' if package else 'the caller'} are made for the installed version of what provides {called}?",
            ),
        ),
    )


def _changed(found: re.Match[str], named: str) -> str:
    """What happened to the signature."""
    if found["extra"] and named:
        return f"a newer release removed the `{named}` argument"
    return f"a newer release made `{named}` required" if found["missing"] and named else "the signature was changed"


def attribute(facts: Facts) -> Proposal | None:
    """A name that is read and not there."""
    found = ATTRIBUTE.search(facts.messages)
    if found is None or found["object"] == "NoneType":
        return None
    owner, name = clean(found["module"] or found["kind"] or found["object"]), clean(found["name"])
    package = caller(facts)
    if found["object"] in FILLED_AT_START:
        return _set_at_start(facts, owner, name)
    if found["object"] in PLAIN and (facts.innermost is None or facts.innermost.ours):
        return _other_type(facts, owner, name)
    if found["object"] and not package:
        return _own_attribute(facts, owner, name)
    if found["module"] and owner.partition(".")[0] in FOREIGN:
        return gone_from_python(facts, owner, name)
    reader = release(facts, package) if package else where(facts) or "the calling code"
    top = owner.partition(".")[0]
    if found["module"]:
        reader = where(facts) or "the calling code" if package == top else reader
        theory = (
            f"{reader} uses `{owner}.{name}`, which {release(facts, top)} does not have: a newer `{top}` removed `{name}` (or renamed or moved it) after this code was written, "
            f"or the installed one is too old. Pin `{top}` below that release, or upgrade what uses it."
        )
        score, provider = 8.0, top
    else:
        provider = (suspects(facts, package) or [package])[0]
        source = f" of {release(facts, provider)}" if provider else ""
        theory = (
            f"{reader} reads `{name}` of a `{owner}` object, and the class{source} no longer has it in the installed version: the attribute was removed or renamed, "
            "so the two are incompatible."
        )
        score = 7.0 if package else 6.0
    return Proposal(
        key="attribute",
        score=score,
        theory=theory,
        quotes=quotes(facts, facts.innermost.code if facts.innermost else ""),
        test=f"Run {pair(facts, provider or package or top, package)} and look for `{name}` in the change log of each release since the last green run.",
        if_true=f"A release between the last green run and the installed version removed, renamed or moved `{name}`.",
        if_false=f"No release ever had `{name}` there; then the object is of another type than the code expects.",
        solution=f"Replace `{name}` by what the installed version offers, or pin {f'`{provider}`' if provider else 'the package'} below the release that removed it.",
        asked=Asked(
            primary=(f"Which release removed or renamed `{name}` of `{owner}`, and what replaces it?",),
            technical=(f"Is `{name}` of `{owner}` public API, or was it an internal name?",),
        ),
    )


def _other_type(facts: Facts, owner: str, name: str) -> Proposal:
    """An attribute of a value of a built-in type: the value is not what the reader takes it for."""
    reader = where(facts) or "The code"
    return Proposal(
        key="attribute",
        score=7.0,
        theory=(
            f"The value of which {reader} reads `{name}` is already a plain `{owner}`, not the object (or the bytes, text, response or row) that the code takes it for: "
            "the call that makes it returns another type, as after a newer release of its library changed what it returns, or it was converted or unpacked before."
        ),
        quotes=quotes(facts, facts.innermost.code if facts.innermost else ""),
        test="Print `type()` and `repr()` of the value just before the line, and read in the documentation of the installed release what the call that makes it returns.",
        if_true=f"It is a `{owner}` from the moment it is made.",
        if_false="It is another object first; then something in between converts it.",
        solution=f"Use the `{owner}` as it is, or have the maker return what the reader wants; pin the library whose return type changed until then.",
        asked=Asked(primary=(f"Which call makes the `{owner}` of which `{name}` is read, and since when does it return one?",)),
    )


def _set_at_start(facts: Facts, owner: str, name: str) -> Proposal:
    """An attribute of an object that exists to be filled when a program, request or test begins."""
    reader = where(facts) or "The code"
    return Proposal(
        key="attribute",
        score=7.6,
        theory=(
            f"{reader} reads `{name}` of the `{owner}` object before anything has set it: what fills it at start-up (a startup event or lifespan, a middleware, a fixture) did not run on this path, "
            "as when a test client is used without its context manager (`with ... as client`), another application object is served, or the middleware stands in another order."
        ),
        quotes=quotes(facts, *(frame.code for frame in facts.failure.frames if frame.ours)),
        test=f"Run `grep -rnw {name} .` to see who assigns it, and print a line there: does it come before the failing one?",
        if_true="The assignment does not run before the failing line.",
        if_false="It runs, on another object of that kind.",
        solution=f"Enter the application's lifespan in the test (or call the set-up), and set `{name}` on the object that is served.",
        asked=Asked(primary=(f"Which code sets `{name}` on the `{owner}`, and does it run before {reader}?",)),
    )


def _own_attribute(facts: Facts, owner: str, name: str) -> Proposal:
    """An attribute that code of ours reads: nobody set it, or the object is another one."""
    reader = where(facts) or "The code"
    return Proposal(
        key="attribute",
        score=4.5,
        theory=(
            f"{reader} reads `{name}` of a `{owner}` object that does not have it: the code that should set it did not run before (a set-up method, a constructor, a fixture), "
            "the attribute was removed or renamed, or the object is of another type than the reader expects."
        ),
        quotes=quotes(facts, facts.innermost.code if facts.innermost else ""),
        test=f"Run `grep -rnw {name} --include=*.py .` to see who assigns it, and print `type(obj).__mro__` just before the failing line.",
        if_true=f"The assignment of `{name}` exists and is not reached, or has another name now.",
        if_false="Nobody assigns it; then the object is not the one that is meant, or its library changed.",
        solution=f"Set `{name}` where the object is made, or read what replaced it.",
        asked=Asked(primary=(f"Which code should set `{name}` on `{owner}`, and did it run?",)),
    )


def deprecation(facts: Facts) -> Proposal | None:
    """A warning that a filter turns into an error."""
    warning = next((name for name in sorted(facts.names) if name.endswith("Warning")), "")
    if not warning or not find(DEPRECATED, facts.messages):
        return None
    package = caller(facts)
    user = release(facts, package) if package else where(facts) or "The code"
    return Proposal(
        key="deprecation",
        score=7.5,
        theory=(
            f"{user} uses something that a newer version of its language or library deprecates, and a warnings filter (`filterwarnings` or `-W error`) turns the "
            f"`{clean(warning)}` into an error, so that what was only a notice now fails."
        ),
        quotes=quotes(facts, facts.innermost.code if facts.innermost else ""),
        test=f"{again(facts, '-W default')}, which takes the error filter away for this run.",
        if_true="The test passes and the warning is only listed in the warnings summary.",
        if_false="It fails in another way; the warning was not the whole cause.",
        solution="Move to the replacement that the warning names, upgrade the package that triggers it, or ignore this one warning in the filter until then.",
        asked=Asked(
            primary=(f"What replaces the deprecated use that `{clean(warning)}` reports?",),
            technical=("Since which version is it deprecated, and in which will `" + (package or clean(warning)) + "` stop working?",),
        ),
    )


def boundary(facts: Facts) -> Proposal | None:
    """The last code of ours before a library raised."""
    if facts.ours is None or facts.library is None or facts.innermost is None or facts.innermost.ours or is_foreign(facts.library.package):
        return None
    package, code = clean(facts.library.package), clean(facts.ours.code)
    score = 4.0 if facts.names & ABOUT_VALUES else 2.7
    if ARGUMENT.search(facts.messages) or ATTRIBUTE.search(facts.messages):
        score = 2.1
    if not package or facts.ours.code.startswith(("import ", "from ")):
        return None
    line = f" (`{code}`)" if code and len(code) < 90 else ""
    return Proposal(
        key="boundary",
        score=score,
        theory=(
            f"{place(facts.ours)}{line} hands `{package}` a value, object or state that it does not take at that moment; `{package}` only reports it. "
            "The wrong value was made before this call."
        ),
        quotes=quotes(facts, facts.ours.code),
        test=f"{again(facts, '--showlocals -x')} and print the arguments with their types on the line before the call into `{package}`.",
        if_true="One argument has a type, value or state that the documentation of the called function excludes.",
        if_false="All arguments are as documented; the cause lies inside the library or in its version.",
        solution=f"Correct or convert the value before it is handed to `{package}`, at the place that makes it.",
        asked=Asked(
            technical=(f"What does `{package}` demand of the arguments and the state of the call made in {place(facts.ours)}?",),
            architecture=(f"Should {place(facts.ours)} check what it hands to `{package}`, or the code that calls it?",),
        ),
    )
