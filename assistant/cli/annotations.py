"""Annotations as GitHub's runners read them from what a step prints."""

from typing import NamedTuple

from assistant.sources.text import escape


class Place(NamedTuple):
    """What an annotation is shown at.

    Args:
        file: path of the file, relative to the repository.
        line: counted from 1.
        title: a few words.
    """

    file: str
    line: int
    title: str


def annotation(level: str, place: Place, message: str) -> str:
    """The line that makes a runner show a message at a place.

    Args:
        level: `error`, `warning` or `notice`.
        place: where it is shown.
        message: any text; nothing in it is obeyed.
    """
    properties = f"file={_property(shown(place.file))},line={place.line},title={_property(shown(place.title))}"
    return f"::{level} {properties}::{_data(shown(message))}\n"


def shown(text: str) -> str:
    """A file name or a message as one line in which nothing is obeyed by a terminal or by CI."""
    return escape(text.replace("\n", "\\n").replace("\t", "\\t").replace("\x1b", "\\x1b"))[0]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
