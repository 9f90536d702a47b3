"""How a test in a JUnit report is called by the tool that ran it."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl

_PYTHON_PLACE = re.compile(r"(?:^|[\s\"'])((?:[\w.-]{1,100}/){0,20}[\w-]{1,100}\.py)(?:\", line \d|:\d)")
_DOTTED = re.compile(r"(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*")
_TEST_MODULE = re.compile(r"test_\w*|\w+_tests?|tests?")


class Identity(NamedTuple):
    """A test's name as its tool prints it, the phase where the name tells it, and whether that tool is pytest."""

    name: str
    phase: str = ""
    pytest: bool = False


def identity_of(test: "AttributesImpl", suite: str, trace: Sequence[str]) -> Identity:
    """Name a test case.

    Args:
        test: its attributes.
        suite: the name of the suite it stands in.
        trace: its trace, whose places tell where a dotted name ends to be a module.
    """
    name, owner, file = (" ".join(test.get(key, "").split()) for key in ("name", "classname", "file"))
    if _is_pytest(suite, owner, file, trace):
        if not owner:  # a module that could not be collected
            return Identity(_module(name, file, trace)[0] or name, "collection", pytest=True)
        path, classes = _module(owner, file, trace)
        return Identity("::".join([path or owner, *classes, name]), pytest=True)
    if owner in ("", "test") or name.startswith(owner):  # Node.js writes `test` for every test
        return Identity(name or owner or "a test without a name")
    return Identity(f"{owner}.{name}" if _DOTTED.fullmatch(owner) or "/" in owner else f"{owner} › {name}")


def names_type(name: str) -> bool:
    """Whether the `type` of a failure is that of an exception; some tools write what kind of failure it was."""
    return re.split(r"[.:/\\]", name)[-1][:1].isupper()


def _is_pytest(suite: str, owner: str, file: str, trace: Sequence[str]) -> bool:
    if suite == "pytest" or file.endswith(".py"):
        return True
    return bool(_DOTTED.fullmatch(owner)) and any(line[:4] in ("E   ", ">   ") for line in trace)


def _module(dotted: str, file: str, trace: Sequence[str]) -> tuple[str, list[str]]:
    """The file of a dotted name, and the classes within it; no file where none is told and the name does not tell."""
    parts = dotted.replace("/", ".").removesuffix(".py").split(".")
    told = [file] if file.endswith(".py") else [match[1] for line in trace for match in _PYTHON_PLACE.finditer(line[:1000])]
    for path in told:
        module = path.removesuffix(".py").replace("\\", "/").split("/")
        for size in range(len(parts), 0, -1):
            if module[-size:] == parts[:size]:
                return path, parts[size:]
    size = next((at for at in range(len(parts), 0, -1) if _TEST_MODULE.fullmatch(parts[at - 1])), 0)
    return ("/".join(parts[:size]) + ".py", parts[size:]) if size else ("", [])
