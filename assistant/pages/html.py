"""The page templates: HTML in which every text is escaped, and the one self-contained page of an export."""

import base64
import datetime
import hashlib
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.pages.building import build_page
from assistant.record import RunRecord
from assistant.resources import resource_folder

FOLDER = "pages"
STYLE = "review.css"


def export_html(text: str, record: RunRecord | None) -> str:
    """An export as one self-contained page: the evidence beside the text, no script, nothing fetched.

    Args:
        text: the document.
        record: its run record, which holds the evidence.
    """
    style = asset(STYLE)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # the digest above is that of what stands between the tags, so the style goes in as it is
    return render_page("export.html.j2", page=build_page(text, record), style=Markup(style), style_hash=f"sha256-{digest}")


def render_page(template: str, **values: object) -> str:
    """Fill a page template.

    Args:
        template: its file name.
        values: what it shows.
    """
    return _environment().get_template(template).render(**values)


@cache
def asset(name: str) -> str:
    """A style sheet or script of the pages.

    Args:
        name: its file name.
    """
    return (resource_folder("templates") / FOLDER / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resource_folder("templates") / FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    return environment


def _day(seconds: float) -> str:
    """A time since the epoch as a day and a minute in UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
