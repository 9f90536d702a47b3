"""The services of compose files, kept parsed in the user's cache: loading the YAML library takes two bare starts of the interpreter."""

import json
from typing import Any, NamedTuple

from assistant.gathering.repository import SourceFile
from assistant.gathering.technology import technology_of
from assistant.redaction import Redactor
from assistant.resources import keep_json, kept_json


class Service(NamedTuple):
    """One service of a compose file.

    Args:
        name: its key.
        first: first line, counted from 1.
        last: last line, inclusive.
        path: the file.
        image: as written; empty where it is built.
        depends_on: names of services it waits for.
    """

    name: str
    first: int
    last: int
    path: str
    image: str = ""
    depends_on: tuple[str, ...] = ()

    @property
    def technology(self) -> str:
        """What runs in it, as in `postgresql`; empty where neither image nor name tells."""
        return technology_of(self.image) if self.image else technology_of(self.name)


def services_in(file: SourceFile, redactor: Redactor) -> tuple[tuple[Service, ...], str]:
    """The services of a compose file, and why it was refused where it was.

    Args:
        file: the compose file.
        redactor: tells whether what is known of them holds a secret; then it is not kept.
    """
    source = f"{file.path}\n{file.source}"
    if (held := _known(kept_json("services", source))) is not None:
        return held, ""
    # late: see above
    from assistant.gathering.compose import services_of

    services, why = services_of(file)
    text = json.dumps(services)
    if services and redactor.mask(text) == text:
        keep_json("services", source, text)
    return services, why


def _known(held: Any) -> tuple[Service, ...] | None:
    """What was kept, None where it is nothing or of another form."""
    try:
        return tuple(Service(name, first, last, path, image, tuple(others)) for name, first, last, path, image, others in held)
    except (TypeError, ValueError):
        return None
