"""The YAML of a rule as data, kept parsed in the user's cache: loading the YAML library takes two bare starts of the interpreter."""

import json
from hashlib import sha256
from pathlib import Path

from assistant.errors import TemplateError
from assistant.resources import cache_path


def parsed(source: str, where: str) -> object:
    """The one record that a rule's text holds.

    Args:
        source: the rule, an item of a YAML list.
        where: its file and name, for errors.

    Raises:
        TemplateError: it is no YAML.
    """
    kept = cache_path("rules") / f"{sha256(source.encode()).hexdigest()[:32]}.json"
    try:
        return json.loads(kept.read_text("utf-8"))
    except (OSError, ValueError):  # not kept yet, or not whole
        held = _loaded(source, where)
    _keep(held, kept)
    return held


def _loaded(source: str, where: str) -> object:
    # late: see above
    import yaml

    try:
        return yaml.load(source, Loader=yaml.CSafeLoader)[0]
    except yaml.YAMLError as error:
        raise TemplateError(f"{where}: {' '.join(str(error).split())}", hint="mend the YAML") from error


def _keep(held: object, kept: Path) -> None:
    """Keep a record, where the cache can be written and JSON gives back the same."""
    try:
        text = json.dumps(held)
        if json.loads(text) == held:
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            kept.write_text(text, "utf-8")
    except (OSError, TypeError, ValueError):
        return  # it is parsed anew each time
