"""`assistant schema`: the JSON schema of an export."""

from assistant.cli.console import put


def command() -> None:
    """Print the JSON schema of `draft-export --format json`."""
    # late: pydantic and the models cost ten bare starts
    from assistant.jsonschema import export_schema

    put(export_schema())
