"""Where the files lie that are shipped with the package, and where what can be made again is kept."""

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
        name: `templates` or `replies`.
    """
    return user_cache_path(APPLICATION) / name


def data_path(name: str) -> Path:
    """A folder of the user's data, which need not exist.

    Args:
        name: `service`.
    """
    return user_data_path(APPLICATION) / name
