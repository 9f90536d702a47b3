"""The forms in which an export is handed out."""

import json
from enum import StrEnum

from assistant.document import bodies
from assistant.pages import export_html
from assistant.service.documents import record_of
from assistant.service.stored import StoredExport


class Form(StrEnum):
    """How an export is written."""

    MARKDOWN = "md"
    JSON = "json"
    HTML = "html"
    RECORD = "run.json"

    @property
    def media_type(self) -> str:
        """Its media type."""
        types = {"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}
        return types.get(self.value, "application/json")


def written_as(stored: StoredExport, form: Form) -> str:
    """A stored export in one of its forms."""
    if form is Form.MARKDOWN:
        return stored.text
    if form is Form.JSON:
        return _json(stored)
    if form is Form.HTML:
        return export_html(stored.text, record_of(stored))
    return stored.record


def _json(stored: StoredExport) -> str:
    """The values as they were drafted, as `draft-export --format json` prints them, and the document as it stands."""
    document = {"version": stored.version, "title": stored.title, "places": bodies(stored.text)}
    return json.dumps({**json.loads(stored.drafted), "document": document}, ensure_ascii=False, indent=1) + "\n"
