"""Where the files lie that are shipped with the package, and where what can be made again is kept."""

import json
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from assistant.errors import TemplateError

APPLICATION = "research-export-assistant"
PACKAGE = Path(__file__).parent


def resource_folder(name: str) -> Path:
    """The folder of shipped files: inside the installed package, else beside it in a checkout.

    Args:
        name: `templates` or `prompts`.

    Raises:
        TemplateError: neither exists, so the installation is broken.
    """
    for folder in (PACKAGE / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise TemplateError(f"the folder {name!r} is missing from the installation", hint="install research-export-assistant again")


def cache_path(name: str) -> Path:
    """A folder of the user's cache, which need not exist.

    Args:
        name: `replies`, `rules`, `services` or `templates`.
    """
    return user_cache_path(APPLICATION) / name


def data_path(name: str) -> Path:
    """A folder of the user's data, which need not exist.

    Args:
        name: `service`.
    """
    return user_data_path(APPLICATION) / name


def kept_json(name: str, source: str) -> object:
    """What was made of a text before, None where that is not kept or not whole.

    Args:
        name: the folder of the user's cache, as in `rules`.
        source: the text.
    """
    try:
        return json.loads(_kept_path(name, source).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def keep_json(name: str, source: str, text: str) -> None:
    """Keep what was made of a text, as JSON; where the cache cannot be written it is made anew each time."""
    path = _kept_path(name, source)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(text, "utf-8")
    except (OSError, ValueError):
        return


def _kept_path(name: str, source: str) -> Path:
    return cache_path(name) / f"{sha256(source.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.json"
