"""An export as a page: the document with its evidence beside it, and what a person still has to do at each place."""

from assistant.pages.building import build_page
from assistant.pages.html import export_html

__all__ = ["build_page", "export_html"]
