"""`assistant schema`: the JSON schema of an export, or of a batch's index."""

from typing import Annotated

import typer

from assistant.cli.console import put


def command(index: Annotated[bool, typer.Option("--index", help="That of a batch's index.json instead.")] = False) -> None:
    """Print the JSON schema of `draft-export --format json`."""
    # late: pydantic and the models cost ten bare starts
    from assistant.jsonschema import export_schema, index_schema

    put(index_schema() if index else export_schema())
