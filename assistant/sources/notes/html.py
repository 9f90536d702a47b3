"""A saved page as Markdown: what a reader would see of it, code in fences; heavy, import it late."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

FURNITURE = (
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "footer",
    "aside",
    "form",
    "svg",
    "iframe",
    "object",
    "button",
    "head",
    "img",
)
"""What is no part of what a page says."""
HIDDEN = re.compile(
    r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|font-size\s{0,5}:\s{0,5}0|opacity\s{0,5}:\s{0,5}0(?:\D|$)", re.I
)
LANGUAGE = re.compile(r"(?:lang(?:uage)?|highlight|brush:?\s?|source)-?([a-z0-9+#]{1,20})$", re.I)
MAX_DEPTH = 200
"""Deeper nesting is no page that somebody wrote; the converter would run out of stack."""


def html_as_markdown(html: str) -> tuple[str, str, tuple[str, ...]]:
    """The readable part of a page.

    Args:
        html: the page.

    Returns:
        The title where the page does not begin with it, Markdown, and what was left out.
    """
    soup = BeautifulSoup(html, "html.parser")
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    hidden = [tag for tag in soup.find_all(True) if _is_hidden(tag)]
    for tag in (*hidden, *soup.find_all(FURNITURE)):
        tag.extract()
    notes = (f"{len(hidden)} hidden parts of the page were left out",) if hidden else ()
    if _depth(soup) > MAX_DEPTH:
        body, notes = soup.get_text("\n", strip=True), (*notes, "the page is nested too deeply: only its text was read")
    else:
        body = _converter().convert_soup(soup)
    text = re.sub(r"\n{3,}", "\n\n", body).strip()
    return "" if text.startswith(f"# {title}") else " ".join(title.split()), f"{text}\n", notes


def _converter() -> Any:
    return MarkdownConverter(
        heading_style="ATX",
        bullets="-",
        autolinks=True,
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        code_language_callback=_language,
    )


def _is_hidden(tag: Tag) -> bool:
    style = tag.get("style")
    return tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or (isinstance(style, str) and bool(HIDDEN.search(style)))


def _depth(soup: BeautifulSoup) -> int:
    deepest, level = 0, [tag for tag in soup.children if isinstance(tag, Tag)]
    while level and deepest <= MAX_DEPTH:
        deepest += 1
        level = [child for tag in level for child in tag.children if isinstance(child, Tag)]
    return deepest


def _language(tag: Tag) -> str:
    """The language of a code block, by the classes of it, of what it holds, and of what holds it."""
    near = (tag, tag.find("code"), tag.parent, tag.parent.parent if tag.parent else None)
    for one in near:
        classes = one.get("class") if isinstance(one, Tag) else None
        for name in classes if isinstance(classes, list) else ():
            if found := LANGUAGE.fullmatch(name):
                return found[1].lower().replace("default", "python")
    return ""
