"""The YAML of a rule as data, kept parsed in the user's cache: loading the YAML library takes two bare starts of the interpreter."""

import json

from assistant.errors import TemplateError
from assistant.resources import keep_json, kept_json


def parsed(source: str, where: str) -> object:
    """The one record that a rule's text holds.

    Args:
        source: the rule, an item of a YAML list.
        where: its file and name, for errors.

    Raises:
        TemplateError: it is no YAML.
    """
    held = kept_json("rules", source)
    if held is None:
        held = _loaded(source, where)
        _keep(held, source)
    return held


def _loaded(source: str, where: str) -> object:
    # late: see above
    import yaml

    try:
        return yaml.load(source, Loader=yaml.CSafeLoader)[0]
    except yaml.YAMLError as error:
        raise TemplateError(f"{where}: {' '.join(str(error).split())}", hint="mend the YAML") from error


def _keep(held: object, source: str) -> None:
    """Keep a record where JSON gives back the same."""
    try:
        text = json.dumps(held)
        same = json.loads(text) == held
    except (TypeError, ValueError):
        return  # it is parsed anew each time
    if same:
        keep_json("rules", source, text)
