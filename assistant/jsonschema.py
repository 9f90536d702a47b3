"""The JSON schema of an export; the one place that pays for pydantic to derive it."""

import json

from pydantic import TypeAdapter

from assistant.exporting import ExportFile


def export_schema() -> str:
    """The JSON schema of what `draft-export --format json` prints."""
    return json.dumps(TypeAdapter(ExportFile).json_schema(), ensure_ascii=False, indent=1) + "\n"
