"""The JSON schemas of what is published; the one place that pays for pydantic to derive them."""

import json

from pydantic import TypeAdapter

from assistant.batch.index import Index
from assistant.exporting import ExportFile


def export_schema() -> str:
    """The JSON schema of what `draft-export --format json` prints."""
    return json.dumps(TypeAdapter(ExportFile).json_schema(), ensure_ascii=False, indent=1) + "\n"


def index_schema() -> str:
    """The JSON schema of a batch's `index.json`."""
    return json.dumps(TypeAdapter(Index).json_schema(), ensure_ascii=False, indent=1) + "\n"
