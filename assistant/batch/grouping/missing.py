"""What a failure says is missing: a column, a module, a name of a module, a fixture, a program. Many messages can lack one thing."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.evidence import Failure
from assistant.mining.lines import package_of

_NAME = r"[\"'`]?(?P<name>[\w.$-]{1,120})[\"'`]?"


class _Shape(NamedTuple):
    """One way to say that something is missing.

    Args:
        kind: of thing.
        pattern: finds it; the group `name` is the thing, `owner` what it belongs to.
    """

    kind: str
    pattern: re.Pattern[str]


def _shape(kind: str, pattern: str) -> _Shape:
    return _Shape(kind, re.compile(pattern))


SHAPES = (
    _shape("column", rf"column {_NAME} of relation [\"'`]?(?P<owner>[\w.$]{{1,120}})[\"'`]? does not exist"),
    _shape("column", r"column [\"'`]?(?P<owner>[\w$]{1,60})[\"'`]?\.[\"'`]?(?P<name>[\w$]{1,60})[\"'`]? does not exist"),
    _shape("column", r"no such column: (?:(?P<owner>\w{1,60})\.)?(?P<name>\w{1,60})"),
    _shape("column", r"table (?P<owner>\w{1,60}) has no column named (?P<name>\w{1,60})"),
    _shape("column", r"Unknown column '(?:(?P<owner>\w{1,60})\.)?(?P<name>\w{1,60})'"),
    _shape("table", rf"relation {_NAME} does not exist"),
    _shape("table", r"no such table: (?P<name>[\w.]{1,120})"),
    _shape("table", r"Table '(?:\w{1,60}\.)?(?P<name>\w{1,60})' doesn't exist"),
    _shape("database", rf"database {_NAME} does not exist"),
    _shape("role", rf"role {_NAME} does not exist"),
    _shape("fixture", r"fixture '(?P<name>[^'\n]{1,120})' not found"),
    _shape("module", r"No module named '?(?P<name>[\w.]{1,120})'?"),
    _shape("module", r"Cannot find module '(?P<name>[^'\n]{1,200})'"),
    _shape("Java class", r"(?:ClassNotFoundException|NoClassDefFoundError): (?P<name>[\w./$]{1,200})"),
    _shape("program", r"(?P<name>[\w.+-]{1,60}): (?:command )?not found"),
    _shape("program", r"No such file or directory: '(?P<name>[\w+-]{1,60})'"),
    _shape("environment variable", r"(?:environment variable|env var) [\"'`]?(?P<name>[A-Z][A-Z0-9_]{1,80})[\"'`]? (?:is )?(?:not set|missing|required)"),
    _shape("marker", r"'(?P<name>\w{1,80})' not found in `markers` configuration option"),
)  # fmt: skip

_OF_MODULE = (
    re.compile(
        r"cannot import name '?(?P<name>\w{1,120})'? from (?:partially initialized module )?'?(?P<module>[\w.]{1,200})'?(?: \((?P<path>[^)\n]{1,400}))?"
    ),
    re.compile(r"module '(?P<module>[\w.]{1,200})' has no attribute '(?P<name>\w{1,120})'"),
)


def missing(failure: Failure, text: str) -> Iterator[tuple[str, str]]:
    """Kind and name of what is missing.

    Args:
        failure: tells which modules are the project's own.
        text: what the innermost exception says.
    """
    for shape in SHAPES:
        if match := shape.pattern.search(text):
            found = match.groupdict()
            owner = found.get("owner")
            name = found["name"].split(".")[0] if shape.kind == "module" and "/" not in found["name"] else found["name"]
            yield shape.kind, f"{owner}.{name}" if owner else name
            return
    for pattern in _OF_MODULE:
        if match := pattern.search(text):
            yield "name", _of_module(match["module"], match["name"], failure, match.groupdict().get("path") or "")
            return


def _of_module(module: str, name: str, failure: Failure, path: str) -> str:
    """Names that a library lacks are lacking together, since it has another version; those of our own modules are not."""
    top = module.split(".")[0]
    ours = (path.startswith("/") and package_of(path) is None) or any(
        f"/{top}/" in f"/{frame.path}" or frame.path.endswith(f"/{top}.py") for frame in failure.frames if frame.ours
    )
    return f"{module}.{name}" if ours else top
