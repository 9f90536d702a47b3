"""The services of compose files, kept parsed in the user's cache: loading the YAML library takes two bare starts of the interpreter."""

import json
from hashlib import sha256
from typing import NamedTuple

from assistant.gathering.repository import SourceFile
from assistant.gathering.technology import technology_of
from assistant.redaction import Redactor
from assistant.resources import cache_path


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
    key = sha256(f"{file.path}\n{file.source}".encode("utf-8", "surrogatepass")).hexdigest()
    kept = cache_path("services") / f"{key[:32]}.json"
    try:
        held = json.loads(kept.read_text("utf-8"))
        return tuple(Service(name, first, last, path, image, tuple(others)) for name, first, last, path, image, others in held), ""
    except (OSError, ValueError, TypeError):  # not kept yet, or not whole
        pass
    # late: see above
    from assistant.gathering.compose import services_of

    services, why = services_of(file)
    text = json.dumps(services)
    if services and redactor.mask(text) == text:
        try:
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            kept.write_text(text, "utf-8")
        except OSError:
            pass  # it is parsed anew each time
    return services, why
