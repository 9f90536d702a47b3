"""Where the files lie that are shipped with the package: templates and prompts."""

from pathlib import Path

from assistant.errors import TemplateError

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
